"""Sister cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Exchange
from sco_sim.numerics.functions import poisson_quantile

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Cities(Exchange):
    """Twinned places arrive at a base rate and by policy (equation 13).

    Source: AidData twinnings of China with Central and South Asia 2000-2018 for the rate.
    """

    channel = "cities"
    order = 50
    parameters = ("cities.arrival_rate",)
    streams = ("cities",)
    reads = ("cities", "effect_cities")
    writes = ("cities",)

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """The count expected, with what the policies of the year would have added since the start, (world, tie)."""
        rate = year.p["cities.arrival_rate"] + year.state.effect_cities
        return {"cities": year.reference.cities + rate * (year.index - lag)}

    def step(self, year: Year) -> None:
        """Equation 13."""
        mean = year.p["cities.arrival_rate"] + year.state.effect_cities
        year.state.cities[:] += poisson_quantile(year.uniform("cities", "tie"), mean)
