"""Worst conflict share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.trust_metric import ConflictShare

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ConflictShareMax(ConflictShare):
    """Conflict share of the worst tie, from the level of trust."""

    title = "Lasting conflict share, worst tie"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        share: Array = self.shares(year).max(axis=1)
        return share
