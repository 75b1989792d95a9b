"""Consensus without the least willing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from sco_sim.components.rule import Decision, Rule

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array


class ConsensusMinus(Rule):
    """The least willing voters stand aside; what the next one accepts is adopted by all the others.

    They stand aside whether or not they would accept: the text is neither blocked nor diluted by them, and they are
    not bound by it.

    Source: 'consensus minus one' of the OSCE's Prague document of 1992 as a counter-case (row B1 of D4).

    Example:
        consensus_minus: {k: 1}
    """

    k: int = Field(1, ge=1, le=100)
    """Number of voters that are left out."""

    rows = ("B1",)

    def decide(
        self, ambition: Array, voters: Array, population: Array, gdp: Array, states: tuple[str, ...]
    ) -> Decision:
        """Equation 6: the lowest ambition but for the k lowest, ties leaving out the first codes."""
        wish = np.where(voters > 0.0, ambition, np.inf)
        order = np.argsort(wish, axis=1, kind="stable")
        left_out = np.zeros_like(voters)
        np.put_along_axis(left_out, order[:, : self.k], 1.0, axis=1)
        lowest = np.where(left_out > 0.0, np.inf, wish).min(axis=1)
        passed = (lowest >= 0.5) & np.isfinite(lowest)
        level = np.where(passed, lowest, 0.0)[:, None]
        return Decision(level * voters * (1.0 - left_out), passed)
