"""Cells of the shipped case that stand elsewhere: a row or some years further, or at another state.

Each is a slip of a whole column or table that leaves every single figure plausible. An honest edit moves few cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sco_sim.case.schema.check_table import NUMERIC, Checked
from sco_sim.case.schema.compare import Finding, keys_of
from sco_sim.case.schema.declare import Column, Table
from sco_sim.case.schema.rearranged import in_other_rows
from sco_sim.case.schema.reference import REMEDY, shipped_column, shipped_table
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.errors import Problem, counted

MOST = 0.8
"""Share of the cells that tell which are displaced in the same way."""
FEW = 6
"""Fewest rows of the shipped case whose neighbour is another one."""
SOME = 3
"""Fewest rows with a date, or with one of two states, that are displaced."""
YEARS = 12
"""Years that a table is moved at most."""
LOOKED = 300
"""Cells by which the years are looked for."""
CODES = ("code", "codes", "states", "legs")
Common = Sequence[tuple[int, int]]
"""Own row and row of the shipped case with the same key."""


def displaced(column: Column, cells: Sequence[str], theirs: Sequence[str], common: Common) -> str:
    """How the cells of a column are displaced beside those of the shipped case; empty if they are not."""
    if column.type in CODES:
        return _exchanged(column.name, [(cells[i], theirs[j]) for i, j in common]) or _row(
            column.name, cells, theirs, common
        )
    dated = column.type in ("year", "date") or column.unit == "year"
    return (_dates(column.name, cells, theirs, common) if dated else "") or _row(column.name, cells, theirs, common)


def _row(name: str, cells: Sequence[str], theirs: Sequence[str], common: Common) -> str:
    """Every cell a row too low or too high."""
    for step, word in ((-1, "before"), (1, "after")):
        rows = [(i, j) for i, j in common if 0 <= j + step < len(theirs) and theirs[j + step] != theirs[j]]
        moved = sum(cells[i] == theirs[j + step] for i, j in rows)
        if len(rows) >= FEW and moved >= MOST * len(rows):
            return f"{name} has the cells of the row {word} in the shipped case: moved by a row?"
    return ""


def _dates(name: str, cells: Sequence[str], theirs: Sequence[str], common: Common) -> str:
    """Nearly all years or dates the same number of years apart."""
    both = [(cells[i][:4], theirs[j][:4]) for i, j in common]
    apart = Counter(int(mine) - int(other) for mine, other in both if mine.isdigit() and other.isdigit())
    if not apart:
        return ""
    years, rows = apart.most_common(1)[0]
    if not years or rows < max(SOME, MOST * apart.total()):
        return ""
    side = "after" if years > 0 else "before"
    return f"{name} is {counted(abs(years), 'year')} {side} the shipped case in {counted(rows, 'common row')}"


def _exchanged(name: str, both: Sequence[tuple[str, str]]) -> str:
    """Two states that stand for one another in all common rows."""
    parts = [(mine.split(";"), other.split(";")) for mine, other in both]
    other_ones = [(set(mine) - set(other), set(other) - set(mine)) for mine, other in parts if mine != other]
    pairs = {frozenset(a | b) for a, b in other_ones if len(a) == len(b) == 1}
    if len(pairs) != 1 or len(other_ones) < SOME:
        return ""
    one, two = sorted(next(iter(pairs)))
    turned = {one: two, two: one}
    there = {code for _, other in parts for code in other}
    whole = all({turned.get(code, code) for code in other} == set(mine) for mine, other in parts)
    if not whole or not {one, two} <= there:
        return ""
    return f"{name}: {one} and {two} stand for one another beside the shipped case"


def moved(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Tables whose years are later or earlier than those of the shipped case, or in which two states are exchanged."""
    states = set(checked["states"].sheet.column("iso3")) if "states" in checked else set()
    for name, content in checked.items():
        table = BY_NAME[name]
        if content.known or not set(content.sheet.header) <= set(shipped_table(name)[0]):
            continue
        if message := _years(table, content):
            number = content.sheet.column_number("year")
            yield Finding(False, Problem(message, REMEDY, content.sheet.path, 1, number))
        elif message := _turned(table, content) or _states(table, content, states) or _of_the_key(table, content):
            yield Finding(False, Problem(message, REMEDY, content.sheet.path, 1))


def _of_the_key(table: Table, content: Checked) -> str:
    """A column of the key whose cells stand in other rows of a table that is otherwise the shipped one."""
    changed = [
        (name, cells, theirs)
        for name in content.sheet.header
        if (cells := content.sheet.column(name)) != (theirs := shipped_column(table.name, name))
    ]
    if len(changed) != 1 or changed[0][0] not in table.key or len(changed[0][1]) != len(changed[0][2]):
        return ""
    ((name, cells, theirs),) = changed
    rows = [(row, row) for row in range(len(cells))]
    return _row(name, cells, theirs, rows) or in_other_rows(name, list(zip(cells, theirs, strict=True)))


def _turned(table: Table, content: Checked) -> str:
    """The two ends of a directed table exchanged throughout."""
    if not table.directed or not set(table.directed) <= set(table.key) <= set(content.sheet.header):
        return ""
    one, two = (table.key.index(name) for name in table.directed)
    own = keys_of(content, *table.key)
    there = set(zip(*(shipped_column(table.name, name) for name in table.key), strict=True))
    exchanged = [tuple(key[two if i == one else one if i == two else i] for i in range(len(key))) for key in own]
    straight, turned = (sum(key in there for key in keys) for keys in (own, exchanged))
    if turned < max(FEW, MOST * len(own)) or turned < 2 * straight:
        return ""
    return f"{' and '.join(table.directed)} have one another's cells of the shipped case: are the columns swapped?"


def _years(table: Table, content: Checked) -> str:
    """The years by which the cells of a table by year are moved."""
    columns = [c.name for c in table.columns if c.type in NUMERIC and c.name in content.numbers and c.name != "year"]
    if "year" not in table.key or not columns or not set(table.key) <= set(content.sheet.header):
        return ""
    name = max(columns, key=lambda one: len(set(content.sheet.column(one))))
    year_index = table.key.index("year")
    there = dict(
        zip(zip(*(shipped_column(table.name, one) for one in table.key), strict=True),
            shipped_column(table.name, name), strict=True)
    )  # fmt: skip
    own = [(key, cell) for key, cell in zip(keys_of(content, *table.key), content.sheet.column(name), strict=True)
           if cell not in ("", "0")]  # fmt: skip
    in_place = sum(there.get(key) == cell for key, cell in own)
    if not own or in_place * 2 >= len(own):
        return ""

    def matching(years: int, some: Sequence[tuple[tuple[str, ...], str]]) -> int:
        return sum(there.get(_moved_key(key, year_index, years)) == cell for key, cell in some)

    few = own[:: max(1, len(own) // LOOKED)]
    best = max(range(-YEARS, YEARS + 1), key=lambda years: matching(years, few))
    if not best or matching(best, own) < max(FEW, len(own) / 2, 2 * in_place):
        return ""
    side = "later" if best > 0 else "earlier"
    return f"{name} has the figures of the shipped case {counted(abs(best), 'year')} {side}: are the years moved?"


def _moved_key(key: tuple[str, ...], year_index: int, years: int) -> tuple[str, ...]:
    """A key of so many years before."""
    return (*key[:year_index], str(int(key[year_index][:4]) - years), *key[year_index + 1 :])


def _states(table: Table, content: Checked, states: set[str]) -> str:
    """Two states of the case that have one another's rows; a code of one's own is no slip."""
    codes = [c.name for c in table.columns if c.type in CODES and c.name in content.sheet.header]
    there = _often(shipped_column(table.name, one) for one in codes)
    own = _often(content.sheet.column(one) for one in codes)
    other = sorted(code for code in {*own, *there} if own[code] != there[code])
    if (
        len(other) != 2
        or not set(other) <= states
        or (own[other[0]], own[other[1]]) != (there[other[1]], there[other[0]])
    ):
        return ""
    turned = dict(zip(other, reversed(other), strict=True))
    header = [name for name in content.sheet.header if table.column(name).type != "text"]
    mine = Counter(_row_of(cells, table, header, turned) for cells in keys_of(content, *header))
    theirs = Counter(
        _row_of(cells, table, header, {})
        for cells in zip(*(shipped_column(table.name, one) for one in header), strict=True)
    )
    if (mine & theirs).total() < MOST * theirs.total():
        return ""
    return f"{other[0]} and {other[1]} have one another's rows of the shipped case: are their codes exchanged?"


def _often(columns: Iterable[Sequence[str]]) -> Counter[str]:
    """How often each code stands in some columns."""
    out: Counter[str] = Counter()
    for column in columns:
        for cell, often in Counter(column).items():
            for code in cell.split(";"):
                out[code] += often
    return out


def _row_of(
    cells: Sequence[str], table: Table, header: Sequence[str], turned: Mapping[str, str]
) -> tuple[str | tuple[str, ...], ...]:
    """The cells of a row, codes exchanged and sorted."""
    ordered = table.ordered or ()
    row: list[str | tuple[str, ...]] = []
    pair = []
    for name, cell in zip(header, cells, strict=True):
        codes = tuple(sorted(turned.get(code, code) for code in cell.split(";")))
        if name in ordered:
            pair.append(codes)
        else:
            row.append(codes if table.column(name).type in CODES else cell)
    return (*row, *(code for codes in sorted(pair) for code in codes))
