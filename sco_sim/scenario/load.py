"""From a scenario file to a checked Scenario, or to one error that lists everything wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sco_sim.case.catalog import Catalog
from sco_sim.case.read_catalog import read_catalog
from sco_sim.case.schema.check import warn_of_case
from sco_sim.components.registry import find, find_again
from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.check import _Check
from sco_sim.scenario.explain import location_of
from sco_sim.scenario.inherit import read_tree
from sco_sim.scenario.overrides import _SET, Overrides, _assign, _assignments, _override
from sco_sim.scenario.schema import Scenario
from sco_sim.scenario.views import apply_view
from sco_sim.scenario.yaml_source import Location, Node
from sco_sim.shipped import default_case, named_scenarios


def load_scenario(
    path: Path | str, overrides: Overrides = (), case: Path | str | None = None, allow_code: bool = False
) -> Scenario:
    """The scenario of a file, or of one of the case or a shipped one by its bare name, with overrides like `seed=2`.

    What a shipped scenario extends is the scenario of that name of the case, if the case has one.

    A component `package.module:Class` is imported, and its code run, only if `allow_code` says so.
    Raises ScenarioError with every problem, each with file, line, column and remedy; CaseError if the
    case folder cannot be used.
    """
    folder = default_case() if case is None else Path(case)
    catalog = read_catalog(folder)
    warn_of_case(folder)
    own = None if case is None else folder / "scenarios"
    file = _located(Path(path), None if case is None else folder)
    problems: list[Problem] = []
    tree = read_tree(file, problems, own)
    unread = list(problems)
    for text in _assignments(overrides):
        _override(tree, text, problems)
    apply_view(tree, file, problems)
    scenario = _Check(tree, catalog, file, problems, partial(find, allow_code=allow_code)).scenario()
    if problems or scenario is None:
        # a value that could not be read as it stands is reported once, not again for what became of it
        locations = {(p.file, p.line, p.column) for p in unread}
        first_seen = [p for p in problems if p in unread or (p.file, p.line, p.column) not in locations]
        raise ScenarioError(*_in_order(first_seen, str(file)))
    return scenario if case is None else scenario.with_case(folder)


def location_in_file(
    path: Path | str, field: str, overrides: Overrides = (), case: Path | str | None = None
) -> Location:
    """Where a top field stands, in a file that `load_scenario` can read, in what it extends, or on the command line."""
    ignored: list[Problem] = []
    folder = None if case is None else Path(case)
    tree = read_tree(_located(Path(path), folder), ignored, None if folder is None else folder / "scenarios")
    for text in _assignments(overrides):
        _override(tree, text, ignored)
    return location_of(tree, (field,), key=True)


def vary(scenario: Scenario, values: Mapping[str, Any], catalog: Catalog) -> Scenario:
    """The scenario with other values at some paths, as `--set` would put them; values are plain data.

    Raises ScenarioError with every problem.
    """
    problems: list[Problem] = []
    data = {key: value for key, value in scenario.resolved().items() if key != "name"}
    tree = Node.of(data, Location(f"scenario {scenario.name}"))
    for path, value in values.items():
        location = Location(f"{_SET} {path}")
        _assign(tree, path, Node.of(value, location), location, problems)
    if "view" in values:  # what a scenario leaves to a view can no longer be told from what it says
        where = Location(f"{_SET} view")
        problems.append(where.problem("a view cannot vary inside a sweep", "give --view, once for each view"))
    varied = _Check(tree, catalog, Path(f"{scenario.name}.yaml"), problems, find_again).scenario()
    if problems or varied is None:
        raise ScenarioError(*dict.fromkeys(problems))
    return varied.with_case(scenario.case)


def _located(path: Path, case: Path | None) -> Path:
    """The path itself, or the scenario of that bare name, of the case or shipped, if there is no such file."""
    bare = re.fullmatch(r"\w{1,100}", str(path)) is not None
    return named_scenarios(case).get(str(path), path) if bare and not path.exists() else path


def _in_order(problems: Iterable[Problem], file: str) -> list[Problem]:
    """By file, the named one first, and by line; each once."""
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda p: (p.file != file, p.file, p.line, p.column))
