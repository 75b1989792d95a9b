"""Migrants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Exchange

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Migrants(Exchange):
    """People of one state who live in the other: a stock that drifts, and settles to what policies make of it (34).

    What policies have shifted reaches trade and trust a year later; what luck moves reaches neither.

    Source: UN DESA International Migrant Stock, editions of 2020 and 2024, for the level and its drift; the pace at
    which a stock answers a change of rules is judgement.
    """

    channel = "migrants"
    order = 55
    parameters = ("migrants.adjustment", "migrants.noise")
    streams = ("migrants",)
    reads = ("migrants", "effect_migrants", "settled")
    writes = ("migrants", "settled")
    rows = ("N7",)

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """The stock of the start as policies would have it, (world, tie)."""
        return {"migrants": year.expected("migrants", lag) + year.state.effect_migrants}

    def settle(self, year: Year) -> None:
        """As any channel, with all of them settled."""
        super().settle(year)
        year.state.settled[:] = year.state.effect_migrants

    def step(self, year: Year) -> None:
        """Equation 34. The noise keeps the mean of the stock; it does not return, as who lives there stays."""
        state, spread = year.state, year.p["migrants.noise"]
        came = year.p["migrants.adjustment"] * (state.effect_migrants - state.settled)
        state.settled[:] += came
        state.migrants[:] += came + spread * year.normal("migrants", "tie") - 0.5 * spread**2
