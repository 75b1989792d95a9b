"""Policy reversals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.event import StatesEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class PolicyVolatility(StatesEvent):
    """Policies are reversed or rewritten: volatility rises, and what was signed is delivered more slowly.

    Source: rows B12 and C22 of D0 (Tajikistan's reversals; every rewriting of a national strategy); the size is that
    of a large yearly rise of the World Uncertainty Index, the choice of such a rise is judgement.

    Example:
        policy_volatility: {states: [TJK, UZB], start: 2026, end: 2029, severity: 1.0}
    """

    parameters = ("policy_volatility.volatility",)
    writes = ("shock_volatility",)
    rows = ("B12", "C22", "N6")

    def act(self, year: Year) -> None:
        """Equation 21 adds it to the datum, equation 8 slows delivery."""
        year.state.shock_volatility[:] += year.p["policy_volatility.volatility"] * self.struck(year)
