"""Trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Responding

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Trade(Responding):
    """Trade follows gravity, trust, twinned places, migrants and policies; its noise shrinks with size (equation 10).

    Source: IMF Direction of Trade 1992-2020, ten members, for noise and return; the pace at which policies are taken
    up: phase-in of trade agreements (Baier and Bergstrand 2007).
    """

    channel = "trade"
    order = 20
    parameters = (
        "trade.gdp_elasticity", "trade.common_elasticity", "trade.adjustment", "trade.noise_level", "trade.noise_size",
        "trade.noise_floor", "trade.tail_share", "trade.tail_spread", "trade.common_noise", "trade.trust_elasticity",
        "trade.policy_response", "trade.students_elasticity", "trade.migrants_elasticity", "cities.trade",
        "cities.arrival_rate",
    )  # fmt: skip
    streams = ("trade", "trade.common")
    reads = (
        "trade", "trust_level", "cities", "graduates", "settled", "effect_trade", "response_trade", "shock_trade",
        "last_shock_trade", "log_gdp", "last_log_gdp",
    )  # fmt: skip
    writes = ("trade", "response_trade")

    def pull(self, year: Year, lag: int = 1) -> Array:
        """Policies, twinned places, graduates and migrants, (world, tie)."""
        p, state = year.p, year.state
        others = p["cities.trade"] * year.above("cities", lag) + p["trade.students_elasticity"] * state.graduates
        others += p["trade.migrants_elasticity"] * state.settled
        pull: Array = super().pull(year) + others
        return pull

    def noise(self, year: Year, moved: dict[str, Array]) -> dict[str, Array]:
        """Wider for small flows, and a luck of the year that all ties share, (world, tie)."""
        common = year.p["trade.common_noise"]
        shared = common * year.normal("trade.common", "world") - 0.5 * common**2
        return {name: noise + shared for name, noise in self.sized_noise(year, moved).items()}
