"""Lists beside those of the shipped case: a list that was cut says nothing of what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Finding
from sco_sim.case.schema.declare import Table
from sco_sim.case.schema.reference import shipped_table
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.errors import Problem

LISTS = ("statuses", "claims", "exercises", "links", "alignments", "arms_shares", "route_nodes", "route_legs")
STATES = ("state", "state_a", "state_b")
"""Columns of the routes that name states of the case or others."""
FEW = 6
"""Rows of the shipped case from which their number is compared."""
LOST = 1.0 / 3.0


def listed(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Lists that lack a third and more of the rows that the shipped case has of the same states."""
    states = set(checked["states"].sheet.column("iso3")) if "states" in checked else set()
    for name in LISTS:
        content = checked.get(name)
        if content is None:
            continue
        header, rows = shipped_table(name)
        there = sum(_among(BY_NAME[name], header, row, states) for row in rows)
        here = len(content.sheet.rows)
        if there >= FEW and here < there * (1.0 - LOST):
            message = f"{here} rows, the shipped case has {there} of these states: a torn download?"
            yield Finding(False, Problem(message, "add the rows, or go on without them", content.sheet.path))


def _among(table: Table, header: Sequence[str], row: Sequence[str], states: set[str]) -> bool:
    """Whether a row is of these states alone, or of two of them at least if it names many, or of a way through one."""
    cells = dict(zip(header, row, strict=True))
    if named := [name for name in STATES if name in cells]:
        return any(cells[name] in states for name in named)
    codes = [column for column in table.columns if column.type in ("code", "codes") and column.required]
    many = any(column.type == "codes" for column in codes)
    parts = {part for column in codes for part in cells[column.name].split(";")}
    return len(parts & states) > 1 if many else parts <= states
