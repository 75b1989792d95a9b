"""Lost to non-delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class LostToDeliveryMean(Metric):
    """Ambition adopted but not delivered a year, mean over agreements tabled so far."""

    unit = "0-1"
    title = "Ambition lost to non-delivery"
    reads = ("lost_to_delivery",)
    rows = ("B17", "B18")

    def measure(self, year: Year) -> Array:
        """Equation 24, one number a world, shape (world,)."""
        return year.lost_a_year(year.state.lost_to_delivery)
