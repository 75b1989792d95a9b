"""Direct flights."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components.policy import Programme

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class DirectFlights(Programme):
    """New scheduled routes between airports of the participants: they count from the year in which they are flown.

    Source: row C10 of documents D0 and D3. Airport pairs are the model's measure of travel, so a route is a pair; what
    share of the new ones adds to those that would be flown anyway is judgement.

    Example:
        direct_flights: {pairs_per_tie: 2, start: 2027, ramp_years: 3}
    """

    pairs_per_tie: float = Field(1.0, ge=0.0, le=200.0)
    """New airport pairs on each tie at full strength."""
    cost_per_tie_musd: float = Field(5.0, ge=0.0)
    """Support of the routes of a tie, million USD of 2015 a year at full strength (judgement)."""

    doses = ("pairs_per_tie",)
    field: ClassVar[str] = "transport"
    depth: ClassVar[str] = "institution"
    parameters = ("direct_flights.additional", "people.gdp_elasticity")
    reads = ("log_gdp",)
    writes = ("effect_people",)
    rows = ("C10",)

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        new = year.p["direct_flights.additional"] * self.pairs_per_tie * strength
        year.state.effect_people[:] += np.log1p(new / np.exp(year.expected("people")))
