"""Regulatory cooperation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from sco_sim.components.policy import Programme
from sco_sim.fields import once

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


Sector = Literal["e_commerce", "investment", "standards", "customs", "food", "green"]


class RegulatoryCooperation(Programme):
    """Shallow agreements sector by sector: little trade each, and easy to agree.

    Source: row C8 of documents D3 and D4, as the counterpart of tariff liberalisation; an agreement that removes
    uncertainty brings 6.5 % of exports (Carballo, Handley and Limao 2018): one sector is taken for a sixth of it.

    Example:
        regulatory_cooperation: {sectors: [e_commerce, standards, customs], start: 2023, ramp_years: 4}
    """

    sectors: Annotated[tuple[Sector, ...], Field(strict=False, min_length=1), AfterValidator(once)] = (
        "e_commerce", "investment", "standards",
    )  # fmt: skip
    """Sectors agreed on: e_commerce, investment, standards, customs, food, green; each counts the same for trade.

    That on investment moves direct investment, too.
    """
    cost_per_tie_musd: float = Field(0.3, ge=0.0)
    """Outlay per sector, tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "economy"
    depth: ClassVar[str] = "declaratory"
    parameters = ("regulatory_cooperation.trade", "regulatory_cooperation.investment")
    writes = ("effect_trade", "effect_investment")
    rows = ("C8", "B19")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        self.shift(year, strength * float(len(self.sectors)), "trade")
        if "investment" in self.sectors:
            self.shift(year, strength, "investment")

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every sector costs the same, shape (world,)."""
        return super().outlay(year, strength * float(len(self.sectors)))
