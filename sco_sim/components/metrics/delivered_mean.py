"""Delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class DeliveredMean(Metric):
    """Mean over agreements tabled so far of what their participants have delivered."""

    unit = "0-1"
    better = "none"
    title = "Ambition delivered"
    reads = ("delivered", "member")

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        return year.over_tabled("delivered")
