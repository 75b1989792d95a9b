"""Unrest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.event import StatesEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Unrest(StatesEvent):
    """Stability falls where there is unrest and, by a share, beyond its land borders; policies there turn unsteady.

    Less stability means more disputes and more demand for security; unsteady policies deliver less.

    Source: row B11 of D0 (Kyrgyzstan 2020); sizes from falls of the stability index in known years of unrest, which
    are chosen with hindsight: judgement.

    Example:
        unrest: {states: [KGZ], start: 2027, end: 2028, severity: 1.0}
    """

    parameters = ("unrest.stability", "unrest.volatility", "unrest.spillover")
    writes = ("shock_stability", "shock_volatility")
    rows = ("B11",)

    def act(self, year: Year) -> None:
        """A neighbour takes the share of the worst unrest across its borders; who has unrest itself takes none."""
        state, ties, p = year.state, year.ties, year.p
        here = self.struck(year)
        across = np.zeros_like(here)
        np.maximum.at(across, ties.first, year.facts.border * here.take(ties.second))
        np.maximum.at(across, ties.second, year.facts.border * here.take(ties.first))
        across = np.where(here > 0.0, 0.0, across)
        state.shock_stability[:] -= p["unrest.stability"] * (here + p["unrest.spillover"] * across)
        state.shock_volatility[:] += p["unrest.volatility"] * here
