"""Outcomes over the years, and effects by state and tie, as records for the figures of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sco_sim.components.registry import metric
from sco_sim.report.page import Dot, Forest, Line, Panel
from sco_sim.report.words import difference_in_words, level_in_words
from sco_sim.studies.comparison.answer import finding
from sco_sim.studies.comparison.grids import Grids, wide
from sco_sim.studies.comparison.tables import TwoRuns, drawn_years, pairs
from sco_sim.studies.statistics import HIGH, LOW
from sco_sim.studies.wording import scale

if TYPE_CHECKING:
    import pandas as pd

    from sco_sim.numerics.arrays import Array
    from sco_sim.store.stored_run import StoredRun
    from sco_sim.studies.comparison.compare import Comparison

LEAST_OF_SPREAD = 0.01
"""The axis of a difference reaches so much of the 5-95 % range of the reference, so that what is tiny looks it."""
BY_STATE = ("contribution_musd", "gain", "trade_gdp_share", "gdp")
BY_TIE = ("trade", "trust", "conflict_share_observed")
SAME = "the same in every scenario"
"""Said of a level that no scenario moves: one line is drawn for all."""
LONGEST = 24
"""Letters of a tie that there is room for; a longer one is named by its codes."""
MOST_ROWS = 12
"""States or ties in a figure: those that move most."""


def differences(comparison: Comparison, keys: Sequence[str]) -> tuple[Panel, ...]:
    """The paired difference of each outcome from now on, mean and 5-95 %; what nothing moves is left out."""
    reference = comparison.runs[0]
    years = tuple(drawn_years(comparison.runs))
    lines: dict[str, list[Line]] = {key: [] for key in keys}
    for number, two in enumerate(pairs(comparison.runs, together=comparison.paired), 1):
        both = set(two.keys("metrics"))
        for key, tables in two.read("metrics", [key for key in keys if key in both]):
            lines[key].append(_gap(two, key, number, [table[list(years)].to_numpy(float) for table in tables]))
    moving = [key for key, own in lines.items() if any(any(line.low) or any(line.high) for line in own)]
    widths = {key: _width(table.to_numpy(float)) for key, table in wide(reference, "metrics", moving).items()}
    panels = []
    for key in moving:
        measure, (factor, unit) = metric(key), scale(metric(key).unit)
        least = LEAST_OF_SPREAD * factor * widths[key]
        panels.append(Panel(key, measure.title, unit, measure.better, years, tuple(lines[key]), least))
    return tuple(panels)


def _gap(two: TwoRuns, key: str, number: int, grids: Sequence[Array]) -> Line:
    """The difference of an outcome over the years; `grids` are of reference and scenario, shape (world, year)."""
    (before, after), factor = grids, scale(metric(key).unit)[0]
    if two.together:  # no standard errors are drawn here, and they are what takes time
        gap = factor * (after - before)
        ends = list(zip(np.nanmean(gap, axis=0), *np.nanquantile(gap, [LOW, HIGH], axis=0), strict=True))
    else:
        effects = [two.judge(before[:, i], after[:, i]) for i in range(before.shape[1])]
        ends = [(factor * e.difference, factor * e.low_05, factor * e.high_95) for e in effects]
    means, lows, highs = (tuple(map(float, end)) for end in zip(*ends, strict=True))
    return Line(number, means, lows, highs, tuple(difference_in_words(*one) for one in ends))


def levels(runs: Sequence[StoredRun], keys: Sequence[str]) -> tuple[Panel, ...]:
    """The level of each outcome from now on, mean and 5-95 % over worlds, and before it the state observed."""
    horizon, years = runs[0].scenario.horizon, tuple(drawn_years(runs))
    lines: dict[str, list[Line]] = {key: [] for key in keys}
    rings: dict[str, tuple[int, float]] = {}
    for number, run in enumerate(runs):  # one after another: memory holds the outcomes of one
        kept = set(Grids(run).names("metrics"))
        for key, table in wide(run, "metrics", [key for key in keys if key in kept]).items():
            factor = 100.0 if metric(key).unit == "share" else 1.0
            lines[key].append(_level(factor * table[list(years)].to_numpy(float), number))
            if number == 0 and horizon.start < years[0]:
                rings[key] = horizon.start, factor * float(table[horizon.start].mean())
    panels = []
    for key in keys:
        measure = metric(key)
        unit = "%" if measure.unit == "share" else measure.unit
        own = tuple(lines[key])
        alike = len(own) > 1 and all(_alike(one, own[0]) for one in own[1:])
        shown, note = (own[:1], SAME) if alike else (own, "")
        panels.append(Panel(key, measure.title, unit, measure.better, years, shown, ring=rings.get(key), note=note))
    return tuple(panels)


def _alike(one: Line, other: Line) -> bool:
    """Whether two scenarios have the same figures in every year, to the bit."""
    return (one.mean, one.low, one.high) == (other.mean, other.low, other.high)


def _level(values: Array, number: int) -> Line:
    means = tuple(float(one) for one in np.nanmean(values, axis=0))
    low, high = (tuple(float(one) for one in end) for end in np.nanquantile(values, [LOW, HIGH], axis=0))
    return Line(number, means, low, high, tuple(map(level_in_words, means, low, high)))


def _width(values: Array) -> float:
    low, high = np.nanquantile(values, [LOW, HIGH], axis=0)
    return float(np.nanmax(high - low))


def who(winners: pd.DataFrame, names: Sequence[str], states: Mapping[str, str]) -> tuple[Forest, ...]:
    """Effects by state and by tie in the year of winners.csv; what nothing moves is left out."""
    out = []
    for key in (*BY_STATE, *BY_TIE):
        rows = [_record(row) for row in winners[winners["outcome"] == key].to_dict("records")]
        if rows and finding(key) and any(row["low_05"] or row["high_95"] or row["difference"] for row in rows):
            out.append(_forest(key, rows, names, states))
    return tuple(out)


def _record(row: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in row.items()}


def _forest(key: str, rows: Iterable[dict[str, Any]], names: Sequence[str], states: Mapping[str, str]) -> Forest:
    measure = metric(key)
    factor, unit = scale(measure.unit)
    groups: dict[str, list[Dot]] = {}
    for row in rows:
        codes = [part for part in (row["iso3_a"], row["iso3_b"]) if isinstance(part, str) and part]
        full = "-".join(states.get(code, code) for code in codes)
        name = full if len(full) <= LONGEST or len(codes) == 1 else "-".join(codes)
        mean, low, high = (factor * float(row[part]) for part in ("difference", "low_05", "high_95"))
        dot = Dot(names.index(row["scenario"]), mean, low, high, difference_in_words(mean, low, high))
        groups.setdefault(name, []).append(dot)
    moving = {name: dots for name, dots in groups.items() if any(dot.low or dot.high or dot.mean for dot in dots)}
    largest = sorted(moving, key=lambda name: -max(abs(dot.mean) for dot in moving[name]))[:MOST_ROWS]
    shown = sorted(largest, key=lambda name: -max((dot.mean for dot in moving[name]), key=abs))
    by = "state" if measure.axis == "state" else "tie"
    return Forest(
        key,
        f"{measure.title}, by {by}",
        unit,
        tuple((name, tuple(moving[name])) for name in shown),
        len(groups) - len(shown),
    )
