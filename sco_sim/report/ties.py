"""The ties of the scenarios over the years as records for the map: trade, conflict share, corridors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sco_sim.case.case import Site
from sco_sim.case.opened import opened
from sco_sim.components.registry import metric
from sco_sim.numerics.labels import CAPITAL, Disc, Label, labels
from sco_sim.report.geography import WIDTH, Ground
from sco_sim.store.manifest import case_of
from sco_sim.studies.comparison.tables import TwoRuns, drawn_years, pairs
from sco_sim.studies.comparison.verdict import SURE
from sco_sim.studies.statistics import standard_errors
from sco_sim.studies.wording import decimals, scale, signed

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array, Ints
    from sco_sim.store.stored_run import StoredRun
    from sco_sim.studies.comparison.compare import Comparison

WIDE, NARROW = "trade", "conflict_share_observed"
"""What makes a tie wide, and what gives it its colour."""
KEYS = (WIDE, NARROW)
MOST_YEARS = 20
MOST_NUMBERS = 14_000
"""Years that the slider has at most, and numbers of one outcome over years, ties and scenarios."""
MOST_READ = 100_000
"""Numbers of one outcome of a run, over worlds, years and ties, that are read at once."""
LARGEST, SMALLEST = 17.0, 4.0
"""Radius of the disc of the largest GDP, and of the smallest disc."""
SMALLEST_NARROW = 9.0
"""The same on a narrow screen (map.css)."""
NAMES, CODES = 15.0, 33.0
"""Height of the letters of names on a wide screen, and of codes on a narrow one."""


@dataclass(frozen=True)
class Strokes:
    """How a number is drawn: `least + span * (number / top) ** power`, for the width and for how solid it is."""

    top: float
    width: tuple[float, float, float]
    """least, span, power."""
    opacity: tuple[float, float, float]


@dataclass(frozen=True)
class Leg:
    """A leg of a corridor in one scenario."""

    scenario: int
    corridor: str
    ends: tuple[str, str]
    share: tuple[float, ...]
    """Share of worlds in which it is adopted, a number a year of the map."""


@dataclass(frozen=True)
class TieMap:
    """Everything the map of a comparison shows."""

    mapped: bool
    """Whether the states stand at their capitals; else on a ring."""
    beyond: tuple[str, ...]
    """Names of states that stand at the edge as they lie beyond the picture."""
    height: float
    land: str
    discs: tuple[Disc, ...]
    names: tuple[Label, ...]
    codes: tuple[Label, ...]
    years: tuple[int, ...]
    ties: tuple[tuple[str, str], ...]
    levels: tuple[dict[str, list[list[str]]], ...]
    """Of each scenario by outcome, a row a year, the number of each tie as it is read."""
    gaps: tuple[dict[str, list[list[str]]], ...]
    """Differences from the reference, of each scenario but it, signed."""
    settled: tuple[dict[str, list[str]], ...]
    """A row a year: 1 for each tie whose sign is settled, else 0."""
    legs: tuple[Leg, ...]
    level: Strokes
    gap: Mapping[str, Strokes]
    """Of the differences, by outcome."""
    breaks: tuple[float, ...]
    """Conflict shares in per cent at which the colour changes."""
    shown: int
    """Scenario that is shown first: the one whose trade moves most."""


def tie_map(comparison: Comparison, sites: Mapping[str, Site]) -> TieMap | None:
    """The map of a comparison; none if its runs have no ties in common or kept too little of them."""
    runs = comparison.runs
    shown = drawn_years(runs)
    frames = [next(run.parts("ties", shown[-1:])) for run in runs]
    ties = tuple(sorted(set.intersection(*(set(frame["tie"]) for frame in frames))))
    if not ties or any(key not in frame for frame in frames for key in KEYS):
        return None
    years = _years(shown, len(ties) * len(runs))
    means, gaps = _read(comparison, years, ties)
    moved = [float(np.abs(one[WIDE][0][-1]).sum()) for one in gaps]
    ground = Ground(sites)
    discs = tuple(_discs(comparison.runs[0], ground, sites, years[-1]))
    return TieMap(
        mapped=ground.mapped,
        beyond=tuple(sites[iso].name for iso in ground.beyond),
        height=ground.height,
        land=ground.land,
        discs=discs,
        names=labels(discs, {one.iso3: one.name for one in discs}, NAMES, WIDTH, ground.height),
        codes=labels(
            [replace(one, radius=max(one.radius, SMALLEST_NARROW)) for one in discs],
            {one.iso3: one.iso3 for one in discs},
            CODES,
            WIDTH,
            ground.height,
            CAPITAL,
        ),
        years=years,
        ties=tuple((tie.split("-")[0], tie.split("-")[1]) for tie in ties),
        levels=tuple({key: _levels(one[key]) for key in KEYS} for one in means),
        gaps=tuple({key: _signed(one[key][0]) for key in KEYS} for one in gaps),
        settled=tuple({key: _flags(one[key][1]) for key in KEYS} for one in gaps),
        legs=tuple(leg for number, run in enumerate(comparison.runs) for leg in _legs(run, number, ground, years)),
        level=Strokes(float(max(one[WIDE].max() for one in means)), (0.7, 11.0, 0.45), (0.12, 0.78, 0.25)),
        gap=_gap_strokes(means, gaps),
        breaks=(1.0, 2.0, 5.0, 10.0, 20.0),
        shown=int(np.argmax(moved)) + 1,
    )


def _read(
    comparison: Comparison, years: Sequence[int], ties: Sequence[str]
) -> tuple[list[dict[str, Array]], list[dict[str, tuple[Array, Array]]]]:
    """Means of each run, and difference of each but the first and whether it is settled, all shape (year, tie).

    Some years at a time, so that memory is the same for any number of worlds.
    """
    reference, beside = comparison.runs[0], pairs(comparison.runs, together=comparison.paired)
    step = max(1, MOST_READ // (len(ties) * max(run.size for run in comparison.runs)))
    means: list[list[dict[str, Array]]] = []
    gaps: list[list[dict[str, tuple[Array, Array]]]] = []
    for some in (years[first : first + step] for first in range(0, len(years), step)):
        before = _cubes(reference, some, ties)
        means.append([_means(before)])
        gaps.append([])
        for two in beside:
            after = _cubes(two.scenario, some, ties)
            means[-1].append(_means(after))
            gaps[-1].append({key: _gap(two, before[key], after[key]) for key in KEYS})
    return (
        [{key: np.concatenate([one[key] for one in own]) for key in KEYS} for own in zip(*means, strict=True)],
        [
            {key: (np.concatenate([one[key][0] for one in own]), np.concatenate([one[key][1] for one in own]))
             for key in KEYS}
            for own in zip(*gaps, strict=True)
        ],
    )  # fmt: skip


def _means(cubes: Mapping[str, tuple[Array, Ints]]) -> dict[str, Array]:
    return {key: cube.mean(axis=0) for key, (cube, _) in cubes.items()}


def _years(years: Sequence[int], numbers: int) -> tuple[int, ...]:
    """Years of the slider: all of them, or the first, every n-th and the last where they are too many."""
    most = max(2, min(MOST_YEARS, MOST_NUMBERS // numbers))
    apart = -(-(len(years) - 1) // (most - 1)) if len(years) > 1 else 1
    return tuple(sorted({years[0], *years[::-1][::apart]}))


def _cubes(run: StoredRun, years: Sequence[int], ties: Sequence[str]) -> dict[str, tuple[Array, Ints]]:
    """Each outcome in its unit of the map, shape (world, year, tie), with the numbers of the worlds, shape (world,)."""
    frame = pd.concat([part[part["tie"].isin(ties)] for part in run.parts("ties", years, KEYS)])
    some = frame.sort_values(["world", "year", "tie"])
    worlds = np.unique(some["world"].to_numpy(np.intp))
    shape = len(worlds), len(years), len(ties)
    return {key: (_factor(key) * some[key].to_numpy(float).reshape(shape), worlds) for key in KEYS}


def _factor(key: str) -> float:
    return scale(metric(key).unit)[0]


def _gap(two: TwoRuns, before: tuple[Array, Ints], after: tuple[Array, Ints]) -> tuple[Array, Array]:
    """Mean difference and whether its sign is settled, both shape (year, tie)."""
    old, new = (cube[np.isin(own, worlds)] for (cube, own), worlds in zip((before, after), two.worlds, strict=True))
    difference = new.mean(axis=0) - old.mean(axis=0)

    if two.together:
        error = standard_errors(new - old, two.settings[0])
    else:
        error = np.hypot(standard_errors(old, two.settings[0]), standard_errors(new, two.settings[1]))
    return difference, np.abs(difference) > SURE * error


def _gap_strokes(
    means: Sequence[Mapping[str, Array]], gaps: Sequence[Mapping[str, tuple[Array, Array]]]
) -> dict[str, Strokes]:
    """Widths of differences reach to the largest one, or to a hundredth of the largest level: what is tiny looks it."""
    out = {}
    for key in KEYS:
        largest = max(float(np.abs(one[key][0]).max()) for one in gaps)
        level = max(float(one[key].max()) for one in means)
        out[key] = Strokes(max(largest, 0.01 * level) or 1.0, (0.0, 12.0, 0.6), (0.9, 0.0, 1.0))
    return out


def _levels(values: Array) -> list[list[str]]:
    return [[f"{value:,.{decimals(abs(value))}f}" for value in row] for row in values]


def _signed(values: Array) -> list[list[str]]:
    return [[signed(value, decimals(abs(value))) if value else "0" for value in row] for row in values]


def _flags(values: Array) -> list[str]:
    return ["".join("1" if value else "0" for value in row) for row in values]


def _discs(run: StoredRun, ground: Ground, sites: Mapping[str, Site], year: int) -> list[Disc]:
    """The states; the area of a disc is in proportion to GDP in the reference in the last year."""
    frame = run.states([year])
    gdp: dict[str, float] = {}
    if "gdp" in frame:
        gdp = {str(iso): float(value) for iso, value in frame.groupby("iso3", observed=True)["gdp"].mean().items()}
    largest = max(gdp.values(), default=1.0)
    radius = {iso: max(SMALLEST, LARGEST * float(np.sqrt(gdp[iso] / largest))) for iso in sites if iso in gdp}
    return [Disc(iso, site.name, *ground.where[iso], radius.get(iso, SMALLEST)) for iso, site in sorted(sites.items())]


def _legs(run: StoredRun, number: int, ground: Ground, years: Sequence[int]) -> list[Leg]:
    """The legs of the corridors of a scenario between states that are on the map."""
    case = case_of(dict(run.manifest))
    corridors = opened(case).catalog.corridors
    agreed = run.agreements([])
    out = []
    for policy in run.scenario.policies:
        adopted = agreed.loc[agreed["agreement"] == policy.label, "adopted_year"].to_numpy(float)
        share = tuple(float((adopted <= year).mean()) if len(adopted) else 0.0 for year in years)
        out += [
            Leg(number, policy.label, leg, share)
            for leg in dict.fromkeys(policy.links(corridors))
            if set(leg) <= set(ground.where) and any(share)
        ]
    return out
