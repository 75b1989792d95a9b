"""Third parties to a quarrel: how near they stand to a side, and whether they are drawn in (equation 29)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.world.ends import Ends
from sco_sim.world.facts import Facts
from sco_sim.world.state import State

View = Literal["none", "balance", "bloc"]


class ThirdParties(Ends):
    """Part of `Year`: what a quarrel between two states is to the others."""

    state: State
    facts: Facts
    third_parties: View

    @property
    def index(self) -> int:
        """Years since the start of the horizon."""
        raise NotImplementedError

    def _quarrels(self) -> Array:
        """What is left of quarrels between each two states, 0-1, shape (world, state, state)."""
        return self.between(np.maximum(self.state.spat, self.state.war))

    def _through(self, quarrels: Array, near: Array) -> Array:
        """Largest quarrel of one end with a state that is near the other end, shape (world, tie).

        `quarrels` is (world, state, state), `near` (state, state) 0/1 with a zero diagonal.
        """
        of_state = np.ascontiguousarray(quarrels.T)  # worlds last: whole rows of worlds are compared at once
        with_near = np.array([of_state[beside > 0.0].max(axis=0, initial=0.0) for beside in near])
        either = np.maximum(with_near, with_near.transpose(1, 0, 2))
        return np.ascontiguousarray(either[self.ties.first, self.ties.second].T)

    def mistrust_around(self) -> Array:
        """Largest quarrel of one end with a neighbour or an ally of the other end, 0-1, shape (world, tie)."""
        agreement = self.facts.trade_agreement[self.index]
        return self._through(self._quarrels(), self.between(np.maximum(self.facts.border, agreement)))

    def taking_sides(self) -> Array:
        """How far third parties take a side, 0-1, shape (world, tie): by alliance, against the stronger, or not.

        In a bloc the allies of one side, by trade agreements, are at odds with the other side, unless they are allied
        with both. In a balance the neighbours of the stronger side, by GDP, are at odds with it.
        """
        if self.third_parties == "bloc":
            agreement = self.facts.trade_agreement[self.index]
            allied: Array = self._through(self._quarrels(), self.between(agreement)) * (1.0 - agreement)
            return allied
        if self.third_parties == "balance":
            gdp = self.state.log_gdp
            stronger = self._quarrels() * (gdp[:, :, None] >= gdp[:, None, :])
            near: Array = self._through(stronger, self.ties.apart) * self.facts.border
            return near
        return np.zeros_like(self.state.spat)
