"""Directions: tables whose origin and destination, or exporter and importer, seem to be swapped.

Who sends more of a pair lasts from year to year, and is much the same in the reports of both and in other tables. A
table swapped as a whole, with no other table to compare, cannot be detected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Finding, Flows, correlation, flows_of, leans_of
from sco_sim.case.schema.declare import Table
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.errors import Problem

DIRECTED = {
    "trade_reports": ("exporter_fob_kusd", "importer_cif_kusd"),
    "trade_reconciled": ("fob_kusd",),
    "students": ("students_persons",),
    "migrants": ("migrants_persons",),
}
"""Tables of flows with a direction, and their columns."""
REPORTS = (80, -0.3)
"""Fewest pairs and years with both reports of both directions, and the correlation below which they contradict one
another: 0.57 in the shipped case, at least 0.1 in subsets of six states and more."""
YEARS = (4, -0.5)
"""As REPORTS, for a year beside the year before: 0.6 and more in all tables of the shipped case."""
TABLES = (10, -0.4)
"""As REPORTS, for two tables beside one another: students and migrants 0.48, reconciled and reported trade 0.6."""
FAR_YEARS = 5


def swapped(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Directed flows that lean against the other report, the year before, or another table."""
    flows = {
        (name, column): flows_of(checked[name], BY_NAME[name], column)
        for name, columns in DIRECTED.items() if name in checked and "year" in checked[name].numbers
        for column in columns if column in checked[name].numbers
    }  # fmt: skip
    fob, cif = (flows.get(("trade_reports", column), {}) for column in DIRECTED["trade_reports"])
    pairs, lean = correlation(leans_of(fob), leans_of(cif))
    if pairs >= REPORTS[0] and lean < REPORTS[1]:
        message = f"the two reports lean opposite ways ({_measure(pairs, lean)}): directions swapped in one?"
        remedy = "the importer's report of a row is of goods from iso3_o to iso3_d, as the exporter's"
        yield Finding(False, Problem(message, remedy, checked["trade_reports"].sheet.path, 1))
    for (name, column), own in flows.items():
        yield from _by_year(BY_NAME[name], checked[name], column, own)
    yield from _beside(checked, flows, ("students", "students_persons"), ("migrants", "migrants_persons"))
    yield from _beside(
        checked, flows, ("trade_reconciled", "fob_kusd"),
        ("trade_reports", "importer_cif_kusd" if cif else "exporter_fob_kusd"),
    )  # fmt: skip


def _by_year(table: Table, content: Checked, column: str, flows: Flows) -> Iterator[Finding]:
    """Years that lean against the year before; the first of each stretch."""
    by_year: dict[int, dict[tuple[str, str, int], float]] = {}
    for (a, b, year), lean in leans_of(flows).items():
        by_year.setdefault(year, {})[a, b, 0] = lean
    years, turned = sorted(by_year), False
    for before, year in pairwise(years):
        pairs, lean = correlation(by_year[year], by_year[before])
        if year - before > FAR_YEARS or pairs < YEARS[0] or lean >= YEARS[1]:
            continue
        turned = not turned
        if turned:
            a, b = table.directed or ("", "")
            message = (
                f"{column} of {year} leans against that of {before} ({_measure(pairs, lean)}): {a} and {b} swapped?"
            )
            line = content.sheet.lines[content.numbers["year"].index(float(year))]
            yield Finding(
                False, Problem(message, turn(table), content.sheet.path, line, content.sheet.column_number(a))
            )


def _beside(
    checked: Mapping[str, Checked], flows: Mapping[tuple[str, str], Flows], one: tuple[str, str], two: tuple[str, str]
) -> Iterator[Finding]:
    """The last year of each flow in one table beside that in another."""
    pairs, lean = correlation(*(leans_of(last(flows.get(which, {}))) for which in (one, two)))
    if pairs >= TABLES[0] and lean < TABLES[1]:
        content = checked[one[0]]
        a, b = BY_NAME[one[0]].directed or ("", "")
        message = (
            f"{one[1]} leans against {two[1]} of {two[0]}.csv ({_measure(pairs, lean)}): {a} and {b} swapped in one?"
        )
        yield Finding(
            False, Problem(message, turn(BY_NAME[one[0]]), content.sheet.path, 1, content.sheet.column_number(a))
        )


def turn(table: Table) -> str:
    """What to do about swapped directions."""
    a, b = table.directed or ("", "")
    return f"rows go from {a} to {b}: exchange the two columns, or go on if it is true"


def last(flows: Flows) -> Flows:
    """The last value of each flow, under year 0."""
    return {(a, b, 0): value for (a, b, _), value in sorted(flows.items(), key=lambda item: item[0][2])}


def _measure(pairs: int, lean: float) -> str:
    return f"correlation {lean:.2f} of ln(there / back) over {pairs} pairs"
