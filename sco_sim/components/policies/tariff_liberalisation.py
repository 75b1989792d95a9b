"""Tariff liberalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sco_sim.components.policy import Programme

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class TariffLiberalisation(Programme):
    """A free trade area: much trade after ten years where no agreement is in force yet, and hard to agree.

    Source: rows C8 and B19 of document D3; trade doubles in ten years (Baier and Bergstrand 2007), a mean of 0.36 to
    0.59 log points (Head and Mayer 2014).

    Example:
        tariff_liberalisation: {start: 2023, ramp_years: 10}
    """

    ramp_years: int = Field(10, ge=1, le=50)
    """Years from adoption to full effect."""
    cost_per_tie_musd: float = Field(0.5, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement); duties forgone are no outlay."""

    field: ClassVar[str] = "economy"
    depth: ClassVar[str] = "deep"
    parameters = ("tariff_liberalisation.trade",)
    writes = ("effect_trade",)
    rows = ("C8", "B19")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        self.shift(year, strength * (1.0 - year.facts.trade_agreement[year.index]), "trade")
