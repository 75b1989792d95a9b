"""Alignment of national strategies."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sco_sim.components.policy import Programme

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class StrategyAlignment(Programme):
    """National strategies are made to fit each other: less is done twice, more of what is agreed gets done.

    Name the states whose plans are aligned as participants (say the Belt and Road with the Eurasian union, Act East,
    Bright Path and New Uzbekistan). Only lasting commitment counts: it builds up over its ramp.
    Source: rows C5, C22 and B16 of document D0; no size is published.

    Example:
        strategy_alignment: {participants: [CHN, IND, KAZ, RUS, UZB], start: 2023, decided_by: participants}
    """

    ramp_years: int = Field(5, ge=1, le=50)
    """Years from adoption to full effect."""
    cost_per_tie_musd: float = Field(0.2, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "economy"
    depth: ClassVar[str] = "declaratory"
    parameters = ("strategy_alignment.capacity",)
    writes = ("effect_capacity",)
    rows = ("B16", "C5", "C22")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        self.shift(year, strength, "capacity")
