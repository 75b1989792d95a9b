"""Movement of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class PeopleIndex(Metric):
    """Airport pairs joined by a scheduled route, over all ties: the one measure of movement that covers every tie."""

    unit = "airport pairs"
    better = "higher"
    channel = "people"
    title = "People: airport pairs"
    reads = ("people",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        total: Array = year.count("people").sum(axis=1)
        return total
