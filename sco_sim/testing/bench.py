"""Where a component is tried: short scenarios, models that run, and a record of what a component asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cache, lru_cache, partial
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.components.base import Component
from sco_sim.components.event import Event
from sco_sim.components.registry import example_of, find, keys
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.engine.record import Block
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.streams import Draws, Floats
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Horizon, Scenario
from sco_sim.shipped import shipped_scenarios
from sco_sim.testing.subject import Subject
from sco_sim.world.year import Year

LAST = 2032
"""Last year of the short scenarios, unless an example begins later."""
LISTED = ("policies", "events")
"""Kinds of which a scenario has lists."""
PAIR = ("IND", "UZB")
"""States that a decider is asked for."""


@cache
def case() -> Case:
    """The shipped case, with the entries of the ledger that plug-ins bring; read once, nothing changes it."""
    return Case()


@cache
def shipped(name: str) -> Scenario:
    """A shipped scenario by name."""
    return load_scenario(shipped_scenarios() / f"{name}.yaml")


@cache
def bare() -> Scenario:
    """No events and no policies from 2020 to 2035: many a table ends in 2020, and GDP is known to 2024."""
    return shipped("no_events").model_copy(update={"horizon": Horizon(start=2020, end=2035)})


def variant(name: str = "no_events", end: int | None = None, **changes: Any) -> Scenario:
    """A shipped scenario with other fields; `no_events` begins in 2020 (`bare`)."""
    scenario = bare() if name == "no_events" else shipped(name)
    if end is not None:
        changes["horizon"] = Horizon(start=scenario.horizon.start, end=end)
    return scenario.model_copy(update=changes)


def example(component_kind: str, key: str) -> Any:
    """The component that the example in the docstring of a class describes."""
    component = find(component_kind, key)
    return component.model_validate(example_of(component)[1])


@cache
def busy(rule: Component | None = None, guest: Component | None = None) -> Scenario:
    """Every policy and every event of this package, as their docstrings write them, among willing states.

    `rule` is the decision rule, consensus if left out; `guest` is a policy or event of another package.
    """
    acting = {
        section: [example(section, key) for key in keys(section) if is_ours(find(section, key))] for section in LISTED
    }
    if guest is not None:
        acting["events" if isinstance(guest, Event) else "policies"].append(guest)
    return variant(
        end=LAST,
        policies=tuple(acting["policies"]),
        events=tuple(acting["events"]),
        decision_rule=example("rules", "consensus") if rule is None else rule,
        parameters={"council.base": Override(value=1.5)},
    )


def is_ours(component: type[Component]) -> bool:
    """Whether the component is one of this package."""
    return component.__module__.startswith("sco_sim.")


def model_of(scenario: Scenario, worlds: Sequence[int] = range(3)) -> CooperationModel:
    """A model on the shipped case."""
    return build_model(scenario, case=case(), worlds=worlds)


def running(subject: Subject, worlds: tuple[int, ...] = (0, 1, 2)) -> CooperationModel:
    """A model with every policy and event at work, the subject among them, a year before its end."""
    guest = subject.component_kind in LISTED and not is_ours(subject.component)
    return _running(subject.plain() if guest else None, worlds)


@lru_cache(maxsize=4)
def _running(guest: Component | None, worlds: tuple[int, ...]) -> CooperationModel:
    model = model_of(busy(guest=guest), worlds)
    while model.year.year < LAST - 1:
        model.step()
    return model


def copies(model: CooperationModel) -> dict[str, Array]:
    """A copy of every state array: name -> array (world, ...)."""
    return {name: values.copy() for name, values in model.state.arrays.items()}


def restore(model: CooperationModel, arrays: Mapping[str, Array]) -> set[str]:
    """Put the numbers back; names of those that had changed."""
    changed = {name for name, values in arrays.items() if model.state.arrays[name].tobytes() != values.tobytes()}
    for name, values in arrays.items():
        model.state.arrays[name][:] = values
    return changed


@dataclass
class Asked:
    """What was asked of the year, and what was changed, while a component was called."""

    parameters: set[str] = field(default_factory=set)
    """Names of the parameters that were read."""
    streams: set[str] = field(default_factory=set)
    """Names of the random streams that were drawn."""
    changed: set[str] = field(default_factory=set)
    """Names of the state variables that were changed; known at the end."""


class _Parameters(dict[str, Array]):
    """The parameters of a year, which note what is read."""

    def __init__(self, values: Mapping[str, Array], names: set[str]) -> None:
        super().__init__(values)
        self.names = names

    def __getitem__(self, name: str) -> Array:
        self.names.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """As of any mapping; noted too."""
        self.names.add(name)
        return super().get(name, default)


class _Draws(Draws):
    """The random numbers of a model, which note what is drawn."""

    def __init__(self, like: Draws, names: set[str]) -> None:
        super().__init__(like.seed, like.replicates, like.years)
        self.names = names

    def uniforms(self, name: str, units: Sequence[str]) -> Floats:
        self.names.add(name)
        return super().uniforms(name, units)


@contextmanager
def observed(model: CooperationModel) -> Iterator[Asked]:
    """While in it, the model notes what is asked of its year; afterwards year and numbers are as before."""
    asked, before, year = Asked(), copies(model), model.year
    known = {one.name: getattr(year, one.name) for one in fields(year) if not one.name.startswith("_")}
    known |= {"p": _Parameters(year.p, asked.parameters), "draws": _Draws(year.draws, asked.streams)}
    _hand_out(model, Year(**known))
    try:
        yield asked
    finally:
        _hand_out(model, year)
        asked.changed |= restore(model, before)


def _hand_out(model: CooperationModel, year: Year) -> None:
    model.year = year
    for state in model.states.values():
        state.year = year


def strengths(model: CooperationModel) -> Array:
    """A strength for a policy that differs from tie to tie, shape (world, tie)."""
    return np.linspace(0.2, 0.9, model.state.worlds * len(model.ties)).reshape(model.state.worlds, -1)


def calls(model: CooperationModel, subject: Subject, strength: Array | None = None) -> list[Callable[[], Any]]:
    """The calls that a year makes to a component, on the state as it stands; none for a rule."""
    year, one = model.year, subject.component
    strength = strengths(model) if strength is None else strength
    if subject.component_kind == "policies":
        placed = [policy for policy in model.agreements if type(policy) is one]
        return [
            call
            for p in placed
            for call in (partial(p.act, year, strength), partial(p.outlay, year, strength), partial(p.fade, year))
        ]
    if subject.component_kind == "events":
        return [partial(event.act, year) for event in model.scenario.events if type(event) is one]
    plain: Any = subject.plain()
    if subject.component_kind == "mechanisms":
        return [partial(plain.step, year)]
    if subject.component_kind == "metrics":
        return [partial(plain.measure, year)]
    if subject.component_kind == "deciders":
        pair = [model.states[iso] for iso in PAIR]
        some = model.agreements[::4]
        return [call for a in some for call in (partial(plain.ambition, pair[0], a), partial(plain.ambitions, pair, a))]
    return []


def shaken(model: CooperationModel, name: str) -> None:
    """Give a state variable other values; a member stays one by half."""
    array = model.state.arrays[name]
    units = [str(column) for column in range(max(array[0].size, 1))]
    random = Draws(5, range(len(array)), 1).uniforms(name, units).reshape(array.shape)
    array[:] = np.abs(array + 0.1 + 0.3 * random) * (0.5 if name == "member" else 1.0)


def different(one: Block, other: Block, rows: Sequence[int] | slice = slice(None)) -> list[str]:
    """Names of what is not equal bit by bit: `rows` of the first against the whole of the second."""

    def parts(block: Block) -> Iterator[tuple[str, Any]]:
        for group in ("metrics", "states", "ties", "agreements", "parameters"):
            for name, values in getattr(block, group).items():
                yield f"{group}.{name}", values

    theirs = dict(parts(other))
    return [name for name, values in parts(one) if values[rows].tobytes() != theirs[name].tobytes()]
