"""The points of a sweep: grids, lists, and samples of the unit cube in the order that SALib reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
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
    """A sample of the unit cube, shape (row, factor), in SALib's order; `n` points of a Latin hypercube if given."""
    design, size = sweep.design, len(sweep.factors)
    if design.sobol is not None:
        from SALib.sample import sobol

        _refuse(design.sobol.n * block(sweep))
        return np.asarray(
            sobol.sample(problem(sweep), design.sobol.n, calc_second_order=design.sobol.second_order, seed=sweep.seed)
        )
    if design.morris is not None:
        from SALib.sample import morris

        _refuse(design.morris.n * block(sweep))
        return np.asarray(
            morris.sample(problem(sweep), design.morris.n, num_levels=design.morris.levels, seed=sweep.seed)
        )
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
    return [dict(zip(factors, (f.at(u) for f, u in zip(factors.values(), point, strict=True)), strict=True))
            for point in cube.tolist()]  # fmt: skip


def _grid(sweep: Sweep) -> list[Row]:
    """Every combination, the last factor running fastest."""
    assert sweep.design.grid is not None
    levels = sweep.design.grid.levels
    axes = [
        _axis(factor, levels if isinstance(levels, int) else levels.get(name, 5))
        for name, factor in sweep.factors.items()
    ]
    _refuse(int(np.prod([float(len(axis)) for axis in axes])))
    return [dict(zip(sweep.factors, values, strict=True)) for values in product(*axes)]


def _axis(factor: Factor, levels: int) -> list[Any]:
    if factor.kind == "continuous":
        return [factor.at(u) for u in np.linspace(0.0, 1.0, levels).tolist()]
    if factor.kind == "integer" and factor.count > levels:
        places = np.unique(np.linspace(0, factor.count - 1, levels).round().astype(int))
    else:
        places = np.arange(factor.count)
    return [factor.at((place + 0.5) / factor.count) for place in places.tolist()]


def _accepted(sweep: Sweep, cost: Callable[[Row], float] | None) -> list[Row]:
    """The first n points within the constraints of a Latin hypercube that is as large as it takes."""
    assert sweep.design.latin_hypercube is not None
    wanted = sweep.design.latin_hypercube.n
    size = 2 * wanted
    for _ in range(ROUNDS):
        within = [row for row in _values(sweep.factors, sample(sweep, size)) if holds(sweep, row, cost)]
        if len(within) >= wanted:
            return within[:wanted]
        size *= 2
    raise ScenarioError(
        Problem(f"only {len(within)} of {size // 2} points are within the constraints", "loosen them, or lower n")
    )


def _refuse(count: int) -> None:
    if count > MOST:
        raise ScenarioError(Problem(f"the design has {count:,} points", f"keep it below {MOST:,}"))
