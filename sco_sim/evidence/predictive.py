"""Posterior predictive checks: does what is simulated move as the record did?

Each check is one statistic of a history. It is worked out for the record, over ten years at a time, and in the same
way for every simulated world, each with its own draw of the parameters (Gelman, Meng and Stern 1996). Where the record
lies among the worlds says whether the model can make such years.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.filters import count_variance, trade_observations
from sco_sim.engine.build import build_model
from sco_sim.errors import Problem, ScenarioError
from sco_sim.evidence.histories import (
    History,
    Statistic,
    constant_panel,
    falls,
    growth_of_class,
    largest_change,
    mean_correlation,
    of_largest,
    panel_of_ends,
    spread_in_time,
    spread_of_class,
    spread_over,
    total_change,
    total_spread,
    total_variance_ratio,
    whole_change,
    yearly_spread,
)
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit
from sco_sim.scenario.schema import Scenario
from sco_sim.world.ties import Ties

YEARS = 10
"""Yearly changes in a window, of the record and of a world."""
WINDOWS = ((2000, 2010), (2010, 2020))
"""First and last year of the record's windows; the design was chosen on the years up to 2010."""
STUDENT_WINDOWS = ((2000, 2010), (2008, 2018))
"""As WINDOWS; few series are listed from 2019 on."""
STUDENT_CLASSES = ((0.0, 30.0), (30.0, 300.0), (300.0, 3_000.0), (3_000.0, np.inf))
"""Classes of a flow of students, persons."""
TRADE_CLASSES = ((0.0, 1e8), (1e8, 1e9), (1e9, np.inf))
"""Classes of the trade of a tie, USD of 2015."""
INSIDE = (0.05, 0.95)
"""Levels of the worlds between which the record is called inside."""
CONFLICT_WINDOWS = ((2002, 2012), (2004, 2014))
"""As WINDOWS, of the share of conflict by ICEWS."""
ENOUGH_EVENTS = 20
"""Fewest events a year of a tie for its share of conflict to count."""
DISPUTES_TO = 2014
"""Last year for which militarised disputes are listed."""


@dataclass(frozen=True)
class Check:
    """One statistic: of every world and of each window of the record."""

    channel: str
    text: str
    unit: str
    simulated: Array
    """(world,); NaN where a world has none."""
    record: Mapping[tuple[int, int], float]
    """First and last year of a window to its value; NaN where the record has too little."""

    def known(self) -> bool:
        """Whether there is a record, and there are worlds, to put beside one another."""
        return bool(np.isfinite(list(self.record.values())).any() and np.isfinite(self.simulated).any())

    def interval(self) -> tuple[float, float, float]:
        """5 %, median and 95 % of the worlds."""
        low, middle, high = np.nanquantile(self.simulated, [INSIDE[0], 0.5, INSIDE[1]])
        return float(low), float(middle), float(high)

    def level(self, window: tuple[int, int]) -> float:
        """Share of the worlds below the record of a window, equal ones count half."""
        value, worlds = self.record[window], self.simulated[np.isfinite(self.simulated)]
        return float((worlds < value).mean() + 0.5 * (worlds == value).mean())

    def inside(self, window: tuple[int, int]) -> bool:
        """Whether the record of a window lies within the central worlds."""
        low, _, high = self.interval()
        return low <= self.record[window] <= high


@dataclass(frozen=True)
class Checked:
    """All checks of one scenario."""

    scenario: Scenario
    worlds: int
    seed: int
    years: tuple[int, int]
    """First and last year simulated that the statistics use."""
    checks: tuple[Check, ...]


def predictive(scenario: Scenario, case: Case, worlds: int, seed: int) -> Checked:
    """Run the scenario, and put the statistics of its worlds beside those of the record of the same states.

    Raises ScenarioError if it has no ten years whose GDP is drawn, or the case no record of any statistic.
    """
    ties = Ties(scenario.states)
    years, paths, disputes = _worlds(scenario, case, worlds, seed)
    checks = (
        *_of_trade(case, ties, paths["trade"]),
        *_of_students(case, ties, paths["students"]),
        *_of_growth(case, ties, paths["gdp"]),
        *_of_conflict(case, ties, paths["trust"], seed),
        _of_disputes(case, ties, disputes),
    )
    known = tuple(check for check in checks if check.known())
    if not known:
        raise ScenarioError(Problem(
            f"the case has no ten years of record for {', '.join(scenario.states)}",
            "take a case with trade, students, GDP or disputes of earlier years",
        ))  # fmt: skip
    return Checked(scenario, worlds, seed, years, known)


def _worlds(
    scenario: Scenario, case: Case, worlds: int, seed: int
) -> tuple[tuple[int, int], dict[str, History], Array]:
    """First and last year; ln trade, students, GDP, trust of every world (world, year, unit); disputes a year."""
    model = build_model(scenario, case=case, worlds=worlds, seed=seed, replicates=1)
    drawn = np.asarray(np.isnan(model.year.facts.log_gdp).any(axis=1))
    first = int(np.argmax(drawn)) - 1
    if not drawn.any() or first + YEARS >= len(drawn):
        raise ScenarioError(Problem(
            f"{scenario.name} has no {YEARS} years whose GDP is drawn", "take a scenario with a later horizon.end"
        ))  # fmt: skip
    kept: dict[str, list[Array]] = {name: [] for name in ("trade", "students", "gdp", "trust", "disputes")}
    while True:
        state = model.state
        kept["trade"].append(state.trade.copy())
        kept["students"].append(np.concatenate([state.students_ab, state.students_ba], axis=1))
        kept["gdp"].append(state.log_gdp.copy())
        kept["trust"].append(state.trust_level + state.trust_deviation)
        kept["disputes"].append((state.dispute > 0.0).sum(axis=1))
        if not model.running:
            break
        model.step()
    rows = slice(first, first + YEARS + 1)
    paths = {name: np.stack(kept[name][rows], axis=1) for name in ("trade", "students", "gdp", "trust")}
    rng = np.random.default_rng(seed)  # the record is seen with the error of two reports
    paths["trade"] = paths["trade"] + case.ledger["trade.report_error"].central * rng.standard_normal(
        paths["trade"].shape
    )
    start = scenario.horizon.start + first
    disputes = np.stack(kept["disputes"][first + 1 : first + YEARS + 1], axis=1).mean(axis=1)
    return (start, start + YEARS), paths, disputes


def _check(
    channel: str, text: str, unit: str, statistic: Statistic, worlds: History, record: Mapping[tuple[int, int], History]
) -> Check:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of NumPy, about means of nothing: they are NaN
        seen = {window: float(statistic(history)[0]) for window, history in record.items()}
        return Check(channel, text, unit, statistic(worlds), seen)


def _of_trade(case: Case, ties: Ties, worlds: History) -> list[Check]:
    record = {
        (first, last): trade_observations(case, case.ledger, ties, range(first, last + 1))[0][None]
        for first, last in WINDOWS
    }
    rows: list[tuple[str, str, Statistic]] = [
        ("total: yearly growth", "ln", total_change),
        ("total: standard deviation of yearly changes", "ln", total_spread),
        ("total: years that fall by over 10 %", "share", falls),
        ("total: variance over five years against five of one", "ratio", total_variance_ratio),
        ("correlation of yearly changes between ties", "1", mean_correlation),
        ("the same between the twelve largest ties", "1", of_largest),
        ("largest change of a tie in a year", "ln", largest_change),
    ]
    rows += [(f"spread between ties of changes over {n} year{'s' * (n > 1)}", "ln", spread_over(n)) for n in (1, 5, 10)]
    for low, high in TRADE_CLASSES:
        name = _class(low / 1e9, high / 1e9, "bn USD")
        rows.append(
            (f"median yearly change of ties {name}", "ln", growth_of_class(np.log(max(low, 1.0)), np.log(high)))
        )
    return [_check("trade", *row, worlds, record) for row in rows]


def _of_students(case: Case, ties: Ties, worlds: History) -> list[Check]:
    table = case.table("students")
    wide = table.pivot_table(index="year", columns=["iso3_origin", "iso3_destination"], values="students_persons")
    both = [*ties.pairs, *((b, a) for a, b in ties.pairs)]
    listed = [number for number, pair in enumerate(both) if pair in wide.columns]
    seen = wide.reindex(columns=[both[number] for number in listed])
    record = {
        (first, last): np.log1p(seen.reindex(list(range(first, last + 1))).to_numpy(dtype=float))[None]
        for first, last in STUDENT_WINDOWS
    }
    rows: list[tuple[str, str, Statistic]] = [
        (f"total of the series known in every year ({_panels(record)}): yearly growth", "ln", constant_panel),
        (f"the same of those known at both ends ({_ends(record)})", "ln", panel_of_ends),
    ]
    for low, high in STUDENT_CLASSES:
        statistic = spread_of_class(np.log1p(low), np.log1p(high))
        rows.append((f"standard deviation of yearly changes of flows {_class(low, high, 'students')}", "ln", statistic))
    return [_check("students", *row, worlds[:, :, listed], record) for row in rows]


def _of_growth(case: Case, ties: Ties, worlds: History) -> list[Check]:
    record = {(first, last): case.gdp(ties.states, range(first, last + 1))[None] for first, last in WINDOWS}
    rows: list[tuple[str, str, Statistic]] = [
        ("correlation of yearly growth between states", "1", mean_correlation),
        ("standard deviation of yearly growth, mean over states", "ln", yearly_spread),
        ("spread between states of changes over 10 years", "ln", spread_over(10)),
    ]
    return [_check("GDP", *row, worlds, record) for row in rows]


def _of_conflict(case: Case, ties: Ties, worlds: History, seed: int) -> list[Check]:
    """The group's share of conflict: the mean over the ties with enough events in every year, as ln odds.

    The worlds are seen as the record is, by as many events a year as each tie had on average.
    """
    first, last = CONFLICT_WINDOWS[0][0], CONFLICT_WINDOWS[-1][1]
    cooperative, conflictual = (
        case.tie_path(f"icews_{way}_events", ties, range(first, last + 1)) for way in ("cooperative", "conflictual")
    )
    reported = np.flatnonzero((cooperative + conflictual >= ENOUGH_EVENTS).all(axis=0))
    if not len(reported):
        return []
    cooperative, conflictual = cooperative[:, reported], conflictual[:, reported]
    shares = conflictual / (cooperative + conflictual)
    record = {(begin, end): _odds(shares[None, begin - first : end - first + 1]) for begin, end in CONFLICT_WINDOWS}
    variance = case.ledger["trust.overdispersion"].central * count_variance(cooperative, conflictual).mean(axis=0)
    trust = worlds[:, :, reported]
    noise = np.sqrt(variance) * np.random.default_rng(seed).standard_normal(trust.shape)
    rows: list[tuple[str, str, Statistic]] = [
        ("share of the group: standard deviation of yearly changes", "ln odds", total_spread),
        ("share of the group: standard deviation over the years", "ln odds", spread_in_time),
        ("share of the group: change over ten years, either way", "ln odds", whole_change),
    ]
    seen = _odds(expit(-(trust + noise)))
    return [_check("conflict", *row, seen, record) for row in rows]


def _odds(shares: Array) -> History:
    """Ln odds of the mean over ties of shares (world, year, tie), (world, year, 1)."""
    mean = shares.mean(axis=2, keepdims=True)
    odds: Array = np.log(mean) - np.log1p(-mean)
    return odds


def _of_disputes(case: Case, ties: Ties, worlds: Array) -> Check:
    record = {}
    for first, last in ((1992, 2002), (DISPUTES_TO - YEARS, DISPUTES_TO)):
        onset = case.tie_path("mid_onsets", ties, range(first + 1, last + 1))
        known = np.isfinite(onset).any()
        record[(first, last)] = float((np.nan_to_num(onset) > 0.0).sum(axis=1).mean()) if known else np.nan
    return Check("disputes", "disputes that break out in a year", "ties", worlds, record)


def _panels(record: Mapping[tuple[int, int], History]) -> str:
    """How many series are known in every year of each window."""
    return " and ".join(str(int(np.isfinite(history).all(axis=(0, 1)).sum())) for history in record.values())


def _ends(record: Mapping[tuple[int, int], History]) -> str:
    """How many series are known in the first and the last year of each window."""
    return " and ".join(str(int(np.isfinite(one[:, [0, -1]]).all(axis=(0, 1)).sum())) for one in record.values())


def _class(low: float, high: float, unit: str) -> str:
    """Words for a class of sizes."""
    if low == 0.0:
        return f"below {high:g} {unit}"
    return f"of {low:,g} {unit} or more" if np.isinf(high) else f"of {low:,g} to {high:,g} {unit}"
