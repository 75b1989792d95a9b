"""Components as a scenario file names them."""

from __future__ import annotations

from collections.abc import Callable

from sco_sim.components.base import Component
from sco_sim.components.registry import find_again, keys
from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.explain import validated
from sco_sim.scenario.yaml_source import Node, Place

SINGULAR = {"policies": "policy", "events": "event", "rules": "rule", "deciders": "decider", "mechanisms": "mechanism"}


Lookup = Callable[[str, str], type[Component]]
"""The class of a kind and key; raises ScenarioError."""


def labels(section: str, item: Node) -> set[str]:
    """What an item of a list can be called by: its key and, for a policy, its label. Runs no code of a file's."""
    one = component(section, item, [], find_again)
    names = set(list(item.fields)[:1])
    return names | {str(one.label)} if one is not None and hasattr(one, "label") else names


def component(kind: str, item: Node, problems: list[Problem], lookup: Lookup) -> Component | None:
    """The component that a single-key map describes, or None and its problems."""
    if len(item.fields) != 1:
        problems.append(_not_single(kind, item))
        return None
    ((key, fields),) = item.fields.items()
    cls = _class(kind, key, fields.key_place or fields.place, problems, lookup)
    if cls is None:
        return None
    return validated(cls, Node({}, fields.place) if fields.value is None else fields, key, problems)


def _not_single(kind: str, item: Node) -> Problem:
    """What is wrong with an item that is no map with a single key."""
    singular = SINGULAR[kind]
    if isinstance(item.value, str) and ":" in item.value:
        remedy = f"name a {singular} of `sco-sim list`; a path to Python code needs --allow-code and its fields"
        return item.place.problem(f"'{item.value}' is a path to Python code, which a file must not run", remedy)
    if not item.fields:
        remedy = f"write `{item.value}: {{}}`" if isinstance(item.value, str) else f"write `{singular}_key: {{fields}}`"
        return item.place.problem(f"here must be one {singular} with its fields", remedy)
    first, second = list(item.fields)[:2]
    remedy = f"indent the fields of '{first}' further, or begin a new item with `- `"
    if kind == "rules":
        remedy = "keep one, and indent its fields further than its key"
    message = f"here must be one {singular}, but it has the keys '{first}' and '{second}'"
    return item.place.problem(message, remedy)


def _class(kind: str, key: str, place: Place, problems: list[Problem], lookup: Lookup) -> type[Component] | None:
    try:
        return lookup(kind, key)
    except ScenarioError as error:
        problem = error.problems[0]
    remedy = problem.remedy
    homes = {"policies": "policies", "events": "events", "rules": "decision_rule", "deciders": "decides"}
    for other, home in homes.items():
        if other != kind and key in keys(other):
            remedy = f"it is one of the {other}: put it under `{home}`"
    problems.append(place.problem(problem.message, remedy or "see `sco-sim list`"))
    return None
