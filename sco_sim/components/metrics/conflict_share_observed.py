"""Conflict share by tie as observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.trust_metric import ObservedConflictShare

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ConflictShareObserved(ObservedConflictShare):
    """Conflict share of each tie that an observer of the year would see."""

    axis = "tie"
    title = "Conflict share"

    def measure(self, year: Year) -> Array:
        """One number a tie, shape (world, tie)."""
        return self.shares(year)
