"""What is hindcast: the engine from every origin, by channel, with GDP drawn and realised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sco_sim.case.case import Case
from sco_sim.errors import Problem, ScenarioError
from sco_sim.evidence.hindcast.disputes import Chances, dispute_chances
from sco_sim.evidence.hindcast.engine import AHEAD, SEED, WORLDS, Origins
from sco_sim.evidence.hindcast.overlay import Rows, own_after, with_gdp, with_rows
from sco_sim.evidence.hindcast.panel import (
    Gdp,
    Panel,
    days_panel,
    disputes_panel,
    events_panel,
    students_panel,
    trade_panel,
)
from sco_sim.evidence.hindcast.rolling import Hindcast, hindcast, total_hindcast
from sco_sim.evidence.hindcast.userfile import read_gdp, read_observations, silent
from sco_sim.numerics.arrays import Array

Spans = tuple[tuple[int, int], ...]
"""Origins, each with the last year that is scored from it."""
HISTORY = 8
"""Fewest years of history a flow is forecast from."""
SHARE_HISTORY = 3
"""The same of a share: GDELT begins in 2018."""
PATHS: tuple[Gdp, ...] = ("drawn", "realised")
"""GDP drawn by the engine is what a user gets; realised GDP takes its error out."""


@dataclass(frozen=True)
class Part:
    """One channel over some years, single columns and their total."""

    years: str
    """Years scored, in words."""
    single: Hindcast
    total: Hindcast | None
    """The sum over columns; None for a share."""


@dataclass(frozen=True)
class Question:
    """What one part asks: a channel over some years."""

    channel: str
    years: str
    spans: Spans
    total_spans: Spans = ()
    """Origins of the total, which has one row a year and needs more of them; those of the columns if left out."""


TRADE: Spans = ((2010, 2016), (2013, 2019), (2016, 2020))
"""Origins of the 720 tie-years that every design was scored on."""
QUESTIONS = (
    Question("trade", "2011-20", TRADE, tuple((origin, min(origin + AHEAD, 2020)) for origin in range(2002, 2020))),
    Question("trade", "2021-23", ((2020, 2023),)),
    Question("students", "2015-19", ((2014, 2017), (2016, 2019))),
    Question("conflict (ICEWS)", "2011-14", ((2010, 2014),)),
    Question("conflict (GDELT)", "2021-23", ((2020, 2023),)),
)
"""What is asked of the case's own years, if they reach there."""
DISPUTES: Spans = ((2002, 2006), (2006, 2010), (2010, 2014))
PANELS: Mapping[str, Callable[[Case, Sequence[str]], Panel]] = {
    "trade": trade_panel, "students": students_panel, "conflict (ICEWS)": events_panel, "conflict (GDELT)": days_panel,
}  # fmt: skip
FLOWS = ("trade", "students")
"""Channels that follow GDP and add up."""


class Study:
    """The hindcasts of a case, on worlds that they share."""

    def __init__(
        self, case: Case, studied: Sequence[str] = (), origin: int | None = None, worlds: int = WORLDS, seed: int = SEED
    ) -> None:
        """Prepare the hindcasts.

        Args:
            case: The tables, whole.
            studied: States whose ties are scored; the members if left out.
            origin: One origin in place of those of `QUESTIONS`.
            worlds: Worlds from each origin.
            seed: Seed of the worlds.
        """
        self.case = case
        self.engine = Origins(case, studied or case.studied, worlds, seed)
        self._origin = origin

    def parts(self, gdp: Gdp | None) -> Iterator[Part]:
        """Every hindcast with a path of GDP, or those in which GDP has no part (None)."""
        for channel, build in PANELS.items():
            if (channel in FLOWS) == (gdp is not None):
                panel = build(self.case, self.engine.studied)
                for question in self._questions(channel, panel):
                    if gdp == "realised" and not self.gdp_after(question.spans[0][0]):
                        continue
                    yield self.part(question, panel, gdp)

    def part(self, question: Question, panel: Panel, gdp: Gdp | None) -> Part:
        """One hindcast."""
        single = hindcast(panel, question.spans, gdp, self.engine)
        total = None if gdp is None else total_hindcast(
            panel, question.total_spans or question.spans, gdp, self.engine
        )  # fmt: skip
        return Part(question.years, single, total)

    def gdp_after(self, origin: int) -> bool:
        """Whether any GDP is known of the years after an origin."""
        years = range(origin + 1, origin + AHEAD + 1)
        return bool(np.isfinite(self.case.state_path("gdp_current_usd", self.engine.studied, years)).any())

    def disputes(self) -> Chances | None:
        """Disputes from several origins; None if the case has no record of them."""
        panel = disputes_panel(self.case, self.engine.studied)
        spans = DISPUTES if self._origin is None else ((self._origin, self._origin + AHEAD),)
        usable = _usable(spans, panel, HISTORY)
        return dispute_chances(panel, usable, self.engine) if usable else None

    def _questions(self, channel: str, panel: Panel) -> Iterator[Question]:
        history = HISTORY if channel in FLOWS else SHARE_HISTORY
        if self._origin is not None:
            spans = _usable(((self._origin, self._origin + AHEAD),), panel, history)
            if spans:
                yield Question(channel, f"{spans[0][0] + 1}-{spans[0][1]}", spans)
            return
        for question in QUESTIONS:
            if question.channel == channel:
                spans, totals = (_usable(s, panel, history) for s in (question.spans, question.total_spans))
                if spans:
                    yield Question(channel, question.years, spans, totals)


def _usable(spans: Spans, panel: Panel, history: int) -> Spans:
    """The origins with enough history before and something observed after, each up to the last year observed."""
    out = []
    for origin, end in spans:
        last = min(end, panel.years[-1]) if panel.years else origin
        known = bool(panel.years) and origin - panel.years[0] + 1 >= history and origin in panel.years
        if known and last > origin and np.isfinite(panel.after(origin, last - origin)).any():
            out.append((origin, last))
    return tuple(out)


def nothing_to_score(origin: int | None) -> ScenarioError:
    """The error for a case, or an origin, with nothing observed after it."""
    if origin is None:
        return ScenarioError(Problem("the case has nothing to score", "give --origin YEAR with observations after it"))
    remedy = f"give an origin with {HISTORY} years of observations before it and some after"
    return ScenarioError(Problem(f"nothing can be scored from {origin}", remedy, "--origin"))


@dataclass(frozen=True)
class Own:
    """A channel of a file of one's own: how values become what a panel holds, and the panel's channel."""

    channel: str
    unit: Callable[[Array], Array]


OWN = {
    "trade": Own("trade", np.log),
    "trust": Own("conflict (ICEWS)", lambda share: 1.0 - share),
    "students": Own("students", np.log1p),
}


def own_observations(
    path: Path,
    origin: int,
    case: Case,
    gdp_file: Path | None = None,
    tell: Callable[[str], None] = silent,
    worlds: int = WORLDS,
    seed: int = SEED,
) -> tuple[Study, Iterator[Part]]:
    """Every channel of a file of one's own, and the study that they belong to.

    The engine starts from the rows up to the origin and is scored on the rows after it. Rows up to the origin take the
    place of the case's own for their tie and year, in the starting values and in the fit. The states are the members
    and those of the file. Raises ScenarioError for what is wrong with the files.
    """
    observed = read_observations(path, case, tell)
    rows = observed.rows
    if gdp_file is not None:
        case = with_gdp(case, read_gdp(gdp_file, case, tell))
    states = {iso for of in rows.values() for pair, _ in of for iso in pair}
    for channel, of in rows.items():
        case = with_rows(case, channel, of, observed.alone)
    study = Study(case, sorted({*case.studied, *states}), origin, worlds, seed)
    return study, _own(study, rows, origin, path)


def _own(study: Study, rows: Mapping[str, Rows], origin: int, path: Path) -> Iterator[Part]:
    for channel, of in rows.items():
        late = [year for _, year in of if year > origin]
        if not late:
            raise ScenarioError(Problem(f"has no {channel} after {origin}", "give an earlier --origin", str(path)))
        own = OWN[channel]
        panel = own_after(PANELS[own.channel](study.case, study.engine.studied), of, origin, own.unit)
        last = min(max(late), origin + AHEAD)
        question = Question(own.channel, f"{origin + 1}-{last}", ((origin, last),))
        yield from _own_parts(study, question, panel, path)


def _own_parts(study: Study, question: Question, panel: Panel, path: Path) -> Iterator[Part]:
    ((origin, last),) = question.spans
    history = HISTORY if question.channel in FLOWS else SHARE_HISTORY
    if origin < panel.years[0] + history - 1:
        first = panel.years[0]
        message = f"--origin {origin}: {question.channel} is known from {first} on"
        raise ScenarioError(Problem(message, f"give {first + history - 1} or later", str(path)))
    both = np.isfinite(panel.after(origin, last - origin)) & np.isfinite(panel.past(origin, 0, "drawn").last)
    if not both.any():
        remedy = f"give rows up to {origin} of the same ties too, and some of the {AHEAD} years after it"
        message = f"has no {question.channel} that can be scored: nothing is known before"
        raise ScenarioError(Problem(message, remedy, str(path)))
    for gdp in PATHS if question.channel in FLOWS else (None,):
        if gdp != "realised" or study.gdp_after(origin):
            yield study.part(question, panel, gdp)
