"""Settled borders and claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint
from sco_sim.components.policy import Programme
from sco_sim.fields import Codes

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class BorderSettlement(Programme):
    """States settle their borders and claims with each other: what is carried out of it is open no longer.

    A claim that is settled does not stand against a corridor any more, and a share of a strategic rivalry ends with it.
    Rivalries outlive borders (India and China, whose claims are many), so that share may be nothing. Who settles
    decides. Precedents: China with its four neighbours of 1996 and 1997, Kyrgyzstan with Tajikistan in 2025. Source:
    row A1 of document D4; settled borders see fewer disputes (Owsiak 2012), of which no size is taken over.

    Example:
        border_settlement: {participants: [KGZ, TJK], start: 2025, ramp_years: 5}
    """

    participants: Codes
    """Two or more states that settle what is open between each two of them."""
    decided_by: Literal["council", "participants", "given"] = "participants"
    """Who decides: the council by its rule, the participants by consensus, or nobody (it is given)."""
    ramp_years: int = Field(5, ge=1, le=50)
    """Years from adoption to full effect: a line is drawn on the ground after it is drawn on the map."""
    cost_per_tie_musd: float = Field(2.0, ge=0.0)
    """Outlay per tie and year at full strength, for demarcation, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "political"
    depth: ClassVar[str] = "deep"
    parameters = ("border_settlement.rivalry", "border_settlement.hazard")
    writes = ("effect_claims", "effect_rivalry", "effect_hazard")
    rows = ("A1", "N2")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """One state alone; unknown states."""
        yield from super().complaints(catalog, states)
        if len(set(self.participants)) < 2:
            yield Complaint(("participants",), "a border has two sides", "name two or more states")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        year.state.effect_claims[:] += strength
        self.shift(year, strength, "rivalry", "hazard")
