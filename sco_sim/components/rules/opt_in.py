"""Opt-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from sco_sim.components.rule import Decision, Rule

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array


class OptIn(Rule):
    """Each willing state takes part at its own ambition; in force from a number of them on.

    Source: the wording 'interested member states' of the organisation's own documents (row B19 of D3).

    Example:
        opt_in: {minimum: 3}
    """

    minimum: int = Field(3, ge=2, le=100)
    """Smallest number of willing states that puts it in force."""

    rows = ("B19", "N3")

    def decide(
        self, ambition: Array, voters: Array, population: Array, gdp: Array, states: tuple[str, ...]
    ) -> Decision:
        """Equation 6: the accepting voters, each at its own ambition, if there are enough of them."""
        willing = np.where(ambition >= 0.5, voters, 0.0)
        passed = willing.sum(axis=1) >= self.minimum
        return Decision(np.where(passed[:, None], willing * ambition, 0.0), passed)
