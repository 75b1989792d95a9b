"""Qualified majority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from sco_sim.components.rule import Decision, Rule, highest_level

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array


class QualifiedMajority(Rule):
    """The strongest text that enough states with enough people accept binds all.

    Source: the double majority of the EU Council as a counter-case (row P9 of D0). With 65 % of the people, China and
    India can each block.

    Example:
        qualified_majority: {states: 0.55, population: 0.65}
    """

    states: float = Field(0.55, gt=0.0, le=1.0)
    """Share of the voting states that must accept."""
    population: float = Field(0.65, ge=0.0, le=1.0)
    """Share of their people that the accepting states must have."""

    rows = ("P9",)

    def decide(
        self, ambition: Array, voters: Array, population: Array, gdp: Array, states: tuple[str, ...]
    ) -> Decision:
        """Equation 6: the highest ambition that the required shares reach, if it is at least 0.5."""
        level = highest_level(ambition, voters, (voters, self.states), (population, self.population))
        return Decision(level[:, None] * voters, level > 0.0)
