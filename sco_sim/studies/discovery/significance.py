"""How easily chance makes a limit of a box: fitted in one half of the clusters, tested in the other, several times.

The quasi-p-value of Bryant and Lempert (2010) is a binomial test that takes every case as independent and the box as
given beforehand. Neither holds here: worlds of one point share its factors, points of one block of a Sobol or Morris
design share most of theirs, and a box lies where a long search scored best. So instead the search runs in a random half
of the clusters and each limit it finds is tested in the other half, by a score test that sums within clusters (Liang
and Zeger 1986; Boos 1992). The chances of the splits, each times the number of limits tested, are joined as twice their
median, a limit absent from a split counting as 1: multi-sample splitting (Meinshausen, Meier and Buehlmann 2009), which
holds the chance of naming any factor wrongly. Luck that all points share, as in a sweep whose points have the same
worlds, is the same within a limit and without, and leaves the test as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sco_sim.numerics.arrays import Array, Bools, Ints
from sco_sim.studies.discovery.boxes import Box
from sco_sim.studies.discovery.held_out import score_test
from sco_sim.studies.statistics import halves

SPLITS = 11
"""Splits; odd, so that the median is one of them."""

Search = Callable[[Array, Bools], Sequence[Box]]


def chances(
    search: Search, factors: Sequence[str], points: Array, cases: Bools, clusters: Ints, seed: int = 1
) -> dict[str, float]:
    """The chance that the search limits each factor as it does without any effect; 1 for what few splits limit.

    Args:
        search: From points and cases to boxes.
        factors: Names of the columns.
        points: Shape (world, factor).
        cases: Where it happens, shape (world,).
        clusters: What a world is not independent of, a number a cluster, shape (world,).
        seed: Of the splits.
    """
    _, cluster = np.unique(clusters, return_inverse=True)
    generator = np.random.default_rng(seed)
    splits = np.ones((SPLITS, len(factors)))
    for row in splits:
        first = halves(clusters, generator)
        if first.any() and 0.0 < cases[first].mean() < 1.0:
            boxes = search(points[first], cases[first])
            row[:] = _tested(boxes, factors, points[~first], cases[~first], cluster[~first])
    joined = np.minimum(2.0 * np.median(splits, axis=0), 1.0)
    return dict(zip(factors, joined.tolist(), strict=True))


def _tested(boxes: Sequence[Box], factors: Sequence[str], points: Array, cases: Bools, cluster: Ints) -> Array:
    """The smallest chance of a limit of each factor, times the number of limits, at most 1; shape (factor,)."""
    p_values = np.ones(len(factors))
    for box in boxes:
        for name, limit in box.limits.items():
            column = factors.index(name)
            wider = box.without(name).holds(factors, points)
            inside = limit.holds(points[wider, column])
            p_values[column] = min(p_values[column], score_test(inside, cases[wider], cluster[wider]))
    return np.minimum(p_values * sum(len(box.limits) for box in boxes), 1.0)
