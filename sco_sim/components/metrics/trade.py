"""Trade by tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Trade(Metric):
    """Goods trade of each tie, both directions."""

    unit = "bn USD of 2015"
    better = "higher"
    axis = "tie"
    channel = "trade"
    evidence = "hindcast"
    title = "Trade"
    reads = ("trade",)

    def measure(self, year: Year) -> Array:
        """One number a tie, shape (world, tie)."""
        values: Array = np.exp(year.state.trade) / 1e9
        return values
