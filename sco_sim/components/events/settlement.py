"""A settlement between two states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.event import Event
from sco_sim.fields import CalendarYear

if TYPE_CHECKING:
    from sco_sim.world.year import Year

NEVER = 99.0
"""Years since the last dispute where there is none to remember (docs/model.md)."""


class Settlement(Event):
    """Two states settle a border or a quarrel: disputes before it no longer raise the chance of the next one.

    Their trust may get a passing push, which no study measures. Claims and rivalries are dated facts of the case and
    stay as the tables have them. Source: row B21 (disputes that recur); settlements of 1996 and 1997 in document D4.

    Example:
        settlement: {between: [KGZ, TJK], year: 2025}
    """

    between: Annotated[tuple[str, str], Field(strict=False)]
    """The two states."""
    year: CalendarYear
    """Year in which they settle."""

    parameters = ("settlement.deviation",)
    writes = ("years_since_dispute", "shock_deviation")
    rows = ("B21",)

    def years(self) -> tuple[int, int]:
        """The one year."""
        return self.year, self.year

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states."""
        yield from unknown_states(self.between, catalog, states, "between")

    def act(self, year: Year) -> None:
        """No dispute is recent any more, but for one that breaks out this year."""
        tie = year.ties.tie(*self.between)
        year.state.years_since_dispute[:, tie] = NEVER
        year.state.shock_deviation[:, tie] += year.p["settlement.deviation"][:, 0]
