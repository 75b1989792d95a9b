"""Qualified majority."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from sco_sim.component import Decision, Rule

if TYPE_CHECKING:
    from sco_sim.state import Array


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

    def decide(self, ambition: Array, voters: Array, population: Array, gdp: Array) -> Decision:
        """Equation 6: the highest ambition that the required shares reach, if it is at least 0.5."""
        people = population * voters
        # support[w, i, j]: does voter j accept the level that voter i asks for?
        support = (ambition[:, None, :] >= ambition[:, :, None]) * voters[:, None, :]
        votes = voters.sum(axis=1)[:, None]
        total = people.sum(axis=1)[:, None]
        # the tolerance keeps a share like 0.55 of 20 states from failing by a rounding error
        enough = (support.sum(axis=2) >= self.states * votes - 1e-9) & (
            (support * people[:, None, :]).sum(axis=2) >= (self.population - 1e-12) * total
        )
        level = np.where(enough & (voters > 0.0), ambition, 0.0).max(axis=1)
        passed = level >= 0.5
        return Decision(np.where(passed, level, 0.0)[:, None] * voters, passed)
