"""Migrants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class MigrantsTotal(Metric):
    """People of any state who live in any other.

    Two editions of the stocks differ by a factor of two on the largest ties: read differences, not the level. More of
    them is neither better nor worse: it may be free movement or flight.
    """

    unit = "persons"
    better = "none"
    channel = "migrants"
    title = "Migrants inside the group"
    reads = ("migrants",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        total: Array = year.count("migrants").sum(axis=1)
        return total
