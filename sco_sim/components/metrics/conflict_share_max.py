"""Worst conflict share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric
from sco_sim.numerics.functions import expit

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ConflictShareMax(Metric):
    """Conflict share of the worst tie, from the level of trust."""

    unit = "share"
    better = "lower"
    sign = -1
    title = "Conflict share, worst tie"
    reads = ("trust_level",)
    evidence = "hindcast"
    channel = "trust"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        share: Array = expit(-year.state.trust_level).max(axis=1)
        return share
