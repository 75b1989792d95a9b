"""A case beside the shipped one, where both have the same state or flow and year.

Whole columns in another unit and directions that are swapped show there, whatever the other tables of the case are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import median

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import MOST, Finding, correlation, flows_of, hint, keys_of, log_ratio, times
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
Values = dict[Key, float]


def beside_shipped(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Totals over what both cases have, GDP and population of each state, and directions."""
    for name, columns in COMPARED.items():
        if name in checked and (default_case() / "data" / f"{name}.csv").is_file():
            yield from _table(BY_NAME[name], checked[name], columns)
    if "states" in checked and "state_years" not in checked:
        yield from _states(checked["states"])


def _table(table: Table, content: Checked, columns: tuple[str, ...]) -> Iterator[Finding]:
    columns = tuple(column for column in columns if column in content.numbers)
    own = {column: _own(table, content, column) for column in columns}
    shipped = _shipped(table, columns, {key for values in own.values() for key in values})
    for column in columns:
        both = [(key, value, shipped[column][key]) for key, value in own[column].items() if key in shipped[column]]
        number = content.sheet.column_number(column)
        if not both:
            continue
        total = log_ratio(sum(value for _, value, _ in both), sum(other for _, _, other in both))
        if abs(total) > APART:
            common = counted(len(both), "common row")
            message = f"{column} is in total {times(total)} that of the shipped case, {common}{hint(total)}"
            yield Finding(False, Problem(message, REMEDY, content.sheet.path, 1, number))
        else:
            yield from _each(content, table.column(column), both)
    if table.directed:
        yield from _directions(table, content, shipped)
    if table.name == "trade_reports" and len(columns) == len(DIRECTED["trade_reports"]):
        yield from _columns(content, columns, own, shipped)


def _each(content: Checked, column: Column, both: Sequence[tuple[tuple[str, ...], float, float]]) -> Iterator[Finding]:
    """Each state or flow, over all years."""
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


def _columns(
    content: Checked, columns: tuple[str, ...], own: Mapping[str, Values], shipped: Mapping[str, Values]
) -> Iterator[Finding]:
    """Whether most figures of each column are those that the shipped case has in the other one."""
    one, two = columns
    for a, b in ((one, two), (two, one)):
        both = [key for key in own[a] if key in shipped[a] and key in shipped[b]]
        other = sum(own[a][key] == shipped[b][key] != shipped[a][key] for key in both)
        if not both or other <= len(both) / 2:
            return
    message = f"{one} and {two} have one another's figures of the shipped case: are the columns swapped?"
    yield Finding(False, Problem(message, "swap them", content.sheet.path, 1, content.sheet.column_number(one)))


def _directions(table: Table, content: Checked, shipped: Mapping[str, Values]) -> Iterator[Finding]:
    a, b = table.directed or ("", "")
    for column, values in shipped.items():
        there = {(key[0], key[1], int(key[2])): value for key, value in values.items()}
        pairs, lean = correlation(flows_of(content, table, column), there)
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
    shipped = _shipped(BY_NAME["state_years"], columns, set(keys))
    for column in columns:
        both = [
            (key, value, shipped[column][key])
            for key, value in zip(keys, content.numbers[column], strict=True)
            if key in shipped[column] and value > 0.0
        ]
        yield from _each(content, BY_NAME["state_years"].column(column), both)


def _own(table: Table, content: Checked, column: str) -> Values:
    values = zip(keys_of(content, *table.key), content.numbers[column], strict=True)
    return {key: value for key, value in values if value > 0.0}


def _shipped(table: Table, columns: tuple[str, ...], keys: set[tuple[str, ...]]) -> dict[str, Values]:
    """Positive values of the shipped table at some keys."""
    rows = {column: shipped_cells(table.name, table.key, column) for column in columns}
    return {
        column: {key: value for key in keys if (cell := cells.get(key)) and (value := float(cell)) > 0.0}
        for column, cells in rows.items()
    }


def cells_of(content: Checked, key: Sequence[str], column: str) -> dict[Key, str]:
    """Cells of a column by the cells of a key; of rows with the same key the last."""
    return dict(zip(keys_of(content, *key), content.sheet.column(column), strict=True))


@lru_cache(maxsize=256)
def shipped_cells(name: str, key: tuple[str, ...], column: str) -> Mapping[Key, str]:
    """As `cells_of`, of a shipped table; none of a table or column that it does not have."""
    header, rows = shipped_table(name)
    if not {*key, column} <= set(header):
        return {}
    at, cell = [header.index(one) for one in key], header.index(column)
    return {tuple(row[index] for index in at): row[cell] for row in rows}


@lru_cache(maxsize=64)
def shipped_table(name: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a shipped table; none of a table that the shipped case does not have."""
    path = default_case() / "data" / f"{name}.csv"
    if not path.is_file():
        return [], []
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows
