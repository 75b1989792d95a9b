"""Sense of community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.component import Mechanism
from sco_sim.equations import expit

if TYPE_CHECKING:
    from sco_sim.state import Array
    from sco_sim.year import Year


def community_parts(year: Year) -> tuple[Array, Array, Array]:
    """Trust with members, participation and delivery, each (world, state): the parts of equation 19."""
    state, others = year.state, year.ties.of_state
    tau = expit(state.trust_level).take(others, axis=1)  # `[:, others]` sums in another order in a batch of one
    names = np.arange(len(year.ties.states))
    other_end = np.array([[j for j in names if j != i] for i in names], dtype=np.intp).reshape(others.shape)
    partner = state.member.take(other_end, axis=1)
    count = partner.sum(axis=-1)
    trust = np.divide((tau * partner).sum(axis=-1), count, out=np.zeros_like(count), where=count > 0)
    if not year.agreements:
        none = np.zeros_like(trust)
        return trust, none, none
    return trust, (state.adopted > 0.0).mean(axis=1), state.delivered.mean(axis=1)


class Community(Mechanism):
    """Sense of community restates trust with members, participation and delivery with constant divisors (equation 19).

    Source: document D4 for the idea; it has no observation of its own and is no finding.
    """

    phase = "record"
    order = 10
    reads = ("trust_level", "member", "adopted", "delivered")
    writes = ("community",)

    def step(self, year: Year) -> None:
        """Equation 19."""
        trust, participation, delivery = community_parts(year)
        year.state.community[:] = (trust + participation + delivery) / 3.0
