"""Mean conflict share with passing noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric
from sco_sim.numerics.functions import expit

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ConflictShareNoisyMean(Metric):
    """Mean conflict share as it would be observed: the passing deviation is in, and its spread shifts the mean up."""

    unit = "share"
    better = "lower"
    sign = -1
    title = "Conflict share with passing noise"
    reads = ("trust_level", "trust_deviation")
    evidence = "hindcast"
    channel = "trust"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        state = year.state
        share: Array = expit(-(state.trust_level + state.trust_deviation)).mean(axis=1)
        return share
