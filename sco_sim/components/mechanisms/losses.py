"""What is lost between the proposal and the effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism

if TYPE_CHECKING:
    from sco_sim.world.year import Year

HALF = 0.5
"""Share of what was adopted from which on an agreement is dated as delivered (a definition)."""


class Losses(Mechanism):
    """Accounts for ambition lost to veto and to non-delivery, agreement by agreement (equation 24).

    It also dates the delivery of half of what was adopted.

    Source: rows B1 and B18 of documents D4 and D3: signed is not delivered.
    """

    phase = "record"
    order = 20
    reads = ("adopted", "delivered", "delivered_year", "member")
    writes = ("lost_to_veto", "lost_to_delivery", "delivered_year")
    rows = ("B1", "B18")

    def step(self, year: Year) -> None:
        """Equation 24, for agreements in force or on the table."""
        state, adopted, delivered = year.state, year.over_participants("adopted"), year.over_participants("delivered")
        for column, policy in enumerate(year.agreements):
            if year.index == 0 or not year.is_tabled(policy) or (policy.end is not None and year.year > policy.end):
                continue
            state.lost_to_veto[:, column] += 1.0 - adopted[:, column]
            half = (adopted[:, column] > 0.0) & (delivered[:, column] >= HALF * adopted[:, column])
            state.delivered_year[np.isnan(state.delivered_year[:, column]) & half, column] = year.year
            state.lost_to_delivery[:, column] += np.maximum(adopted - delivered, 0.0)[:, column]
