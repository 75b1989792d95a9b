"""A case beside the shipped one, where both have the same state or flow and year.

Whole columns in another unit and directions that are swapped show there, whatever the other tables of the case are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import median

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import MOST, Finding, correlation, hint, keys_of, leans_of, log_ratio, times
from sco_sim.case.schema.declare import Column, Table
from sco_sim.case.schema.swapped import DIRECTED, turn
from sco_sim.case.schema.tables import BASE_YEAR, BY_NAME
from sco_sim.errors import Problem, counted
from sco_sim.shipped import default_case

APART = 0.9
"""log10 of the factor by which a total may differ from that of the shipped case."""
LEAN = (3, -0.5)
"""Fewest pairs, and the correlation with the shipped case below which a direction is swapped."""
COMPARED = {"state_years": ("gdp_current_usd", "gdp_constant_2015_usd", "population_persons"), **DIRECTED}
REMEDY = "compare the units; go on if your source is meant to differ"

Key = tuple[str, ...]


def beside_shipped(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Totals over what both cases have, GDP and population of each state, and directions."""
    for name, columns in COMPARED.items():
        if name in checked and not checked[name].known and shipped_table(name)[0]:
            yield from _table(BY_NAME[name], checked[name], columns)
    if "states" in checked and "state_years" not in checked:
        yield from _states(checked["states"])


def _table(table: Table, content: Checked, columns: tuple[str, ...]) -> Iterator[Finding]:
    """The columns of a table that are not cell by cell those of the shipped case."""
    if not set(table.key) <= set(content.sheet.header):
        return
    common = common_rows(content, table.name, table.key)
    columns = tuple(column for column in columns if column in content.numbers)
    other = tuple(column for column in columns if not same_cells(content, table.name, column, common))
    keys = keys_of(content, *table.key) if other else []
    both = {column: _both(content, table.name, column, common, keys) for column in other}
    for column, rows in both.items():
        total = log_ratio(sum(value for _, value, _ in rows), sum(there for _, _, there in rows)) if rows else 0.0
        if abs(total) > APART:
            words = counted(len(rows), "common row")
            message = f"{column} is in total {times(total)} that of the shipped case, {words}{hint(total)}"
            number = content.sheet.column_number(column)
            yield Finding(False, Problem(message, REMEDY, content.sheet.path, 1, number))
        else:
            yield from _each(content, table.column(column), rows)
    for column, rows in both.items() if table.directed else ():
        yield from _directions(table, content, column, rows)
    if table.name == "trade_reports" and len(other) == len(DIRECTED["trade_reports"]):
        yield from _columns(content, other, common)


def _both(
    content: Checked, name: str, column: str, common: Sequence[tuple[int, int]], keys: Sequence[Key]
) -> list[tuple[Key, float, float]]:
    """Key, own value and that of the shipped case, where both are above nothing."""
    own, there = content.numbers[column], shipped_numbers(name, column)
    return [(keys[i], own[i], there[j]) for i, j in common if own[i] > 0.0 and there[j] > 0.0]


def _each(content: Checked, column: Column, both: Sequence[tuple[tuple[str, ...], float, float]]) -> Iterator[Finding]:
    """Each state or flow, over all years."""
    far = 10.0**APART
    if all(value < far * other and other < far * value for _, value, other in both):
        return
    logs: dict[str, list[float]] = {}
    sizes: dict[str, float] = {}
    for (*names, _), value, other in both:
        key = ">".join(names)
        logs.setdefault(key, []).append(log_ratio(value, other))
        sizes[key] = max(sizes.get(key, 0.0), value, other)
    odd = {key: middle for key, of_key in logs.items() if abs(middle := median(of_key)) > APART}
    for key, middle in [item for item in odd.items() if sizes[item[0]] > column.floor][:MOST]:
        message = f"{column.name} of {key} is in the middle {times(middle)} that of the shipped case{hint(middle)}"
        yield Finding(False, Problem(message, REMEDY, content.sheet.path, 1, content.sheet.column_number(column.name)))


def _columns(content: Checked, columns: tuple[str, ...], common: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """Whether most figures of each column are those that the shipped case has in the other one."""
    one, two = columns
    for a, b in ((one, two), (two, one)):
        own, here, there = content.numbers[a], *(shipped_numbers("trade_reports", name) for name in (a, b))
        both = [(i, j) for i, j in common if own[i] > 0.0 and here[j] > 0.0 and there[j] > 0.0]
        other = sum(own[i] == there[j] != here[j] for i, j in both)
        if not both or other <= len(both) / 2:
            return
    message = f"{one} and {two} have one another's figures of the shipped case: are the columns swapped?"
    yield Finding(False, Problem(message, "swap them", content.sheet.path, 1, content.sheet.column_number(one)))


def _directions(
    table: Table, content: Checked, column: str, both: Sequence[tuple[Key, float, float]]
) -> Iterator[Finding]:
    a, b = table.directed or ("", "")
    own, there = ({(key[0], key[1], int(key[2])): pair[side] for key, *pair in both} for side in (0, 1))
    pairs, lean = correlation(leans_of(own), leans_of(there))
    if pairs >= LEAN[0] and lean < LEAN[1]:
        message = f"{column} leans against that of the shipped case ({pairs} pairs): {a} and {b} swapped?"
        yield Finding(False, Problem(message, turn(table), content.sheet.path, 1, content.sheet.column_number(a)))


def _states(content: Checked) -> Iterator[Finding]:
    """Sizes in states.csv beside those of the shipped case in the same year."""
    years = content.numbers.get("year", [float(BASE_YEAR)] * len(content.sheet.rows))
    dated = [BASE_YEAR if year != year else int(year) for year in years]
    columns = tuple(name for name in ("gdp_current_usd", "population_persons") if name in content.numbers)
    keys: list[tuple[str, ...]] = [
        (iso, str(year)) for iso, year in zip(content.sheet.column("iso3"), dated, strict=True)
    ]
    places = shipped_rows("state_years", ("iso3", "year"))
    for column in columns:
        there = shipped_numbers("state_years", column)
        cells = zip(keys, content.numbers[column], strict=True)
        both = [(key, value, there[places[key]]) for key, value in cells if key in places and value > 0.0]
        yield from _each(content, BY_NAME["state_years"].column(column), [row for row in both if row[2] > 0.0])


@lru_cache(maxsize=64)
def common_rows(content: Checked, name: str, key: tuple[str, ...]) -> Sequence[tuple[int, int]]:
    """Rows of a table and of the shipped one with the same cells in some columns; none if one of them lacks a column.

    Of shipped rows with the same key the last counts.
    """
    if not set(key) <= set(shipped_table(name)[0]):
        return []
    places = shipped_rows(name, key)
    return [(i, j) for i, one in enumerate(keys_of(content, *key)) if (j := places.get(one)) is not None]


def same_cells(content: Checked, name: str, column: str, common: Sequence[tuple[int, int]]) -> bool:
    """Whether a column has the same cells as that of the shipped case in all common rows, and there are some."""
    own, there = content.sheet.column(column), shipped_column(name, column)
    return bool(common) and bool(there) and all(own[i] == there[j] for i, j in common)


@lru_cache(maxsize=64)
def shipped_rows(name: str, key: tuple[str, ...]) -> Mapping[Key, int]:
    """The row of the shipped table with these cells in the columns of a key, the last of several."""
    return {cells: row for row, cells in enumerate(zip(*(shipped_column(name, one) for one in key), strict=True))}


@lru_cache(maxsize=512)
def shipped_column(name: str, column: str) -> Sequence[str]:
    """The cells of a column of a shipped table; none if it does not have the column."""
    header, rows = shipped_table(name)
    if column not in header:
        return []
    index = header.index(column)
    return [row[index] for row in rows]


@lru_cache(maxsize=512)
def shipped_numbers(name: str, column: str) -> Sequence[float]:
    """The numbers of a column of a shipped table; 0 for a gap."""
    return [float(cell) if cell else 0.0 for cell in shipped_column(name, column)]


@lru_cache(maxsize=64)
def shipped_table(name: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """Header and rows of a shipped table; none of a table that the shipped case does not have."""
    path = default_case() / "data" / f"{name}.csv"
    if not path.is_file():
        return (), []
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return tuple(header), rows


KEPT = (common_rows, shipped_rows, shipped_column, shipped_numbers, shipped_table)
"""What is kept while a case is checked."""
