"""What an outcome depends on: Sobol, Morris and PAWN through SALib, and how much of it is chance.

Everything here works on a design in the unit cube and one value a point, so a test can use any function instead of
the model. Categorical and integer factors enter as the cell of the unit interval that stands for their value.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.numerics.arrays import Array
from sco_sim.studies.sweep.experiment import too_few


@dataclass(frozen=True)
class Measure:
    """One of the numbers that a method gives for each factor."""

    column: str
    """Its column; a 95 % interval, if it has one, is in the columns `<column>_low` and `<column>_high`."""
    title: str
    """What tables and figures call it."""
    low: str = ""
    """Column of the lower end of what is shown beside it."""
    high: str = ""
    """Column of the upper end."""
    range_title: str = "95 % interval"
    """What lies between the ends."""


def _with_interval(column: str, title: str) -> Measure:
    return Measure(column, title, f"{column}_low", f"{column}_high")


MEASURES = {
    "sobol": (_with_interval("total_order", "total order"), _with_interval("first_order", "first order")),
    "morris": (
        _with_interval("mean_absolute_effect", "mean absolute elementary effect"),
        Measure("effect_sd", "standard deviation of effects"),
    ),
    "pawn": (
        Measure("median_distance", "median distance", "smallest_distance", "largest_distance", "smallest to largest"),
        Measure("nothing", "nothing stays below"),
    ),
}
"""Method to the measure that it ranks factors by, and another one."""
PAIRS = ("factor", "other", "second_order", "second_order_low", "second_order_high")
"""Columns of the interactions of two factors."""
RESAMPLES = 500
STRETCHES = 8
"""Stretches of a Sobol sequence whose means say how surely its points tell an index."""
SLICES = 10
"""Slices of a factor in PAWN, fewer where it has fewer levels."""
DUMMIES = 60
"""Shuffles of each factor that show what PAWN finds where there is nothing."""
MUCH = 0.1
"""Variance of the mean over worlds that factors and chance make together, as a share of that by factors, from which on
an index says as much about these worlds as about the factors."""


class Chance(NamedTuple):
    """Shares of the variance of an outcome over points and worlds; they add up to 1."""

    factors: float
    """By the factors alone: the mean of every point over all worlds."""
    luck: float
    """By the random numbers alone (and by parameters that are no factor), the same at every point."""
    both: float
    """By what the factors do in one world and not in another."""

    def too_few(self, worlds: int) -> bool:
        """Whether so few worlds leave too much of what factors and chance do together in the mean of a point."""
        return worlds < 2 or not self.both / worlds <= MUCH * self.factors


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
                f"{what}: {missing} of {counted(len(values), 'point')} have no value (NaN or "
                "infinite), so no index is computed",
                "choose an outcome and a year in which every world has one",
            )
        )
    if np.ptp(values) <= 1e-12 * float(np.abs(values).max(initial=0.0)):
        raise ScenarioError(Problem(f"{what} is the same at every point: no factor moves it", "choose another outcome"))


def check_bases(method: str, count: int) -> None:
    """Raises ScenarioError for fewer base points or trajectories than an interval can be resampled from."""
    problem = too_few(method, count)
    if problem:
        raise ScenarioError(problem)


def problem(factors: Sequence[str]) -> dict[str, object]:
    """SALib's description of a unit cube of factors."""
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}


def sobol(factors: Sequence[str], values: Array, *, second_order: bool = False, seed: int = 1) -> pd.DataFrame:
    """First and total order of the mean over worlds (Saltelli et al. 2010), with 95 % intervals.

    Worlds are as much a sample as points are, and are common to all points, so few of them turn every index the same
    way: their error is a jackknife over worlds. The points of a Sobol design are spread evenly, so a bootstrap that
    takes them as independent finds several times their error; here it is that of the means of eight stretches of the
    sequence (batch means), each spread evenly itself. The width is by Student's t (Satterthwaite 1946).

    Args:
        factors: Names, in the order of the design.
        values: One value a point in SALib's order of a Sobol design, shape (point,), or a point and world, shape
            (point, world); with one world the intervals leave chance out.
        second_order: Whether the design has the points of the second order.
        seed: Of SALib's own resampling, which is not used.

    Returns:
        factor, method, total_order, total_order_low, total_order_high, first_order, first_order_low, first_order_high.

    Raises:
        ScenarioError: A value is missing, all are the same, or there are too few base points for an interval.
    """
    from SALib.analyze import sobol as method

    grid = values.reshape(len(values), -1)
    means = grid.mean(axis=1)
    check(means, "the outcome")
    size = 2 * len(factors) + 2 if second_order else len(factors) + 2
    check_bases("sobol", len(values) // size)
    analysed = method.analyze(problem(factors), means, calc_second_order=second_order, num_resamples=2, seed=seed + 1)
    errors = half_widths(grid.reshape(-1, size, grid.shape[1]), len(factors))
    columns: dict[str, Array] = {}
    for measure, key, error in zip(MEASURES["sobol"], ("ST", "S1"), errors, strict=True):
        columns[measure.column] = analysed[key]
        columns[measure.low], columns[measure.high] = analysed[key] - error, analysed[key] + error
    return _frame("sobol", factors, columns)


def half_widths(blocks: Array, factors: int) -> Array:
    """Half of the 95 % intervals of total and first order, (2, factor); blocks (base point, part, world)."""
    from scipy.special import stdtrit

    worlds = blocks.shape[2]
    points, free = _of_points(blocks.mean(axis=2), factors)
    if worlds < 2:
        return np.asarray(stdtrit(free, 0.975) * np.sqrt(points))
    total = blocks.sum(axis=2)
    without = np.array([orders((total - blocks[..., w]) / (worlds - 1), factors) for w in range(worlds)])
    chance = (worlds - 1) / worlds * ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    both = points + chance
    parts = points**2 / free + chance**2 / (worlds - 1)
    freedom = np.divide(both**2, parts, out=np.full_like(both, free), where=parts > 0.0)
    return np.asarray(stdtrit(np.maximum(freedom, 1.0), 0.975) * np.sqrt(both))


def _of_points(means: Array, factors: int) -> tuple[Array, int]:
    """Variance of total and first order by the choice of points, (2, factor), and its degrees of freedom.

    Each base point's part in an index is linearised; the parts are averaged over stretches of the sequence.
    """
    means = means - means.mean()
    a, b, mixed = means[:, :1], means[:, -1:], means[:, 1 : factors + 1]
    total, first = orders(means, factors)
    ends = np.concatenate([a, b])
    variance = float(ends.var()) or math.nan
    spread = ((a - ends.mean()) ** 2 + (b - ends.mean()) ** 2) / 2.0
    parts = np.stack([(a - mixed) ** 2 / 2.0 - total * spread, b * (mixed - a) - first * spread]) / variance
    stretches = np.stack([one.mean(axis=1) for one in np.array_split(parts, STRETCHES, axis=1)])
    return stretches.var(axis=0, ddof=1) / STRETCHES, STRETCHES - 1


def orders(means: Array, factors: int) -> tuple[Array, Array]:
    """Total and first order, (factor,) each (Jansen 1999; Saltelli et al. 2010), NaN where nothing varies.

    Args:
        means: Shape (base point, part): A, then A with each factor of B, and B last.
        factors: Number of factors.
    """
    means = means - means.mean()  # the first order of Saltelli is surest about zero
    a, b, mixed = means[:, :1], means[:, -1:], means[:, 1 : factors + 1]
    variance = float(np.concatenate([a, b]).var()) or math.nan
    return ((a - mixed) ** 2).mean(axis=0) / 2.0 / variance, (b * (mixed - a)).mean(axis=0) / variance


def interactions(factors: Sequence[str], values: Array, seed: int = 1) -> pd.DataFrame:
    """Second order of each pair of factors with 95 % intervals, of a design that has its points, largest first.

    Columns PAIRS; the second order is the share of the variance that is the interaction of the two alone.
    """
    from SALib.analyze import sobol as method

    check(values, "the outcome")
    analysed = method.analyze(problem(factors), values, calc_second_order=True, num_resamples=RESAMPLES, seed=seed + 1)
    rows = [
        (factors[i], factors[j], analysed["S2"][i, j], analysed["S2"][i, j] - error, analysed["S2"][i, j] + error)
        for i in range(len(factors))
        for j in range(i + 1, len(factors))
        for error in [analysed["S2_conf"][i, j]]
    ]
    table = pd.DataFrame(rows, columns=list(PAIRS))
    return table.sort_values(PAIRS[2], ascending=False, ignore_index=True)


def morris(factors: Sequence[str], unit: Array, values: Array, *, levels: int = 4, seed: int = 1) -> pd.DataFrame:
    """Elementary effects (Morris 1991, Campolongo et al. 2007), in units of the outcome over the whole range.

    Args:
        factors: Names, in the order of the design.
        unit: The design in the unit cube, trajectory after trajectory, shape (point, factor).
        values: Shape (point,).
        levels: Levels of the design.
        seed: Of the resampling.

    Returns:
        factor, method, mean_absolute_effect, mean_absolute_effect_low, mean_absolute_effect_high, effect_sd.

    Raises:
        ScenarioError: A value is missing, all are the same, or there are too few trajectories for an interval.
    """
    from SALib.analyze import morris as method

    check(values, "the outcome")
    check_bases("morris", len(values) // (len(factors) + 1))
    with _legacy_seed(seed):
        analysed = method.analyze(problem(factors), unit, values, num_levels=levels, num_resamples=RESAMPLES)
    star, sigma = np.asarray(analysed["mu_star"], float), np.asarray(analysed["sigma"], float)
    error = np.asarray(analysed["mu_star_conf"], float)
    main, spread = MEASURES["morris"]
    columns = {main.column: star, main.low: star - error, main.high: star + error, spread.column: sigma}
    return _frame("morris", factors, columns)


def pawn(factors: Sequence[str], unit: Array, values: Array, *, seed: int = 1) -> tuple[pd.DataFrame, float]:
    """Distance between the outcome's distribution and that with a factor held in a slice (Pianosi and Wagener 2018).

    It needs no special design and does not suppose that variance tells what matters. Beside the median stand the
    smallest and the largest distance over the slices.

    Args:
        factors: Names, in the order of the design.
        unit: Any design in the unit cube, shape (point, factor).
        values: Shape (point,).
        seed: Breaks ties among equal levels, and shuffles.

    Returns:
        The table, and the largest of its column `nothing`: the median that the factor itself stays below in 95 % of
        shuffles of its own values over the points. A dummy with as many levels, since the distances of a factor of two
        levels are others than those of a continuous one.
    """
    from SALib.analyze import pawn as method

    check(values, "the outcome")
    generator = np.random.default_rng(seed)

    def distances(column: Array) -> tuple[float, float, float]:
        levels = len(np.unique(column))
        ranks = np.lexsort((generator.random(len(column)), column)).argsort() / len(
            column
        )  # quantiles cut no level in two
        analysed = method.analyze(problem(["one"]), ranks[:, None], values, S=min(levels, SLICES))
        return float(analysed["median"][0]), float(analysed["minimum"][0]), float(analysed["maximum"][0])

    analysed = np.array([distances(unit[:, column]) for column in range(len(factors))])
    nothing = np.array(
        [
            np.quantile([distances(generator.permutation(unit[:, column]))[0] for _ in range(DUMMIES)], 0.95)
            for column in range(len(factors))
        ]
    )
    main, dummy = MEASURES["pawn"]
    columns = dict(zip((main.column, main.low, main.high), analysed.T, strict=True))
    return _frame("pawn", factors, {**columns, dummy.column: nothing}), float(nothing.max())


def chance(values: Array) -> Chance:
    """Shares of the variance by factors, by chance, and by both together: a two-way layout, since chance is common.

    World w has the same random streams at every point, so its mean over points is chance alone, and what is left after
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
    alone = max(float(columns.var(ddof=1)) - both / points, 0.0)
    total = factors + alone + both
    if total <= 0.0:
        return Chance(math.nan, math.nan, math.nan)
    return Chance(factors / total, alone / total, both / total)


def _frame(method: str, factors: Sequence[str], columns: Mapping[str, Array]) -> pd.DataFrame:
    """factor, method and the columns of the method, the factor that matters most first."""
    table = pd.DataFrame({"factor": list(factors), "method": method, **columns})
    return table.sort_values(MEASURES[method][0].column, ascending=False, kind="stable", ignore_index=True)


@contextmanager
def _legacy_seed(seed: int) -> Iterator[None]:
    """NumPy's global generator with a seed, since SALib resamples with it; put back afterwards."""
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
