"""Spread of trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class TrustSd(Metric):
    """Standard deviation of trust over ties."""

    unit = "share"
    better = "lower"
    title = "Spread of trust over ties"
    reads = ("trust_level",)
    evidence = "fitted"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        spread: Array = year.trust().std(axis=1)
        return spread
