"""Disputes that break out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism
from sco_sim.numerics.functions import expit
from sco_sim.world.facts import income_gap

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Disputes(Mechanism):
    """A dispute breaks out with a chance set by border, rivalry, recent disputes, instability and more (equation 2).

    Source: Correlates of War MID 5.0 onsets, ten members 1992-2014; income gaps: document D0; trade: Oneal and Russett.
    """

    phase = "events"
    order = 70
    parameters = (
        "dispute.base", "dispute.border", "dispute.rivalry", "dispute.recent", "dispute.instability", "dispute.trust",
        "dispute.income_gap", "dispute.trade", "dispute.prosperity", "growth.mean.*",
        "trade.gdp_elasticity", "trade.common_elasticity",
    )  # fmt: skip
    streams = ("disputes",)
    rows = ("B21", "P1")
    reads = (
        "dispute", "years_since_dispute", "stability", "trust_level", "effect_hazard", "effect_rivalry", "trade",
        "log_gdp", "log_volume", "log_population",
    )  # fmt: skip
    writes = ("dispute", "years_since_dispute")

    def step(self, year: Year) -> None:
        """Equation 2; dated disputes are already in `state.dispute`."""
        state, p, ties = year.state, year.p, year.ties
        weakest = np.minimum(state.stability.take(ties.first, axis=1), state.stability.take(ties.second, axis=1))
        logit = (
            p["dispute.base"]
            + p["dispute.border"] * year.facts.border
            + p["dispute.rivalry"] * year.rivalry()
            + p["dispute.recent"] * (state.years_since_dispute < 5.0)
            - p["dispute.instability"] * (weakest + 0.5)
        )
        logit += state.effect_hazard
        logit += p["dispute.income_gap"] * (income_gap(state, ties) - year.reference.income_gap)
        logit += p["dispute.trade"] * np.tanh(year.above("trade", lag=1))
        logit -= p["dispute.prosperity"] * year.shared_prosperity()
        if year.hazard_on_level:
            logit -= p["dispute.trust"] * (state.trust_level - year.reference.trust_level)
        breaks_out = year.uniform("disputes", "tie") < expit(logit)
        np.maximum(state.dispute, breaks_out, out=state.dispute)
        waited = np.minimum(state.years_since_dispute + 1.0, 99.0)
        state.years_since_dispute[:] = np.where(state.dispute > 0.0, 0.0, waited)
