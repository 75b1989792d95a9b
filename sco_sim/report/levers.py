"""The points of a grid as levers that a page looks up: every number was simulated, nothing lies between."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sco_sim.case.opened import opened
from sco_sim.components.registry import metric
from sco_sim.engine.numbering import settings_of
from sco_sim.report.words import difference_in_words, level_in_words
from sco_sim.scenario.load import vary
from sco_sim.scenario.schema import Scenario
from sco_sim.store.manifest import case_of
from sco_sim.studies.comparison.verdict import SURE
from sco_sim.studies.statistics import HIGH, LOW, standard_error
from sco_sim.studies.sweep.stored_sweep import StoredSweep, scenario_names, value_in_words
from sco_sim.studies.wording import scale

MOST_POINTS, MOST_FILES = 2_000, 300
"""Points that become levers, and points whose scenario file a page holds."""
MOST_OUTCOMES = 6


@dataclass(frozen=True)
class Lever:
    """One factor of the grid."""

    name: str
    path: str
    assumed: bool
    """Whether nobody knows it, so that it is an assumption and no lever."""
    ordered: bool
    """Whether its values are numbers in their order: a slider; else a list."""
    values: tuple[str, ...]


@dataclass(frozen=True)
class Levers:
    """Everything that the levers of a page look up."""

    levers: tuple[Lever, ...]
    scenarios: tuple[tuple[int, str], ...]
    """Number and title of those that can be chosen."""
    paired_with: str
    """What every difference is from, in words."""
    worlds: int
    years: tuple[int, ...]
    outcomes: tuple[tuple[str, str, str], ...]
    """Title, unit of the difference, and which side is better."""
    reach: tuple[tuple[float, float], ...]
    """Ends of the scale of each outcome, which never moves."""
    points: dict[str, int]
    """`scenario,level,level,...` to the place of its cells."""
    cells: tuple[Any, ...]
    """Of each point by year and outcome: mean, low, high, whether the sign is settled, difference and level in words.
    """
    files: tuple[str, ...]
    """The scenario file of each point; none if they are too many."""
    reference: str
    """The key of the point that all begin from."""


def levers(sweep: StoredSweep) -> Levers | None:
    """The levers of a sweep; none if its design is no grid or has too many points."""
    plan, of = sweep.experiment.sweep, sweep.numbering
    names = scenario_names(sweep.manifest)
    whole = np.flatnonzero(sweep.whole_points())
    if plan.design.grid is None or of.points > MOST_POINTS or not len(whole):
        return None
    columns = sweep.rows().columns
    numbers = {name: columns[name].as_floats(factor.numeric) for name, factor in plan.factors.items()}
    levels = {name: np.unique(one) for name, one in numbers.items()}
    several, own = len(names) > 1, sweep.experiment.sweep.reference is not None
    shown = [number for number in range(len(names)) if number or own or not several]
    points = [
        int(point)
        for point in whole
        if of.scenario_of(int(point)) in shown and (own or of.reference_of(int(point)) in whole)
    ]
    key_of = {
        point: ",".join(
            [
                str(of.scenario_of(point)),
                *(str(int(np.searchsorted(levels[n], numbers[n][of.row_of(point)]))) for n in levels),
            ]
        )
        for point in points
    }
    kept = [name for name in sweep.manifest["kept_outcomes"] if metric(name).axis == "world"][:MOST_OUTCOMES]
    years = tuple(sorted(int(year) for year in sweep.manifest["kept_years"]))
    cells, reach = _cells(sweep, points, kept, years)
    titles = [one["title"] or one["name"] for one in sweep.manifest["scenarios"]]
    return Levers(
        levers=tuple(_lever(sweep, name, levels[name]) for name in levels),
        scenarios=tuple((number, titles[number]) for number in shown),
        paired_with=_paired_with(sweep),
        worlds=plan.worlds,
        years=years,
        outcomes=tuple((metric(key).title, scale(metric(key).unit)[1], metric(key).better) for key in kept),
        reach=reach,
        points={key_of[point]: at for at, point in enumerate(points)},
        cells=cells,
        files=tuple(_file(sweep, point) for point in points) if len(points) <= MOST_FILES else (),
        reference=key_of[points[0]],
    )  # fmt: skip


def _lever(sweep: StoredSweep, name: str, levels: Any) -> Lever:
    factor, column = sweep.experiment.sweep.factors[name], sweep.rows().columns[name]
    values = column.cells()
    numbers = column.as_floats(factor.numeric)
    words = tuple(value_in_words(values[int(np.argmax(numbers == level))]) for level in levels)
    return Lever(name, factor.path, factor.role != "lever", factor.kind in ("continuous", "integer"), words)


def _paired_with(sweep: StoredSweep) -> str:
    """What differences are from, in words."""
    title = sweep.reference_title()
    if sweep.experiment.sweep.reference is not None:
        return title
    return f"the same setting of {title}" if len(scenario_names(sweep.manifest)) > 1 else f"the first setting: {title}"


def _cells(
    sweep: StoredSweep, points: Sequence[int], kept: Sequence[str], years: Sequence[int]
) -> tuple[tuple[Any, ...], tuple[tuple[float, float], ...]]:
    """Cells by point, year and outcome, and the ends of each outcome's scale."""
    of = sweep.numbering
    out: list[Any] = [[[] for _ in years] for _ in points]
    ends = {key: [0.0, 0.0] for key in kept}
    for step, year in enumerate(years):
        frame = sweep.frame([year])
        for key in kept:
            table = sweep.by_point(key, year, frame)
            before = sweep.compared_with(table)
            settings = settings_of(table.index.to_numpy(np.intp), of.replicates)
            factor, level = scale(metric(key).unit)[0], 100.0 if metric(key).unit == "share" else 1.0
            for at, point in enumerate(points):
                after = table[point].to_numpy(float)
                gap = factor * (after - before[point].to_numpy(float))
                known, own = gap[~np.isnan(gap)], level * after[~np.isnan(after)]
                if not len(known):
                    out[at][step].append([0.0, 0.0, 0.0, 0, "no value", "no value"])
                    continue
                mean, (low, high) = float(known.mean()), (float(end) for end in np.quantile(known, [LOW, HIGH]))
                error = standard_error(known, settings[~np.isnan(gap)])
                ends[key] = [min(ends[key][0], low), max(ends[key][1], high)]
                out[at][step].append([
                    float(f"{mean:.4g}"), float(f"{low:.4g}"), float(f"{high:.4g}"), int(abs(mean) > SURE * error),
                    difference_in_words(mean, low, high),
                    level_in_words(float(own.mean()), *(float(end) for end in np.quantile(own, [LOW, HIGH]))),
                ])  # fmt: skip
    return tuple(out), tuple((float(f"{low:.4g}"), float(f"{high:.4g}")) for low, high in ends.values())


def _file(sweep: StoredSweep, point: int) -> str:
    """The scenario of a point as a file that validates; JSON is YAML too."""
    of, columns = sweep.numbering, sweep.rows().columns
    base = Scenario.from_resolved(sweep.manifest["scenarios"][of.scenario_of(point)])
    row = of.row_of(point)
    changes = {factor.path: columns[name].at(row) for name, factor in sweep.experiment.sweep.factors.items()}
    varied = vary(base, changes, opened(case_of(dict(sweep.manifest))).catalog)
    data = {key: value for key, value in varied.resolved().items() if key != "name"}
    return json.dumps(data, ensure_ascii=False, indent=1)
