"""Statistics of one outcome in two scenarios: the same worlds under both, or independent ones.

Every figure has an error, clustered by setting (docs/statistics.md says which estimator, and what it does not say).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sco_sim.numerics.arrays import Array, Bools, Ints

LOW, HIGH = 0.05, 0.95
Z = 1.959964
"""Standard errors to either side of a 95 % interval."""
BEYOND = 0.025
"""Chance that is left beyond either end of a 95 % interval."""


class Effect(NamedTuple):
    """What a scenario does to an outcome; every field is NaN where no world has a value.

    The mean is the main figure everywhere: the difference of two means is the mean of the differences, and costs and
    standard errors are of means. Medians stand beside it, since a few worlds can carry the mean of a skewed outcome.
    """

    reference_mean: float
    scenario_mean: float
    difference: float
    """Mean over worlds of scenario less reference."""
    low_05: float
    """5 % quantile over worlds of the difference."""
    high_95: float
    """95 % quantile over worlds of the difference."""
    mean_se: float
    """Standard error of the mean difference."""
    chance_better: float
    reference_median: float
    scenario_median: float
    difference_median: float
    """Median over worlds of the difference; not the difference of the two medians."""
    low_05_se: float
    """Standard error of the 5 % quantile; infinite with too few settings to bound it."""
    high_95_se: float
    chance_better_se: float
    difference_median_se: float


FIGURES = {
    "difference": "mean_se", "low_05": "low_05_se", "high_95": "high_95_se",
    "difference_median": "difference_median_se", "chance_better": "chance_better_se",
}  # fmt: skip
"""Every figure of a difference to its standard error."""

NOTHING = Effect(*[float("nan")] * len(Effect._fields))


def standard_error(values: Array, settings: Ints) -> float:
    """Standard error of the mean over worlds, clustered by setting, since replicates share their parameters.

    With as many replicates in each setting it is the standard deviation of the settings' means over the root
    of their number. NaN with fewer than two settings.

    Args:
        values: Shape (world,).
        settings: Setting of each world, shape (world,).
    """
    return _clustered_error(values, _clusters(settings))


def _clusters(settings: Ints) -> Ints:
    """The settings numbered from 0 on, shape (world,)."""
    numbers: Ints = np.unique(settings, return_inverse=True)[1]
    return numbers


def _clustered_error(values: Array, cluster: Ints) -> float:
    """`standard_error` with the settings numbered already: one effect asks for many."""
    clusters = int(cluster.max(initial=-1)) + 1
    if clusters < 2:
        return float("nan")
    sums = np.bincount(cluster, weights=values - values.mean(), minlength=clusters)
    return float(np.sqrt(clusters / (clusters - 1) * (sums**2).sum()) / len(values))


def standard_errors(values: Array, settings: Ints) -> Array:
    """`standard_error` of many outcomes at once, shape (...).

    Args:
        values: Shape (world, ...).
        settings: Setting of each world, shape (world,).
    """
    order = np.argsort(settings, kind="stable")
    starts = np.flatnonzero(np.diff(settings[order], prepend=-1))
    clusters = len(starts)
    if clusters < 2:
        return np.full(values.shape[1:], np.nan)
    sums = np.add.reduceat((values - values.mean(axis=0))[order], starts, axis=0)
    errors: Array = np.sqrt(clusters / (clusters - 1) * (sums**2).sum(axis=0)) / len(values)
    return errors


def sure(outcomes: int, settings: int | None = None) -> float:
    """Standard errors from which on a mean is apart from zero: 95 % for so many outcomes together (Dunn 1961).

    Args:
        outcomes: How many means are told together.
        settings: Number of settings behind the errors, for Student's t; the normal if left out.
    """
    from scipy.special import ndtri, stdtrit

    level = 1.0 - BEYOND / outcomes
    return float(ndtri(level) if settings is None else stdtrit(settings - 1, level))


def mean_interval(mean: float, error: float, settings: Ints, outcomes: int = 1) -> tuple[float, float]:
    """The 95 % interval of a mean over settings by Student's t; without ends where there is one setting only.

    Args:
        mean: Mean over worlds.
        error: Its standard error, clustered by setting.
        settings: Setting of each world, shape (world,).
        outcomes: How many intervals are to hold together.
    """
    if np.isnan(error):
        return float("-inf"), float("inf")
    half = sure(outcomes, len(np.unique(settings))) * error
    return mean - half, mean + half


def halves(clusters: Ints, generator: np.random.Generator) -> Bools:
    """A random half of the clusters, shape (world,); a cluster is never cut in two."""
    names, cluster = np.unique(clusters, return_inverse=True)
    first: Bools = (generator.permutation(len(names)) < len(names) // 2)[cluster]
    return first


def chance_better(difference: Array, better: str) -> float:
    """Share of differences on the better side, plus half of the exact zeros; NaN if no side is better."""
    if better == "none" or not difference.size:
        return float("nan")
    wins = difference > 0 if better == "higher" else difference < 0
    return float(wins.mean() + 0.5 * (difference == 0).mean())


def paired(reference: Array, scenario: Array, settings: Ints, better: str = "none") -> Effect:
    """The effect over worlds that share number, parameters and random numbers; all three arrays have shape (world,).

    Worlds in which either value is NaN are left out.
    """
    known = ~(np.isnan(reference) | np.isnan(scenario))
    if not known.any():
        return NOTHING
    reference, scenario, settings = reference[known], scenario[known], settings[known]
    difference, cluster = scenario - reference, _clusters(settings)

    def error(part: Array) -> float:
        return _clustered_error(part, cluster)

    return _effect(reference, scenario, difference, better, error(difference), error)


def unpaired(reference: Array, scenario: Array, settings: tuple[Ints, Ints], better: str = "none") -> Effect:
    """The effect over every couple of a reference world and a scenario world, taken as independent.

    The errors of shares and quantiles are those of a two-sample U-statistic (DeLong et al. 1988).

    Args:
        reference: Shape (world of the reference,).
        scenario: Shape (world of the scenario,).
        settings: Setting of each world of the two.
        better: Side on which the scenario is better: higher, lower or none.
    """
    known_a, known_b = ~np.isnan(reference), ~np.isnan(scenario)
    if not known_a.any() or not known_b.any():
        return NOTHING
    reference, scenario = reference[known_a], scenario[known_b]
    difference = np.subtract.outer(scenario, reference)

    def error(part: Array) -> float:
        part = part.reshape(difference.shape)
        rows, columns = part.mean(axis=1), part.mean(axis=0)
        return float(
            np.hypot(standard_error(rows, settings[1][known_b]), standard_error(columns, settings[0][known_a]))
        )

    return _effect(reference, scenario, difference.ravel(), better, error(difference), error)


def _effect(
    reference: Array, scenario: Array, difference: Array, better: str, mean_se: float, error: Callable[[Array], float]
) -> Effect:
    """The effect from its differences; `error` gives the standard error of a mean over them."""
    ordered = np.sort(difference)
    side = {"higher": difference, "lower": -difference}.get(better)
    chance_se = float("nan") if side is None else share_error(0.5 * (np.sign(side) + 1.0), error)
    return Effect(
        reference_mean=float(reference.mean()),
        scenario_mean=float(scenario.mean()),
        difference=float(difference.mean()),
        low_05=quantile(ordered, LOW),
        high_95=quantile(ordered, HIGH),
        mean_se=mean_se,
        chance_better=chance_better(difference, better),
        reference_median=_median(np.sort(reference)),
        scenario_median=_median(np.sort(scenario)),
        difference_median=_median(ordered),
        low_05_se=quantile_error(difference, LOW, error, ordered),
        high_95_se=quantile_error(difference, HIGH, error, ordered),
        chance_better_se=chance_se,
        difference_median_se=quantile_error(difference, 0.5, error, ordered),
    )


def effective_size(hits: Array, error: Callable[[Array], float]) -> float:
    """How many independent worlds a share is as good as: p (1 - p) over its variance (Korn and Graubard 1998).

    A share of 0 or 1 shows no spread; it is then as good as one world per setting, which the error of a
    value that differs in every world tells. Never more than there are worlds.

    Args:
        hits: 0, 0.5 or 1 a world, shape (world,) or (couple,).
        error: Standard error of a mean over such values.
    """
    share, spread = float(hits.mean()), error(hits)
    if np.isnan(spread):
        return 1.0
    if spread > 0.0 and 0.0 < share < 1.0:
        return float(min(share * (1.0 - share) / spread**2, len(hits)))
    ramp = np.linspace(-1.0, 1.0, len(hits))
    spread = error(ramp)
    return float(min(max(ramp.var() / spread**2, 1.0), len(hits))) if spread > 0.0 else 1.0


def wilson(share: float, size: float) -> tuple[float, float]:
    """The 95 % interval of a share in so many independent worlds (Wilson 1927)."""
    middle = (share + Z**2 / (2.0 * size)) / (1.0 + Z**2 / size)
    half = Z * np.sqrt(share * (1.0 - share) / size + Z**2 / (4.0 * size**2)) / (1.0 + Z**2 / size)
    return float(max(middle - half, 0.0)), float(min(middle + half, 1.0))


def share_error(hits: Array, error: Callable[[Array], float]) -> float:
    """Standard error of a share: half of its 95 % interval by Wilson with the effective size, over 1.96."""
    low, high = wilson(float(hits.mean()), effective_size(hits, error))
    return (high - low) / (2.0 * Z)


def quantile(ordered: Array, share: float) -> float:
    """The quantile that `np.quantile` gives, to the last bit, of values that are sorted once for many of them.

    Args:
        ordered: Values in ascending order, shape (world,).
        share: From 0 to 1.
    """
    if np.isnan(ordered[-1]):
        return float("nan")
    at = (len(ordered) - 1) * share
    below = min(int(at), len(ordered) - 1)
    low, high = float(ordered[below]), float(ordered[min(below + 1, len(ordered) - 1)])
    part, gap = at - below, high - low
    return high - gap * (1.0 - part) if part >= 0.5 else low + gap * part


def _median(ordered: Array) -> float:
    """`np.median` of values in ascending order."""
    middle = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    return float(middle.mean()) if not np.isnan(ordered[-1]) else float("nan")


def quantile_interval(
    values: Array, share: float, error: Callable[[Array], float], ordered: Array | None = None
) -> tuple[float, float]:
    """The 95 % interval of a quantile by the test of its share (Woodruff 1952), with the effective size.

    An end is infinite where there are too few worlds for any value of theirs to be beyond the quantile with
    97.5 % chance: 73 independent worlds for the 5 % and 95 % quantiles. `ordered` is the values sorted, if they are.
    """
    ordered = np.sort(values) if ordered is None else ordered
    size = effective_size((values <= quantile(ordered, share)).astype(float), error)
    low, high = wilson(share, size)
    return (
        quantile(ordered, low) if (1.0 - share) ** size <= BEYOND else float("-inf"),
        quantile(ordered, high) if share**size <= BEYOND else float("inf"),
    )


def quantile_error(values: Array, share: float, error: Callable[[Array], float], ordered: Array | None = None) -> float:
    """Standard error of a quantile: the longer side of its 95 % interval over 1.96; infinite where an end is."""
    ordered = np.sort(values) if ordered is None else ordered
    low, high = quantile_interval(values, share, error, ordered)
    middle = quantile(ordered, share)
    return max(high - middle, middle - low) / Z


def ranks(differences: Array, settings: Ints) -> tuple[Ints, Ints]:
    """The best and the worst rank that each of several means may have, 1 for the largest, all together at 95 %.

    An item is surely above another if their paired difference is, by a test of all pairs together (Bonferroni); the
    ranks between how many are surely above and surely below it are its confidence set (Mogstad et al. 2024).

    Args:
        differences: Shape (world, item).
        settings: Setting of each world, shape (world,).

    Returns:
        Best and worst rank, shape (item,) each; 1 and the number of items where nothing can be said.
    """
    from scipy.special import stdtrit

    count = differences.shape[1]
    _, cluster = np.unique(settings, return_inverse=True)
    sizes = np.bincount(cluster)
    if len(sizes) < 2 or count < 2 or np.isnan(differences).any():
        return np.ones(count, dtype=int), np.full(count, count)
    means = np.stack([np.bincount(cluster, weights=column) / sizes for column in differences.T])  # (item, setting)
    spread = np.cov(means) / len(sizes)
    own = np.diag(spread)
    errors = np.sqrt(np.maximum(own[:, None] + own[None, :] - 2.0 * spread, 0.0))
    limit = stdtrit(len(sizes) - 1, 1.0 - BEYOND / (count * (count - 1) / 2))
    average = means.mean(axis=1)
    above = average[None, :] - average[:, None] > limit * errors  # column surely above row
    return 1 + above.sum(axis=1), count - above.sum(axis=0)


def common(parts: Sequence[Ints]) -> Ints:
    """What all of several sorted arrays have in common, sorted."""
    shared = parts[0]
    for part in parts[1:]:
        shared = np.intersect1d(shared, part)
    return shared
