"""From states to ties and back: helpers on the graph of possible ties."""

from __future__ import annotations

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.world.ties import Ties


class Ends:
    """Part of `Year`: values of the two ends of every tie, and of the ties of every state."""

    ties: Ties
    _ends: dict[tuple[str, ...], Array]

    def both(self, per_state: Array) -> Array:
        """Sum over the two ends of every tie: (..., state) to shape (..., tie)."""
        out: Array = per_state.take(self.ties.first, axis=-1) + per_state.take(self.ties.second, axis=-1)
        return out

    def between(self, per_tie: Array) -> Array:
        """Values of ties as symmetric matrices with a zero diagonal: (..., tie) to shape (..., state, state)."""
        out: Array = per_tie.take(self.ties.matrix, axis=-1)
        out *= self.ties.apart
        return out

    def weaker(self, per_state: Array) -> Array:
        """The lower value of the two ends of every tie: (..., state) to shape (..., tie)."""
        out: Array = np.minimum(per_state.take(self.ties.first, axis=-1), per_state.take(self.ties.second, axis=-1))
        return out

    def of_states(self, strength: Array) -> Array:
        """Strength of a policy on each state: the largest over its ties, (world, tie) -> (world, state)."""
        first, *others = self.ties.of_state.T
        out: Array = strength.take(first, axis=1)
        for column in others:  # column by column: `max` over a short axis takes four times as long
            np.maximum(out, strength.take(column, axis=1), out=out)
        return out

    def ends(self, states: tuple[str, ...]) -> Array:
        """How many ends of each tie are among the states named (0, 1 or 2), shape (tie,)."""
        if states not in self._ends:
            self._ends[states] = self.both(np.array([iso in states for iso in self.ties.states], dtype=float))
        return self._ends[states].copy()

    def across(self, some: tuple[str, ...], others: tuple[str, ...]) -> Array:
        """1 for the ties that join a state of the one group to a state of the other, shape (tie,)."""
        far, either = self.ends(others) >= 1.0, self.ends(tuple({*some, *others})) == 2.0
        joins: Array = 1.0 * ((self.ends(some) >= 1.0) & far & either)
        return joins
