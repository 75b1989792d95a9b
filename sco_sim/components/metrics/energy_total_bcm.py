"""Gas by pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class EnergyTotalBcm(Metric):
    """Natural gas that goes through pipelines from any state to any other.

    Oil, liquid gas and electricity are not in it, and gas that only passes through a state counts for its two ends.
    """

    unit = "bcm a year"
    better = "higher"
    channel = "energy"
    title = "Pipeline gas inside the group"
    reads = ("energy",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        total: Array = year.count("energy").sum(axis=1)
        return total
