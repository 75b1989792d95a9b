"""Base class of deciders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sco_sim.components.base import Component

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.components.policy import Policy
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class StateAgent(Protocol):
    """A state as a decider sees it; `sco_sim.engine.member.MemberState` is one."""

    iso3: str
    row: int
    year: Year

    @property
    def of_worlds(self) -> Any:
        """Its numbers by name, each an array (world,): `state.of_worlds.pressure`, `state.of_worlds.gdp`."""
        ...

    def other(self, iso3: str) -> StateAgent:
        """Another state."""
        ...

    def ambition(self, agreement: Policy) -> Array:
        """What it answers, shape (world,)."""
        ...


class Decider(Component):
    """How a state decides how far it goes along with an agreement (equation 25)."""

    def ambition(self, state: StateAgent, agreement: Policy) -> Array:
        """How far the state would go in the agreement this year, 0-1, shape (world,); it accepts from 0.5 on."""
        raise NotImplementedError

    def ambitions(self, states: Sequence[StateAgent], agreement: Policy) -> Array:
        """The same for several states that share this decider, shape (world, state)."""
        return np.stack([self.ambition(state, agreement) for state in states], axis=1)

    def asks(self) -> tuple[str, ...]:
        """Codes of the states whose answers it needs; none for most deciders."""
        return ()
