"""GDP and population of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Growth(Mechanism):
    """GDP follows the data while there are data, then a drawn growth rate with two yearly shocks (equation 1).

    One shock is to volume, the other to prices and the exchange rate. Source: IMF and World Bank national accounts
    (calibration/PROVENANCE.md); rates are what the IMF projects, with the error of the record.
    """

    phase = "events"
    order = 60
    parameters = ("growth.mean.*", "growth.spread.*", "growth.prices.*")
    streams = ("growth", "growth.prices")
    reads = (
        "log_gdp", "shock_growth", "shock_stability", "shock_volatility", "effect_stability", "effect_capacity",
    )  # fmt: skip
    writes = ("log_gdp", "last_log_gdp", "log_population", "stability", "capacity", "volatility")

    def step(self, year: Year) -> None:
        """Equations 1 and 21."""
        state, facts, row = year.state, year.facts, year.index
        state.last_log_gdp[:] = state.log_gdp
        volume = year.per_state("growth.spread") * year.normal("growth", "state")
        prices = year.per_state("growth.prices") * year.normal("growth.prices", "state")
        drawn = state.log_gdp + year.per_state("growth.mean") + volume + prices
        known = facts.log_gdp[row]
        state.log_gdp[:] = np.where(np.isnan(known), drawn + state.shock_growth, known)
        state.log_population[:] = facts.log_population[row]
        state.stability[:] = facts.stability[row] + state.shock_stability + state.effect_stability
        state.capacity[:] = facts.capacity[row] + state.effect_capacity
        state.volatility[:] = np.maximum(facts.volatility[row] + state.shock_volatility, 0.0)
