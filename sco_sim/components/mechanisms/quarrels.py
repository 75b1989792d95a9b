"""What a dispute does besides the trust of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


def remembered(before: Array, now: Array, half_life: Array) -> Array:
    """What is left of a quarrel: it fades by its half-life in years, and a new one renews it, (world, tie)."""
    left: Array = np.maximum(before * 0.5 ** (1.0 / half_life), now)
    return left


class Quarrels(Mechanism):
    """Disputes and wars take trade, travel, students, votes and delivery with them, and fade (equation 27).

    Severity up to 1 is a spat, what lies above 1 is war, up to 2. Source: a political spat takes about 8 % of exports
    and is gone in the second year (Fuchs and Klann 2013), a war takes most trade for years (Glick and Taylor 2010);
    what it does to travel, students, votes and delivery is judgement that allows nothing. Twinned places may cushion
    what a war does to travel and trust; no source gives the size, so it is centred on nothing. Mistrust may spread to
    the neighbours and allies of the other side (centred on nothing), and third parties may take sides (equation 29),
    if the scenario's `third_parties` says so.
    """

    phase = "events"
    order = 80
    parameters = (
        "quarrel.trade_spat", "quarrel.trade_war", "quarrel.people", "quarrel.students", "quarrel.trust",
        "quarrel.votes", "quarrel.delivery", "quarrel.cushion", "quarrel.spat_half_life", "quarrel.war_half_life",
        "quarrel.spread", "quarrel.drawn",
    )  # fmt: skip
    reads = ("dispute", "spat", "war", "drawn", "cities", "log_gdp")
    writes = ("spat", "war", "drawn", "shock_trade", "shock_people", "shock_students", "shock_trust")
    rows = ("B8", "B21", "B14", "C4")

    def step(self, year: Year) -> None:
        """Equation 27; votes and delivery read `spat` and `war` themselves."""
        self.remember(year)
        self.strain(year)
        state, p = year.state, year.p
        state.shock_trust[:] -= p["quarrel.spread"] * year.mistrust_around()
        if state.war.any():
            at_war, cushion = state.war > 0.0, -p["quarrel.cushion"]
            cushioned = state.war * np.power(1.0 + state.cities, cushion, out=np.zeros_like(state.war), where=at_war)
            state.shock_people[:] -= p["quarrel.people"] * cushioned
            state.shock_students[:] -= p["quarrel.students"] * state.war
            state.shock_trust[:] -= p["quarrel.trust"] * cushioned

    def remember(self, year: Year) -> None:
        """What is left of quarrels, with the disputes of the year."""
        state, p = year.state, year.p
        state.spat[:] = remembered(state.spat, np.minimum(state.dispute, 1.0), p["quarrel.spat_half_life"])
        state.war[:] = remembered(state.war, np.clip(state.dispute - 1.0, 0.0, 1.0), p["quarrel.war_half_life"])
        state.drawn[:] = p["quarrel.drawn"] * year.taking_sides()

    def strain(self, year: Year) -> None:
        """What quarrels take of the trade of the year."""
        state, p = year.state, year.p
        state.shock_trade[:] -= p["quarrel.trade_spat"] * np.maximum(state.spat, state.drawn)
        state.shock_trade[:] -= p["quarrel.trade_war"] * state.war
