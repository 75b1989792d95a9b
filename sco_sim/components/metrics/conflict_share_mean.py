"""Mean conflict share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.trust_metric import ConflictShare

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ConflictShareMean(ConflictShare):
    """Mean over ties of the share of interactions that are conflictual, from the level of trust."""

    title = "Lasting conflict share, mean over ties"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        share: Array = self.shares(year).mean(axis=1)
        return share
