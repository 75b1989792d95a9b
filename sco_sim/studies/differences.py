"""What differs between two scenarios, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sco_sim.components.base import Component
from sco_sim.scenario.schema import Scenario

Difference = tuple[str, object, object]

ABSENT = "-"
"""Stands for what one of the two does not have."""
PLAIN = ("title", "question", "states", "view", "hazard_on", "third_parties")
NESTED = ("horizon", "membership", "decides", "agenda", "budget", "rivals", "without")


def differences(first: Scenario, second: Scenario, case: Path | None) -> Iterator[Difference]:
    """Field, its value in the first and in the second, for every field that differs."""
    a, b = first.resolved(), second.resolved()
    for name in PLAIN:
        yield from _of_field(name, a[name], b[name])
    for name in NESTED:
        yield from _of_mapping(name, a[name] or {}, b[name] or {})
    rules = first.decision_rule, second.decision_rule
    if rules[0].key() != rules[1].key():
        before, after = ({rule.key(): rule.model_dump(mode="json")} for rule in rules)
        yield "decision_rule", before, after
    else:
        yield from _of_component(f"decision_rule.{rules[0].key()}", *rules)
    yield from _policies(first, second)
    yield from _events(first, second)
    yield from _parameters(first, second, case)


def _of_field(path: str, before: object, after: object) -> Iterator[Difference]:
    if before != after:
        yield path, before, after


def _of_mapping(path: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*a, *b]):
        yield from _of_field(f"{path}.{name}", a.get(name, ABSENT), b.get(name, ABSENT))


def _of_component(path: str, a: Component, b: Component) -> Iterator[Difference]:
    yield from _of_mapping(path, a.model_dump(mode="json"), b.model_dump(mode="json"))


def _spelt(component: Component | None) -> object:
    """A component with the fields that are not at their defaults."""
    if component is None:
        return ABSENT
    return {component.key(): component.model_dump(mode="json", exclude_defaults=True)}


def _policies(first: Scenario, second: Scenario) -> Iterator[Difference]:
    a, b = ({policy.label: policy for policy in scenario.policies} for scenario in (first, second))
    for label in dict.fromkeys([*a, *b]):
        before, after = a.get(label), b.get(label)
        if before is not None and after is not None and type(before) is type(after):
            yield from _of_component(f"policies.{label}", before, after)
        else:
            yield f"policies.{label}", _spelt(before), _spelt(after)


def _events(first: Scenario, second: Scenario) -> Iterator[Difference]:
    """Events have no names: those that only one of the two has."""
    rest = list(second.events)
    for event in first.events:
        if event in rest:
            rest.remove(event)
        else:
            yield f"events.{event.key()}", _spelt(event), ABSENT
    for event in rest:
        yield f"events.{event.key()}", ABSENT, _spelt(event)


def _parameters(first: Scenario, second: Scenario, case: Path | None) -> Iterator[Difference]:
    """Ledger entries in force that differ, as central (low to high)."""
    names = [
        n for n in {**first.parameters, **second.parameters} if first.parameters.get(n) != second.parameters.get(n)
    ]
    if not names:
        return
    from sco_sim.case.ledger import read_ledger
    from sco_sim.shipped import default_case

    ledger = read_ledger((case or default_case()) / "parameters.yaml")
    a, b = ledger.in_force(first.parameters), ledger.in_force(second.parameters)
    for name in names:
        yield from _of_field(
            f"parameters.{name}", *(_range(x[name].central, x[name].low, x[name].high) for x in (a, b))
        )


def _range(central: float, low: float, high: float) -> str:
    return f"{central:g}" if low == high else f"{central:g} ({low:g} to {high:g})"


def in_words(value: object) -> str:
    """A value of a field on one line."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {in_words(inner)}".strip() for key, inner in value.items())
    if isinstance(value, list | tuple):
        return " ".join(in_words(inner) for inner in value) or "none"
    return "never" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
