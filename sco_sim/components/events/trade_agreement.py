"""A trade agreement that took force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from sco_sim.components.event import TiesEvent
from sco_sim.fields import CalendarYear

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class TradeAgreement(TiesEvent):
    """A trade agreement outside the agenda is in force: trade rises in equal steps where no agreement was before.

    It is a fact that nobody in the scenario decides on; what the council may adopt is the policy
    `tariff_liberalisation`, whose size it shares. Source: rows C8 and B19 of document D3.

    Example:
        trade_agreement: {between: [BLR, IRN, KAZ, KGZ, RUS], start: 2025, end: 2040}
    """

    end: CalendarYear | None = None
    """Last year in which it is in force; open if left out."""
    ramp_years: int = Field(10, ge=1, le=50)
    """Years from the first to full effect; duties fall and firms follow by steps."""

    parameters = ("tariff_liberalisation.trade",)
    writes = ("shock_trade",)
    rows = ("C8", "B19")

    def years(self) -> tuple[int, int]:
        """From start to end, or for ever: it takes years to have its full effect."""
        return self.start, 9999 if self.end is None else self.end

    def act(self, year: Year) -> None:
        """On ties that the tables of the case give no agreement yet."""
        phased_in = min(1.0, (year.year - self.start + 1) / self.ramp_years)
        gains = self.struck(year) * (1.0 - year.facts.trade_agreement[year.index])
        year.state.shock_trade[:] += year.p["tariff_liberalisation.trade"] * (phased_in * gains)
