"""The points of a sweep: grids, lists, and samples of the unit cube in the order that SALib reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np
from scipy.stats import qmc

from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.studies.sweep.experiment import Constraint, Factor, Sweep

Row = dict[str, Any]
MOST = 2_000_000
"""Most rows of a design."""
ROUNDS = 8
"""Rounds of ever larger Latin hypercubes until enough points are within the constraints."""
FEWEST_TRIED = 500
"""Points of one hypercube that are looked at before it is judged whether a larger one will do."""
PREVIEWED = 512
"""Points of a design that a dry run looks at."""


@dataclass(frozen=True)
class Preview:
    """Some points of a design within its constraints, and how many there are."""

    rows: tuple[Row, ...]
    count: int
    """How many points the whole design has within its constraints."""
    exact: bool
    """Whether that number is certain, and not reckoned from the share of some points."""


def rows(sweep: Sweep, cost: Callable[[Row], float] | None = None) -> list[Row]:
    """The points of the design within its constraints, factor name -> value.

    Args:
        sweep: The sweep.
        cost: Planned cost of a point, million USD; needed for constraints on it.

    Raises:
        ScenarioError: There are too many points, or none within the constraints.
    """
    if sweep.design.latin_hypercube is not None and sweep.constraints:
        return _accepted(sweep, cost)
    if sweep.design.grid is not None:
        found = _grid(sweep)
    elif sweep.design.points is not None:
        found = [{name: point[name] for name in sweep.factors} for point in sweep.design.points]
    else:
        found = _values(sweep.factors, sample(sweep))
    within = [row for row in found if holds(sweep, row, cost)]
    if not within:
        raise ScenarioError(Problem(f"none of {len(found)} points is within the constraints", "loosen them"))
    return within


def preview(sweep: Sweep, cost: Callable[[Row], float] | None = None, most: int = PREVIEWED) -> Preview:
    """Some points of the design, however large it is, in the time that these take.

    Args:
        sweep: The sweep.
        cost: Planned cost of a point, million USD; needed for constraints on it.
        most: Points to make; those of a random part of the design, or of a smaller design of the same kind.

    Raises:
        ScenarioError: There are too many points, or none of these is within the constraints.
    """
    whole = size(sweep)
    _refuse(whole)
    if whole <= most:
        found = rows(sweep, cost)
        return Preview(tuple(found), len(found), exact=True)
    if sweep.design.latin_hypercube is not None and sweep.constraints:
        return Preview(tuple(_accepted(sweep, cost, most)), whole, exact=True)
    if sweep.design.grid is not None or sweep.design.points is not None:
        numbers = np.unique(np.random.default_rng(sweep.seed).integers(whole, size=most)).tolist()
        axes = _axes(sweep)
        points = sweep.design.points
        some = [
            _at(sweep.factors, axes, number)
            if points is None
            else {name: points[number][name] for name in sweep.factors}
            for number in numbers
        ]
    else:
        some = _values(sweep.factors, sample(sweep, max(2, 1 << (most // block(sweep)).bit_length() - 1)))
    within = [row for row in some if holds(sweep, row, cost)]
    if not within:
        raise ScenarioError(Problem(f"none of {len(some)} points tried is within the constraints", "loosen them"))
    return Preview(tuple(within), round(whole * len(within) / len(some)), exact=not sweep.constraints)


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
    found = rows(sweep)
    return np.array([[factor.unit(row[name]) for name, factor in sweep.factors.items()] for row in found])


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


def _values(factors: Mapping[str, Factor], cube: Array) -> list[Row]:
    return [_row(factors, point) for point in cube.tolist()]


def _row(factors: Mapping[str, Factor], point: Sequence[float]) -> Row:
    return {name: factor.at(u) for (name, factor), u in zip(factors.items(), point, strict=True)}


def _grid(sweep: Sweep) -> list[Row]:
    """Every combination, the last factor running fastest."""
    axes = _axes(sweep)
    _refuse(prod(len(axis) for axis in axes))
    return [dict(zip(sweep.factors, values, strict=True)) for values in product(*axes)]


def _axes(sweep: Sweep) -> list[list[Any]]:
    """The values of each factor in a grid; none in another design."""
    if sweep.design.grid is None:
        return []
    levels = sweep.design.grid.levels
    return [
        _axis(factor, levels if isinstance(levels, int) else levels.get(name, 5))
        for name, factor in sweep.factors.items()
    ]


def _at(factors: Mapping[str, Factor], axes: Sequence[Sequence[Any]], number: int) -> Row:
    """The point of that number in a grid."""
    places = np.unravel_index(number, [len(axis) for axis in axes])
    return {name: axis[int(place)] for name, axis, place in zip(factors, axes, places, strict=True)}


def _axis(factor: Factor, levels: int) -> list[Any]:
    _refuse(levels if factor.kind == "continuous" else min(levels, factor.count))
    if factor.kind == "continuous":
        return [factor.at(u) for u in np.linspace(0.0, 1.0, levels).tolist()]
    if factor.kind == "integer" and factor.count > levels:
        places = np.unique(np.linspace(0, factor.count - 1, levels).round().astype(int))
    else:
        places = np.arange(factor.count)
    return [factor.at((place + 0.5) / factor.count) for place in places.tolist()]


def _accepted(sweep: Sweep, cost: Callable[[Row], float] | None, n: int | None = None) -> list[Row]:
    """The first n points within the constraints of a Latin hypercube that is as large as it takes."""
    assert sweep.design.latin_hypercube is not None
    wanted = sweep.design.latin_hypercube.n if n is None else n
    for number in range(1, ROUNDS + 1):
        cube = sample(sweep, min(wanted << number, MOST))
        within: list[Row] = []
        for tried, point in enumerate(cube.tolist(), 1):
            row = _row(sweep.factors, point)
            if holds(sweep, row, cost):
                within.append(row)
            if len(within) == wanted:
                return within
            if tried >= FEWEST_TRIED and len(within) / tried * (wanted << ROUNDS) < wanted / 2:
                break  # not even the largest hypercube would do
        if tried < len(cube):
            break
    message = f"only {len(within)} of {tried} points tried are within the constraints"
    raise ScenarioError(Problem(message, "loosen them, or lower n"))


def _refuse(count: int) -> None:
    if count > MOST:
        raise ScenarioError(Problem(f"the design has {count:,} points", f"keep it below {MOST:,}"))
