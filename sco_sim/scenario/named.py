"""Components as a scenario file names them."""

from __future__ import annotations

from sco_sim.components.base import Component
from sco_sim.components.registry import find, keys
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.scenario.explain import validated
from sco_sim.scenario.yaml_source import Node, Place

SINGULAR = {"policies": "policy", "events": "event", "rules": "rule", "mechanisms": "mechanism"}


def labels(section: str, item: Node) -> set[str]:
    """What an item of a list can be called by: its key and, for a policy, its label."""
    made = component(section, item, [])
    names = set(list(item.fields)[:1])
    return names | {str(made.label)} if made is not None and hasattr(made, "label") else names


def component(kind: str, item: Node, problems: list[Problem]) -> Component | None:
    """The component that a single-key map describes, or None and its problems."""
    singular = SINGULAR[kind]
    if len(item.fields) != 1:
        if not item.fields:
            message, remedy = (
                f"here must be one {singular} with its fields",
                f"write `{singular}_key: {{fields}}`",
            )
            if isinstance(item.value, str):
                remedy = f"write `{item.value}: {{}}`"
        else:
            first, second = list(item.fields)[:2]
            message = f"here must be one {singular}, but it has the keys '{first}' and '{second}'"
            remedy = f"indent the fields of '{first}' further, or begin a new item with `- `"
            if kind == "rules":
                remedy = "keep one, and indent its fields further than its key"
        problems.append(item.place.problem(message, remedy))
        return None
    ((key, fields),) = item.fields.items()
    found = _class(kind, key, fields.key_place or fields.place, problems)
    if found is None:
        return None
    return validated(found, Node({}, fields.place) if fields.value is None else fields, key, problems)


def _class(kind: str, key: str, place: Place, problems: list[Problem]) -> type[Component] | None:
    name, _, attribute = key.partition(":")
    parts = [*name.split("."), *([attribute] if ":" in key else [])]
    try:
        if all(part.isidentifier() and not part.startswith("_") for part in parts):
            return find(kind, key)
        raise ScenarioError(f"no {SINGULAR[kind]} '{key}'; {did_you_mean(key, keys(kind))}")
    except ScenarioError as error:
        message, _, remedy = error.problems[0].message.partition("; ")
    for other, home in (("policies", "policies"), ("events", "events"), ("rules", "decision_rule")):
        if other != kind and key in keys(other):
            remedy = f"it is one of the {other}: put it under `{home}`"
    problems.append(place.problem(message, remedy or "see `sco-sim list`"))
    return None
