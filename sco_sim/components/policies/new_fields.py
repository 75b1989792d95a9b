"""New fields of cooperation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from sco_sim.components.policy import Programme
from sco_sim.fields import once

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


Matter = Literal["ai", "green_economy", "energy", "cyber_norms", "food_security", "water"]


class NewFields(Programme):
    """New matters with few old conflicts: easily agreed, each with a little capacity and trust to win or lose.

    Source: rows C19 and P6 of documents D2, D3 and D4; no size is published, both effects are centred on zero.

    Example:
        new_fields: {fields: [ai, green_economy], start: 2023}
    """

    fields: Annotated[tuple[Matter, ...], Field(strict=False, min_length=1), AfterValidator(once)] = (
        "ai", "green_economy",
    )  # fmt: skip
    """Matters taken up: ai, green_economy, energy, cyber_norms, food_security, water; each counts the same."""
    cost_per_tie_musd: float = Field(0.5, ge=0.0)
    """Outlay per matter, tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "environment"
    depth: ClassVar[str] = "declaratory"
    parameters = ("new_fields.capacity", "new_fields.trust")
    writes = ("effect_capacity", "effect_trust")
    rows = ("C19", "P6")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        self.shift(year, strength * float(len(self.fields)), "capacity", "trust")

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every matter costs the same, shape (world,)."""
        return super().outlay(year, strength * float(len(self.fields)))
