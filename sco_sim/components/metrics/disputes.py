"""Disputes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Disputes(Metric):
    """Ties with a dispute that broke out in the year."""

    unit = "a year"
    better = "lower"
    evidence = "fitted"
    title = "Disputes in the year"
    reads = ("dispute",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        number: Array = (year.state.dispute > 0.0).sum(axis=1).astype(float)
        return number
