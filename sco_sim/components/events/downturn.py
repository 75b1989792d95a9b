"""An economic downturn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.event import StatesEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Downturn(StatesEvent):
    """Growth falls in the states named, and their trade falls by more than income alone explains.

    Source: rows B12, B24 of D0, D3 and D4; the sizes are
    judgement.

    Example:
        downturn: {states: all, start: 2027, end: 2028, severity: 1.0}
    """

    parameters = ("downturn.growth", "downturn.trade")
    writes = ("shock_growth", "shock_trade")
    rows = ("B12", "B24")

    def act(self, year: Year) -> None:
        """Equation 1 applies the loss of growth only where GDP is not yet known."""
        state, p, struck = year.state, year.p, self.struck(year)
        state.shock_growth[:] -= p["downturn.growth"] * struck
        state.shock_trade[:] -= p["downturn.trade"] * year.both(struck)
