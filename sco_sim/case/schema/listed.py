"""Rows beside those of the shipped case: a list that was cut says nothing of what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Finding
from sco_sim.case.schema.declare import Table
from sco_sim.case.schema.reference import common_rows, shipped_table
from sco_sim.case.schema.tables import TABLES
from sco_sim.errors import Problem, counted

STATES = ("state", "state_a", "state_b")
"""Columns of the routes that name states of the case or others."""
APART = ("states", "columns", "state_names", "trade_reports")
"""Tables of which a part is no torn one: a case chooses its states, and reports have gaps of their own."""
FEW = 6
"""Rows of the shipped case from which their number is compared."""
LOST = 1.0 / 3.0
OWN = 0.5
"""Share of the rows with a key of the shipped case below which a list is one's own."""
ONE_YEAR = 2
"""Rows of the shipped case in one year from which that year is missed in a list."""
REMEDY = "add the rows, or go on without them"


def listed(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Tables that lack a third and more of the rows that the shipped case has of the same states and years, or a year.

    Tables by year are compared from their first to their last year.
    """
    states = set(checked["states"].sheet.column("iso3")) if "states" in checked else set()
    for table in TABLES:
        content = checked.get(table.name)
        if content is None or content.known or table.name in APART or _own(table, content):
            continue
        sheet = content.sheet
        header, rows = shipped_table(table.name)
        among = _among(table, header, states)
        there = [row for row in rows if among(row)]
        dated = next((c.name for c in table.columns if c.type in ("year", "date") and c.name in header), "")
        years = _years(sheet.header, sheet.rows, dated)
        first, last = min(years, default=0), max(years, default=0)
        usual = _years(header, there, dated)
        if "year" in table.key:
            usual = [year for year in usual if first <= year <= last]
        expected = len(usual) if "year" in table.key else len(there)
        if expected >= FEW and len(sheet.rows) < expected * (1.0 - LOST):
            message = (
                f"{counted(len(sheet.rows), 'row')}, the shipped case has {expected} of these states: a torn download?"
            )
            yield Finding(False, Problem(message, REMEDY, sheet.path))
            continue
        gap = [year for year in sorted(set(usual) - set(years)) if first < year < last]
        lost = [year for year in gap if usual.count(year) >= ONE_YEAR]
        if lost and len(set(usual) & set(years)) > len(gap):
            message = f"no row of {', '.join(map(str, lost[:5]))}, the shipped case has {usual.count(lost[0])}"
            yield Finding(False, Problem(f"{message}: a torn download?", REMEDY, sheet.path))


def _own(table: Table, content: Checked) -> bool:
    """Whether most rows of a list by names have keys that the shipped case does not: a list of one's own."""
    if not any(table.column(name).type == "text" for name in table.key) or not set(table.key) <= set(
        content.sheet.header
    ):
        return False
    return len(common_rows(content, table.name, table.key)) < len(content.sheet.rows) * OWN


def _years(header: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> list[int]:
    """The years of the cells of a column of years or dates; gaps are left out."""
    if name not in header:
        return []
    index = header.index(name)
    return [int(row[index][:4]) for row in rows if row[index]]


def _among(table: Table, header: Sequence[str], states: set[str]) -> Callable[[Sequence[str]], bool]:
    """Whether a row is of these states alone, or of a way through one of them: of others a case cannot have it.

    Rows that name no state are those of a case whose states all are in the shipped one.
    """
    if named := [header.index(name) for name in STATES if name in header]:
        return lambda row: any(row[index] in states for index in named)
    codes = [column for column in table.columns if column.type in ("code", "codes", "legs") and column.name in header]
    columns = [header.index(column.name) for column in codes]
    shipped, names = shipped_table("states")
    cut = states <= {row[shipped.index("iso3")] for row in names}

    def among(row: Sequence[str]) -> bool:
        parts = {part for index in columns for part in row[index].replace("-", ";").split(";")} - {""}
        if not parts:
            return cut
        return parts <= states

    return among
