"""Trade of a state against its GDP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric
from sco_sim.numerics.functions import total

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class TradeGdpShare(Metric):
    """Goods trade of each state with the other states, both directions, over its GDP of the year.

    Above 100 % a state would trade more with these few than it produces, which only hubs of re-exports do: `run` names
    the states that come to it.
    """

    unit = "%"
    axis = "state"
    channel = "trade"
    evidence = "fitted"
    title = "Trade with the group over GDP"
    reads = ("trade", "log_gdp")

    def measure(self, year: Year) -> Array:
        """One number a state, shape (world, state)."""
        flows = total(np.exp(year.state.trade).take(year.ties.of_state, axis=1))
        share: Array = 100.0 * flows / np.exp(year.state.log_gdp)
        return share
