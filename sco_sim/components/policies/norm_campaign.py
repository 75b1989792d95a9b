"""A campaign for shared norms."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sco_sim.components.policy import Programme

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class NormCampaign(Programme):
    """A shared norm, such as consultation before acting alone: it grows slowly and fades slowly, if it does anything.

    Source: rows A2, C18 and P8 of documents D0, D1 and D4 (the Shanghai Spirit); no size is published, both effects are
    centred on zero.

    Example:
        norm_campaign: {start: 2027, end: 2032}
    """

    ramp_years: int = Field(10, ge=1, le=50)
    """Years from adoption to full effect."""
    cost_per_tie_musd: float = Field(0.1, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "political"
    depth: ClassVar[str] = "declaratory"
    parameters = ("norm_campaign.hazard", "norm_campaign.acceptance", "norm_campaign.persistence")
    writes = ("effect_hazard", "effect_acceptance")
    rows = ("A2", "C18", "P8")

    def fade(self, year: Year) -> Array:
        """A norm outlives its campaign, shape (world, 1)."""
        return 1.0 - year.p["norm_campaign.persistence"]

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        self.shift(year, strength, "hazard", "acceptance")
