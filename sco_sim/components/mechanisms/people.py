"""Movement of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Responding

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class People(Responding):
    """Air links follow the economies, trust and the policies (equation 11).

    Source: OpenFlights airport pairs to 2014 for the level; the slopes are judgement; a flight exists from its year on.
    """

    channel = "people"
    order = 30
    parameters = (
        "people.gdp_elasticity", "people.adjustment", "people.noise", "people.trust_elasticity",
        "people.policy_response",
    )  # fmt: skip
    streams = ("people",)
    reads = (
        "people", "trust_level", "effect_people", "response_people", "shock_people", "last_shock_people", "log_gdp",
        "last_log_gdp",
    )  # fmt: skip
    writes = ("people", "response_people")

    def noise(self, year: Year, moved: dict[str, Array]) -> dict[str, Array]:
        """Equally wide for every tie, (world, tie); the mean of its exponential is 1."""
        sd = year.p["people.noise"]
        return {"people": sd * year.normal("people", "tie") - 0.5 * sd**2}
