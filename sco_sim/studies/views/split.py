"""Where two views draw another conclusion, which belief makes the difference: entries switched one at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sco_sim.case.case import Case
from sco_sim.components.registry import keys
from sco_sim.engine.build import simulate
from sco_sim.engine.record import Progress
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.scenario.schema import EVIDENCE, Scenario
from sco_sim.studies.statistics import Z, standard_error

Sign = Literal["up", "down", "open", "none"]
"""Mean surely above zero (95 %), surely below, neither, or no difference in any world."""
Measure = Callable[[Scenario], Mapping[str, Array]]
"""From a scenario to its outcomes, key -> (world,), on the same worlds whatever the scenario."""
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


@dataclass(frozen=True)
class Pair:
    """Two scenarios under one view: the difference is `right` less `left`."""

    left: Scenario
    right: Scenario


def stand(left: Array, right: Array, settings: Ints) -> Stand:
    """Where a difference stands; both arrays (world,), worlds without a value left out."""
    known = ~((left != left) | (right != right))
    change = (right - left)[known]
    if not change.size:
        return Stand(float("nan"), float("nan"), "open")
    mean, error = float(change.mean()), standard_error(change, settings[known])
    if not change.any():
        return Stand(mean, error, "none")
    return Stand(mean, error, sign_of(mean, error))


def sign_of(mean: float, error: float) -> Sign:
    """The sign of a mean, if its 95 % interval leaves zero out."""
    if not abs(mean) > Z * error:
        return "open"
    return "up" if mean > 0.0 else "down"


def entries(one: Scenario, other: Scenario) -> list[str]:
    """What differs between the beliefs of two scenarios: entries of the ledger, and fields that a view chooses.

    Entries of a policy or event that neither has make no difference, and are left out.
    """
    here = {part.key() for scenario in (one, other) for part in (*scenario.policies, *scenario.events)}
    elsewhere = {*keys("policies"), *keys("events")} - here
    names = dict.fromkeys([*one.parameters, *other.parameters])
    own = [
        name for name in names
        if one.parameters.get(name) != other.parameters.get(name) and name.split(".")[0] not in elsewhere
    ]  # fmt: skip
    return [*own, *(field for field in SETTINGS if getattr(one, field) != getattr(other, field))]


def switched(one: Scenario, other: Scenario, entry: str) -> Scenario:
    """The first scenario with one belief of the other."""
    if entry in SETTINGS:
        return one.model_copy(update={entry: getattr(other, entry)})
    changed = {name: change for name, change in one.parameters.items() if name != entry}
    if entry in other.parameters:
        changed[entry] = other.parameters[entry]
    return one.model_copy(update={"parameters": changed})


def splits(
    mine: Pair, theirs: Pair, outcomes: Sequence[str], measure: Measure, settings: Ints,
    tick: Progress | None = None,
) -> dict[str, list[Split]]:  # fmt: skip
    """Outcome to what each entry makes of it, switched alone in `mine`, that which makes most of the gap first.

    Only entries that move the outcome at all are kept.
    """
    names = entries(mine.right, theirs.right)
    if not names:
        return {outcome: [] for outcome in outcomes}
    here, there = (_stands(pair, outcomes, measure, settings) for pair in (mine, theirs))
    kept: dict[str, list[Split]] = {outcome: [] for outcome in outcomes}
    for done, entry in enumerate(names, start=1):
        pair = Pair(switched(mine.left, theirs.left, entry), switched(mine.right, theirs.right, entry))
        moved = _stands(pair, outcomes, measure, settings)
        for outcome in outcomes:
            gap = there[outcome].mean - here[outcome].mean
            change = moved[outcome].mean - here[outcome].mean
            if change:
                reached = moved[outcome].sign == there[outcome].sign != here[outcome].sign
                kept[outcome].append(Split(entry, moved[outcome], change / gap if gap else float("nan"), reached))
        if tick is not None:
            tick(done * len(settings), len(names) * len(settings))
    return {key: sorted(parts, key=lambda one: (not one.alone, -one.share)) for key, parts in kept.items()}


def of_years(case: Case, outcomes: Sequence[str], year: int, **how: Any) -> Measure:
    """Reads outcomes of the whole in one year; `how` goes to `simulate`. A scenario is simulated once."""
    known: dict[str, Mapping[str, Array]] = {}

    def measure(scenario: Scenario) -> Mapping[str, Array]:
        own = scenario.model_copy(
            update={"horizon": scenario.horizon.model_copy(update={"end": year}), "view": EVIDENCE}
        )
        key = content(own)
        if key not in known:
            block = simulate(own, case=case, years=[year], metrics=list(outcomes), **how)
            known[key] = {outcome: block.metrics[outcome][:, 0] for outcome in outcomes}
        return known[key]

    return measure


def content(scenario: Scenario) -> str:
    """Everything that a scenario simulates: equal for scenarios whose worlds are the same."""
    return json.dumps({**scenario.resolved(), "view": "", "name": "", "title": ""}, sort_keys=True)


def _stands(pair: Pair, outcomes: Sequence[str], measure: Measure, settings: Ints) -> dict[str, Stand]:
    left, right = measure(pair.left), measure(pair.right)
    return {outcome: stand(left[outcome], right[outcome], settings) for outcome in outcomes}
