"""Overrides like horizon.end=2030: values put at paths of a scenario file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.scenario.inherit import LISTS, drop, drop_empty_sections
from sco_sim.scenario.named import labels
from sco_sim.scenario.yaml_source import Location, Node, read_text

Overrides = Mapping[str, str] | Sequence[str]

_SET = "--set"


def _assignments(overrides: Overrides) -> list[str]:
    if isinstance(overrides, Mapping):
        return [f"{path}={value}" for path, value in overrides.items()]
    return [overrides] if isinstance(overrides, str) else list(overrides)


def _override(tree: Node, text: str, problems: list[Problem]) -> None:
    """Set one `path=value` in the tree."""
    path, equals, value = text.partition("=")
    location = Location(f"{_SET} {path}")
    parts = path.strip().split(".")
    if not equals or not all(parts):
        problems.append(Location(f"{_SET} {text}").problem("it is no `path=value`", "write e.g. horizon.end=2030"))
        return
    _assign(tree, path, _value(value, location, problems), location, problems)


def _assign(tree: Node, path: str, node: Node, location: Location, problems: list[Problem]) -> None:
    """Put a value at a path of the tree."""
    parts = path.strip().split(".")
    if parts[0] == "decision_rule" and len(parts) == 1 and isinstance(node.value, str):
        node = Node({node.value: Node({}, location, location)}, location, location)
    if parts[0] == "parameters" and len(parts) > 2:
        # a ledger name holds dots itself
        inner = parts[-1:] if parts[-1] in ("low", "high", "value") else []
        parts = ["parameters", ".".join(parts[1 : len(parts) - len(inner)]), *inner]
    if parts[0] in LISTS and len(parts) > 1:
        item = _item(tree, parts[0], parts[1], location, problems)
        if item is not None:
            key = next(iter(item.fields))
            item.fields[key] = _put(item.fields[key], parts[2:], node, location)
    elif parts[0] == "without":
        new = _put(Node({}, location, location), parts, node, location)
        drop_empty_sections(new, problems)
        drop(tree.fields, new.fields.get("without"), problems)
    else:
        tree.value = _put(tree, parts, node, location).value


def _value(text: str, location: Location, problems: list[Problem]) -> Node:
    wrong: list[Problem] = []
    node = Node(None, location, location)
    if text.strip():
        try:
            node = read_text(text, location.file, wrong).moved(location)
        except ScenarioError as error:
            wrong.extend(error.problems)
    problems.extend(location.problem(p.message, p.remedy) for p in wrong)
    return node


def _put(node: Node, parts: Sequence[str], value: Node, location: Location) -> Node:
    """A copy of the tree with the value at the end of the path."""
    if not parts:
        return value
    old = node.fields.get(parts[0], Node({}, location, location))
    return Node({**node.fields, parts[0]: _put(old, parts[1:], value, location)}, node.location, node.key_location)


def _item(tree: Node, section: str, label: str, location: Location, problems: list[Problem]) -> Node | None:
    """The policy or event of that label; `label#2` is the second of several."""
    name, _, number = label.partition("#")
    items = tree.fields[section].items if section in tree.fields else []
    called = [item for item in items if name in labels(section, item)]
    wanted = int(number) if number.isdecimal() else 0
    if (number or len(called) > 1) and called and not 1 <= wanted <= len(called):
        several = len(called) > 1
        there = f"there are {len(called)} {section}" if several else f"there is one of the {section}"
        remedy = f"write {section}.{name}#1 to {section}.{name}#{len(called)}, in the order of the file"
        problems.append(location.problem(f"{there} called '{name}'", remedy if several else f"write {section}.{name}"))
        return None
    if not called:
        known = {each for item in items for each in labels(section, item)}
        problems.append(location.problem(f"{section} has no '{name}'", did_you_mean(name, known) or "there are none"))
        return None
    return called[max(wanted, 1) - 1]
