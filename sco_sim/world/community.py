"""Trust as a share, and the parts of the sense of community."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit, total
from sco_sim.world.agreement import Agreement
from sco_sim.world.facts import Reference
from sco_sim.world.memory import Memory
from sco_sim.world.state import State
from sco_sim.world.ties import Ties


class CommunityParts(Memory):
    """Part of `Year`: trust, the parts of equation 19 and the concert of the leaders."""

    state: State
    ties: Ties
    reference: Reference
    agreements: tuple[Agreement, ...]

    def trust(self) -> Array:
        """Level of trust as a share of cooperative interactions, shape (world, tie)."""
        return self.once("trust", lambda: expit(self.state.trust_level))

    def community_parts(self) -> tuple[Array, Array, Array]:
        """Equation 19: trust with members, participation and delivery, each (world, state)."""
        return self.once("community_parts", self._community_parts)

    def _community_parts(self) -> tuple[Array, Array, Array]:
        state, others = self.state, self.ties.of_state
        tau = self.trust().take(others, axis=1)  # `[:, others]` sums in another order in a batch of one
        partner = state.member.take(self.ties.others, axis=1)
        count = total(partner)
        trust = np.divide(total(tau * partner), count, out=np.zeros_like(count), where=count > 0)
        if not self.agreements:
            none = np.zeros_like(trust)
            return trust, none, none
        return trust, (state.adopted > 0.0).mean(axis=1), state.delivered.mean(axis=1)

    def concert(self) -> Array:
        """Equation 19: mean trust among the leaders, the three largest economies of the start, shape (world,)."""
        return self.once("concert", self._concert)

    def _concert(self) -> Array:
        leaders = np.argsort(-self.reference.log_gdp, axis=1, kind="stable")[:, :3]
        tau = self.trust()
        pairs = list(combinations(range(leaders.shape[1]), 2))
        whole = np.zeros(self.state.worlds)
        for a, b in pairs:
            tie = self.ties.matrix[leaders[:, a], leaders[:, b]]
            whole += np.take_along_axis(tau, tie[:, None], axis=1)[:, 0]
        return whole / len(pairs)
