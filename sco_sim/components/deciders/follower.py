"""A state that follows another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.decider import Decider, StateAgent
from sco_sim.components.deciders.stakes import BY_STAKES, Stakes
from sco_sim.fields import Share

if TYPE_CHECKING:
    from sco_sim.components.policy import Policy
    from sco_sim.numerics.arrays import Array


class Follower(Decider):
    """Goes as far as the state it follows, wholly or in part.

    Source: Walt 1987 on bandwagoning; row B2 of D4 (leaders propose, small states follow). How closely a state follows
    is the user's to say.

    Example:
        follower: {leader: RUS, weight: 0.8}
    """

    leader: str
    """Code of the state it follows; it must be simulated, and need be no member."""
    weight: Share = 1.0
    """Share of the leader's answer in its own; the rest is its own by equation 5."""

    parameters = Stakes.parameters
    reads = Stakes.reads
    rows = ("B2",)

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """A leader that is no simulated state."""
        yield from unknown_states((self.leader,), catalog, states, "leader")

    def asks(self) -> tuple[str, ...]:
        """The leader."""
        return (self.leader,)

    def ambition(self, state: StateAgent, agreement: Policy) -> Array:
        """Equation 25: a weighted mean of the leader's ambition and its own, shape (world,)."""
        own = BY_STAKES.ambition(state, agreement)
        return (1.0 - self.weight) * own + self.weight * state.other(self.leader).ambition(agreement)
