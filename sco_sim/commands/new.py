"""`sco-sim new scenario`: a commented file to begin with."""

from __future__ import annotations

import re
from pathlib import Path

from sco_sim.commands.files import shipped
from sco_sim.commands.screen.output import say
from sco_sim.errors import Problem, ScenarioError, SimError, StoreError, did_you_mean
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario

TEMPLATE = """\
# A scenario of sco_sim. Check it:       sco-sim validate {file}
# Compare it with what it builds on:     sco-sim compare {parent} {file}
title: {title}
question: What does it change?
extends: {extends}  # everything of that file holds here too, unless it is changed below

# Years: the initial state is that of `start`; the year after is the first simulated one.
horizon: {{start: {start}, end: {end}}}

# How the council decides: consensus, qualified_majority or opt_in (`sco-sim list rules`).
# decision_rule:
#   qualified_majority: {{states: 0.55, population: 0.65}}

# Another way to decide for one state (`sco-sim list deciders`).
# decides:
#   {state}: {{red_lines: {{fields: [transport]}}}}

# Agreements, added to those of {extends} (`sco-sim list policies` shows them all, with their fields).
# decided_by: council (tabled in `start`), participants (they agree among themselves) or given (in force).
policies:
  - sister_cities:
      name: {label}
      start: {year}
      ramp_years: 3
      new_pairs_per_year: 20
      participants: members
      decided_by: council

# Outside shocks, added to those of {extends} (`sco-sim list events`).
# events:
#   - downturn: {{start: {year}}}

# What of {extends} to drop, and mechanisms to switch off.
# without: {{events: all}}

# Another range, or one value, for an entry of the ledger (`sco-sim list parameters`).
# parameters:
#   trust.persistence: {{low: 0.2, high: 0.6}}
"""


def main(name: str, extends: str) -> int:
    """Write NAME.yaml, which validates, and never over a file; the exit code."""
    path = Path(name if name.endswith(".yaml") else f"{name}.yaml")
    if not re.fullmatch(r"\w[\w-]{0,39}", path.stem):
        remedy = "use letters, digits and _, at most 40"
        raise ScenarioError(Problem(f"'{path.stem}' cannot be the name of a scenario", remedy, "new scenario"))
    text = _text(path, _parent(path, extends), extends.removesuffix(".yaml"))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise StoreError(Problem("there is such a file already", "choose another name", str(path))) from error
    except OSError as error:
        raise StoreError(Problem(f"cannot be written: {error.strerror}", "choose another folder", str(path))) from error
    try:
        load_scenario(path)
    except SimError:
        path.unlink()
        raise
    say(f"Written: {path}. Check it with `sco-sim validate {path}`.")
    return 0


def _parent(path: Path, extends: str) -> Scenario:
    """The scenario to build on: a file of the same folder, or a shipped one."""
    name = extends.removesuffix(".yaml")
    beside = path.parent / f"{name}.yaml"
    known = {file.stem for file in path.parent.glob("*.yaml")} | set(shipped())
    if name not in known:
        raise ScenarioError(Problem(f"no scenario '{name}' to extend", did_you_mean(name, known), "--extends"))
    return load_scenario(beside if beside.is_file() else shipped()[name])


def _text(path: Path, parent: Scenario, name: str) -> str:
    start, end = parent.horizon.start, parent.horizon.end
    label = re.sub(r"[^a-z0-9_]", "_", f"{path.stem.lower()}_cities")
    title = path.stem.replace("_", " ").replace("-", " ").capitalize()
    return TEMPLATE.format(
        file=path, parent=name, extends=f"{name}.yaml", title=f'"{title}"', label=label,
        start=start, end=end, year=min(start + 3, end), state=parent.states[0],
    )  # fmt: skip
