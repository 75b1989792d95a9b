"""A dated dispute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from sco_sim.components.event import PairEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Dispute(PairEvent):
    """A dispute between two states in a given year; it takes severity times the ledger's drop off their trust.

    Source: Correlates of War MID for what an ordinary dispute does to event data (row B21).

    Example:
        dispute: {between: [KGZ, TJK], year: 2026, severity: 0.5}
    """

    severity: float = Field(1.0, gt=0.0, le=10.0)
    """1 is an ordinary militarised dispute."""

    parameters = ("trust.dispute_drop",)
    writes = ("dispute",)
    rows = ("B21",)

    def act(self, year: Year) -> None:
        """The largest severity of the year counts."""
        tie = year.ties.tie(*self.between)
        column = year.state.dispute[:, tie]
        np.maximum(column, self.severity, out=column)
