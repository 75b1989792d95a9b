"""Cohesion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric
from sco_sim.numerics.functions import second_eigenvalue

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Cohesion(Metric):
    """Second smallest eigenvalue of the Laplacian of the graph weighted by trust, over the number of states.

    1 for a complete graph of full trust. Source: Fiedler 1973.
    """

    unit = "0-1"
    better = "higher"
    title = "Cohesion of the trust graph"
    reads = ("trust_level",)
    evidence = "fitted"
    channel = "trust"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        size = len(year.ties.states)
        laplacian = year.between(-year.trust())
        laplacian[:, np.arange(size), np.arange(size)] = -laplacian.sum(axis=2)
        value: Array = second_eigenvalue(laplacian) / size
        return value
