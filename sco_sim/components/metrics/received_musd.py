"""Payments received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ReceivedMusd(Metric):
    """What funds and leaders have paid to each state so far."""

    unit = "million USD of 2015"
    better = "higher"
    axis = "state"
    title = "Received so far"
    reads = ("received",)
    rows = ("B2", "C9")

    def measure(self, year: Year) -> Array:
        """One number a state, shape (world, state)."""
        return year.state.received.copy()
