"""What an outcome depends on: Sobol, Morris and PAWN through SALib, and how much of it is chance.

Everything here works on a design in the unit cube and one value a point, so a test can put any function in the place
of the model. Categorical and integer factors enter as the cell of the unit interval that stands for their value.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import pandas as pd

from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array

#: Columns of every method: the factor, the method, the measure it is ranked by with its interval, and a second one.
COLUMNS = ("factor", "method", "index", "low", "high", "second", "second_low", "second_high")
#: What `index` and `second` are.
MEASURES = {
    "sobol": ("total order", "first order"),
    "morris": ("mean absolute elementary effect", "standard deviation of effects"),
    "pawn": ("median distance", "largest distance"),
}
RESAMPLES = 500
#: Slices of a factor in PAWN, fewer where it has fewer levels.
SLICES = 10
#: Random factors that show what PAWN finds where there is nothing.
DUMMIES = 30


class Chance(NamedTuple):
    """Shares of the variance of an outcome over points and worlds; they add up to 1."""

    #: by the factors alone, the mean of every point over all luck
    factors: float
    #: by the luck alone (and by parameters that are no factor), the same at every point
    luck: float
    #: by what the factors do in one world and not in another
    both: float


def check(values: Array, what: str) -> None:
    """Refuse what no index can be computed of: SALib would return zeros or NaN without a word.

    Args:
        values: One value a point, shape (point,).
        what: Name of the outcome.

    Raises:
        ScenarioError: Some values are missing or not finite, or all are the same.
    """
    missing = int((~np.isfinite(values)).sum())
    if missing:
        raise ScenarioError(
            Problem(
                f"{what}: {missing} of {len(values)} points have no value (NaN or infinite), so no index is computed",
                "finish the failed worlds with `rerun`, or choose an outcome and a year in which every world has one",
            )
        )
    if np.ptp(values) <= 1e-12 * float(np.abs(values).max(initial=0.0)):
        raise ScenarioError(Problem(f"{what} is the same at every point: no factor moves it", "choose another outcome"))


def problem(factors: Sequence[str]) -> dict[str, object]:
    """SALib's description of a unit cube of factors."""
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}


def sobol(factors: Sequence[str], values: Array, *, second_order: bool = False, seed: int = 1) -> pd.DataFrame:
    """First and total order with 95 % bootstrap intervals (Saltelli et al. 2010).

    Args:
        factors: Names, in the order of the design.
        values: One value a point in SALib's order of a Sobol design, shape (point,).
        second_order: Whether the design has the points of the second order.
        seed: Of the resampling.
    """
    from SALib.analyze import sobol as method

    check(values, "the outcome")
    found = method.analyze(
        problem(factors), values, calc_second_order=second_order, num_resamples=RESAMPLES, seed=seed + 1
    )
    total, first = found["ST"], found["S1"]
    return _frame("sobol", factors, total, found["ST_conf"], first, found["S1_conf"])


def interactions(factors: Sequence[str], values: Array, seed: int = 1) -> pd.DataFrame:
    """Second order of each pair of factors with 95 % intervals, of a design that has its points, largest first."""
    from SALib.analyze import sobol as method

    check(values, "the outcome")
    found = method.analyze(problem(factors), values, calc_second_order=True, num_resamples=RESAMPLES, seed=seed + 1)
    rows = [
        (factors[i], factors[j], found["S2"][i, j], found["S2"][i, j] - error, found["S2"][i, j] + error)
        for i in range(len(factors))
        for j in range(i + 1, len(factors))
        for error in [found["S2_conf"][i, j]]
    ]
    table = pd.DataFrame(rows, columns=["factor", "other", "index", "low", "high"])
    return table.sort_values("index", ascending=False, ignore_index=True)


def morris(factors: Sequence[str], unit: Array, values: Array, *, levels: int = 4, seed: int = 1) -> pd.DataFrame:
    """Elementary effects (Morris 1991, Campolongo et al. 2007), in units of the outcome over the whole range.

    Args:
        factors: Names, in the order of the design.
        unit: The design in the unit cube, trajectory after trajectory, shape (point, factor).
        values: Shape (point,).
        levels: Levels of the design.
        seed: Of the resampling.
    """
    from SALib.analyze import morris as method

    check(values, "the outcome")
    with _legacy_luck(seed):
        found = method.analyze(problem(factors), unit, values, num_levels=levels, num_resamples=RESAMPLES)
    star, sigma = np.asarray(found["mu_star"], float), np.asarray(found["sigma"], float)
    error = np.asarray(found["mu_star_conf"], float)
    return _frame("morris", factors, star, error, sigma, np.full(len(factors), np.nan))


def pawn(factors: Sequence[str], unit: Array, values: Array, *, seed: int = 1) -> tuple[pd.DataFrame, float]:
    """Distance between the outcome's distribution and that with a factor held in a slice (Pianosi and Wagener 2018).

    It needs no special design and does not suppose that variance tells what matters. `low` and `high` are the smallest
    and largest distance over the slices.

    Args:
        factors: Names, in the order of the design.
        unit: Any design in the unit cube, shape (point, factor).
        values: Shape (point,).
        seed: Breaks ties among equal levels.

    Returns:
        The table, and the median that 95 % of random factors stay below: less than that is nothing.
    """
    from SALib.analyze import pawn as method

    check(values, "the outcome")
    luck = np.random.default_rng(seed)

    def distances(column: Array) -> tuple[float, float, float]:
        levels = len(np.unique(column))
        ranks = np.lexsort((luck.random(len(column)), column)).argsort() / len(column)  # quantiles cut no level in two
        found = method.analyze(problem(["one"]), ranks[:, None], values, S=min(levels, SLICES))
        return float(found["median"][0]), float(found["minimum"][0]), float(found["maximum"][0])

    rows = [distances(unit[:, place]) for place in range(len(factors))]
    table = pd.DataFrame(
        [("pawn", middle, low, high, high, math.nan, math.nan) for middle, low, high in rows], columns=COLUMNS[1:]
    )
    table.insert(0, "factor", list(factors))
    nothing = float(np.quantile([distances(luck.random(len(values)))[0] for _ in range(DUMMIES)], 0.95))
    return table.sort_values("index", ascending=False, kind="stable", ignore_index=True), nothing


def chance(values: Array) -> Chance:
    """Shares of the variance by factors, by luck, and by both together: a two-way layout, since luck is common.

    World w has the same random streams at every point, so its mean over points is luck alone, and what is left after
    points and worlds is what the factors do in this world and not in another. Variance components are those of the
    expected mean squares (Searle, Casella and McCulloch 1992, chapter 4), clipped at 0; NaN with one world a point.

    Args:
        values: One value a point and world, shape (point, world).
    """
    points, worlds = values.shape
    if points < 2 or worlds < 2:
        return Chance(math.nan, math.nan, math.nan)
    rows, columns, whole = values.mean(axis=1), values.mean(axis=0), values.mean()
    rest = values - rows[:, None] - columns[None, :] + whole
    both = float((rest**2).sum()) / ((points - 1) * (worlds - 1))
    factors = max(float(rows.var(ddof=1)) - both / worlds, 0.0)
    luck = max(float(columns.var(ddof=1)) - both / points, 0.0)
    total = factors + luck + both
    if total <= 0.0:
        return Chance(math.nan, math.nan, math.nan)
    return Chance(factors / total, luck / total, both / total)


def _frame(
    method: str, factors: Sequence[str], index: Array, error: Array, second: Array, second_error: Array
) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "factor": list(factors), "method": method, "index": index, "low": index - error, "high": index + error,
            "second": second, "second_low": second - second_error, "second_high": second + second_error,
        }
    )  # fmt: skip
    return table.sort_values("index", ascending=False, kind="stable", ignore_index=True)


@contextmanager
def _legacy_luck(seed: int) -> Iterator[None]:
    """NumPy's global generator with a seed, since SALib resamples with it; put back afterwards."""
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
