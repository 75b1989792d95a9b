"""Movement of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Exchange, partial_adjustment

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class People(Exchange):
    """Air links follow the economies and the policies (equation 11).

    Source: OpenFlights airport pairs to 2014 for the level; the slopes are judgement.
    """

    channel = "people"
    order = 30
    parameters = ("people.gdp_elasticity", "people.adjustment", "people.noise", "people.trust_elasticity")
    streams = ("people",)
    reads = ("people", "trust_level", "effect_people", "shock_people", "last_shock_people", "log_gdp", "last_log_gdp")
    writes = ("people",)

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """Where equation 11 draws it to, (world, tie)."""
        state = year.state
        target: Array = (
            year.expected("people", lag)
            + year.p["people.trust_elasticity"] * (state.trust_level - year.reference.trust_level)
            + state.effect_people
            + state.last_shock_people
        )
        return {"people": target}

    def step(self, year: Year) -> None:
        """Equation 11."""
        state, p = year.state, year.p
        state.people[:] = p["people.noise"] * year.normal("people", "tie") + partial_adjustment(
            state.people,
            self.target(year)["people"],
            p["people.gdp_elasticity"],
            year.gravity_change,
            p["people.adjustment"],
            state.shock_people - state.last_shock_people,
        )
