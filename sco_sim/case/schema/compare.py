"""Words and small helpers of the checks that set figures beside other figures."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.declare import Table
from sco_sim.errors import Problem

MOST = 5
"""Odd rows of one column that are reported one by one."""
LEAST = 5e-324
Key = TypeVar("Key", bound=Hashable)
Flows = Mapping[tuple[str, str, int], float]
"""Values by origin, destination and year."""


class Finding(NamedTuple):
    """One odd figure."""

    refused: bool
    """Whether it cannot be true; else it is a warning."""
    problem: Problem


Cell = tuple[float, int]
"""A value with the row it stands in, counted from 0."""


def by_key(keys: Iterable[Key], years: Iterable[float], values: Iterable[float]) -> dict[Key, dict[int, Cell]]:
    """Values by key and year; gaps are left out."""
    out: dict[Key, dict[int, Cell]] = {}
    for row, (key, year, value) in enumerate(zip(keys, years, values, strict=True)):
        if not math.isnan(value):
            out.setdefault(key, {})[int(year)] = (value, row)
    return out


def keys_of(content: Checked, *columns: str) -> list[tuple[str, ...]]:
    """The texts of some columns, row by row; not to be changed, for checks ask for the same ones again."""
    return content.sheet.keys(columns)


def log_ratio(a: float, b: float) -> float:
    """log10(a / b) of two numbers that are not negative, without overflow; 0 stands for the least number there is."""
    return math.log10(a or LEAST) - math.log10(b or LEAST)


def unit_of(log: float) -> str:
    """What a factor near a thousand, a million or a billion suggests, given its log10; empty if it suggests nothing."""
    for size, word in ((3.0, "thousands"), (6.0, "millions"), (9.0, "billions")):
        if abs(abs(log) - size) < 0.6:
            return word
    return ""


def hint(log: float) -> str:
    """': another unit? (thousands)' where the log10 of a factor suggests one, else ': another unit?'."""
    unit = unit_of(log)
    return f": another unit? ({unit})" if unit else ": another unit?"


def times(log: float) -> str:
    """A ratio given by its log10, as '1,020 times' or '0.001 times'."""
    ratio = 10.0 ** max(-300.0, min(300.0, log))
    return f"{ratio:,.0f} times" if 100.0 <= ratio < 1e9 else f"{ratio:.3g} times"


def at(content: Checked, row: int, column: str, message: str, remedy: str) -> Problem:
    """A problem at a cell."""
    return Problem(message, remedy, content.sheet.path, content.sheet.lines[row], content.sheet.column_number(column))


def some(content: Checked, wrong: Sequence[tuple[int, str]], column: str, remedy: str) -> list[Problem]:
    """The first few of some odd rows, and how many more there are."""
    out = [at(content, row, column, message, remedy) for row, message in wrong[:MOST]]
    if len(wrong) > MOST:
        out.append(at(content, wrong[MOST][0], column, f"and {len(wrong) - MOST} more such rows", ""))
    return out


def flows_of(content: Checked, table: Table, column: str) -> Flows:
    """The positive values of a column by origin, destination and year."""
    ends = keys_of(content, *(table.directed or ()))
    rows = zip(ends, content.numbers["year"], content.numbers[column], strict=True)
    return {(a, b, int(year)): value for (a, b), year, value in rows if value > 0.0}


def leans_of(flows: Flows) -> Flows:
    """log10 of there over back, by pair and year, where both are known."""
    out = {}
    for (a, b, year), there in flows.items():
        if a < b and (back := flows.get((b, a, year))):
            out[a, b, year] = log_ratio(there, back)
    return out


def correlation(one: Flows, two: Flows) -> tuple[int, float]:
    """Whether two sets of leans (`leans_of`) go the same way.

    Returns:
        Pairs with both directions in both, and the correlation about zero of ln(there / back), -1 to 1 (0 without any).
    """
    pairs, xx, yy, xy = 0, 0.0, 0.0, 0.0
    for key, x in one.items():
        y = two.get(key)
        if y is not None:
            pairs, xx, yy, xy = pairs + 1, xx + x * x, yy + y * y, xy + x * y
    return pairs, xy / math.sqrt(xx * yy) if xx > 0.0 and yy > 0.0 else 0.0
