"""Figures beside those of the year before: the middle of all rows of a year, and single rows.

A step of a hundredfold in the middle of many rows, or in a state's GDP or population, is refused: it is a unit, never a
fact. Other steps that no table of the shipped case has are warnings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Cell, Finding, at, by_key, hint, keys_of, log_ratio, some, times, unit_of
from sco_sim.case.schema.declare import Column, Table
from sco_sim.case.schema.tables import BY_NAME

FAR_YEARS = 5
"""Years over which two figures of one key are still set beside one another: tables of migrants are five-yearly."""
SWINGS = ((10, 3.0), (5, 8.0), (2, 200.0))
"""Rows known in both years, and the factor by which their middle and their total may both move. In the shipped case and
200 subsets of its states they moved at most 2.7-fold with 8 rows and more, and 216-fold with 2 to 4."""
CERTAIN = 100.0
"""Factor that no year brings."""


class Swing(NamedTuple):
    """A year whose figures are far from those of the year before."""

    log: float
    """log10 of the smaller of the two steps, of the middle row and of the total."""
    rows: int
    """Rows known in both years."""
    row: int
    """First row of the year."""


def steps(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Every step of a declared column that no year brings."""
    for name, content in checked.items():
        table = BY_NAME[name]
        if not content.known and "year" in content.numbers and "year" in table.key:
            for column in table.columns:
                if column.step and column.name in content.numbers:
                    swings = swings_of(content, table, column)
                    yield from _years(content, column, swings)
                    yield from _rows(content, table, column, swings)


@lru_cache(maxsize=64)
def swings_of(content: Checked, table: Table, column: Column) -> dict[int, Swing]:
    """The years in which a whole column steps."""
    moves: dict[int, list[tuple[float, float, int]]] = {}
    for series in series_of(content, table, column).values():
        for before, year in pairwise(sorted(series)):
            (old, _), (new, row) = series[before], series[year]
            if year - before <= FAR_YEARS and old > 0.0 and new > 0.0:
                moves.setdefault(year, []).append((old, new, row))
    out = {}
    for year, rows in sorted(moves.items()):
        middle = median(log_ratio(new, old) for old, new, _ in rows)
        total = log_ratio(sum(new for _, new, _ in rows), sum(old for old, _, _ in rows))
        least = math.copysign(min(abs(middle), abs(total)), middle) if middle * total > 0.0 else 0.0
        if any(len(rows) >= few and abs(least) > math.log10(factor) for few, factor in SWINGS):
            out[year] = Swing(least, len(rows), min(row for _, _, row in rows))
    return out


@lru_cache(maxsize=64)
def series_of(content: Checked, table: Table, column: Column) -> dict[tuple[str, ...], dict[int, Cell]]:
    """Values of a column by its key without the year, and by year."""
    keys = keys_of(content, *(name for name in table.key if name != "year" and name in content.sheet.header))
    return by_key(keys, content.numbers["year"], content.numbers[column.name])


def _years(content: Checked, column: Column, swings: Mapping[int, Swing]) -> Iterator[Finding]:
    """One finding for each stretch of years; the step back at its end is none of its own."""
    last = 0.0
    for year, (log, rows, row) in swings.items():
        if abs(log + last) < 0.5:
            last = 0.0
            continue
        last = log
        message = (
            f"{column.name} of {year} is in the middle of {rows} rows {times(log)} that of the year before{hint(log)}"
        )
        refused = rows >= SWINGS[1][0] and abs(log) > math.log10(CERTAIN)
        yield Finding(refused, at(content, row, column.name, message, f"the column is in {column.unit}"))


def _rows(content: Checked, table: Table, column: Column, swings: Mapping[int, Swing]) -> Iterator[Finding]:
    """Single rows, beside the step of their whole year."""
    wrong: dict[bool, list[tuple[int, str]]] = {True: [], False: []}
    for key, series in series_of(content, table, column).items():
        for before, year in pairwise(sorted(series)):
            (old, _), (new, row) = series[before], series[year]
            if not min(old, new) > 0.0 or max(old, new) < column.floor:
                continue
            log = log_ratio(new, old)
            beside = log - (swings[year].log if year in swings else 0.0)
            if abs(beside) <= math.log10(column.step) * max(1, year - before if column.certain else 1):
                continue
            word = "" if log > 0.0 else " less than"
            message = f"{column.name} of {'>'.join(key)} is {times(abs(log))}{word} that of {before}" + (
                hint(log) if unit_of(log) else ""
            )
            wrong[column.certain and abs(log) > math.log10(CERTAIN)].append((row, message))
    for refused, rows in wrong.items():
        remedy = f"the column is in {column.unit}"
        yield from (Finding(refused, problem) for problem in some(content, rows, column.name, remedy))
