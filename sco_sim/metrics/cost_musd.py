"""Cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.component import Metric

if TYPE_CHECKING:
    from sco_sim.state import Array
    from sco_sim.year import Year


class CostMusd(Metric):
    """Outlays of all policies so far."""

    unit = "million USD of 2015"
    better = "lower"
    title = "Cost so far"
    reads = ("cost",)

    def measure(self, year: Year) -> Array:
        """One number a world."""
        return year.state.cost.copy()
