"""Contribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ContributionMusd(Metric):
    """Share of each state in the outlays so far by the key of the budget; by GDP of the members if there is none."""

    unit = "million USD of 2015"
    better = "lower"
    axis = "state"
    title = "Contribution so far"
    reads = ("cost", "log_gdp", "member")
    rows = ("A15", "C9")

    def measure(self, year: Year) -> Array:
        """One number a state, by this year's shares, shape (world, state)."""
        paid: Array = year.state.cost[:, None] * year.cost_shares()
        return paid
