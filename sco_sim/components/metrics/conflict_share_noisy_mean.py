"""Mean conflict share with passing noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.trust_metric import ConflictShare
from sco_sim.numerics.functions import expit

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ConflictShareNoisyMean(ConflictShare):
    """Mean conflict share as it would be observed: the passing deviation is in, and its spread shifts the mean up."""

    title = "Conflict share with passing noise"
    reads = ("trust_level", "trust_deviation")

    def shares(self, year: Year) -> Array:
        """Share of conflict of each tie, with the passing deviation, shape (world, tie)."""
        return expit(-(year.state.trust_level + year.state.trust_deviation))

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        share: Array = self.shares(year).mean(axis=1)
        return share
