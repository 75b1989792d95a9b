"""Trade facilitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components.policy import Programme
from sco_sim.numerics.functions import expit

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class TradeFacilitation(Programme):
    """Digital customs cut the time at borders, as far as the weaker end's capacity lets them.

    Source: rows C8 and B26 of documents D3 and D4; 10 % less border time, 1.41 % more trade (Kim and Mariano 2020).

    Example:
        trade_facilitation: {border_time_cut: 0.3, start: 2023, ramp_years: 5}
    """

    border_time_cut: float = Field(0.3, ge=0.0, le=0.9)
    """Share of the time at the border that is to be saved where both ends are fully capable."""
    cost_per_tie_musd: float = Field(2.0, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    doses = ("border_time_cut",)
    field: ClassVar[str] = "economy"
    depth: ClassVar[str] = "binding"
    parameters = ("trade_facilitation.trade",)
    reads = ("capacity",)
    writes = ("effect_trade",)
    rows = ("C8", "B26")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        achieved = self.border_time_cut * expit(year.weaker(year.state.capacity))
        self.shift(year, strength * -np.log1p(-achieved), "trade")
