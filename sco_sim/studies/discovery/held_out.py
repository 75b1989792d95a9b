"""How good a box is in worlds that it was not sought in.

A search over many boxes keeps the one that looks best, so its density in the same worlds is too good. The box is
therefore sought in a random half of the clusters and scored in the other (data splitting, Cox 1975). Intervals are
those of a share (Wilson 1927) with the size of the sample that clusters leave of it (Korn and Graubard 1998).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.numerics.arrays import Array, Bools, Ints
from sco_sim.studies.statistics import effective_size, standard_error, wilson

DOUBT = 0.05
"""Chance from which on a box may be chance: it need not be denser than the worlds outside it."""


class HeldOut(NamedTuple):
    """Figures of a box in the half that it was not sought in; NaN where there is no world to tell."""

    density: float
    """Share of the worlds in the box in which it happens."""
    density_low: float
    """Lower end of the 95 % interval."""
    density_high: float
    coverage: float
    """Share of all cases that lie in the box."""
    coverage_low: float
    coverage_high: float
    mass: float
    """Share of all worlds that lie in the box."""
    chance: float
    """Chance of so many more cases within than without if the box were no denser, times the number of boxes tried."""


UNKNOWN = HeldOut(*[float("nan")] * len(HeldOut._fields))


def check_halves(cases: Bools, first: Bools) -> None:
    """Raises ScenarioError if it happens nowhere or everywhere in one of the halves."""
    if cases.size and not all(0.0 < cases[half].mean() < 1.0 for half in (first, ~first) if half.any()):
        rare = min(int(cases.sum()), int((~cases).sum()))
        raise ScenarioError(
            Problem(
                f"the condition holds in {int(cases.sum()):,} of {counted(int(cases.size), 'world')}, and all {rare} "
                "that differ lie in one half: a box is sought in a random half of them and scored in the other",
                "simulate more worlds, or choose another bound",
                "--where",
            )
        )


def score_test(inside: Bools, cases: Bools, clusters: Ints) -> float:
    """The chance of at least so many cases more within than without if they are equally frequent, one-sided.

    The score is the sum of residuals within, its variance the sum of squares of its parts by cluster.

    Args:
        inside: Shape (world,).
        cases: Shape (world,).
        clusters: A number from 0 a cluster, shape (world,).
    """
    from scipy.stats import t

    if inside.all() or not inside.any():
        return 1.0
    parts = np.bincount(clusters, weights=(inside - inside.mean()) * (cases - cases.mean()))
    spread, count = float(np.sqrt((parts**2).sum())), len(np.unique(clusters))
    return float(t.sf(parts.sum() / spread, count - 1)) if spread > 0.0 and count > 1 else 1.0


def held_out(inside: Bools, cases: Bools, clusters: Ints, boxes: int = 1) -> HeldOut:
    """Score a box, where all arrays are of the half that it was not sought in, shape (world,).

    Args:
        inside: Which worlds lie in the box.
        cases: Where it happens.
        clusters: What a world is not independent of.
        boxes: Number of boxes that are told of together.
    """
    density = _share(cases[inside].astype(float), clusters[inside])
    coverage = _share(inside[cases].astype(float), clusters[cases])
    _, cluster = np.unique(clusters, return_inverse=True)
    chance = min(boxes * score_test(inside, cases, cluster), 1.0)
    return HeldOut(*density, *coverage, float(inside.mean()), chance)


def _share(hits: Array, clusters: Ints) -> tuple[float, float, float]:
    """A share with its 95 % interval; not known where there is no world."""
    if not hits.size:
        return float("nan"), 0.0, 1.0
    size = effective_size(hits, lambda part: standard_error(part, clusters))
    return (float(hits.mean()), *wilson(float(hits.mean()), size))
