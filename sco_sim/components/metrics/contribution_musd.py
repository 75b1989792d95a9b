"""Contribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ContributionMusd(Metric):
    """What each state has paid so far: its share in outlays, side payments, what it lends and what it pays back.

    What comes back to a lender is taken off.
    """

    unit = "million USD of 2015"
    better = "lower"
    axis = "state"
    title = "Contribution so far"
    reads = ("paid",)
    rows = ("A15", "C9")

    def measure(self, year: Year) -> Array:
        """One number a state, shape (world, state)."""
        return year.state.paid.copy()
