"""Economic community."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CommunityEconomic(Metric):
    """Trade against expectation, and delivery of agreements on economy and transport; restates what goes in.

    The mean of two parts with a constant divisor: the mean over states of r/(1 + r), r the trade realised over
    expected (outcome `gain`), and what is delivered of the agreements of these fields, 0 while there are none.
    """

    unit = "index 0-1"
    better = "higher"
    title = "Economic community"
    parameters = ("trade.gdp_elasticity", "trade.common_elasticity", "trade.trust_elasticity")
    reads = ("log_gdp", "trust_level", "response_trade", "shock_trade", "delivered", "member")
    rows = ("P4",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        ratio = year.trade_ratio()
        trade = (ratio / (1.0 + ratio)).mean(axis=1)
        delivered = year.over_tabled("delivered", ("economy", "transport"))
        index: Array = (trade + delivered) / 2.0
        return index
