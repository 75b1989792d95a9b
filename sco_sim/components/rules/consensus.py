"""Consensus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.rule import Decision, Rule

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array


class Consensus(Rule):
    """What the least willing voter accepts is adopted by all: the law of the least ambitious programme.

    Source: Underdal 1980; the organisation's charter (rows B1, B5 of D4 and D0).

    Example:
        consensus: {}
    """

    unanimous = True
    rows = ("B1", "B5", "N3")

    def decide(
        self, ambition: Array, voters: Array, population: Array, gdp: Array, states: tuple[str, ...]
    ) -> Decision:
        """Equation 6: the lowest ambition of the voters, if they all accept."""
        lowest = np.where(voters > 0.0, ambition, np.inf).min(axis=1)
        passed = (lowest >= 0.5) & np.isfinite(lowest)
        return Decision(np.where(passed, lowest, 0.0)[:, None] * voters, passed)
