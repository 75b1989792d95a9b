"""Whether what the documents describe acts: what a row's component is toggled for answers, with its sign and an error.

A row acts if its variable moves by more than the noise of paired worlds, the way the ledger allows. The table of
toggles is responses.yaml; the test runs it, and docs/mechanisms.md is made from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from ruamel.yaml import YAML

from sco_sim.case.case import Case
from sco_sim.components.base import Component
from sco_sim.components.registry import keys, metric
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario

TABLE = Path(__file__).with_name("responses.yaml")
BASE, VIEW = "no_events", "documents"
START, FIRST, LAST = 2027, 2028, 2036
"""Year in which policies take force, and the years over which an outcome is read."""
WORLDS = 24
RESPONDS = 2.0
"""Standard errors from which on a variable is said to respond to its toggle."""
Sign = Literal["+", "-", "either"]


@dataclass(frozen=True)
class Toggle:
    """What one side of a comparison has and the other has not."""

    policies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    events: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    set: Sequence[str] = ()
    """Overrides of the scenario, as for `--set`."""


@dataclass(frozen=True)
class Response:
    """A row of the documents: what is toggled, what has to move, and which way."""

    row: str
    outcome: str
    """A metric or a variable of the state, of all (its mean), of a state or of a tie: `trade@CHN-UZB`."""
    sign: Sign
    toggle: Toggle
    both: Toggle
    """What both sides have."""
    view: str
    component: tuple[str, str]
    """Group and key of the component without which nothing moves."""


@dataclass(frozen=True)
class Measured:
    """The difference that a toggle makes to an outcome, over worlds in pairs."""

    difference: float
    error: float
    """Standard error of the mean."""
    moved: float
    """Share of the worlds in which it moved at all."""

    @property
    def sign(self) -> Literal["+", "-", "either", "nothing"]:
        """What the worlds say of it."""
        if self.moved < 0.05:
            return "nothing"
        if abs(self.difference) <= RESPONDS * self.error:
            return "either"
        return "+" if self.difference > 0.0 else "-"

    def answers(self, expected: Sign) -> bool:
        """Whether it moves as expected."""
        return self.sign != "nothing" if expected == "either" else self.sign == expected


@cache
def _lines() -> tuple[Mapping[str, Any], ...]:
    return tuple(YAML(typ="safe", pure=True).load(TABLE.read_text(encoding="utf-8")))


@cache
def responses() -> tuple[Response, ...]:
    """What answers, in the order of the table."""
    return tuple(_response(line) for line in _lines() if "cannot" not in line)


def silent() -> dict[str, str]:
    """Rows of which all, or a part that is named, has nothing to answer with in this model, and why."""
    return {line["row"]: line["cannot"] for line in _lines() if "cannot" in line}


def _response(row: Mapping[str, Any]) -> Response:
    names = ("policies", "events", "set")
    toggle = Toggle(**{name: row[name] for name in names if name in row})
    component = row.get("component") or next(
        f"{name} {key}" for name in ("policies", "events") for key in getattr(toggle, name)
    )
    group, key = component.split()
    return Response(
        row["row"], row["outcome"], row["sign"], toggle, Toggle(**row.get("with", {})), row.get("view", VIEW),
        (group, key),
    )  # fmt: skip


def measure(response: Response, case: Case, worlds: int = WORLDS, seed: int = 1) -> Measured:
    """What the toggle does to the outcome, worlds with and without it in pairs.

    A policy or event is compared with itself when it does nothing: what any text does by being adopted, paid and
    delivered is then on both sides, and what differs is the component's own equation.
    """
    group, key = response.component
    own = group in ("policies", "events") and key in getattr(response.toggle, group)
    without = _outcome(response, response.toggle if own else Toggle(), case, worlds, seed, silent=key if own else "")
    with_it = _outcome(response, response.toggle, case, worlds, seed)
    change = with_it - without
    moved = np.abs(change) > 1e-9 * np.maximum(np.abs(without), 1e-9)
    return Measured(float(change.mean()), float(change.std(ddof=1) / np.sqrt(worlds)), float(moved.mean()))


def overrides(response: Response, toggle: Toggle) -> list[str]:
    """What is changed in the base scenario, as for `--set`."""
    listed = []
    for name, defaults in (("policies", {"start": START, "decided_by": "given"}), ("events", {})):
        both = [*getattr(response.both, name).items(), *getattr(toggle, name).items()]
        parts = [{key: {**defaults, **fields}} for key, fields in both]
        if parts:
            listed.append(f"{name}={json.dumps(parts)}")
    view = [] if response.view == "evidence" else [f"view={response.view}"]
    return [f"horizon.end={LAST}", *view, *response.both.set, *toggle.set, *listed]


def silenced(scenario: Scenario, chosen: Callable[[Component], bool]) -> Scenario:
    """The scenario with the chosen policies and events doing nothing, though adopted, paid and delivered as before."""

    def quiet(component: Component) -> Component:
        if not chosen(component):
            return component
        other = component.model_copy()
        object.__setattr__(other, "act", lambda *_: None)  # components are frozen
        return other

    changed = {name: tuple(map(quiet, getattr(scenario, name))) for name in ("policies", "events")}
    return scenario.model_copy(update=changed)


def _outcome(response: Response, toggle: Toggle, case: Case, worlds: int, seed: int, silent: str = "") -> Array:
    scenario = silenced(load_scenario(BASE, overrides(response, toggle)), lambda component: component.key() == silent)
    model = build_model(scenario, case=case, worlds=worlds, seed=seed, replicates=1)
    years = []
    while model.year.year < LAST:
        model.step()
        if model.year.year >= FIRST:
            years.append(_read(model, response.outcome))
    out: Array = np.mean(years, axis=0)
    return out


def _read(model: CooperationModel, outcome: str) -> Array:
    """The outcome this year, (world,)."""
    name, _, unit = outcome.partition("@")
    arrays = model.year.state.arrays
    if name in keys("metrics"):
        values = metric(name)().measure(model.year)
    elif name in arrays:
        values = arrays[name]
    else:
        raise ScenarioError(Problem(f"no metric or variable '{name}'", did_you_mean(name, [*keys("metrics"), *arrays])))
    if unit in keys("policies"):
        values = values[:, [agreement.key() for agreement in model.agreements].index(unit)]
    elif unit:
        ties = model.year.ties
        values = values[:, ties.row[unit] if unit in ties.row else ties.names.index(unit)]
    mean: Array = values.reshape(len(values), -1).mean(axis=1)
    return mean
