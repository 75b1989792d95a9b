"""Conclusions of several views read back from the tables that were written of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from sco_sim.errors import Problem, StoreError
from sco_sim.store.checksums import check_tables
from sco_sim.studies.views.conclusions import COLUMNS, SPLIT_TABLE, SPLITS, VIEW_TABLE, Conclusion, Stated
from sco_sim.studies.views.split import Split, Stand

AGAIN = "give the command with --view again"
Row = Mapping[str, str]


def stored(folder: Path) -> list[Conclusion]:
    """What `--view` with several views wrote to a folder; raises StoreError for tables that are not as written."""
    check_tables(folder, [VIEW_TABLE, SPLIT_TABLE], AGAIN, bound=True)
    try:
        return conclusions(_read(folder / VIEW_TABLE, COLUMNS), _read(folder / SPLIT_TABLE, SPLITS))
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        problem = Problem(f"it cannot be read: {error}", AGAIN, str(folder / VIEW_TABLE))
        raise StoreError(problem) from error


def _read(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        lacking = set(columns) - set(rows.fieldnames or ())
        if lacking:
            raise KeyError(f"no column {min(lacking)}")
        return list(rows)


def conclusions(rows: Sequence[Row], parts: Sequence[Row]) -> list[Conclusion]:
    """Rows of the two tables as the conclusions that they were made of."""
    splits: dict[tuple[str, str], dict[tuple[str, str], list[Split]]] = {}
    for part in parts:
        stand = Stand(_number(part["difference"]), float("nan"), part["conclusion"])  # type: ignore[arg-type]
        share, error = _number(part["share_of_gap"]), _number(part["share_se"])
        split = Split(part["entry"], stand, share, part["alone"] == "True", error, int(part["worlds"]))
        own = splits.setdefault((part["subject"], part["outcome"]), {})
        own.setdefault((part["view"], part["other_view"]), []).append(split)
    first: dict[tuple[str, str], Row] = {}
    by_view: dict[tuple[str, str], dict[str, Stated]] = {}
    for row in rows:
        key = row["subject"], row["outcome"]
        first.setdefault(key, row)
        size, low, high, error = (_number(row[name]) for name in ("difference", "low_05", "high_95", "mean_se"))
        by_view.setdefault(key, {})[row["view"]] = Stated(size, low, high, error, row["conclusion"])
    return [
        Conclusion(*key, row["title"], row["unit"], int(row["year"]), by_view[key], splits.get(key, {}))
        for key, row in first.items()
    ]


def _number(text: str) -> float:
    return float(text) if text else float("nan")
