"""Tourism routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.policy import Programme

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class TourismRoutes(Programme):
    """Routes over the World Heritage sites of both ends, as far as visas let people travel.

    Source: rows C10 and C21 of documents D0 and D1; visas: Neumayer 2010, Czaika and Neumayer 2017; the yield of a site
    is judgement.

    Example:
        tourism_routes: {start: 2023, ramp_years: 3, hub: CHN}
    """

    hub: str | None = None
    """State that every route starts from or leads to; all ties if left out."""

    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "institution"
    parameters = ("tourism_routes.people", "visas.floor")
    writes = ("effect_people",)
    rows = ("C10", "C21")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """An unknown hub, besides what any policy can get wrong."""
        yield from super().complaints(catalog, states)
        if self.hub is not None:
            yield from unknown_states((self.hub,), catalog, states, "hub")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        sites = 0.5 * year.both(np.log1p(year.facts.heritage_sites))
        self.shift(year, strength * self._routes(year) * sites * year.travel(), "people")

    def _routes(self, year: Year) -> Array:
        """1 on ties with a route, shape (tie,)."""
        return np.ones(len(year.ties)) if self.hub is None else year.ends((self.hub,))

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every route costs the same, shape (world,)."""
        return super().outlay(year, strength * self._routes(year))
