"""Cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CostMusd(Metric):
    """Outlays of all policies so far."""

    unit = "million USD of 2015"
    better = "lower"
    title = "Cost so far"
    reads = ("cost",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        return year.state.cost.copy()
