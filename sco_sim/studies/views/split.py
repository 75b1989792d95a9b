"""Where two views draw another conclusion: in which beliefs they differ, and a scenario with one of them switched."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sco_sim.components.registry import KINDS, find, keys
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.comparison.verdict import SURE
from sco_sim.studies.statistics import standard_error

Sign = Literal["up", "down", "open", "none"]
"""Sign of the mean settled as above zero, as below, not settled, or no difference in any world."""
Values = Mapping[str, Array]
"""Outcomes by key, (world,)."""
Measure = Callable[[Scenario], Values]
"""From a scenario to its outcomes, on the same worlds whatever the scenario."""
SETTINGS = ("hazard_on", "third_parties", "rivals")
"""Fields of a scenario that a view can choose."""


@dataclass(frozen=True)
class Stand:
    """Where a view stands on a difference."""

    mean: float
    error: float
    sign: Sign


@dataclass(frozen=True)
class Split:
    """What one entry, switched alone, makes of a conclusion."""

    entry: str
    """Name of the ledger entry, or a field of the scenario that a view chooses."""
    stand: Stand
    """Where the view stands with this entry taken from the other."""
    share: float
    """Share of the gap between the two means that it makes; more than 1 if it goes beyond."""
    alone: bool
    """Whether it brings the conclusion of the other view by itself."""
    error: float = float("nan")
    """Standard error of the share."""
    worlds: int = 0
    """Worlds on which it was switched."""


@dataclass(frozen=True)
class Pair:
    """Two scenarios under one view: the difference is `right` less `left`."""

    left: Scenario
    right: Scenario


def stand(left: Array, right: Array, settings: Ints) -> Stand:
    """Where a difference stands; both arrays (world,)."""
    return of_change(right - left, settings)


def of_change(change: Array, settings: Ints) -> Stand:
    """The same from the difference, (world,); worlds without a value are left out."""
    known = change == change
    change = change[known]
    if not change.size:
        return Stand(float("nan"), float("nan"), "open")
    mean, error = float(change.mean()), standard_error(change, settings[known])
    if not change.any():
        return Stand(mean, error, "none")
    return Stand(mean, error, sign_of(mean, error))


def sign_of(mean: float, error: float) -> Sign:
    """The sign of a mean, if it is settled as in an answer: at 95 % for all outcomes of one together."""
    if not abs(mean) > SURE * error:
        return "open"
    return "up" if mean > 0.0 else "down"


def entries(one: Scenario, other: Scenario) -> list[str]:
    """What differs between the beliefs of two scenarios: entries of the ledger, and fields that a view chooses.

    Entries that nothing in either scenario reads make no difference, and are left out.
    """
    names = dict.fromkeys([*one.parameters, *other.parameters])
    read = [name for name in names if not (idle(name, one) and idle(name, other))]
    own = [name for name in read if one.parameters.get(name) != other.parameters.get(name)]
    return [*own, *(field for field in SETTINGS if getattr(one, field) != getattr(other, field))]


def idle(name: str, scenario: Scenario) -> bool:
    """Whether an entry is of a policy or event that the scenario lacks, and nothing else reads it."""
    key = name.split(".")[0]
    if key not in keys("policies") and key not in keys("events"):
        return False
    there = {part.key() for part in (*scenario.policies, *scenario.events)}
    return key not in there and name not in _of_others()


@cache
def _of_others() -> frozenset[str]:
    """Entries that components read which are no policies and no events: disputes by chance read those of a dispute."""
    return frozenset(
        name for component_kind in KINDS if component_kind not in ("policies", "events")
        for key in keys(component_kind) for name in find(component_kind, key).parameters
    )  # fmt: skip


def switched(one: Scenario, other: Scenario, entry: str) -> Scenario:
    """The first scenario with one belief of the other."""
    if entry in SETTINGS:
        return one.model_copy(update={entry: getattr(other, entry)})
    changed = {name: change for name, change in one.parameters.items() if name != entry}
    if entry in other.parameters:
        changed[entry] = other.parameters[entry]
    return one.model_copy(update={"parameters": changed})


def content(scenario: Scenario) -> str:
    """Everything that a scenario simulates: equal for scenarios whose worlds are the same."""
    read = {name: change for name, change in scenario.parameters.items() if not idle(name, scenario)}
    own = scenario.model_copy(update={"parameters": read})
    return json.dumps({**own.resolved(), "view": "", "name": "", "title": ""}, sort_keys=True)
