"""Health cooperation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sco_sim.components.policy import Programme

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class HealthCooperation(Programme):
    """Supplies, vaccines and shared experience ward off part of a pandemic, and may bring goodwill.

    Source: row A9 of documents D0 and D4; no size is published, and goodwill is centred on zero.

    Example:
        health_cooperation: {start: 2021}
    """

    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "institution"
    parameters = ("health_cooperation.shield", "health_cooperation.trust")
    writes = ("effect_shield_health", "effect_trust")
    rows = ("A9",)

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        self.ward_off(year, strength, "health")
        self.shift(year, strength, "trust")
