"""Base class of decision rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sco_sim.components.base import Component
from sco_sim.numerics.arrays import Array


@dataclass(frozen=True)
class Decision:
    """What a rule makes of the ambitions."""

    adopted: Array
    """Ambition that each state adopts, 0 where it adopts nothing, (world, state)."""
    passed: NDArray[np.bool_]
    """Whether the text passes, (world,)."""
    transfers: Array | None = None
    """Side payment that each state gets, in units of z, (world, state); None if the rule knows none."""
    payers: Array | None = None
    """Share of each state in these payments, sum 1, (world, state)."""


class Rule(Component):
    """How an organisation decides (equation 6)."""

    unanimous: ClassVar[bool] = False
    """Whether every voter has to accept; only then does the rival view of consensus apply (equation 7)."""

    def decide(
        self, ambition: Array, voters: Array, population: Array, gdp: Array, states: tuple[str, ...]
    ) -> Decision:
        """Ambitions, voters (0/1), population and GDP, each (world, state), and the codes, to what is adopted."""
        raise NotImplementedError

    def can_pass(self, members: Collection[str]) -> bool:
        """Whether some members could adopt anything, as they do if all of them accept it."""
        states = tuple(sorted(members))
        ones = np.ones((1, len(states)))
        return bool(self.decide(0.9 * ones, ones, ones, ones, states).passed[0])


def highest_level(ambition: Array, voters: Array, *demands: tuple[Array, float]) -> Array:
    """Equation 6: highest ambition that enough voters share, at least 0.5, else 0; shape (world,).

    Each demand is a weight (world, state) and the share of the voters' weight that those who accept must have.
    """
    # support[w, i, j]: does voter j accept the level that voter i asks for?
    support = (ambition[:, None, :] >= ambition[:, :, None]) * voters[:, None, :]
    enough = voters > 0.0
    for weight, share in demands:
        total = (weight * voters).sum(axis=1)[:, None]
        # the tolerance keeps a share like 0.55 of 20 states from failing by a rounding error
        enough = enough & ((support * weight[:, None, :]).sum(axis=2) >= (share - 1e-12) * total)
    level = np.where(enough, ambition, 0.0).max(axis=1)
    return np.where(level >= 0.5, level, 0.0)
