"""What gas pipelines can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.gas import PARAMETERS, READS, at_year_end, total
from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class EnergyCapacityBcm(Metric):
    """What the pipelines in service can carry in the year, those that policies have built too.

    A new line counts as far as it is filled. What quarrels, closed borders and sanctions stop is not in it.
    """

    unit = "bcm a year"
    better = "higher"
    channel = "energy"
    title = "Capacity of gas pipelines inside the group"
    parameters = PARAMETERS
    reads = ("energy", "effect_energy", *READS)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        rows, _, capacity = at_year_end(year)
        return total(year, rows, capacity)
