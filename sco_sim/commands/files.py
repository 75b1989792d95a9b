"""From what a user names on the command line to scenarios and stored runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from sco_sim.commands.folders import refuse_folder
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.shipped import named_scenarios

if TYPE_CHECKING:
    from sco_sim.case.age import Age
    from sco_sim.scenario.schema import Scenario
    from sco_sim.store.stored import Stored

CODE_ALLOWED: ContextVar[bool] = ContextVar("code_allowed", default=False)
"""Whether the command line says `--allow-code`."""
TYPED: ContextVar[str] = ContextVar("typed", default="")
"""The command as it was typed, for a shell."""


def check_pairable(scenario: Scenario, other: Scenario, option: str = "--against") -> None:
    """Raises ScenarioError if the worlds of two scenarios have no place for place in common."""
    if other.states != scenario.states or other.horizon.start != scenario.horizon.start:
        remedy = "name a scenario with the same states and start"
        raise ScenarioError(Problem(f"{other.name} has other states or another start", remedy, option))


def shipped() -> dict[str, Path]:
    """Names of the shipped scenarios and their files."""
    return named_scenarios()


def located(name: str, case: Path | None = None) -> Path:
    """The file of that path, or else the scenario of that name, of the case or shipped; raises ScenarioError."""
    known = named_scenarios(case)
    if not name.strip():
        raise ScenarioError(Problem("the name of a scenario is empty", "name a scenario file or a shipped scenario"))
    path = Path(name)
    try:
        file, there = path.is_file(), path.exists()
    except (OSError, ValueError):
        return path  # too long a name, or one with a null character: reading it says so
    if re.fullmatch(r"\w+", name) and not file and name in known:
        return known[name]
    if there:
        refuse_folder(name, "a scenario", "name a scenario file or a shipped scenario")
        return path
    here = {str(file_there) for file_there in path.parent.glob("*.yaml")}
    near = did_you_mean(name, here | set(known))
    remedy = near if near.startswith("did") else "the scenarios known by name are " + ", ".join(sorted(known))
    raise ScenarioError(Problem("there is no such file, and no shipped scenario of that name", remedy, name))


def load(name: str, sets: Sequence[str] = (), case: Path | None = None, costs: bool = True) -> Scenario:
    """The scenario of a file or of a shipped name, with overrides.

    A budget is held against what the policies cost, which takes the model, unless `costs` says not to.
    Raises ScenarioError or CaseError.
    """
    from sco_sim.scenario.load import load_scenario

    file = located(name, case)
    try:
        scenario = load_scenario(file, list(sets), case, allow_code=CODE_ALLOWED.get())
    except ScenarioError as error:
        if any(problem.message.startswith("no field 'sweep'") for problem in error.problems):
            remedy = f"`sco-sim sweep {name}` simulates it"
            raise ScenarioError(Problem("this is an experiment, not a scenario", remedy, str(file))) from error
        if any(problem.message.startswith("no field 'overrides'") for problem in error.problems):
            remedy = f"`sco-sim run baseline --view {name}` simulates a scenario under it"
            raise ScenarioError(Problem("this is a view, not a scenario", remedy, str(file))) from error
        raise
    if costs and scenario.budget is not None:
        _check_budget(scenario, file, list(sets), case)
    return scenario


def ages_of(scenario: Scenario, case: Path | None) -> tuple[Age, ...]:
    """How old the evidence is at the start of a scenario, variable by variable."""
    from sco_sim.case.read_catalog import read_catalog
    from sco_sim.shipped import default_case

    catalog = read_catalog(default_case() if case is None else case)
    return catalog.observations.ages(scenario.states, scenario.horizon.start)


def _check_budget(scenario: Scenario, file: Path, sets: Sequence[str], case: Path | None) -> None:
    """Raises ScenarioError, with the location of the budget, if the policies cost more."""
    from sco_sim.case.opened import opened
    from sco_sim.engine.build import check
    from sco_sim.scenario.load import location_in_file

    try:
        check(scenario, opened(case))
    except ScenarioError as error:
        location = location_in_file(file, "budget", sets, case)
        raise ScenarioError(*(location.problem(p.message, p.remedy) for p in error.problems)) from error


def say_half_done(*stored: Stored) -> None:
    """Say on standard error how much of each stored thing is there, if it is not all of it."""
    from sco_sim.commands.screen.output import note

    for one in stored:
        words = one.half_done()
        if words:
            note(f"half done: {words}")


def numbers(text: str, option: str) -> list[int] | None:
    """Whole numbers separated by commas, None for nothing; raises ScenarioError."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if any(not part.isdecimal() for part in parts) or (text and not parts):
        raise ScenarioError(Problem(f"'{text}' is no list of years", f"write {option} 2025,2035", option))
    twice = next((part for number, part in enumerate(parts) if part in parts[:number]), None)
    if twice:
        raise ScenarioError(Problem(f"{twice} stands twice", "name each year once", option))
    return [int(part) for part in parts] or None
