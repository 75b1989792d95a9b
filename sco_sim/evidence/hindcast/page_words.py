"""The words of docs/evidence.md that no run changes."""

from __future__ import annotations

BEGIN = """\
# The evidence

*Written by `sco-sim hindcast --report docs`; every figure comes from the tables shipped with the project.*

Would the model have foreseen anything? Its parameters are fitted on the years up to an origin, the years after
are forecast, and the errors stand beside those of forecasts that know nothing of the model.

**Order of work.** (1) A `Panel` holds all observations; a forecaster receives a `Past`, cut at its origin, and
can see nothing later. (2) Design and constants are chosen on origins 2002-09 scored on years up to 2010 (trade)
and on origins 2005-08 scored up to 2010 (trust); slopes, filters and the widths of all bands are fitted anew on
the years before each origin. (3) Then the scored years are opened. Naive forecasts get the same observations,
the same GDP, and a band fitted in the same way: two normals whose spread goes with the horizon and the size of
the flow, fitted on the errors the forecast made at the eight origins before its own.

**The forecast of trade and of students** (`sco_sim/evidence/hindcast/forecast.py`) is the mean of three views of
equation 10: a bank of 72 filters per tie, in which each tie's own record, pooled over ties of its size, weighs
how noisy its reports are, how much it moves and whether it returns to its gravity path, and in which levels may
break for good and reports may be wrong for a year; the last observation; and the last observation with the
elasticity of the naive forecast. The first two are moved by what GDP does to the channel: volumes count with an
elasticity of about 0.65, a state's prices in USD against the mean with about 0.2, the common price with about
0.75 (`drive.py`), all estimated on the ties of 27 states. **The forecast of trust** is the mean of the filter
of equations 15 and 16 over overdispersed binomial counts and of the tie's shrunk mean.

*Measurement.* Trade of a tie is the sum over both directions of the geometric mean of the exporter's FOB report
and the importer's CIF report over 1.06, or the one report there is: one rule for all. Shares of cooperation
count where a tie-year has 20 or more events. Students are directed, one source a series. UN voting is alignment
and no measure of trust; it is not used here. Errors are in ln units for trade and students, in shares for
trust."""

HISTORY = """\
**What was tried.** Three designs of the trade forecast were scored, in this order. Each was settled inside the
first fit window, but the second and third were looked for because the one before had failed, so the scored
years have had a small say. First: one elasticity on GDP in USD; bank of filters, a local projection over all
ties and the GDP-scaled naive forecast, a third each: RMSE 0.530 (0.575 on the rows of the design's table),
worse than persistence; its common drift had been learnt in one boom. Second: elasticities of volume and price
apart, half filters and half last observation: 0.501 (0.544). Third, the one reported here: 0.498 (0.541).
Inside the fit window the first had 0.493 against 0.495 of GDP-scaled, the best naive forecast (origins
2004-08); the second and third had 0.537 and 0.534 against 0.587 (origins 2002-09). Not taken up because the fit
window spoke against them: weights by stacking on inner origins, the gap between the two reports as the error of
a report, a drift of its own per state, mean reversion to each tie's own mean (which happens to do well on
2014-20), bands by each tie's own volatility.

**The engine was mended once.** Begun in 2010 it had a trade RMSE of 0.514, worse than carrying the last value. Why
was then looked for, and the answer decided on 1992-2010 alone: half the gap between the two reports had served as
the error of the year, but the gap lasts (its correlation from one year to the next is 0.75), so the filter smoothed
away what was true. With a small constant error instead, the log likelihood of equation 10 on 1992-2010 rose from
-606 to -539, and the RMSE one to six years ahead from the origins 2002-09, scored up to 2010, fell from 0.733 to
0.621, at every origin. What the engine scores now stands below. Elasticities of volume and price apart, as the
forecast has them, do not help the engine from 2010 (0.517 for 0.514 before the mending), so it keeps one.

Figures of designs that were given up are a record: their code is gone, and no command gives them any more."""

GRADES = """\
## Grades of the outcomes

| outcome | grade | why |
|---|---|---|
| trade of a tie, total trade | hindcast | forecast and engine scored; what policies do is literature and judgement |
| trust of a tie, conflict share | hindcast | forecast and engine scored; what moves the level is judgement |
| students | fitted | the forecast above is scored, the engine's own students are not |
| disputes | fitted | rate and who is at risk; no out-of-sample claim is made here |
| people, sister cities | judgement | no series long enough to score |
| adoption, ambition, delivery, delay | judgement | broad weights, their form written knowing some of the cases |
| community, gains, cost | as their parts | they restate what goes in |

The order, the strongest first, is hindcast, fitted, literature, judgement. A comparison of two scenarios is graded by
its weakest link: the grade of the outcome, and of everything that only one of the two has. Policies, events and
mechanisms switched off are graded by the ledger entries they use (a measured entry is fitted); another decision rule,
and whatever else the user assumes, is judgement. What both share, the council and delivery among them, is in the grade
of the outcome alone."""

METHOD = """\
## Is the method sound?

`python -m tests.recovery.full` fits synthetic worlds with known parameters and looks how often the 90 % intervals
hold the truth, at least 14 of 20 being asked of each parameter. Then it ranks truths drawn from the prior among the
draws of their fits (simulation-based calibration; a chi-square test of ten bins for each parameter)."""

MENDED = """\
The test has mended the fits twice. The variance of a year's logit of trust was taken from the counts of the same
year, so lucky years near the ceiling looked noisy; it now goes with the tie's mean share. And the prior of trade
let the noise grow with the flow, in which case flows run away, and the likelihood took the size of a flow a moment
later than equation 10 does; the slope of the noise is now below zero, and the moment the same."""

CANNOT = """\
## What the model cannot do

It does not beat the simplest good forecast by much: most of what can be known of trade six years ahead is the
last observation and GDP. Weighted by trade, carrying the last observation with half of GDP's growth is better.
With GDP forecast rather than known, persistence is the better forecast of trade in these years. Breaks are not
foreseen: the fall of Tajik-Uzbek trade, its return, sanctions. Thirteen years of events do not say how fast the
level of trust moves, nor whether exchange moves it: the intervals of both cross-effects contain zero, and
taking either out changes no score. No dispute, war or pandemic is foreseen; they are scenarios. None of this
tests a policy: the effects of policies are assumptions with a source, never findings."""
