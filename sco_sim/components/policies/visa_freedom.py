"""Freedom of travel without visas."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sco_sim.components.policy import Programme
from sco_sim.fields import Share

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class VisaFreedom(Programme):
    """Visas are eased or dropped both ways: travel gains what the requirement kept away, and trade some.

    How many live abroad may rise or fall: a requirement keeps out those who would come, and keeps in those who would go
    home and come back (Czaika and de Haas 2017).

    Source: rows C10 and N7 of documents D0, D3 and D4; Neumayer 2010 and 2011, Czaika and Neumayer 2017: a
    requirement keeps away 20 to 63 % of travel, and trade is a fifth lower one way and 28 % both ways, less in later
    panels, and direct investment a quarter lower (Neumayer 2011).

    Example:
        visa_freedom: {openness: 1.0, start: 2027, ramp_years: 2}
    """

    openness: Share = 1.0
    """Openness of both ends at full strength: 1 visa-free, 0.75 on arrival, 0.5 by e-visa; what is more stays."""

    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "binding"
    parameters = ("visas.floor", "visa_freedom.trade", "visa_freedom.migrants", "visa_freedom.investment")
    writes = ("effect_people", "effect_trade", "effect_migrants", "effect_investment")
    rows = ("C10", "N7")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        now = year.facts.openness[year.index]
        opened = strength * np.maximum(self.openness - now, 0.0)
        floor = year.p["visas.floor"]
        year.state.effect_people[:] += np.log1p((1.0 - floor) * opened / year.travel())
        self.shift(year, opened, "trade", "migrants", "investment")
