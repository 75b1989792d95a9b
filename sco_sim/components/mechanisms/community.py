"""Sense of community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Community(Mechanism):
    """Sense of community restates trust with members, participation and delivery with constant divisors (equation 19).

    Rivalry of the leaders may take off it; that term is off unless a scenario gives `community.leader_rivalry` a range.

    Source: document D4 for the idea; it has no observation of its own and is no finding. Row B4 of D4 for the rivalry.
    """

    phase = "record"
    order = 10
    parameters = ("community.leader_rivalry",)
    reads = ("trust_level", "member", "adopted", "delivered")
    writes = ("community",)
    rows = ("A13", "B4", "P4")

    def step(self, year: Year) -> None:
        """Equation 19."""
        trust, participation, delivery = year.community_parts()
        parts, weight = (trust + participation + delivery) / 3.0, year.p["community.leader_rivalry"]
        if weight.any():
            parts -= weight * (1.0 - year.concert()[:, None])
        np.clip(parts, 0.0, 1.0, out=year.state.community)
