"""Trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class TradeTotalBusd(Metric):
    """Goods trade over all ties, both directions."""

    unit = "bn USD of 2015"
    flow = True
    better = "higher"
    channel = "trade"
    evidence = "hindcast"
    title = "Trade inside the group"
    reads = ("trade",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        total: Array = np.exp(year.state.trade).sum(axis=1) / 1e9
        return total
