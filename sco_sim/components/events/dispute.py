"""A dated dispute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.event import Event
from sco_sim.fields import CalendarYear

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Dispute(Event):
    """A dispute between two states in a given year; it takes severity times the ledger's drop off their trust.

    Source: Correlates of War MID for what an ordinary dispute does to event data (row B21).

    Example:
        dispute: {between: [KGZ, TJK], year: 2026, severity: 0.5}
    """

    between: Annotated[tuple[str, str], Field(strict=False)]
    """The two states."""
    year: CalendarYear
    """Year in which it breaks out."""
    severity: float = Field(1.0, gt=0.0, le=10.0)
    """1 is an ordinary militarised dispute."""

    parameters = ("trust.dispute_drop",)
    writes = ("dispute",)
    rows = ("B21",)

    def years(self) -> tuple[int, int]:
        """The one year."""
        return self.year, self.year

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states."""
        yield from unknown_states(self.between, catalog, states, "between")

    def act(self, year: Year) -> None:
        """The largest severity of the year counts."""
        tie = year.ties.tie(*self.between)
        column = year.state.dispute[:, tie]
        np.maximum(column, self.severity, out=column)
