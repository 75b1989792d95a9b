"""Dialogue of media, think tanks, mayors and business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from sco_sim.components.policy import Programme
from sco_sim.fields import once

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


Circle = Literal["think_tanks", "media", "mayors", "business"]


class MediaDialogue(Programme):
    """Think tanks, media, mayors and business talk on: they ward off part of what rumours and closed borders do.

    Source: rows B9, C4 and C14 of documents D0, D3 and D4; no size is published. What talk does to trust is centred on
    zero.

    Example:
        media_dialogue: {circles: [think_tanks, media], start: 2023, ramp_years: 2}
    """

    circles: Annotated[tuple[Circle, ...], Field(strict=False, min_length=1), AfterValidator(once)] = (
        "think_tanks", "media", "mayors", "business",
    )  # fmt: skip
    """Who meets: think_tanks, media, mayors, business; each adds a quarter."""
    cost_per_tie_musd: float = Field(0.5, ge=0.0)
    """Outlay per tie and year at full strength with all four circles, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "declaratory"
    parameters = ("media_dialogue.shield", "media_dialogue.trust")
    writes = ("effect_shield_talk", "effect_trust")
    rows = ("B9", "C4", "C14")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        share = strength * (len(self.circles) / 4.0)
        self.ward_off(year, share, "talk")
        self.shift(year, share, "trust")

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every circle costs the same, shape (world,)."""
        return super().outlay(year, strength * (len(self.circles) / 4.0))
