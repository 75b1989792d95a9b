"""Direct investment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class InvestmentTotalBusd(Metric):
    """Direct investment of any state in any other.

    Bodies put one stock at heights that differ by a factor of ten, and most ties were never counted: read differences,
    not the level.
    """

    unit = "bn USD of 2015"
    better = "higher"
    channel = "investment"
    title = "Investment inside the group"
    reads = ("investment",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        total: Array = year.count("investment").sum(axis=1) / 1e3
        return total
