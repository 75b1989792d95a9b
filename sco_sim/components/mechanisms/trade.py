"""Trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Exchange, partial_adjustment
from sco_sim.numerics.functions import student_quantile

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Trade(Exchange):
    """Trade moves with the size of the two economies and drifts towards a reference (equation 10).

    Source: IMF Direction of Trade 1992-2020, ten members; the reference moves with trust, cities and policies.
    """

    channel = "trade"
    order = 20
    parameters = (
        "trade.gdp_elasticity", "trade.adjustment", "trade.noise_level", "trade.noise_size", "trade.noise_floor",
        "trade.tail", "trade.trust_elasticity", "cities.trade", "cities.arrival_rate",
    )  # fmt: skip
    streams = ("trade",)
    reads = (
        "trade",
        "trust_level",
        "cities",
        "effect_trade",
        "shock_trade",
        "last_shock_trade",
        "log_gdp",
        "last_log_gdp",
    )
    writes = ("trade",)

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """Where equation 10 draws it to, (world, tie)."""
        state, p = year.state, year.p
        target: Array = (
            year.expected("trade", lag)
            + p["trade.trust_elasticity"] * (state.trust_level - year.reference.trust_level)
            + p["cities.trade"] * year.above("cities", lag)
            + state.effect_trade
            + state.last_shock_trade
        )
        return {"trade": target}

    def step(self, year: Year) -> None:
        """Equation 10."""
        state, p = year.state, year.p
        size = np.maximum(state.trade, p["trade.noise_floor"]) - 18.0
        noise = np.exp(p["trade.noise_level"] + p["trade.noise_size"] * size)
        normal = year.normal("trade", "tie")
        state.trade[:] = student_quantile(normal, p["trade.tail"]) * noise + partial_adjustment(
            state.trade,
            self.target(year)["trade"],
            p["trade.gdp_elasticity"],
            year.gravity_change,
            p["trade.adjustment"],
            state.shock_trade - state.last_shock_trade,
        )
