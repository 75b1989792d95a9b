"""Support of implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sco_sim.components.policy import Programme

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ImplementationSupport(Programme):
    """A secretariat that monitors and helps: more of what is agreed gets done.

    Source: rows A4, B17 and B18 of documents D0, D3 and D4; no size is published.

    Example:
        implementation_support: {start: 2023, ramp_years: 2}
    """

    cost_per_tie_musd: float = Field(0.3, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "political"
    depth: ClassVar[str] = "institution"
    parameters = ("implementation_support.capacity", "implementation_support.delivery")
    writes = ("effect_capacity", "effect_delivery")
    rows = ("A4", "B17", "B18")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        self.shift(year, strength, "capacity")
        self.shift(year, strength, "delivery")
