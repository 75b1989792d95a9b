"""The check of one table against its declaration."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from sco_sim.case.catalog import Catalog
from sco_sim.case.schema.declare import Column, Table
from sco_sim.case.schema.sheet import Sheet, header_problems, width_problems
from sco_sim.case.schema.words import Fault, code_fault, date_of, number_of, range_fault, state_fault, year_of
from sco_sim.errors import Problem, counted, did_you_mean

MOST_VALUES = 5
"""Distinct wrong values of a column that are reported one by one."""

LOOKED_UP = 50
"""Texts of a column that are no states and are held beside all names: a column of amounts has thousands."""

NUMERIC = ("number", "count", "flag", "year")
"""Types of columns that are read as numbers."""

WHOLE = 1e-9
"""Relative distance from a whole number that sums of floating point numbers leave."""


def this_year() -> int:
    """The current calendar year: no observation is later."""
    return datetime.date.today().year


@dataclass(eq=False)
class Checked:
    """What a check of one table gave: what is wrong, what is odd, and its numbers by column (NaN for a gap)."""

    sheet: Sheet
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    numbers: Mapping[str, Sequence[float]] = field(default_factory=dict)
    known: bool = False
    """Whether it is a table of the shipped case as it stands, which needs no check by itself."""


class Numbers(Mapping[str, Sequence[float]]):
    """The numbers of a table without faults, each column read when it is asked for."""

    def __init__(self, table: Table, sheet: Sheet) -> None:
        """Columns of numbers that the table declares and the sheet has."""
        self._sheet = sheet
        self._names = tuple(c.name for c in table.columns if c.type in NUMERIC and c.name in sheet.header)
        self._read: dict[str, Sequence[float]] = {}

    def __getitem__(self, name: str) -> Sequence[float]:
        """The numbers of a column, NaN for a gap; raises KeyError if it has none."""
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = [float(cell) if cell else math.nan for cell in self._sheet.column(name)]
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """Names of the columns."""
        return iter(self._names)

    def __len__(self) -> int:
        """Number of the columns."""
        return len(self._names)


def check_table(table: Table, sheet: Sheet, catalog: Catalog) -> Checked:
    """Everything that is wrong with one table by itself.

    Args:
        table: Its declaration.
        sheet: Its cells.
        catalog: The states; without any, codes are not checked.
    """
    out = Checked(sheet)
    known = [column.name for column in table.columns]
    required = [column.name for column in table.columns if column.required]
    out.problems += header_problems(sheet, required, known)
    if table.one_of and not set(table.one_of) & set(sheet.header):
        remedy = f"the columns here are {', '.join(sheet.header)}"
        out.problems.append(Problem(f"neither {' nor '.join(table.one_of)} is there", remedy, sheet.path, 1))
    if not out.problems and not sheet.rows and not table.empty:
        remedy = f"fill it in, or take the file away: without it, {table.fallback}" if table.fallback else "fill it in"
        out.problems.append(Problem("has a header and no rows", remedy, sheet.path, 1))
    out.problems += width_problems(sheet)
    if out.problems:
        return out
    for name in sheet.header:
        near = did_you_mean(name, [other for other in known if other not in sheet.header])
        if name not in known and near.startswith("did"):
            out.warnings.append(
                Problem(f"the column '{name}' is not read", near, sheet.path, 1, sheet.header.index(name) + 1)
            )
    numbers = {c.name: _check_column(out, c, catalog) for c in table.columns if c.name in sheet.header}
    out.numbers = {name: values for name, values in numbers.items() if values is not None}
    if not out.problems:
        _check_pairs(out, table)
        _check_key(out, table)
        _check_in_time(out, table)
        _check_within(out, table)
        _check_least(out, table)
    if not sheet.whole:
        line = sheet.lines[-1]
        out.warnings.append(
            Problem("the last line has no end", "a torn download? Compare the number of rows", sheet.path, line)
        )
    return out


def _check_column(out: Checked, column: Column, catalog: Catalog) -> Sequence[float] | None:
    """Every cell of a column, each distinct value looked at once; the numbers of a column of numbers without faults."""
    cells = out.sheet.column(column.name)
    reader = _reader(column, catalog)
    values: dict[str, float] = {}
    faults: dict[str, Fault] = {}
    for cell in dict.fromkeys(cells):
        value = _read(cell, column, reader)
        if isinstance(value, Fault):
            faults[cell] = value
        else:
            values[cell] = value
    if faults:
        _report(out, column, cells, faults)
    return None if faults or column.type not in NUMERIC else [values[cell] for cell in cells]


def _read(cell: str, column: Column, reader: Callable[[str], float | Fault]) -> float | Fault:
    if cell.strip():
        return reader(cell)
    if column.filled:
        return Fault("the cell is empty", f"every row needs `{column.name}`: {column.meaning}")
    return float("nan") if not cell else Fault("the cell holds blanks only", "leave it empty")


def _report(out: Checked, column: Column, cells: Sequence[str], faults: Mapping[str, Fault]) -> None:
    """One problem for each distinct wrong value, at its first line."""
    first: dict[str, int] = {}
    often: dict[str, int] = {}
    for row, cell in enumerate(cells):
        if cell in faults:
            first.setdefault(cell, row)
            often[cell] = often.get(cell, 0) + 1
    number = out.sheet.column_number(column.name)
    for cell, row in list(first.items())[:MOST_VALUES]:
        message, remedy = faults[cell]
        again = f" (in {often[cell]} rows)" if often[cell] > 1 else ""
        out.problems.append(
            Problem(f"{column.name}: {message}{again}", remedy, out.sheet.path, out.sheet.lines[row], number)
        )
    if len(first) > MOST_VALUES:
        rows = sum(often[cell] for cell in list(first)[MOST_VALUES:])
        message = f"{column.name}: {len(first) - MOST_VALUES} more values are wrong, in {rows} rows"
        out.problems.append(Problem(message, "", out.sheet.path, out.sheet.lines[list(first.values())[5]], number))


def _word(cell: str, column: Column) -> float | Fault:
    """What is wrong with a text, or with a word of a few."""
    if len(cell.splitlines()) > 1:
        return Fault(f"'{' '.join(cell.split())}' breaks over lines", "write it in one line")
    if not column.choices or cell in column.choices:
        return 0.0
    folded = {choice.casefold(): choice for choice in column.choices}
    bare = cell.strip().casefold().replace(" ", "_")
    if bare in folded:
        return Fault(f"'{cell}' is not written as '{folded[bare]}'", f"write {folded[bare]}")
    return Fault(f"'{cell}' is unknown", did_you_mean(cell, column.choices))


class _Strangers:
    """What to say of texts that are no states; of the first ones only, since few are reported and names are many."""

    def __init__(self, catalog: Catalog) -> None:
        """Whose states are known."""
        self._catalog = catalog
        self._told: set[str] = set()

    def __call__(self, cell: str, fault: Callable[[str, Catalog], Fault]) -> Fault:
        """The fault of a text."""
        self._told.add(cell)
        first = len(self._told) <= LOOKED_UP
        return fault(cell, self._catalog) if first else Fault(f"no state '{cell}'", "see the lines before")


def _reader(column: Column, catalog: Catalog) -> Callable[[str], float | Fault]:
    """What turns a cell of the column into a number (0 for words), or says what is wrong with it."""
    latest = this_year() + (30 if "planned" in column.name else 0)
    strangers = _Strangers(catalog)

    def numeric(cell: str) -> float | Fault:
        value = number_of(cell)
        if isinstance(value, Fault):
            return value
        if column.type == "flag" and value not in (0.0, 1.0):
            return Fault(f"'{cell}' is neither 0 nor 1", "write 1 for yes, 0 for no")
        if not column.low <= value <= column.high or (column.exclusive and value == column.low):
            return range_fault(value, column.low, column.high, column.exclusive, column.unit)
        if column.type == "count" and abs(value - round(value)) > WHOLE * value:
            return Fault(f"'{cell}' is no whole number", f"the column counts {column.unit}: another unit, or a mean?")
        return value

    def code(cell: str) -> float | Fault:
        return 0.0 if cell in catalog.states or not catalog.states else strangers(cell, code_fault)

    def codes(cell: str) -> float | Fault:
        if "," in cell:
            return Fault(f"'{cell}' has commas between the codes", f"write {';'.join(re.split(' *[,;] *', cell))}")
        faults = [fault for part in cell.split(";") if isinstance(fault := code(part), Fault)]
        return faults[0] if faults else 0.0

    def states(cell: str) -> float | Fault:
        faults = [fault for part in cell.split(";") if isinstance(fault := state(part), Fault)]
        return faults[0] if faults else 0.0

    def state(cell: str) -> float | Fault:
        known = cell in catalog.states or not catalog.states or cell in catalog.names.usual
        return 0.0 if known else strangers(cell, state_fault)

    def legs(cell: str) -> float | Fault:
        for leg in cell.split(";"):
            ends = leg.split("-")
            if len(ends) != 2 or ends[0] == ends[1]:
                return Fault(f"'{leg}' is no leg", "write two codes, for example CHN-PAK")
            if isinstance(fault := codes(";".join(ends)), Fault):
                return fault
        return 0.0

    return {
        "number": numeric, "count": numeric, "flag": numeric, "code": code, "codes": codes, "states": states,
        "legs": legs,
        "choice": lambda cell: _word(cell, column), "text": lambda cell: _word(cell, column),
        "year": lambda cell: year_of(cell, latest), "date": lambda cell: date_of(cell, latest),
    }[column.type]  # fmt: skip


def _check_pairs(out: Checked, table: Table) -> None:
    """Two different states, and a pair without direction in the order of the alphabet."""
    if table.pair is None:
        return
    a, b = table.pair
    wrong = []
    for row, (one, two) in enumerate(zip(out.sheet.column(a), out.sheet.column(b), strict=True)):
        if one == two:
            wrong.append((row, f"{one} is paired with itself", "drop the row"))
        elif table.ordered and one > two:
            wrong.append((row, f"the pair {one},{two} is in the wrong order", f"write {two},{one}"))
    _rows(out, wrong, out.sheet.column_number(a))


def _check_in_time(out: Checked, table: Table) -> None:
    """Nothing ends before it begins. Of a year and a date in it neither is earlier."""
    names = [name for name in table.in_time if name in out.sheet.header]
    for early, late in combinations(names, 2):
        cells = zip(out.sheet.column(early), out.sheet.column(late), strict=True)
        wrong = [
            (row, f"{late} {end} lies before {early} {begin}", "exchange or correct them")
            for row, (begin, end) in enumerate(cells)
            if begin and end and end[: len(begin)] < begin[: len(end)]
        ]
        _rows(out, wrong, out.sheet.column_number(late))


def _check_within(out: Checked, table: Table) -> None:
    """Who acts in a row is one of those that the row is about."""
    for name, others in table.within:
        if not {name, *others} <= set(out.sheet.header):
            continue
        cells = zip(out.sheet.column(name), *(out.sheet.column(other) for other in others), strict=True)
        wrong = [
            (row, f"{name} {cell} is neither {' nor '.join(about)}", f"write one of the two, or another row for {cell}")
            for row, (cell, *about) in enumerate(cells)
            if cell and cell not in about
        ]
        _rows(out, wrong, out.sheet.column_number(name))


def _check_least(out: Checked, table: Table) -> None:
    """Cells of codes that name too few, or one twice."""
    for column in table.columns:
        if column.type not in ("codes", "states") or column.name not in out.sheet.header:
            continue
        named = [cell.split(";") for cell in out.sheet.column(column.name)]
        number = out.sheet.column_number(column.name)
        twice = [
            (row, f"{column.name}: '{';'.join(parts)}' names a state twice", f"write {';'.join(dict.fromkeys(parts))}")
            for row, parts in enumerate(named)
            if len(set(parts)) < len(parts)
        ]
        _rows(out, twice, number)
        few = [row for row, parts in enumerate(named) if len(parts) < column.least]
        if few and not twice:
            what = f"{column.name} names {'one state' if column.least == 2 else f'fewer than {column.least} states'}"
            rows = f" (in {counted(len(few), 'row')})" if len(few) > 1 else ""
            remedy = "name the others too, or drop the row: it counts for no pair"
            out.warnings.append(Problem(what + rows, remedy, out.sheet.path, out.sheet.lines[few[0]], number))


def _check_key(out: Checked, table: Table) -> None:
    """No key twice, or no row twice where there is no key: rows with other keys are other rows."""
    _check_twice(out, table.key if all(name in out.sheet.header for name in table.key) else ())


def _check_twice(out: Checked, key: Sequence[str]) -> None:
    """No two rows with the same cells in the columns of a key, or in all columns if it is empty."""
    names = key or out.sheet.header
    keys = out.sheet.keys(names)
    if len(set(keys)) == len(keys):
        return
    seen: dict[tuple[str, ...], int] = {}
    wrong = []
    for row, cells in enumerate(keys):
        if cells in seen:
            before = out.sheet.lines[seen[cells]]
            what = ",".join(cells) if key else "the whole row"
            wrong.append((row, f"{what} stands in line {before} already", "keep one of the two rows"))
        seen.setdefault(cells, row)
    _rows(out, wrong, out.sheet.column_number(names[0]))


def _rows(out: Checked, wrong: Sequence[tuple[int, str, str]], number: int) -> None:
    for row, message, remedy in wrong[:MOST_VALUES]:
        out.problems.append(Problem(message, remedy, out.sheet.path, out.sheet.lines[row], number))
    if len(wrong) > MOST_VALUES:
        message = f"and {len(wrong) - MOST_VALUES} more such rows"
        out.problems.append(Problem(message, "", out.sheet.path, out.sheet.lines[wrong[MOST_VALUES][0]], number))
