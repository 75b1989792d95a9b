"""Which worlds count as cases of an outcome, and what sets them apart: the limits of boxes and trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sco_sim.case.drawn import of_simulated
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array, Bools, Ints
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.discovery import boxes as discovery
from sco_sim.studies.discovery import significance
from sco_sim.studies.discovery.boxes import Box
from sco_sim.studies.discovery.conditions import Condition, conditions
from sco_sim.studies.discovery.held_out import check_halves, held_out
from sco_sim.studies.statistics import halves
from sco_sim.studies.sweep import design
from sco_sim.studies.sweep.factor import Factor
from sco_sim.studies.sweep.stored_sweep import StoredSweep, in_words

SEED = 1
"""Of the half of the worlds that boxes are sought in."""


@dataclass(frozen=True)
class Cases:
    """Points in the space of factors and whether something happened there, one per world.

    `clusters` numbers what a world is not independent of: those of its point, of its block of a Sobol or Morris
    design, whose points differ in few factors, or, in a run, of its setting.
    """

    factors: tuple[str, ...]
    points: Array
    cases: Bools
    labels: dict[str, tuple[str, ...]]
    """Factor to the names of its values, for those without an order."""
    whole: tuple[str, ...]
    """Factors that take whole numbers only."""
    clusters: Ints


def cases(stored: StoredRun | StoredSweep, where: str, scenario: str = "") -> tuple[Cases, tuple[Condition, ...]]:
    """Where a condition holds in a stored sweep, over its factors, or in a run, over the parameters drawn.

    Raises:
        ScenarioError: The condition cannot be read, or a world has no value.
    """
    wide = stored.frame() if isinstance(stored, StoredSweep) else stored.metrics()
    outcomes = stored.manifest["metrics"]
    names = [str(name) for name in wide.columns if name in outcomes]
    asked = conditions(where, names, sorted({int(year) for year in wide["year"]}))
    if isinstance(stored, StoredSweep):
        known = list(dict.fromkeys(str(name) for name in wide["scenario"]))
        if scenario and scenario not in known:
            raise ScenarioError(Problem(f"no scenario '{scenario}' in this sweep", "it has " + ", ".join(known)))
        wide = wide[wide["scenario"] == (scenario or known[0])]
    hit = np.ones(wide["world"].nunique(), dtype=bool)
    for one in asked:
        series = wide[wide["year"] == one.year].sort_values("world")
        hit &= one.holds(series[one.outcome].to_numpy(dtype=float))
    worlds = wide[wide["year"] == asked[0].year].sort_values("world")
    return (_of_sweep(stored, worlds, hit) if isinstance(stored, StoredSweep) else _of_run(stored, worlds, hit)), asked


def _of_sweep(sweep: StoredSweep, worlds: pd.DataFrame, hit: Bools) -> Cases:
    factors = sweep.experiment.sweep.factors
    labels = {name: _labels(f) for name, f in factors.items() if f.kind in ("categorical", "boolean")}
    whole = tuple(name for name, factor in factors.items() if factor.kind == "integer")
    rows = worlds["row"].to_numpy(dtype=np.intp)
    clusters = rows // design.block(sweep.experiment.sweep)
    return Cases(tuple(factors), sweep.numeric()[rows], hit, labels, whole, clusters)


def _labels(factor: Factor) -> tuple[str, ...]:
    return ("false", "true") if factor.values is None else tuple(in_words(value) for value in factor.values)


def _of_run(run: StoredRun, worlds: pd.DataFrame, hit: Bools) -> Cases:
    settings = run.settings().set_index("setting")
    drawn = settings[of_simulated(map(str, settings), run.scenario.states)]
    drawn = drawn.loc[:, drawn.nunique() > 1]
    if drawn.empty:
        remedy = "simulate without --fixed-parameters, or discover in a sweep"
        raise ScenarioError(Problem("no parameter varies in this run", remedy, str(run.path)))
    rows = run.numbering.setting(worlds["world"].to_numpy(dtype=np.intp))
    return Cases(tuple(str(name) for name in drawn), drawn.loc[rows].to_numpy(dtype=float), hit, {}, (), rows)


@dataclass(frozen=True)
class Discovery:
    """The results of PRIM and CART: boxes sought in one half of the worlds and scored in the other."""

    worlds: Cases
    trajectory: list[Box]
    box: Box
    leaves: list[Box]
    everywhere: float
    """Share of the worlds of the other half in which it happens."""


def discover(worlds: Cases, density: float = discovery.DENSITY) -> Discovery:
    """The recommended box of PRIM without the limits that count for nothing, and the leaves of CART.

    Raises:
        ScenarioError: It happens nowhere or everywhere, or does so in a half of the worlds.
    """
    names, apart = worlds.factors, tuple(worlds.labels)

    def prim(points: Array, cases: Bools) -> list[Box]:
        trajectory = discovery.prim(names, points, cases, apart)
        return [discovery.simplified(discovery.recommended(trajectory, density), names, points, cases), *trajectory]

    def cart(points: Array, cases: Bools) -> list[Box]:
        return [_tidy(leaf, names, points) for leaf in discovery.cart(names, points, cases, apart)]

    discovery.check(worlds.cases)
    first = halves(worlds.clusters, np.random.default_rng([SEED, 1]))
    check_halves(worlds.cases, first)
    half = worlds.points[first], worlds.cases[first]
    best, *trajectory = _scored(prim(*half), worlds, ~first)
    leaves = cart(*half)
    leaves = _scored(leaves, worlds, ~first, len(leaves))
    where = (names, worlds.points, worlds.cases, worlds.clusters)
    best = replace(best, chances=significance.chances(lambda *half: prim(*half)[:1], *where))
    chances = significance.chances(cart, *where)
    leaves = [replace(leaf, chances=chances) for leaf in leaves]
    return Discovery(worlds, trajectory, best, leaves, float(worlds.cases[~first].mean()))


def _scored(boxes: Sequence[Box], worlds: Cases, rows: Bools, together: int = 1) -> list[Box]:
    """The boxes with what they are worth in these rows, told of `together`."""
    points, where = worlds.points[rows], (worlds.cases[rows], worlds.clusters[rows])
    return [replace(box, held_out=held_out(box.holds(worlds.factors, points), *where, together)) for box in boxes]


def _tidy(box: Box, factors: Sequence[str], points: Array) -> Box:
    """The box with the limits alone that leave a point out."""
    needed = {
        name: limit for name, limit in box.limits.items() if not limit.holds(points[:, factors.index(name)]).all()
    }
    return replace(box, limits=needed)


def limits_in_words(box: Box, worlds: Cases) -> list[str]:
    """The limits of a box in words, the one that counts most first."""
    order = sorted(box.limits, key=lambda name: box.chances.get(name, 1.0))
    return [discovery.in_words(box.limits[n], n, worlds.labels.get(n, ()), n in worlds.whole) for n in order]
