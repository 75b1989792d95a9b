"""Outside pressure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.event import LastingEvent
from sco_sim.fields import Codes

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class OutsidePressure(LastingEvent):
    """An outside power pulls on some states: they accept less in the council and drift from the states named.

    The power may answer what the organisation becomes: it presses harder, or steps back, the more members there are and
    the more they deliver (`outside_pressure.answer`, centred on nothing).
    Source: rows B6 and N4 of D0 and D4 (C5+1, Indo-Pacific); sizes are judgement.

    Example:
        outside_pressure: {on: [KAZ, KGZ, TJK, UZB], away_from: [CHN, RUS], start: 2025, end: 2030, intensity: 0.5}
    """

    on: Codes
    """States under pressure."""
    away_from: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """States their trust is pulled away from."""

    warded_off_by = ("talk",)
    parameters = ("outside_pressure.trust", "outside_pressure.answer", "council.pressure")
    writes = ("pressure", "shock_trust")
    reads = ("member", "delivered")
    rows = ("B6", "N4")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        yield from unknown_states(self.on, catalog, states, "on")
        yield from unknown_states(self.away_from, catalog, states, "away_from")

    def act(self, year: Year) -> None:
        """Pressures add up."""
        under = np.array([iso in self.on for iso in year.ties.states], dtype=float)
        size = self.intensity * np.maximum(1.0 + year.p["outside_pressure.answer"] * year.grown(), 0.0)
        year.state.pressure[:] += size * under
        pulled = size * year.across(self.on, self.away_from)
        year.state.shock_trust[:] += year.p["outside_pressure.trust"] * pulled
