"""Worst conflict share as observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.trust_metric import ObservedConflictShare

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ConflictShareObservedMax(ObservedConflictShare):
    """Conflict share that an observer of the year would see on the worst tie of that year."""

    title = "Conflict share, worst tie"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        share: Array = self.shares(year).max(axis=1)
        return share
