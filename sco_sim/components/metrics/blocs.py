"""Blocs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Blocs(Metric):
    """Connected components of the graph of ties with trust of at least 0.9."""

    unit = "blocs"
    better = "lower"
    evidence = "fitted"
    title = "Blocs (trust at least 0.9)"
    reads = ("trust_level",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        size = len(year.ties.states)
        joined = year.between((year.trust() >= 0.9).astype(float)) + np.eye(size)
        for _ in range(int(np.ceil(np.log2(max(size, 2))))):  # squaring doubles the length of the paths covered
            longer = np.minimum(np.matmul(joined, joined), 1.0)
            if (longer == joined).all():
                break
            joined = longer
        # a bloc is counted at its first state: the one that no earlier state reaches
        first = np.tril(joined, -1).sum(axis=2) == 0.0
        number: Array = first.sum(axis=1).astype(float)
        return number
