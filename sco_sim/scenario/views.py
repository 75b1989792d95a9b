"""Views: named sets of beliefs about the ledger, which a scenario can be run under."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.case.changes import Override
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.fields import NAME, Part, name_of
from sco_sim.scenario.explain import location_of, validated
from sco_sim.scenario.inherit import merge
from sco_sim.scenario.ledger_check import check_parameters
from sco_sim.scenario.overrides import _SET
from sco_sim.scenario.schema import EVIDENCE, Rivals
from sco_sim.scenario.yaml_source import Location, Node, read_file
from sco_sim.shipped import shipped_views

Text = Annotated[str, Field(min_length=1, max_length=1000)]
WHY = ("reason", "source")
"""Fields of a belief that say why, and change no number."""


class Belief(Override):
    """Another range, or one value, for an entry of the ledger, and why."""

    reason: Text
    """Why this range."""
    source: Text
    """Where it comes from: rows of docs/mechanisms.md, a publication, or whose judgement it is."""


class Setting(Part):
    """What a scenario that says nothing else has in a field, and why."""

    value: str
    """The value, as the scenario file would have it."""
    reason: Text
    """Why this value."""
    source: Text
    """Where it comes from."""


class View(Part):
    """A view: what someone holds to be true about the ledger."""

    name: str = Field(pattern=NAME)
    """Name of the file without its ending."""
    title: str = Field(min_length=1, max_length=200)
    """One line for tables and figures."""
    about: str = Field("", max_length=4000)
    """Whose view it is, and how its numbers were chosen."""
    settings: Mapping[Literal["hazard_on", "third_parties", "rivals.contact", "rivals.consensus"], Setting] = {}
    """Rival views of a mechanism, by the field of a scenario that chooses."""
    overrides: Mapping[str, Belief] = {}
    """Beliefs by the name of the ledger entry."""


def views() -> dict[str, Path]:
    """Names of the shipped views and their files."""
    return {path.stem: path for path in sorted(shipped_views().glob("*.yaml"))}


def is_view(path: Path) -> bool:
    """Whether a file that can be read holds a view, and no scenario."""
    try:
        fields = read_file(path, str(path), []).fields
    except ScenarioError:
        return False
    return bool({"overrides", "settings"} & fields.keys()) or path.resolve() in {p.resolve() for p in views().values()}


def load_view(name: str, catalog: Catalog) -> View:
    """The view of a file, or the shipped one of that name; raises ScenarioError with all that is wrong in it."""
    problems: list[Problem] = []
    view, tree = _read(_located(name, None, Location("")), problems)
    if "overrides" in tree.fields:
        check_parameters(_beliefs(tree), catalog, problems)
    if view is not None:
        _check_settings(tree, problems)
    if problems or view is None:
        raise ScenarioError(*problems)
    return view


def apply_view(tree: Node, file: Path, problems: list[Problem]) -> None:
    """Put the beliefs of the view that a scenario names under what the scenario says itself.

    Args:
        tree: The scenario, changed in place: its `view` becomes the name of the view.
        file: The file of the scenario; a view beside it is taken before a shipped one.
        problems: What is wrong is added; entries and ranges are checked with those of the scenario.
    """
    named = tree.fields.get("view")
    if named is None or not isinstance(named.value, str):
        return  # no view, or no text, which the schema reports
    asked = Location("--view") if named.location.file.startswith(_SET) else named.location
    del tree.fields["view"]  # one that cannot be used is reported once
    try:
        view, own = _read(_located(named.value, file.parent, asked), problems)
    except ScenarioError as error:
        problems.extend(error.problems)
        return
    if view is None:
        return
    tree.fields["view"] = Node(view.name, named.location, named.key_location)
    below: dict[str, Node] = {"parameters": _beliefs(own)} if view.overrides else {}
    for path, node in own.fields["settings"].fields.items() if view.settings else ():
        *outer, field = path.split(".")
        value = node.fields["value"]
        if outer:
            section = below.setdefault(outer[0], Node({}, value.location, value.location))
            section.fields[field] = value
        else:
            below[field] = value
    tree.value = merge(Node(below, tree.location), tree, problems).value


def _located(name: str, beside: Path | None, asked: Location) -> Path:
    """The file of a view: the path, the file beside a scenario, or the shipped view; raises ScenarioError."""
    for path in (Path(name), *([beside / name] if beside else [])):
        try:
            if path.is_file():
                return path
        except (OSError, ValueError):  # no name of a file at all
            break
    if name in views():
        return views()[name]
    if "," in name:
        remedy = "name one; only `compare`, `effects`, `portfolio` and `sweep` take several"
        raise ScenarioError(asked.problem(f"'{name}' is several views where one is taken", remedy))
    near = did_you_mean(name, views())
    remedy = near if near.startswith("did") else "give the path of a file, or one of " + ", ".join(views())
    raise ScenarioError(asked.problem(f"there is no view '{name}'", remedy))


def _read(path: Path, problems: list[Problem]) -> tuple[View | None, Node]:
    """The view of a file, None if something is wrong with it, and its tree."""
    tree = read_file(path, str(path), problems)
    if not isinstance(tree.value, dict):
        where = tree.location
        raise ScenarioError(*problems, where.problem("a view must be a mapping of fields", "write `title: My view`"))
    for section in ("overrides", "settings"):
        if section in tree.fields and tree.fields[section].value is None:
            del tree.fields[section]
    if "name" in tree.fields:
        where = tree.fields["name"].key_location or tree.location
        problems.append(where.problem("a view is named after its file", "remove `name`, or use `title`"))
    name = name_of(path.stem, "view")
    view = validated(View, tree, "the view", problems, {"name": name})
    if view is not None and view.name == EVIDENCE and (view.overrides or view.settings):
        message = f"the view '{EVIDENCE}' is the ledger as it is, and this one overrides it"
        problems.append(tree.location.problem(message, "call the file something else"))
        view = None
    return view, tree


def _beliefs(tree: Node) -> Node:
    """The overrides of a view as a scenario would have them, at their place in the view."""
    section = tree.fields["overrides"]
    kept = {
        name: Node({k: v for k, v in node.fields.items() if k not in WHY}, node.location, node.key_location)
        for name, node in section.fields.items()
    }
    return Node(kept, section.location, section.key_location)


def _check_settings(tree: Node, problems: list[Problem]) -> None:
    """Values that the field of a scenario cannot take."""
    for path, node in tree.fields["settings"].fields.items() if "settings" in tree.fields else ():
        field = path.rpartition(".")[2]
        if path == "hazard_on":
            known: tuple[str, ...] = ("none", "level")
        elif path == "third_parties":
            known = ("none", "balance", "bloc")
        else:
            known = Rivals.model_fields[field].annotation.__args__  # type: ignore[union-attr]
        value = node.fields["value"].value
        if value not in known:
            where = location_of(node, ("value",))
            problems.append(
                where.problem(f"{path} must be {' or '.join(known)}, not '{value}'", did_you_mean(str(value), known))
            )
