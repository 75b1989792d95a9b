"""Misinformation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.event import TiesEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Misinformation(TiesEvent):
    """Rumours push trust down at once and pull at its level; open borders, where people know each other, resist them.

    Media and think tanks ward part of it off through the shield of equation 20.

    Source: row B9 of D0 (online rumours, prejudice among the young); no study measures the sizes: judgement.

    Example:
        misinformation: {between: [CHN, KAZ, KGZ], start: 2026, end: 2028, severity: 1.0}
    """

    warded_off_by = ("talk",)
    parameters = ("misinformation.deviation", "misinformation.trust", "misinformation.openness")
    writes = ("shock_deviation", "shock_trust")
    rows = ("B9",)

    def act(self, year: Year) -> None:
        """Weaker on a tie the more open its borders are."""
        state, p = year.state, year.p
        believed = self.struck(year) * (1.0 - p["misinformation.openness"] * year.facts.openness[year.index])
        state.shock_deviation[:] += p["misinformation.deviation"] * believed
        state.shock_trust[:] += p["misinformation.trust"] * believed
