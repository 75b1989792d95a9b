"""A pandemic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.event import SpanEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Pandemic(SpanEvent):
    """Movement of people and students, and less so trade, falls on every tie while it lasts.

    Source: row A9 of D0 and D4; sizes are judgement (covid bans in the visa tables 2020-22 for the sign).

    Example:
        pandemic: {start: 2030, end: 2031, severity: 1.0}
    """

    warded_off_by = ("health", "channels")
    parameters = ("pandemic.people", "pandemic.students", "pandemic.trade")
    writes = ("shock_people", "shock_students", "shock_trade")
    rows = ("A9",)

    def act(self, year: Year) -> None:
        """The same on every tie."""
        state, p = year.state, year.p
        state.shock_people[:] -= self.severity * p["pandemic.people"]
        state.shock_students[:] -= self.severity * p["pandemic.students"]
        state.shock_trade[:] -= self.severity * p["pandemic.trade"]
