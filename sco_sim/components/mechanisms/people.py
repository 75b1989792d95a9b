"""Movement of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Mechanism, partial_adjustment

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class People(Mechanism):
    """Air links follow the economies and the policies (equation 11).

    Source: OpenFlights airport pairs to 2014 for the level; the slopes are judgement.
    """

    phase = "exchange"
    order = 30
    parameters = ("people.gdp_elasticity", "people.adjustment", "people.noise", "people.trust_elasticity")
    streams = ("people",)
    reads = ("people", "trust_level", "effect_people", "shock_people", "last_shock_people", "log_gdp", "last_log_gdp")
    writes = ("people",)

    def step(self, year: Year) -> None:
        """Equation 11."""
        state, p = year.state, year.p
        growth = year.gravity_change
        target = (
            year.expected("people", lag=1)
            + p["people.trust_elasticity"] * (state.trust_level - year.reference.trust_level)
            + state.effect_people
            + state.last_shock_people
        )
        state.people[:] = p["people.noise"] * year.normal("people", len(year.ties)) + partial_adjustment(
            state.people,
            target,
            p["people.gdp_elasticity"],
            growth,
            p["people.adjustment"],
            state.shock_people - state.last_shock_people,
        )
