"""The words of docs/evidence.md that no run changes."""

from __future__ import annotations

BEGIN = """\
# The evidence

*Written by `sco-sim hindcast --report docs`; every figure comes from the tables shipped with the project.*

Would the engine have foreseen anything? What is scored here is what `sco-sim run` runs: 400 worlds from each origin,
each with its own draw of the parameters, beside forecasts that know nothing of the model. There is no other forecaster.

**What is known at an origin.** Every table is cut at it (`sco_sim/case/cut.py`): rows of later years are gone,
rivalries and claims whose end was to come are open, whoever became a member later is none, and what has no date
(twinned places, outlooks of later years, the heritage list) counts as unknown. Before 2017 no visa regime is known,
before 2010 no air link. Every stage of the fit is then made anew on these tables, trade, students, trust, disputes
and, once there are years of it, GDELT; so are the level of trust before anything is observed and the entries for
growth. The stages are fitted to the ties between the ten states that are scored, whoever was a member by then. A test
spoils every value after an origin and asks for the same forecast to the last bit.

**GDP.** *Drawn* comes first, since it is what a user gets: the engine draws growth around what the ten years before say
of volumes, with the errors that such means made before the origin; the naive forecasts extrapolate the same means.
*Realised* gives both the GDP that came, and so takes its error out.

**The scenario** is the plain one: no policy and no event after the origin. The worlds predict observations: with the
error that each tie's reports had last, with as many events as a tie usually has.

**Scores.** RMSE of the mean; bias (forecast less observed); continuous ranked probability score; ignorance (minus the
log density of what came; a kernel density of the worlds); interval score of the central 80 %. All but the coverage
are better when lower. Naive forecasts have bands of their own, two normals whose spread goes with the horizon and the
size of the flow, fitted on the errors the forecast made at the eight origins before. Totals stand first, since totals
are what is read; a naive forecast of a total is the sum of its forecasts, with a band fitted on its errors of totals.
Intervals of differences are 5-95 % of a paired bootstrap over states and over years together, since ties of a state and
ties of a year share what happens to it; over years for a
total, which has no states. Smoothing and a mean drawn to the last value are persistence in trade and are no rivals
there.

*Measurement.* Trade of a tie is the sum over both directions of the geometric mean of the exporter's FOB report and the
importer's CIF report over 1.06, or the one report there is. In 2021 five ties and in 2022 three have a report, in 2023
forty-three have one number made by others of both reports: the years after 2020 are one year for most ties. Shares of
conflict by ICEWS count where a tie-year has 20 or more events, by GDELT with 60 active days. Students are directed, one
source a series."""

MOVES = """\
Whether worlds move as the record did over ten years is another question than what comes in six. `sco-sim predictive`
asks it, and [predictive.md](predictive.md) names every miss; the number of students is the gravest, which grows in the
worlds where constant panels of the record hardly grew or fell."""

ABLATIONS = """\
From 2010 with policies decided or under way by then (`calibration/hindcast.yaml`), GDP realised; trade scored on
2011-16 in ln current USD, conflict (ICEWS) on 2011-14. Differences are paired, 5-95 % over states and years; a dash is
a part that does nothing here, for want of a war, of a policy or of a leg to be finished. A part whose interval holds 0
is neither borne out nor refuted by these years. The last row is no engine at all: the naive forecast with its band."""

DESIGNS = """\
## Designs scored

Whatever is scored on the years after 2010 more than once gets better by chance. What had a say in the engine as it is:

1. Before this page scored the engine, three designs of a separate forecaster (72 filters a tie, three views of the
   trade equation) were scored on 2011-20, and the engine twice. The forecaster is gone: no mechanism used it.
2. The engine's filter of trade was mended once, on 1992-2010 alone: half the gap between the two reports had served as
   the error of the year, but the gap lasts.
3. Growth at an origin: two designs were scored on 2011-20 with GDP drawn. The first took the mean growth of all states
   in USD over the US deflator, which is best on the years up to 2010, and had a trade RMSE of 0.608 and weighted 0.485:
   it carried the boom of 2000-08 on. The second, kept, holds real exchange rates still, as the outlooks do that the
   shipped ledger takes and as the naive forecasts do.
4. Noise, chosen on years up to 2010, was scored once before and once after it became the bounded mixture that keeps the
   mean of flows, with a luck that ties share. With GDP drawn the total's CRPS fell from 0.288 to 0.256 and its coverage
   rose from 37 to 61 %; the RMSE of single ties rose from 0.564 to 0.586, and that of students from 0.584 to 0.729: the
   log of a small flow now falls as its noise is centred on the flow, and the record has no such fall.

5. What GDP does to trade: half of the settings take an elasticity of 0.5 and none of the growth that all states share,
   in place of the fitted pair. Chosen on the origins 2002-09 scored up to 2010, GDP realised: CRPS of ties 0.304 as
   fitted, 0.299 with half, 0.306 with all of that view; weighted 0.189, 0.181, 0.189; of the total 0.123, 0.106, 0.112
   (with GDP drawn, whose boom nobody drew, 0.431, 0.439, 0.447 of ties). A third of the settings did as well as half,
   and noise of 0.7 times the fitted width had 0.293, but is not the noise of the record and was not taken. On 2011-20
   half was scored once: ties 0.254 to 0.249 with realised GDP and 0.309 to 0.299 with GDP drawn. On 2021-23, with GDP
   drawn, the same run took the coverage of the total from 67 to 0 %, its CRPS from 0.254 to 0.266 and its RMSE from
   0.401 to 0.411.

6. Noise of students that keeps the mean of their total, in place of the mean of every flow, was scored once: RMSE of
   series 0.727 to 0.666 with GDP drawn.

7. Students follow GDP by volume in place of GDP at market rates, which an exchange rate moves. Chosen on years up to
   2010 (log likelihood -351.4 against -355.2; with all years -535.6 against -578.5), scored once: RMSE of series 0.681
   to 0.626 with GDP drawn and 0.750 to 0.651 realised (200 worlds).
8. Students last seen years ago are drawn so that their total is kept in the mean, as the noise of the years is (6), in
   place of every flow's mean; scored once: 0.626 to 0.582 drawn, 0.651 to 0.605 realised (200 worlds).

9. GDP by volume goes on as in the ten years before an origin; with the drawn mean of growth, which holds what is
   uncertain of exchange rates, students grew tenfold in seventeen years. Taken for the growth of the panels in
   docs/predictive.md, scored once: 0.582 to 0.588 drawn (200 worlds).

Of the conflict share a wider gap between a tie's levels by ICEWS and by GDELT (`trust.gdelt_gap` 1 and 2, fitted 0.47)
was tried from 2019 on 2020, the one year an origin of its own past allows: RMSE 0.084 and 0.085 against 0.084 as fitted
and 0.103 of the recent mean, so it stays as fitted; 2021-23 have not seen it. There the recent mean is ahead since ties
of Uzbekistan, at odds in the record of ICEWS, stayed calm.

10. The scale of GDELT beside ICEWS was chosen with its score of 2021-23 from 2020 known (docs/from_2020.md).

So ten designs of the engine, some of them scored more than once, and three of what is gone have seen years after 2010.

Figures of designs that were given up are a record: no command gives them any more."""

GRADES = """\
## Grades of the outcomes

| outcome | grade | why |
|---|---|---|
| trade of a tie, total trade | hindcast | the engine is scored above; what policies do is literature and judgement |
| trust of a tie, conflict share | hindcast | the engine is scored above; what moves the level is judgement |
| students | fitted | scored above, and does not beat the best naive forecast, which earns no higher grade |
| disputes | fitted | scored above, but too few to tell |
| people, sister cities | judgement | no series long enough to score |
| adoption, ambition, delivery, delay | judgement | broad weights, their form written knowing some of the cases |
| community, gains, cost | as their parts | they restate what goes in |

The grade says that the engine itself was held against years it had not seen, not that it did well there: the table of
aims says that.

The order, the strongest first, is hindcast, fitted, literature, judgement, belief. A comparison of two scenarios is
graded by its weakest link: the grade of the outcome, and of everything that only one of the two has. Policies, events
and mechanisms switched off are graded by the ledger entries they use (a measured entry is fitted); another decision
rule, and whatever else the user assumes, is judgement; under a view other than `evidence` all is belief. What both
share, the council and delivery among them, is in the grade of the outcome alone."""

METHOD = """\
## Is the method sound?

`python -m tests.recovery.full` fits synthetic worlds with known parameters and looks how often the 90 % intervals
hold the truth, at least 14 of 20 being asked of each parameter. Then it ranks truths drawn from the prior among the
draws of their fits (simulation-based calibration; a chi-square test of ten bins for each parameter)."""

MENDED = """\
The test has mended the fits twice. The variance of a year's logit of trust was taken from the counts of the same
year, so lucky years near the ceiling looked noisy; it now goes with the tie's mean share. And the prior of trade
let the noise grow with the flow, in which case flows run away, and the likelihood took the size of a flow a moment
later than equation 10 does; the slope of the noise is now below zero, and the moment the same.

Why the ranks of `trade.adjustment` fail is known. The filter of the fit takes the return, which is bent in the log, for
a straight line over all of a tie's unknown first deviation; it takes the mean of all years for that of the references,
though growth and noise move it; and it lets the years tell of an error that all ties share as if their common luck were
known. A filter without the three (a sum of normals over the first deviation, Alspach and Sorenson 1972; the mean of the
first year; the shared error apart) is not the shipped one yet; a first try of it fits a faster rate, so read
`trade.adjustment` as too slow rather than too fast."""

CANNOT = """\
## What the model cannot do

It does not beat the simplest good forecast: most of what can be known of trade six years ahead is the last
observation and GDP, and with GDP drawn rather than known persistence is the better forecast of single ties in
2011-20, though not of their total. Breaks are not foreseen: the fall of Tajik-Uzbek trade, its return, sanctions.
Students are forecast about as well as by their last number, and no better. Thirteen years of events do not say how
fast the level of trust moves, nor whether exchange moves it: the intervals of both cross-effects contain zero, and
taking either out changes no score. No dispute, war or pandemic is foreseen; they are scenarios. None of this tests a
policy: the effects of policies are assumptions with a source, never findings."""
