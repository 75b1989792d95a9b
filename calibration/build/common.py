"""Reading, writing and the few helpers that every table shares.

Cells stay text from the source to the table: an empty cell is a gap and is never turned into a number.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

Row = dict[str, str]

MEMBERS = ("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")
OBSERVERS = ("AFG", "MNG")
DIALOGUE_PARTNERS = (
    "ARE", "ARM", "AZE", "BHR", "EGY", "KHM", "KWT", "LKA", "MDV", "MMR", "NPL", "QAT", "SAU", "TUR",
)  # fmt: skip
STATES = tuple(sorted((*MEMBERS, *OBSERVERS, *DIALOGUE_PARTNERS, "USA")))
TIES = tuple(combinations(STATES, 2))
FIRST_YEAR, LAST_YEAR = 1992, 2024
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


class Table(NamedTuple):
    """A finished table: its name, its columns in order, the columns that identify a row, its rows."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: list[Row]


Builder = Callable[[Path], Table]


def read(source: Path, name: str) -> list[Row]:
    """All rows of one source table, every cell as text."""
    with (source / name).open(encoding="utf-8", newline="") as file:
        return [{column: cell.strip() for column, cell in row.items()} for row in csv.DictReader(file)]


def write(table: Table, folder: Path) -> Path:
    """Write a table sorted by its key; refuse a repeated key or a column that is not declared."""
    seen: set[tuple[str, ...]] = set()
    for row in table.rows:
        key = tuple(row[column] for column in table.key)
        if key in seen:
            raise ValueError(f"{table.name}: two rows for {key}")
        if set(row) - set(table.columns):
            raise ValueError(f"{table.name}: undeclared columns {sorted(set(row) - set(table.columns))}")
        seen.add(key)
    path = folder / f"{table.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table.columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(table.rows, key=lambda row: [sort_value(row[column]) for column in table.key]))
    return path


def sort_value(cell: str) -> tuple[int, str]:
    """Whole numbers sort by size, other text by its characters."""
    return (int(cell), "") if cell.isdigit() else (0, cell)


def in_states(row: Mapping[str, str], *columns: str) -> bool:
    """Whether every named cell is one of the 27 states."""
    return all(row[column] in STATES for column in columns)


def ordered(first: str, second: str) -> tuple[str, str]:
    """A pair of states in alphabetical order, as every unordered table has it."""
    return (first, second) if first < second else (second, first)


def whole(cell: str) -> str:
    """A number rounded to an integer; a gap stays a gap."""
    return str(round(float(cell))) if cell else ""


def fixed(cell: str, digits: int) -> str:
    """A number with a fixed count of decimals, without a minus on zero; a gap stays a gap."""
    if not cell:
        return ""
    text = f"{float(cell):.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def mean(cells: Sequence[str], digits: int) -> str:
    """The mean of cells that are all present."""
    return fixed(str(sum(float(cell) for cell in cells) / len(cells)), digits)


def unique(cells: Iterable[str]) -> str:
    """Sources joined in their first order, each named once."""
    parts = [part.strip() for cell in cells for part in cell.split(" ; ") if part.strip()]
    return " ; ".join(dict.fromkeys(parts))
