"""The points of a sweep: grids, lists, and samples of the unit cube in the order that SALib reads."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, prod
from typing import Any

import numpy as np

from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.studies.sweep.experiment import Constraint, Sweep
from sco_sim.studies.sweep.factor import Factor
from sco_sim.studies.sweep.points import Column, Points, Row, listed, spread

MOST = 2_000_000
"""Most rows of a design."""
ROUNDS = 8
"""Rounds of ever larger Latin hypercubes until enough points are within the constraints."""
FEWEST_TRIED = 500
"""Points of one hypercube that are looked at before it is judged whether a larger one will do."""
PREVIEWED = 512
"""Points of a design that a dry run looks at, if time allows."""
PRICED = 16
"""Points of a sample that it prices, where how many the whole design has is known already: it simulates few of them."""
LOOK_SECONDS = 1.0
"""How long a dry run looks at them, should each have to be priced; until it has met one within the constraints."""


@dataclass(frozen=True)
class Preview:
    """Some points of a design within its constraints, and how many there are."""

    rows: Points
    count: int
    """How many points the whole design has within its constraints."""
    exact: bool
    """Whether that number is certain, and not reckoned from the share of some points."""


def rows(sweep: Sweep, cost: Callable[[Row], float] | None = None) -> Points:
    """The points of the design within its constraints.

    Args:
        sweep: The sweep.
        cost: Planned cost of a point, million USD; needed for constraints on it.

    Raises:
        ScenarioError: There are too many points, or none within the constraints.
    """
    if sweep.design.latin_hypercube is not None and sweep.constraints:
        return _accepted(sweep, cost, sweep.design.latin_hypercube.n)
    if sweep.design.grid is not None:
        _refuse(size(sweep))
        every = _grid(sweep, np.arange(size(sweep)))
    elif sweep.design.points is not None:
        every = _listed(sweep)
    else:
        every = _spread(sweep, sample(sweep))
    return _within(sweep, every, cost)


def preview(sweep: Sweep, cost: Callable[[Row], float] | None = None, most: int = PREVIEWED) -> Preview:
    """Some points of the design, however large it is, in the time that these take.

    Args:
        sweep: The sweep.
        cost: Planned cost of a point, million USD; needed for constraints on it.
        most: Points to make; those of a random part of the design, or random ones where the design is a sample.

    Raises:
        ScenarioError: There are too many points, or none of these is within the constraints.
    """
    whole = size(sweep)
    _refuse(whole)
    if whole <= most:
        every = rows(sweep, cost)
        return Preview(every, len(every), exact=True)
    if sweep.design.latin_hypercube is not None and sweep.constraints:
        priced = any(constraint.cost_musd is not None for constraint in sweep.constraints)
        wanted = min(most, PRICED) if priced else most
        return Preview(_accepted(sweep, cost, wanted, _anywhere, LOOK_SECONDS), whole, exact=True)
    if sweep.design.grid is not None or sweep.design.points is not None:
        numbers = np.unique(np.random.default_rng(sweep.seed).integers(whole, size=most))
        some = _grid(sweep, numbers) if sweep.design.grid is not None else _listed(sweep).taken(numbers)
    else:
        some = _spread(sweep, _anywhere(sweep, most))
    if not sweep.constraints:
        return Preview(some, whole, exact=True)
    inside = [holds(sweep, some[0], cost)]  # the first reads the tables
    began = time.monotonic()
    for row in some[1:]:
        if any(inside) and time.monotonic() - began > LOOK_SECONDS:
            break
        inside.append(holds(sweep, row, cost))
    within = np.flatnonzero(inside)
    if not len(within):
        raise _none_within(len(inside), "points tried")
    return Preview(some.taken(within), round(whole * len(within) / len(inside)), exact=False)


def size(sweep: Sweep) -> int:
    """Points of the design, those outside its constraints included."""
    design = sweep.design
    if design.points is not None:
        return len(design.points)
    if design.grid is not None:
        return prod(len(axis) for axis in _axes(sweep))
    drawn = design.latin_hypercube or design.sobol or design.morris
    assert drawn is not None
    return drawn.n * block(sweep)


def unit(sweep: Sweep) -> Array:
    """The design in the unit cube, shape (row, factor): what SALib analyses together with `problem`.

    NaN where a factor has no ends. For designs with constraints on cost use the rows of the stored sweep.
    """
    if sweep.design.sobol or sweep.design.morris:
        return sample(sweep)
    return in_unit(sweep, rows(sweep))


def in_unit(sweep: Sweep, points: Points) -> Array:
    """Points in the unit cube, shape (row, factor); NaN where a factor has no ends."""
    return np.stack([points.columns[name].as_floats(factor.unit) for name, factor in sweep.factors.items()], axis=1)


def problem(sweep: Sweep) -> dict[str, Any]:
    """What SALib calls a problem: names, their number and the bounds of the unit cube."""
    names = list(sweep.factors)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def block(sweep: Sweep) -> int:
    """Rows side by side that are no independent points: a base point of Sobol, a trajectory of Morris; else 1."""
    design, size = sweep.design, len(sweep.factors)
    if design.sobol is not None:
        return 2 * size + 2 if design.sobol.second_order else size + 2
    return size + 1 if design.morris is not None else 1


def _anywhere(sweep: Sweep, n: int) -> Array:
    """Random places of the unit cube, shape (row, factor): as good as a sample for a look, and quick to make."""
    return np.random.default_rng(sweep.seed).random((n, len(sweep.factors)))


def sample(sweep: Sweep, n: int | None = None) -> Array:
    """A sample of the unit cube, shape (row, factor), in SALib's order; for another `n` than the design's if given."""
    design, size = sweep.design, len(sweep.factors)
    if design.sobol is not None:
        from SALib.sample import sobol

        base = design.sobol.n if n is None else n
        _refuse(base * block(sweep))
        return np.asarray(
            sobol.sample(problem(sweep), base, calc_second_order=design.sobol.second_order, seed=sweep.seed)
        )
    if design.morris is not None:
        from SALib.sample import morris

        base = design.morris.n if n is None else n
        _refuse(base * block(sweep))
        return np.asarray(morris.sample(problem(sweep), base, num_levels=design.morris.levels, seed=sweep.seed))
    assert design.latin_hypercube is not None
    from scipy.stats import qmc

    count = design.latin_hypercube.n if n is None else n
    _refuse(count)
    return qmc.LatinHypercube(size, rng=np.random.default_rng(sweep.seed)).random(count)


def holds(sweep: Sweep, row: Row, cost: Callable[[Row], float] | None = None) -> bool:
    """Whether a point is within all constraints."""
    return all(_holds(constraint, sweep.factors, row, cost) for constraint in sweep.constraints)


def _holds(
    constraint: Constraint, factors: Mapping[str, Factor], row: Row, cost: Callable[[Row], float] | None
) -> bool:
    if constraint.sum is not None:
        return constraint.holds(sum(w * factors[name].numeric(row[name]) for name, w in constraint.sum.items()))
    if cost is None or constraint.cost_musd is None:
        raise ValueError("a constraint on cost needs the cost of a point")
    return constraint.cost_musd.holds(cost(row))


def _spread(sweep: Sweep, cube: Array) -> Points:
    """The points at places of the unit cube, shape (row, factor)."""
    columns = zip(sweep.factors.items(), cube.T, strict=True)
    return Points({name: spread(factor, unit) for (name, factor), unit in columns})


def _listed(sweep: Sweep) -> Points:
    """The points that the file lists."""
    points = sweep.design.points or ()
    return Points({name: listed([point[name] for point in points]) for name in sweep.factors})


def _grid(sweep: Sweep, numbers: Ints) -> Points:
    """The combinations of those numbers, shape (row,), the last factor running fastest."""
    axes = _axes(sweep)
    levels = np.unravel_index(numbers, [len(axis) for axis in axes])
    columns = zip(sweep.factors, axes, levels, strict=True)
    return Points({name: Column(own.astype(np.int32), tuple(axis)) for name, axis, own in columns})


def _within(sweep: Sweep, points: Points, cost: Callable[[Row], float] | None) -> Points:
    """The points within all constraints; raises ScenarioError if there is none."""
    if not sweep.constraints:
        return points
    inside = np.fromiter((holds(sweep, row, cost) for row in points), bool, len(points))
    if not inside.any():
        raise _none_within(len(points), "points")
    return points.taken(inside)


def _none_within(count: int, what: str) -> ScenarioError:
    return ScenarioError(Problem(f"none of {count:,} {what} is within the constraints", "loosen them"))


def _axes(sweep: Sweep) -> list[list[Any]]:
    """The values of each factor in a grid; none in another design."""
    if sweep.design.grid is None:
        return []
    levels = sweep.design.grid.levels
    return [
        _axis(factor, levels if isinstance(levels, int) else levels.get(name, 5))
        for name, factor in sweep.factors.items()
    ]


def _axis(factor: Factor, levels: int) -> list[Any]:
    _refuse(levels if factor.kind == "continuous" else min(levels, factor.count))
    if factor.kind == "continuous":
        return [factor.at(u) for u in np.linspace(0.0, 1.0, levels).tolist()]
    if factor.kind == "integer" and factor.count > levels:
        numbers = np.unique(np.linspace(0, factor.count - 1, levels).round().astype(int))
    else:
        numbers = np.arange(factor.count)
    return [factor.at((number + 0.5) / factor.count) for number in numbers.tolist()]


def _accepted(
    sweep: Sweep,
    cost: Callable[[Row], float] | None,
    wanted: int,
    draw: Callable[[Sweep, int], Array] = sample,
    seconds: float = inf,
) -> Points:
    """The first points wanted within the constraints of a Latin hypercube that is as large as it takes.

    Fewer once so many seconds have passed, but one at least.
    """
    began = None
    for number in range(1, ROUNDS + 1):
        points = _spread(sweep, draw(sweep, min(wanted << number, MOST)))
        within: list[int] = []
        for tried, row in enumerate(points, 1):
            if holds(sweep, row, cost):
                within.append(tried - 1)
            began = began or time.monotonic()  # the first reads the tables
            if len(within) == wanted or (within and time.monotonic() - began > seconds):
                return points.taken(np.array(within, dtype=np.intp))
            if tried >= FEWEST_TRIED and len(within) / tried * (wanted << ROUNDS) < wanted / 2:
                break  # not even the largest hypercube would do
        if tried < len(points):
            break
    message = f"only {len(within)} of {tried} points tried are within the constraints"
    raise ScenarioError(Problem(message, "loosen them, or lower n"))


def _refuse(count: int) -> None:
    if count > MOST:
        raise ScenarioError(Problem(f"the design has {count:,} points", f"keep it below {MOST:,}"))
