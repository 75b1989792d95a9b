"""Weighted voting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from sco_sim.components.rule import Decision, Rule, highest_level

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array


class Weighted(Rule):
    """The strongest text that voters with enough of the weight accept binds all.

    Source: quotas in the Bretton Woods institutions as a counter-case to equal votes (row A15 of D4 and D0: weight
    without votes). By GDP and 65 %, China alone decides in the shipped case (three quarters of the GDP of the members).

    Example:
        weighted: {by: gdp, share: 0.65}
    """

    by: Literal["gdp", "population"] = "gdp"
    """What gives a vote its weight."""
    share: float = Field(0.65, gt=0.0, le=1.0)
    """Share of the voters' weight that must accept."""

    rows = ("A15",)

    def decide(
        self, ambition: Array, voters: Array, population: Array, gdp: Array, states: tuple[str, ...]
    ) -> Decision:
        """Equation 6: the highest ambition that the required share reaches, if it is at least 0.5."""
        weight = gdp if self.by == "gdp" else population
        level = highest_level(ambition, voters, (weight, self.share))
        return Decision(level[:, None] * voters, level > 0.0)
