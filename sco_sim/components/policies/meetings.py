"""Summits and ministerial tracks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components.policy import Programme
from sco_sim.fields import Share

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Meetings(Programme):
    """Summits and ministerial tracks: talks may settle quarrels early and make agreement easier, or do nothing.

    Source: rows A3, A12, A14, C1 and C2 of documents D0, D3 and D4. Common organisations go with a third less risk of
    fatal disputes (Russett), but that is membership, not meetings: both effects are centred on zero.

    Example:
        meetings: {tracks: 5, instant_channels: 0.5, start: 2023}
    """

    tracks: int = Field(3, ge=1, le=100)
    """Tracks that meet every year besides the summit, such as ministers, parliaments, courts, security secretaries."""
    instant_channels: Share = 0.0
    """Share of the tracks with a channel for messages at any hour, which wards off shocks, 0 to 1."""
    cost_per_tie_musd: float = Field(0.1, ge=0.0)
    """Outlay per track, tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "political"
    depth: ClassVar[str] = "declaratory"
    parameters = ("meetings.hazard", "meetings.acceptance", "meetings.shield")
    writes = ("effect_hazard", "effect_acceptance", "effect_shield_channels")
    rows = ("A3", "A12", "A14", "C1", "C2")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        held = float(np.log1p(self.tracks))
        self.shift(year, strength * held, "hazard", "acceptance")
        self.ward_off(year, strength * self.instant_channels, "channels")

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every track costs the same, shape (world,)."""
        return super().outlay(year, strength * float(self.tracks))
