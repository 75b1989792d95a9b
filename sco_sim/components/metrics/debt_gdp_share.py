"""Debt from loans of the organisation's projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class DebtGdpShare(Metric):
    """What each state still owes on the loans of projects, over its GDP of the year."""

    unit = "per cent of GDP"
    better = "lower"
    axis = "state"
    title = "Debt from projects"
    reads = ("owed", "adopted", "member", "log_gdp")
    rows = ("C9",)

    def measure(self, year: Year) -> Array:
        """One number a state, shape (world, state)."""
        debt = np.zeros_like(year.state.paid)
        for index, policy in enumerate(year.agreements):
            if year.state.owed[:, index].any():
                debt += year.state.owed[:, index, None] * year.cost_shares(policy)
        share: Array = 100.0 * debt * 1e6 / np.exp(year.state.log_gdp)
        return share
