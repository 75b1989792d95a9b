"""Inequality of gains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric
from sco_sim.numerics.functions import gini

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class GainsGini(Metric):
    """Gini coefficient over states of the trade that policies, trust and events let expect, over that of gravity."""

    unit = "0-1"
    better = "lower"
    evidence = "fitted"
    title = "Inequality of gains (Gini)"
    parameters = ("trade.gdp_elasticity", "trade.common_elasticity", "trade.trust_elasticity")
    reads = ("log_gdp", "trust_level", "response_trade", "shock_trade")

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        return gini(year.trade_ratio())
