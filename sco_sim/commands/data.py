"""`sco-sim data`: what the tables of a case hold and where each column comes from. Needs no table library."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.errors import CaseError, Problem, ScenarioError, counted, did_you_mean
from sco_sim.shipped import default_case

Record = dict[str, Any]
Cells = Mapping[str, str]

PROVENANCE = "columns"
SHORT = 60
"""Tables up to this long show their rows."""
LATEST = 8
"""Years whose coverage is printed; `--json` has all."""
_DATES = ("year", "date", "start_date", "raised")
"""Columns that date a row, the first that a table has: a year, or a day that begins with it."""
_OF_NO_YEAR = (*_DATES, "source", "iso3", "iso3_a", "iso3_b", "iso3_o", "iso3_d", "iso3_origin",
               "iso3_destination", "iso3_passport")  # fmt: skip
"""Columns that say nothing of the coverage of a year."""


def main(name: str | None, rows: int | None, case: Path | None, as_json: bool) -> int:
    """Print the coverage of every table, or one table with its provenance; the exit code."""
    folder = (case or default_case()) / "data"
    names = sorted(path.stem for path in folder.glob("*.csv") if path.stem != PROVENANCE)
    if not names:
        raise CaseError(Problem("it holds no tables", "give a case folder: one with data/*.csv", str(folder)))
    if name is None:
        coverage = [_coverage(folder, each) for each in names]
        if as_json:
            emit(coverage)
        else:
            _print_coverage(coverage)
        return 0
    if name not in names:
        raise ScenarioError(Problem(f"no table '{name}' in this case", did_you_mean(name, names), "data"))
    content = _read(folder / f"{name}.csv")
    most = rows if rows is not None else len(content) if len(content) <= SHORT else 0
    columns = _columns(folder, name, content)
    by_year = _by_year(content)
    if as_json:
        emit({**_coverage(folder, name), "columns": columns, "by_year": by_year, "rows": content[:most]})
    else:
        _print_table(folder, name, columns, content, most, by_year)
    return 0


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CaseError(Problem(f"cannot be read: {error}", "it must be a UTF-8 table", str(path))) from error


def _coverage(folder: Path, name: str) -> Record:
    """Rows, first and last year, the share of cells that hold something, and the rows of each year that do."""
    content = _read(folder / f"{name}.csv")
    columns = list(content[0]) if content else []
    years = [year for row in content if (year := _year(row)) is not None]
    filled = sum(1 for row in content for column in columns if row[column])
    rows_by_year = {str(row["year"]): row["rows"] for row in _by_year(content)}
    return {
        "table": name, "rows": len(content), "columns": len(columns),
        "first_year": min(years, default=None), "last_year": max(years, default=None),
        "cells_present": filled / max(len(content) * len(columns), 1), "rows_by_year": rows_by_year,
    }  # fmt: skip


def _year(row: Cells) -> int | None:
    """The year of a row; None without one. An item of the agenda has the year in which it was raised."""
    date = next((row[column] for column in _DATES if column in row), "")
    return int(date[:4]) if date[:4].isdecimal() else None


def _by_year(content: Sequence[Cells]) -> list[Record]:
    """Rows of each year that hold something, in all and in each column; nothing for a table without years."""
    out: dict[int, Record] = {}
    for row in content:
        year = _year(row)
        if year is not None:
            values = {column: bool(row[column]) for column in row if column not in _OF_NO_YEAR}
            counted = out.setdefault(year, {"rows": 0, **dict.fromkeys(values, 0)})
            counted["rows"] += any(values.values())
            for column, holds in values.items():
                counted[column] += holds
    return [{"year": year, **out[year]} for year in sorted(out)]


def _columns(folder: Path, name: str, content: Sequence[Cells]) -> list[Record]:
    """Unit, meaning, source, licence and defects of every column, and how much of it is there."""
    path = folder / f"{PROVENANCE}.csv"
    known = {row["column"]: row for row in _read(path) if row["table"] == name} if path.is_file() else {}
    out = []
    for column in content[0] if content else known:
        described = known.get(column, {})
        present = sum(1 for row in content if row[column]) / max(len(content), 1)
        parts = ("unit", "meaning", "source", "licence", "defects")
        out.append({"column": column, **{part: described.get(part, "") for part in parts}, "present": present})
    return out


def _share(value: float) -> str:
    return "100 %" if value == 1.0 else f"{min(100.0 * value, 99.9):.1f} %"


def _print_coverage(coverage: Sequence[Record]) -> None:
    lines = []
    for row in coverage:
        first, last = row["first_year"], row["last_year"]
        years = "-" if first is None else str(first) if first == last else f"{first}-{last}"
        lines.append([row["table"], f"{row['rows']:,}", row["columns"], years, _share(row["cells_present"])])
    headers = ["Table", "Rows", "Columns", "Years", "Cells present"]
    table(headers, lines, ["Rows", "Columns", "Cells present"])
    _print_years([row for row in coverage if row["rows_by_year"]])
    say("An empty cell is a gap, never a zero. `sco-sim data TABLE` shows units, sources, licences and defects.", "dim")


def _print_years(dated: Sequence[Record]) -> None:
    """The rows of the latest years, for tables with years."""
    if not dated:
        return
    last = max(int(year) for row in dated for year in row["rows_by_year"])
    years = [str(year) for year in range(last - LATEST + 1, last + 1)]
    lines = [[row["table"], *(row["rows_by_year"].get(year) or "-" for year in years)] for row in dated]
    heading("Rows that hold something, by year")
    table(["Table", *years], lines, years)


def _print_table(
    folder: Path, name: str, columns: Sequence[Record], content: Sequence[Cells], most: int, by_year: Sequence[Record]
) -> None:
    say(f"{name}: {counted(len(content), 'row')}, in {folder / name}.csv", "bold")
    for column in columns:
        unit = f" ({column['unit']})" if column["unit"] else ""
        say(f"{column['column']}{unit}, {_share(column['present'])} present", "cyan")
        for part in ("meaning", "source", "licence", "defects"):
            if column[part]:
                say(f"    {part}: {column[part]}")
    if len(by_year) > 1:
        heading("Cells that hold something, by year" + (f", the last {LATEST}" if len(by_year) > LATEST else ""))
        latest = by_year[-LATEST:]
        years = [str(row["year"]) for row in latest]
        lines = [[key, *(row[key] for row in latest)] for key in by_year[0] if key != "year"]
        table(["Column", *years], lines, years)
    if not most:
        say("`--rows 20` shows the first rows.", "dim")
        return
    heading("Rows")
    kept = [c["column"] for c in columns if c["column"] != "source" and any(row[c["column"]] for row in content[:most])]
    lines = [[row[column] for column in kept] for row in content[:most]]
    table(kept, lines)
