"""GDP and population of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism, shared_normal

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Growth(Mechanism):
    """GDP follows the data while there are data, then a drawn growth rate with two yearly shocks (equation 1).

    One shock is to volume, the other to prices and the exchange rate; a share of each is common to all states. GDP by
    volume is kept beside GDP at market rates for what does not follow prices. Source:
    IMF and World Bank national accounts (calibration/PROVENANCE.md); rates are what the IMF projects, with the error of
    the record.
    """

    phase = "events"
    order = 60
    parameters = (
        "growth.mean.*", "growth.spread.*", "growth.prices.*", "growth.common_volume", "growth.common_prices",
        "council.memory",
    )  # fmt: skip
    streams = ("growth", "growth.common", "growth.prices", "growth.prices.common")
    reads = (
        "log_gdp", "log_volume", "shock_growth", "shock_stability", "shock_volatility", "effect_stability",
        "effect_capacity", "churn",
    )  # fmt: skip
    writes = (
        "log_gdp", "last_log_gdp", "log_volume", "last_log_volume", "log_population", "stability", "capacity",
        "volatility", "churn",
    )  # fmt: skip

    def step(self, year: Year) -> None:
        """Equations 1 and 21, with what others remember of a state that changes its policies."""
        state, facts, row = year.state, year.facts, year.index
        state.last_log_gdp[:], state.last_log_volume[:] = state.log_gdp, state.log_volume
        volume = year.per_state("growth.spread") * shared_normal(
            year, "growth", "state", year.p["growth.common_volume"]
        )
        prices = year.per_state("growth.prices") * shared_normal(
            year, "growth.prices", "state", year.p["growth.common_prices"]
        )
        mean, known, grown = year.per_state("growth.mean"), facts.log_gdp[row], facts.volume_growth[row]
        at_rates = state.log_gdp + mean + volume + prices + state.shock_growth
        state.log_gdp[:] = np.where(np.isnan(known), at_rates, known)
        # what is uncertain of the mean is the real exchange rate for the most part: volumes go on as they did
        trend = np.where(np.isnan(facts.volume_trend), mean, facts.volume_trend)
        state.log_volume[:] += np.where(np.isnan(grown), trend + volume + state.shock_growth, grown)
        state.log_population[:] = facts.log_population[row]
        state.stability[:] = facts.stability[row] + state.shock_stability + state.effect_stability
        state.capacity[:] = facts.capacity[row] + state.effect_capacity
        state.volatility[:] = np.maximum(facts.volatility[row] + state.shock_volatility, 0.0)
        more = np.maximum(state.volatility - facts.volatility[0], 0.0)
        state.churn[:] = more + (state.churn - more) * 0.5 ** (1.0 / year.p["council.memory"])
