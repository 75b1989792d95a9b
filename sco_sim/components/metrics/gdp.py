"""GDP of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Gdp(Metric):
    """Gross domestic product of each state at market rates: the datum, then drawn (equation 1)."""

    unit = "bn USD of 2015"
    better = "higher"
    axis = "state"
    evidence = "fitted"
    title = "GDP"
    reads = ("log_gdp",)

    def measure(self, year: Year) -> Array:
        """One number a state, shape (world, state)."""
        values: Array = np.exp(year.state.log_gdp) / 1e9
        return values
