"""Ties with trust below 0.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class TiesBelow050(Metric):
    """Number of ties whose trust is below 0.5."""

    unit = "ties"
    better = "lower"
    sign = -1
    title = "Ties with trust below 0.5"
    reads = ("trust_level",)
    evidence = "fitted"
    channel = "trust"

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        number: Array = (year.trust() < 0.5).sum(axis=1).astype(float)
        return number
