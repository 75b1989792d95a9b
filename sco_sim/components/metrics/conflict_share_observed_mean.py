"""Mean conflict share as observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.trust_metric import ObservedConflictShare

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ConflictShareObservedMean(ObservedConflictShare):
    """Mean over ties of the conflict share that an observer of the year would see."""

    title = "Conflict share, mean over ties"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        share: Array = self.shares(year).mean(axis=1)
        return share
