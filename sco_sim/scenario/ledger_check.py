"""Checks of what a scenario, or a view, makes of entries of the ledger."""

from __future__ import annotations

import warnings

from sco_sim.case.catalog import Catalog
from sco_sim.case.changes import Override
from sco_sim.errors import Problem, SimWarning, did_you_mean
from sco_sim.scenario.explain import location_of, validated
from sco_sim.scenario.yaml_source import Node


def check_parameters(section: Node, catalog: Catalog, problems: list[Problem]) -> None:
    """Entries that the ledger does not have, and overrides that theirs cannot bear."""
    for name, node in section.fields.items():
        if name not in catalog.parameters:
            remedy = did_you_mean(name, catalog.parameters)
            if remedy.startswith("known"):
                remedy = "`sco-sim list parameters` shows them all"
            location = node.key_location or node.location
            problems.append(location.problem(f"the ledger has no parameter '{name}'", remedy))
        else:
            _check_override(name, node, catalog, problems)


def _check_override(name: str, node: Node, catalog: Catalog, problems: list[Problem]) -> None:
    """An override beyond the limits of its entry; a warning for one far outside its range."""
    change, entry = validated(Override, node, name, []), catalog.ledger.like(name)
    if change is None or entry is None:
        return
    wrong = list(entry.wrong_with(name, change))
    for field, problem in wrong:
        problems.append(location_of(node, (field,)).problem(problem.message, problem.remedy))
    for field, value in () if wrong else catalog.ledger.far(name, change):
        where = location_of(node, (field,)).problem("", "")
        location = ":".join(str(part) for part in (where.file, where.line, where.column) if part)
        unit = "" if entry.unit == "1" else f" {entry.unit}"
        span = f"{entry.low:g} to {entry.high:g}{unit}"
        warnings.warn(f"{location}: {name} = {value:g} is far outside its range, {span}", SimWarning, stacklevel=2)
