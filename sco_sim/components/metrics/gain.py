"""Gain of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Gain(Metric):
    """Trade of a state that policies, trust and events let expect, over what gravity alone implies, less one."""

    unit = "%"
    better = "higher"
    axis = "state"
    channel = "trade"
    evidence = "fitted"
    title = "Gain in trade over expectation"
    parameters = ("trade.gdp_elasticity", "trade.common_elasticity", "trade.trust_elasticity")
    reads = ("log_gdp", "trust_level", "response_trade", "shock_trade")

    def measure(self, year: Year) -> Array:
        """One number a state, shape (world, state)."""
        gains: Array = 100.0 * (year.trade_ratio() - 1.0)
        return gains
