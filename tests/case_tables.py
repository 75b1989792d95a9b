"""A case of eight members cut out of the shipped one, and changes to one of its tables."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

from sco_sim.shipped import default_case

STATES = ("CHN", "IND", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")
READ = (
    "states", "state_years", "statuses", "ties", "tie_years", "trade_reports", "students", "air_links", "visas",
    "sister_cities", "claims", "exercises", "links", "migrants",
)  # fmt: skip
"""Tables of the case, if the shipped case has them."""
MAYBE = ("trade_reconciled",)
Row = dict[str, str]
Change = Callable[[list[Row]], list[Row]]


def eight_members(folder: Path) -> Path:
    """Write the case, from 2005 on."""
    (folder / "data").mkdir(parents=True)
    for name in (*READ, *MAYBE):
        if not (default_case() / "data" / f"{name}.csv").is_file():
            continue
        header, rows = read(default_case(), name)
        codes = [column for column in header if column.startswith("iso3")]
        kept = [
            row for row in rows if all(row[c] in STATES for c in codes) and row.get("year", "2005") >= "2005"
        ]  # fmt: skip
        for row in kept:
            if "participants_iso3" in row:
                row["participants_iso3"] = ";".join(i for i in row["participants_iso3"].split(";") if i in STATES)
        write(folder, name, header, kept)
    shutil.copy(default_case() / "parameters.yaml", folder)
    return folder


def read(folder: Path, name: str) -> tuple[list[str], list[Row]]:
    """Header and rows of a table."""
    with (folder / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or ()), list(reader)


def write(folder: Path, name: str, header: list[str], rows: list[Row]) -> None:
    """Write a table."""
    with (folder / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)


def changed(folder: Path, name: str, change: Change) -> None:
    """Change a table in its place."""
    header, rows = read(folder, name)
    write(folder, name, header, change(rows))


def scaled(columns: str | tuple[str, ...], factor: float, **where: str) -> Change:
    """Columns times a factor, in the rows with the cells given; whole numbers stay whole."""
    names = (columns,) if isinstance(columns, str) else columns

    def change(rows: list[Row]) -> list[Row]:
        for row in rows:
            for column in names if all(row[key] == value for key, value in where.items()) else ():
                if row[column]:
                    value = float(row[column]) * factor
                    row[column] = str(round(value)) if row[column].isdigit() else repr(value)
        return rows

    return change


def exchanged(one: str, two: str, **where: str) -> Change:
    """Two columns exchanged, in the rows with the cells given."""

    def change(rows: list[Row]) -> list[Row]:
        for row in rows:
            if all(row[key] == value for key, value in where.items()):
                row[one], row[two] = row[two], row[one]
        return rows

    return change
