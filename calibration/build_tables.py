"""Build the compact tables of ``calibration/data`` from a folder of raw source tables.

    python calibration/build_tables.py SOURCE_DIR [--out calibration/data]

SOURCE_DIR holds the folders ``trade``, ``politics``, ``people``, ``recent``, ``routes`` and ``stakes``. The output
depends on nothing else: rows are sorted, numbers have fixed formats, gaps stay empty cells. ``columns.csv`` and
``state_names.csv`` in ``calibration/data`` are kept by hand; this script only checks that the former, in the output
folder if it is there, describes every column.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from build import corridors, energy, exchange, implementation, institutions, record, routes, states, ties
from build.common import Builder, Table, write

BUILDERS: tuple[Builder, ...] = (
    states.states,
    states.state_years,
    states.growth_outlook,
    states.heritage,
    states.sco_university,
    ties.ties,
    ties.tie_years,
    ties.claims,
    ties.sister_cities,
    ties.air_links,
    exchange.trade_reports,
    exchange.trade_reconciled,
    exchange.students,
    exchange.migrants,
    exchange.investment_stocks,
    energy.energy_links,
    energy.energy_volumes,
    exchange.visas,
    exchange.visitors,
    exchange.china_diplomacy,
    institutions.statuses,
    institutions.summits,
    institutions.documents,
    institutions.exercises,
    record.agenda,
    record.alignments,
    record.arms_shares,
    implementation.instruments,
    implementation.ratifications,
    implementation.scorecards,
    corridors.links,
    corridors.corridors,
    corridors.border_times,
    corridors.trains,
    routes.route_nodes,
    routes.route_legs,
)

BY_HAND = ("columns", "state_names")


KEPT = Path(__file__).parent / "data"
"""Where the tables are that are kept by hand."""


def undescribed(tables: list[Table], folder: Path) -> set[tuple[str, str]]:
    """Columns that are built but not described in ``columns.csv``, or described but not built."""
    path = next(path for path in (folder / "columns.csv", KEPT / "columns.csv") if path.exists())
    built = {(table.name, column) for table in tables for column in table.columns}
    with path.open(encoding="utf-8", newline="") as file:
        described = {(row["table"], row["column"]) for row in csv.DictReader(file)}
    return (built ^ described) - {pair for pair in described if pair[0] in BY_HAND}


def main(arguments: list[str] | None = None) -> int:
    """Build every table and report its size; 1 if ``columns.csv`` does not fit."""
    parser = argparse.ArgumentParser(description="Build the calibration tables from raw source tables.")
    parser.add_argument("source", type=Path, help="folder with trade, politics, people, recent, routes and stakes")
    parser.add_argument("--out", type=Path, default=KEPT, help="folder to write to")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    tables = [builder(options.source) for builder in BUILDERS]
    for table in tables:
        path = write(table, options.out)
        print(f"{path.name:24} {len(table.rows):6} rows {path.stat().st_size / 1024:8.1f} KiB")
    missing = undescribed(tables, options.out)
    for name, column in sorted(missing):
        print(f"columns.csv does not fit: {name}.{column}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
