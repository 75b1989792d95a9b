"""Outside pressure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from sco_sim.catalog import Catalog
from sco_sim.component import CalendarYear, Codes, Complaint, Event, Share, unknown_states

if TYPE_CHECKING:
    from sco_sim.year import Year


class OutsidePressure(Event):
    """An outside power pulls on some states: they accept less in the council and drift from the states named.

    Source: row B6 of D0 and D4 (C5+1, Indo-Pacific); the size is judgement.

    Example:
        outside_pressure: {on: [KAZ, KGZ, TJK, UZB], away_from: [CHN, RUS], start: 2025, end: 2030, intensity: 0.5}
    """

    on: Codes
    """States under pressure."""
    away_from: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """States their trust is pulled away from."""
    start: CalendarYear
    """First year in which it acts."""
    end: CalendarYear | None = None
    """Last year in which it acts; open if left out."""
    intensity: Share = 1.0
    """0 to 1."""

    parameters = ("outside_pressure.trust", "council.pressure")
    writes = ("pressure", "shock_trust")
    rows = ("B6",)

    def years(self) -> tuple[int, int]:
        """From start to end, or for ever."""
        return self.start, 9999 if self.end is None else self.end

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from unknown_states(self.on, catalog, states, "on")
        yield from unknown_states(self.away_from, catalog, states, "away_from")
        if self.end is not None and self.end < self.start:
            yield Complaint(("end",), f"end {self.end} is before start {self.start}", "swap them")

    def act(self, year: Year) -> None:
        """Pressures add up."""
        under = np.array([iso in self.on for iso in year.ties.states], dtype=float)
        year.state.pressure[:] += self.intensity * under
        pulled = (year.ends(self.on) >= 1.0) & (year.ends(self.away_from) >= 1.0)
        pulled &= year.ends(tuple({*self.on, *self.away_from})) == 2.0
        year.state.shock_trust[:] += year.p["outside_pressure.trust"] * self.intensity * pulled
