"""A state as a Mesa agent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from sco_sim.components.decider import Decider
from sco_sim.components.policy import Policy
from sco_sim.engine.load_mesa import mesa
from sco_sim.errors import did_you_mean
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.numerics.functions import expit
from sco_sim.world.state import VARIABLES
from sco_sim.world.year import Year

OF_STATES = frozenset(variable.name for variable in VARIABLES if variable.axis == "state")


class Ensemble(Protocol):
    """What a state needs of its model, which is a CooperationModel."""

    year: Year
    states: dict[str, MemberState]
    rows_in_view: slice


class OfWorlds:
    """The numbers of one state in every world, by name: `of_worlds.gdp` is an array (world,).

    It knows every state variable that states have (`stability`, `pressure`, `community`, ...) in the unit of
    docs/model.md, and what is below in units for people.
    """

    def __init__(self, year: Year, row: int) -> None:
        self.year = year
        self.row = row

    def __getattr__(self, name: str) -> Array:
        if name not in OF_STATES:
            raise AttributeError(f"a state has no '{name}'; {did_you_mean(name, OF_STATES)}")
        return self.year.state.arrays[name][:, self.row]

    @property
    def is_member(self) -> Bools:
        """Whether it is a member of the organisation now, shape (world,)."""
        member: Bools = self.year.state.member[:, self.row] > 0.0
        return member

    @property
    def gdp(self) -> Array:
        """GDP at market rates, billion USD of 2015, shape (world,)."""
        return np.asarray(np.exp(self.log_gdp) / 1e9)

    @property
    def population(self) -> Array:
        """Persons, shape (world,)."""
        return np.asarray(np.exp(self.log_population))

    def trust_in(self, other: str) -> Array:
        """Trust between it and another state, as a share of cooperative interactions, shape (world,)."""
        return expit(self.year.state.trust_level[:, self.year.ties.tie(self.year.ties.states[self.row], other)])


class MemberState(mesa.Agent):  # type: ignore[misc, unused-ignore]
    """A state: who it is, how it decides, and its row in the numbers of every world.

    A number asked by its name, `state.gdp` or `state.stability`, is the mean over the worlds in view: all of them, or
    the one of `CooperationModel.view`. `state.of_worlds` has the same names as arrays (world,).

    A state can be given another way to decide: by the scenario field `decides`, by setting `state.decider`, or by a
    subclass that overrides `ambition` and is handed to `build_model(agents={"IND": ...})`.
    """

    model: Ensemble

    def __init__(self, model: Ensemble, iso3: str, decider: Decider) -> None:
        super().__init__(model)
        self.year: Year = model.year
        self.iso3 = iso3
        self.row: int = model.year.ties.row[iso3]
        self.decider = decider

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.iso3})"

    def __getattr__(self, name: str) -> float:
        if name not in OF_STATES:
            raise AttributeError(f"{type(self).__name__} has no '{name}'; {did_you_mean(name, OF_STATES)}")
        return self._mean(getattr(self.of_worlds, name))

    def __setattr__(self, name: str, value: Any) -> None:
        if name in OF_STATES:
            raise AttributeError(
                f"the numbers of a state are in the model: write model.state.{name}[:, state.row] = ..."
            )
        super().__setattr__(name, value)

    def _mean(self, values: Array | Bools) -> float:
        return float(values[self.model.rows_in_view].mean())

    @property
    def of_worlds(self) -> OfWorlds:
        """Its numbers in every world."""
        return OfWorlds(self.year, self.row)

    @property
    def is_member(self) -> bool:
        """Whether it is a member of the organisation now, in more than half of the worlds in view."""
        return self._mean(self.of_worlds.is_member) > 0.5

    @property
    def gdp(self) -> float:
        """GDP at market rates, billion USD of 2015."""
        return self._mean(self.of_worlds.gdp)

    @property
    def population(self) -> float:
        """Persons."""
        return self._mean(self.of_worlds.population)

    def trust_in(self, other: str) -> float:
        """Trust between it and another state, as a share of cooperative interactions."""
        return self._mean(self.of_worlds.trust_in(other))

    def other(self, iso3: str) -> MemberState:
        """Another state of the model; raises KeyError if it is not simulated."""
        return self.model.states[iso3]

    def ambition(self, agreement: Policy) -> Array:
        """How far it would go in an agreement this year, 0-1, shape (world,); it accepts from 0.5 on."""
        return self.decider.ambition(self, agreement)


def ambitions(states: Sequence[MemberState], agreement: Policy) -> Array:
    """What every state of a model answers, shape (world, state); states that share a decider are asked at once."""
    alike: dict[int, list[MemberState]] = {}
    for state in states:
        decides_itself = type(state).ambition is not MemberState.ambition
        alike.setdefault(id(state if decides_itself else state.decider), []).append(state)
    answers = [_answers(group, agreement) for group in alike.values()]
    if len(answers) == 1:
        return answers[0]
    out = np.empty((answers[0].shape[0], len(states)))
    for group, answer in zip(alike.values(), answers, strict=True):
        out[:, [state.row for state in group]] = answer
    return out


def _answers(group: Sequence[MemberState], agreement: Policy) -> Array:
    """What states that decide alike answer, shape (world, state of the group)."""
    if type(group[0]).ambition is not MemberState.ambition:
        return group[0].ambition(agreement)[:, None]
    return group[0].decider.ambitions(group, agreement)
