"""A shock from Afghanistan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.event import StatesEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class AfghanistanShock(StatesEvent):
    """A vacuum next door threatens the states named: they are less stable and want more security cooperation.

    The demand for security follows from equation 4, where the benefit of a security agreement falls with stability,
    plus a readiness of its own; terror from over the border is no unrest, so nothing spills over further.

    Source: row B7 of D4 (withdrawal of 2021); sizes are judgement.

    Example:
        afghanistan_shock: {states: [PAK, TJK, UZB], start: 2026, end: 2028, severity: 1.0}
    """

    parameters = ("afghanistan_shock.stability", "afghanistan_shock.acceptance")
    writes = ("shock_stability", "shock_acceptance")
    rows = ("B7",)

    def act(self, year: Year) -> None:
        """Stability goes down, readiness to agree may go up."""
        here = self.struck(year)
        year.state.shock_stability[:] -= year.p["afghanistan_shock.stability"] * here
        year.state.shock_acceptance[:] += year.p["afghanistan_shock.acceptance"] * here
