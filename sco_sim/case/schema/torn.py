"""Rows that seem to be missing: torn downloads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import at, keys_of
from sco_sim.case.schema.declare import Column, Table
from sco_sim.case.schema.steps import swings_of
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.errors import Problem

ADD = "add the rows, or go on without them"
LOST = 1.0 / 3.0
"""Share of the last total, or of the rows of the last year, from which a loss is reported."""
FEW = 6
"""Rows of a year from which their number is compared, if they are half of those of the fullest year."""

SEVERAL = 3
"""Tables that lack the same states from which these are told once."""
GAPS = 0.2
"""Missing years over those that are there, up to which a table has every year: others are of every fifth, or of any."""
OLD_YEARS = 10
"""Years by which a table may end before the sizes of the states do: the shipped air links end in 2014."""


def ends(checked: Mapping[str, Checked]) -> Iterator[Problem]:
    """Tables that end long before the sizes of the states: sorted by year, and cut."""
    years = {
        name: max(content.numbers["year"], default=0.0)
        for name, content in checked.items()
        if "year" in content.numbers
    }
    for name, last in years.items():
        listed = BY_NAME[name].empty and "year" not in BY_NAME[name].key  # events may have stopped
        if not (BY_NAME[name].record or listed) and last < years.get("state_years", 0.0) - OLD_YEARS:
            sheet = checked[name].sheet
            message = (
                f"the last year is {last:.0f}, that of state_years.csv {years['state_years']:.0f}: a torn download?"
            )
            yield Problem(message, ADD, sheet.path, sheet.lines[-1], sheet.column_number("year"))


def without(checked: Mapping[str, Checked], states: Sequence[str]) -> Iterator[Problem]:
    """States without a row, in one line if several tables lack the same ones: those have been added."""
    tables: dict[tuple[str, ...], list[Checked]] = {}
    for name, content in checked.items():
        if not content.known and (lacks := _absent(BY_NAME[name], content, states)):
            tables.setdefault(tuple(lacks), []).append(content)
    for absent, lacking in tables.items():
        if len(lacking) < SEVERAL:
            for content in lacking:
                yield Problem(f"no row for {_list(absent)}: a torn download?", ADD, content.sheet.path)
            continue
        names = ", ".join(Path(content.sheet.path).name for content in lacking)
        yield Problem(f"no row for {_list(absent)} in {names}", ADD, checked["states"].sheet.path)


def _absent(table: Table, content: Checked, states: Sequence[str]) -> list[str]:
    """States without a row in a table that should have every one."""
    if not content.sheet.rows or table.name in ("states", "statuses") or table.record:
        return []
    if table.empty and not _lists_all(table, content):
        return []
    codes = [column.name for column in table.columns if column.type == "code" and column.required]
    present = {cell for name in codes for cell in content.sheet.column(name)}
    absent = [iso for iso in states if iso not in present]
    return absent if len(states) > len(absent) else []


def torn(table: Table, content: Checked, states: Sequence[str]) -> Iterator[Problem]:
    """Rows that seem to be missing: years, pairs, or a third of the rows or amounts of the last year."""
    if not content.sheet.rows or table.name == "states":
        return
    yield from _missing(table, content)
    if table.record:
        if table.pair and not table.empty:
            yield from _cut(table, content, states)
        return
    yield from _hollow(table, content)
    if table.empty:
        yield from _unlisted(table, content, states)
        return
    absent = _absent(table, content, states)
    if not absent and table.pair:
        yield from _cut(table, content, states)
    if table.name == "ties" and not absent:
        yield from _pairs(content, states)
    if "year" in content.numbers and table.name != "students":
        yield from _falls(table, content)


def _missing(table: Table, content: Checked) -> Iterator[Problem]:
    """Years without a row in a table that otherwise has every year from its first to its last."""
    if "year" not in table.key or "year" not in content.numbers or table.name == "students":
        return
    present = sorted({int(year) for year in content.numbers["year"]})
    gaps = [year for before, after in pairwise(present) for year in range(before + 1, after)]
    if 0 < len(gaps) <= len(present) * GAPS:
        message = f"no row of {', '.join(map(str, gaps[:5]))}, though of the years around: a torn download?"
        yield Problem(message, ADD, content.sheet.path, 1, content.sheet.column_number("year"))


def _hollow(table: Table, content: Checked) -> Iterator[Problem]:
    """Columns that the table is for, without a single value; amounts are more than nothing somewhere."""
    needed = [name for name in table.one_of if name in content.sheet.header]
    needed += [column.name for column in table.columns if column.required and not column.filled]
    numbers = {name: content.numbers[name] for name in needed if name in content.numbers}
    amounts = all(table.column(name).step for name in numbers)
    if numbers and not any(value > 0.0 if amounts else value == value for of in numbers.values() for value in of):
        remedy = f"fill it in; until then, {table.fallback}"
        what = "a value above 0" if amounts else "a value"
        yield Problem(f"no row has {what} of {' or '.join(numbers)}", remedy, content.sheet.path, 1)


def _unlisted(table: Table, content: Checked, states: Sequence[str]) -> Iterator[Problem]:
    """A table that lists pairs with nothing lists all pairs."""
    if _lists_all(table, content) and not _absent(table, content, states):
        yield from _pairs(content, states)


def _lists_all(table: Table, content: Checked) -> bool:
    """Whether a table has pairs with nothing, and so should have all pairs."""
    numbers = [column.name for column in table.columns if column.required and column.type == "count"]
    nothing = any(0.0 in content.numbers.get(name, ()) for name in numbers)
    return bool(table.ordered) and "year" not in content.numbers and nothing


def _pairs(content: Checked, states: Sequence[str]) -> Iterator[Problem]:
    pairs = len(states) * (len(states) - 1) // 2
    if len(content.sheet.rows) < pairs:
        message = f"{len(content.sheet.rows)} of {pairs} pairs have a row: a torn download?"
        yield Problem(message, ADD, content.sheet.path)


def _cut(table: Table, content: Checked, states: Sequence[str]) -> Iterator[Problem]:
    """States that never stand first in a pair: many of them, or the last of a table that is sorted by it."""
    first = (table.pair or ("", ""))[0]
    cells = content.sheet.column(first)
    present = set(cells)
    possible = sorted(states)[:-1] if table.ordered else sorted(states)
    absent = [iso for iso in possible if iso not in present]
    end = bool(absent) and absent == possible[-len(absent) :] and all(a <= b for a, b in pairwise(cells))
    if len(absent) > len(possible) / 4 or end:
        message = f"{first}: no row begins with {_list(absent)}: a torn download?"
        yield Problem(message, ADD, content.sheet.path, content.sheet.lines[-1])


def _list(states: Sequence[str]) -> str:
    return f"{', '.join(states[:8])}{' ...' if len(states) > 8 else ''}"


def _falls(table: Table, content: Checked) -> Iterator[Problem]:
    """A last year with a third fewer rows or amounts than the year before, and amounts that fall in any year."""
    rows: dict[int, int] = {}
    for value in content.numbers["year"]:
        rows[int(value)] = rows.get(int(value), 0) + 1
    last = max(rows)
    full = max(FEW, max(rows.values()) / 2)  # years of which little is known yet may differ
    if rows.get(last - 1, 0) >= full and rows[last] < rows[last - 1] * (1.0 - LOST):
        message = f"{last} has {rows[last]} rows, {last - 1} has {rows[last - 1]}: a torn download?"
        yield Problem(message, "add the rows, or leave the year out", content.sheet.path)
        return
    for column in table.columns:
        if column.type == "number" and "usd" in column.unit.casefold() and column.name in content.numbers:
            yield from _total_falls(table, content, column, last)


def _total_falls(table: Table, content: Checked, column: Column, last: int) -> Iterator[Problem]:
    """Totals beside the year before, over what is known in both years."""
    keys = keys_of(content, *(name for name in table.key if name != "year" and name in content.sheet.header))
    by_year: dict[int, dict[tuple[str, ...], tuple[float, int]]] = {}
    for row, (key, year, value) in enumerate(
        zip(keys, content.numbers["year"], content.numbers[column.name], strict=True)
    ):
        if value > 0.0:
            by_year.setdefault(int(year), {})[key] = (value, row)
    swings, last_jump = swings_of(content, table, column), 1.0
    for before, year in pairwise(sorted(by_year)):
        then, now = by_year[before], by_year[year]
        both = then.keys() & now.keys()
        old, new = sum(then[key][0] for key in both), sum(now[key][0] for key in both)
        if before != year - 1 or old <= 0.0 or year in swings:
            continue
        step = new / old
        jump = not 0.3 < step < 3.0 and not 0.5 < last_jump * step < 2.0  # a step back is no jump of its own
        last_jump = step if jump else 1.0
        if jump or (year == last and step < 1.0 - LOST):
            row = min(now[key][1] for key in both)
            message = f"{column.name}: the total of {year} is {step:.2g} times that of {before}"
            word = "a torn download or another unit?" if new < old else "another unit?"
            yield at(content, row, column.name, f"{message}: {word}", f"the column is in {column.unit}")
