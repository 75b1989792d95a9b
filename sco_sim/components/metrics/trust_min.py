"""Lowest trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class TrustMin(Metric):
    """Trust of the worst tie, as the share of interactions that are cooperative."""

    unit = "share"
    better = "higher"
    title = "Trust, worst tie"
    reads = ("trust_level",)
    evidence = "fitted"
    channel = "trust"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        lowest: Array = year.trust().min(axis=1)
        return lowest
