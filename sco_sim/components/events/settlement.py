"""A settlement between two states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.event import PairEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year

NEVER = 99.0
"""Years since the last dispute where there is none to remember (docs/model.md)."""


class Settlement(PairEvent):
    """Two states settle a border or a quarrel: disputes before it no longer raise the chance of the next one.

    Their trust may get a passing push, which no study measures. Claims and rivalries are dated facts of the case and
    stay as the tables have them. Source: row B21 (disputes that recur); settlements of 1996 and 1997 in document D4.

    Example:
        settlement: {between: [KGZ, TJK], year: 2025}
    """

    parameters = ("settlement.deviation",)
    writes = ("years_since_dispute", "shock_deviation")
    rows = ("B21",)

    def act(self, year: Year) -> None:
        """No dispute is recent any more, but for one that breaks out this year."""
        tie = year.ties.tie(*self.between)
        year.state.years_since_dispute[:, tie] = NEVER
        year.state.shock_deviation[:, tie] += year.p["settlement.deviation"][:, 0]
