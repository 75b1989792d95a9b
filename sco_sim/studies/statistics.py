"""Statistics of one outcome in two scenarios: the same worlds under both, or independent ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sco_sim.numerics.arrays import Array, Ints

LOW, HIGH = 0.05, 0.95


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


NOTHING = Effect(*[float("nan")] * len(Effect._fields))


def standard_error(values: Array, settings: Ints) -> float:
    """Standard error of the mean over worlds, clustered by setting, since replicates share their parameters.

    With as many replicates in each setting it is the standard deviation of the settings' means over the root
    of their number. NaN with fewer than two settings.

    Args:
        values: Shape (world,).
        settings: Setting of each world, shape (world,).
    """
    _, cluster = np.unique(settings, return_inverse=True)
    clusters = int(cluster.max(initial=-1)) + 1
    if clusters < 2:
        return float("nan")
    sums = np.bincount(cluster, weights=values - values.mean(), minlength=clusters)
    return float(np.sqrt(clusters / (clusters - 1) * (sums**2).sum()) / len(values))


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
    reference, scenario = reference[known], scenario[known]
    difference = scenario - reference
    low, high = np.quantile(difference, [LOW, HIGH])
    return Effect(
        float(reference.mean()),
        float(scenario.mean()),
        float(difference.mean()),
        float(low),
        float(high),
        standard_error(difference, settings[known]),
        chance_better(difference, better),
        *_medians(reference, scenario, difference),
    )


def unpaired(reference: Array, scenario: Array, settings: tuple[Ints, Ints], better: str = "none") -> Effect:
    """The effect over every couple of a reference world and a scenario world, taken as independent.

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
    difference = np.subtract.outer(scenario, reference).ravel()
    low, high = np.quantile(difference, [LOW, HIGH])
    error = np.hypot(standard_error(reference, settings[0][known_a]), standard_error(scenario, settings[1][known_b]))
    return Effect(
        float(reference.mean()),
        float(scenario.mean()),
        float(scenario.mean() - reference.mean()),
        float(low),
        float(high),
        float(error),
        chance_better(difference, better),
        *_medians(reference, scenario, difference),
    )


def _medians(*values: Array) -> Iterator[float]:
    return (float(np.median(one)) for one in values)


def yearly_spread(series: Array) -> float:
    """Natural spread of a single history: the median over worlds of the standard deviation of yearly changes.

    Args:
        series: Shape (world, year). NaN with fewer than two changes.
    """
    changes = np.diff(series, axis=1)
    if changes.shape[1] < 2 or not len(changes):
        return float("nan")
    return float(np.median(changes.std(axis=1, ddof=1)))


def common(parts: Sequence[Ints]) -> Ints:
    """What all of several sorted arrays have in common, sorted."""
    shared = parts[0]
    for part in parts[1:]:
        shared = np.intersect1d(shared, part)
    return shared
