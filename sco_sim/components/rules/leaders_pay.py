"""Leaders pay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.rule import Decision, Rule
from sco_sim.fields import Codes

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array


class LeadersPay(Rule):
    """Where all leaders accept, side payments lift unwilling followers to acceptance; the lowest ambition is adopted.

    Payments have a limit for each follower and are charged to the leaders by their GDP; a leader is not paid, and a
    leader that refuses, or no leader at the table, stops the text.

    Source: rows B2 and B4 of D4 (the pattern of two leaders, and the triangle after 2017) and A15 (weight without
    votes); the limit is the user's.

    Example:
        leaders_pay: {leaders: [CHN, RUS], most: 0.5}
    """

    leaders: Codes
    """States that lead; those of them that vote must all accept."""
    most: float = Field(0.5, ge=0.0, le=10.0)
    """Most that one follower is lifted by, in units of z (equation 5)."""

    rows = ("A15", "B2", "B4")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown leaders."""
        yield from unknown_states(self.leaders, catalog, states, "leaders")

    def decide(
        self, ambition: Array, voters: Array, population: Array, gdp: Array, states: tuple[str, ...]
    ) -> Decision:
        """Equation 6: z short of acceptance is bought, within the limit, and what is bought accepts at 0.5."""
        leads = np.array([float(iso in self.leaders) for iso in states]) * voters
        refuses = (ambition < 0.5) * voters
        led = (leads.sum(axis=1) > 0.0) & ((leads * refuses).sum(axis=1) == 0.0)
        low = np.clip(ambition, 1e-300, 0.5)
        short = 0.5 * (np.log1p(-low) - np.log(low)) * refuses
        passed = led & (short <= self.most).all(axis=1)
        lifted = np.where(voters > 0.0, np.maximum(ambition, 0.5), np.inf).min(axis=1)
        level = np.where(passed, lifted, 0.0)
        paid, weight = np.where(passed[:, None], short, 0.0), leads * gdp
        whole = weight.sum(axis=1, keepdims=True)
        payers = np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0.0)
        return Decision(level[:, None] * voters, passed, paid, payers)
