"""GDP of the group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class GdpTotalBusd(Metric):
    """Gross domestic product over all states at market rates."""

    unit = "bn USD of 2015"
    flow = True
    better = "higher"
    evidence = "fitted"
    title = "GDP of the group"
    reads = ("log_gdp",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        total: Array = np.exp(year.state.log_gdp).sum(axis=1) / 1e9
        return total
