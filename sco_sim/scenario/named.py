"""Components as a scenario file names them."""

from __future__ import annotations

from collections.abc import Callable

from sco_sim.components.base import Component
from sco_sim.components.registry import find_again, keys
from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.explain import validated
from sco_sim.scenario.yaml_source import Location, Node

SINGULAR = {"policies": "policy", "events": "event", "rules": "rule", "deciders": "decider", "mechanisms": "mechanism"}


Lookup = Callable[[str, str], type[Component]]
"""The class of a component kind and key; raises ScenarioError."""


def labels(section: str, item: Node) -> set[str]:
    """What an item of a list can be called by: its key and, for a policy, its label. Runs no code of a file's."""
    one = component(section, item, [], find_again)
    names = set(list(item.fields)[:1])
    return names | {str(one.label)} if one is not None and hasattr(one, "label") else names


def component(component_kind: str, item: Node, problems: list[Problem], lookup: Lookup) -> Component | None:
    """The component that a single-key map describes, or None and its problems."""
    if len(item.fields) != 1:
        problems.append(_not_single(component_kind, item))
        return None
    ((key, fields),) = item.fields.items()
    cls = _class(component_kind, key, fields.key_location or fields.location, problems, lookup)
    if cls is None:
        return None
    return validated(cls, Node({}, fields.location) if fields.value is None else fields, key, problems)


def _not_single(component_kind: str, item: Node) -> Problem:
    """What is wrong with an item that is no map with a single key."""
    singular = SINGULAR[component_kind]
    if isinstance(item.value, str) and ":" in item.value:
        remedy = f"name a {singular} of `sco-sim list`; a path to Python code needs --allow-code and its fields"
        return item.location.problem(f"'{item.value}' is a path to Python code, which a file must not run", remedy)
    if not item.fields:
        remedy = f"write `{item.value}: {{}}`" if isinstance(item.value, str) else f"write `{singular}_key: {{fields}}`"
        return item.location.problem(f"here must be one {singular} with its fields", remedy)
    first, second = list(item.fields)[:2]
    remedy = f"indent the fields of '{first}' further, or begin a new item with `- `"
    if component_kind == "rules":
        remedy = "keep one, and indent its fields further than its key"
    message = f"here must be one {singular}, but it has the keys '{first}' and '{second}'"
    return item.location.problem(message, remedy)


def _class(
    component_kind: str, key: str, location: Location, problems: list[Problem], lookup: Lookup
) -> type[Component] | None:
    try:
        return lookup(component_kind, key)
    except ScenarioError as error:
        problem = error.problems[0]
    remedy = problem.remedy
    homes = {"policies": "policies", "events": "events", "rules": "decision_rule", "deciders": "decides"}
    for other, home in homes.items():
        if other != component_kind and key in keys(other):
            remedy = f"it is one of the {other}: put it under `{home}`"
    problems.append(location.problem(problem.message, remedy or "see `sco-sim list`"))
    return None
