"""Ambition adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class AmbitionMean(Metric):
    """Mean over agreements tabled so far of the mean ambition their participants adopted; 0 where not adopted."""

    unit = "0-1"
    better = "none"
    title = "Ambition adopted"
    reads = ("adopted", "member")

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        return year.over_tabled("adopted")
