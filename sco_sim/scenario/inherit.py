"""Following `extends`: from a file and its parents to one tree."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sco_sim.components.registry import keys
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.scenario.explain import validated
from sco_sim.scenario.named import SINGULAR, labels
from sco_sim.scenario.schema import Without
from sco_sim.scenario.yaml_source import Location, Node, read_file
from sco_sim.shipped import shipped_scenarios

LONGEST_CHAIN = 8
MOST_ITEMS = 200
LISTS = ("policies", "events")
MAPPINGS = ("horizon", "rivals", "membership", "agenda", "budget", "parameters")
_OWN = ("title", "question")  # a child without a title must not pass for its parent


class Source(NamedTuple):
    """A file, its name in messages, and where it was asked for."""

    path: Path
    shown: str
    asked: Location


def read_tree(path: Path, problems: list[Problem], own: Path | None = None) -> Node:
    """The mapping that a file and all it extends come to; raises ScenarioError if one cannot be read.

    Args:
        path: The file.
        problems: What is wrong is added.
        own: Folder of the scenarios of the case, which come before the shipped ones.
    """
    return _read(Source(path, str(path), Location(str(path))), (), problems, own)


def _read(source: Source, below: tuple[Path, ...], problems: list[Problem], own: Path | None) -> Node:
    node = read_file(source.path, source.shown, problems)
    real = source.path.resolve()  # only now: a link to itself is refused by reading
    if real in below:
        chain = " -> ".join(p.name for p in (*below[below.index(real) :], real))
        raise ScenarioError(source.asked.problem(f"the files extend each other: {chain}", "break the circle"))
    if len(below) >= LONGEST_CHAIN:
        message = f"more than {LONGEST_CHAIN} files extend one another"
        raise ScenarioError(source.asked.problem(message, "put what they share into one"))
    if not isinstance(node.value, dict):
        message = "a scenario must be a mapping of fields"
        raise ScenarioError(*problems, node.location.problem(message, "write lines like `title: My scenario`"))
    drop_empty_sections(node, problems)
    extends = node.value.pop("extends", None)
    if extends is None:
        return merge(Node({}, node.location), node, problems)
    return merge(_read(_parent(source, extends, own), (*below, real), problems, own), node, problems)


def drop_empty_sections(node: Node, problems: list[Problem]) -> None:
    """Drop sections left empty; complain about policies or events that are no list."""
    for name in (*LISTS, *MAPPINGS, "decides", "without"):
        section = node.fields.get(name)
        if section is not None and section.value is None:
            del node.fields[name]
        elif section is not None and name in LISTS and not isinstance(section.value, list):
            location = section.key_location or section.location
            problems.append(location.problem(f"{name} must be a list", "write lines like `- key: {fields}`"))
            del node.fields[name]
        elif section is not None and len(section.items) > MOST_ITEMS:
            location = section.key_location or section.location
            problems.append(location.problem(f"there are more than {MOST_ITEMS} {name}", "keep those that matter"))
            del section.items[MOST_ITEMS:]


def _parent(source: Source, extends: Node, own: Path | None) -> Source:
    name, location = extends.value, extends.location
    if not isinstance(name, str) or not name:
        raise ScenarioError(location.problem("extends must be the name of a file", "write `extends: baseline.yaml`"))
    relative = Path(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name or ":" in name or not name.isprintable():
        message = f"extends '{name}' leaves the folder of this file"
        raise ScenarioError(location.problem(message, "put the file into this folder, without `..` or a full path"))
    folder, shipped_here = source.path.parent, shipped_scenarios()
    cases = [] if own is None else [own]
    homes = [*cases, shipped_here] if folder == shipped_here else [folder, *cases, shipped_here]
    for home in homes:
        target = home / relative
        if _is_file(target):
            if not target.resolve().is_relative_to(home.resolve()):
                message = f"extends '{name}' leads out of the folder by a link"
                raise ScenarioError(location.problem(message, "copy the file into this folder"))
            shown = os.path.join(os.path.dirname(source.shown), name) if home == folder else str(target)
            return Source(target, shown, location)
    shipped = {p.name for p in shipped_scenarios().glob("*.yaml")}
    remedy = did_you_mean(name, (shipped | {p.name for p in folder.glob("*.yaml")}) - {source.path.name})
    if not remedy.startswith("did you mean"):
        remedy = f"it must be in the folder of this file, or one of {', '.join(sorted(shipped))}"
    raise ScenarioError(location.problem(f"there is no file '{name}' to extend", remedy))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for the file system
        return False


def merge(parent: Node, child: Node, problems: list[Problem]) -> Node:
    """The child over its parent: lists are added up, mappings merge at every depth, the rest replaces."""
    out = {name: node for name, node in parent.fields.items() if name not in _OWN}
    drop(out, child.fields.get("without"), problems)
    for name, node in child.fields.items():
        old = out.get(name)
        if name in LISTS and old is not None:
            out[name] = Node([*old.items, *node.items], node.location, node.key_location)
        elif name in MAPPINGS and old is not None:
            out[name] = _merged(_without_opposites(old, node) if name == "parameters" else old, node)
        elif name == "decision_rule" and old is not None:
            out[name] = _merged_component(old, node)
        elif name == "decides" and old is not None and isinstance(node.value, dict):
            by_state = {iso: _merged_component(old.fields.get(iso, new), new) for iso, new in node.fields.items()}
            out[name] = Node({**old.fields, **by_state}, node.location, node.key_location)
        elif name != "without":
            out[name] = node
    return Node(out, child.location)


def _merged_component(old: Node, new: Node) -> Node:
    """The same component with other fields; another component replaces it."""
    return _merged(old, new) if list(old.fields) == list(new.fields) else new


def _merged(old: Node, new: Node) -> Node:
    """The new value over the old one: mappings entry by entry, anything else as a whole."""
    if not (isinstance(old.value, dict) and isinstance(new.value, dict)):
        return new
    both = {key: _merged(old.value[key], node) if key in old.value else node for key, node in new.value.items()}
    return Node({**old.value, **both}, new.location, new.key_location)


def _without_opposites(old: Node, new: Node) -> Node:
    """Inherited overrides of the ledger without what the new ones replace: a value a range, a range a value."""
    kept = {}
    for name, node in old.fields.items():
        given = set(new.fields[name].fields) if name in new.fields else set()
        gone = {"low", "high"} if "value" in given else {"value"} if given else set()
        fields = {key: value for key, value in node.fields.items() if key not in gone}
        kept[name] = Node(fields, node.location, node.key_location) if node.fields else node
    return Node(kept, old.location, old.key_location)


def drop(tree: dict[str, Node], without: Node | None, problems: list[Problem]) -> None:
    """Apply `without`: drop policies and events here, and hand on the mechanisms to switch off."""
    if without is None:
        return
    chosen = validated(Without, without, "without", problems)
    if chosen is None:
        return
    for section, unwanted in (("policies", chosen.policies), ("events", chosen.events)):
        items = tree[section].items if section in tree else []
        known = {label for item in items for label in labels(section, item)}
        if unwanted != "all":
            _check_known(without.fields.get(section), known, f"no inherited {SINGULAR[section]}", problems)
        if section in tree:
            kept = [item for item in items if unwanted != "all" and not labels(section, item) & set(unwanted)]
            tree[section] = Node(kept, tree[section].location, tree[section].key_location)
    switched = without.fields.get("mechanisms")
    if switched is not None:
        _check_known(switched, keys("mechanisms"), "no mechanism", problems)
        before = tree["without"].fields["mechanisms"] if "without" in tree else Node([], switched.location)
        both = "all" if "all" in (before.value, switched.value) else [*before.items, *switched.items]
        tree["without"] = Node({"mechanisms": Node(both, switched.location)}, without.location, without.key_location)


def _check_known(named: Node | None, known: Iterable[str], message: str, problems: list[Problem]) -> None:
    for item in named.items if named else []:
        if str(item.value) not in known:
            remedy = did_you_mean(str(item.value), known) or "nothing is inherited: leave it out"
            problems.append(item.location.problem(f"{message} '{item.value}'", remedy))
