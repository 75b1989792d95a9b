"""The names a case knows, read without a table library: enough to check a scenario file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from sco_sim.case.catalog import Catalog
from sco_sim.case.ledger_file import read_ledger_file
from sco_sim.case.state_names import StateNames
from sco_sim.errors import CaseError, Problem, did_you_mean
from sco_sim.world.pairs import Pair, pair

Row = Mapping[str, str]


def read_catalog(case: Path) -> Catalog:
    """The catalogue of a case folder; raises CaseError if a table, a column or the ledger is missing."""
    if not case.is_dir():
        raise CaseError(Problem("there is no such case folder", "give a folder made like calibration/", str(case)))
    data = case / "data"
    named = {row["iso3"]: row.get("name") or "" for _, row in _rows(data / "states.csv", ("iso3",))}
    states = frozenset(named)
    ties = _rows(data / "ties.csv", ("iso3_a", "iso3_b", "land_border"))
    links = _rows(data / "links.csv", ("corridor", "mode", "iso3_a", "iso3_b"))
    _check_ends(data / "ties.csv", ties, states)
    _check_ends(data / "links.csv", links, states)
    corridors: dict[str, dict[Pair, None]] = {}  # a dict keeps the order and drops a leg that is listed twice
    for _, row in links:
        corridors.setdefault(row["corridor"], {})[pair(row["iso3_a"], row["iso3_b"])] = None
    return Catalog(
        states=states,
        member_from=_member_from(data / "statuses.csv", states),
        borders=frozenset(pair(row["iso3_a"], row["iso3_b"]) for _, row in ties if row["land_border"] in ("1", "1.0")),
        corridors={key: tuple(legs) for key, legs in corridors.items()},
        parameters=frozenset(map(str, read_ledger_file(case / "parameters.yaml")["parameters"])),
        names=StateNames(named, data),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CaseError(Problem("the case lacks this file", "see CONTRIBUTING.md for a case", str(path))) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(Problem(f"cannot be read: {error}", "it must be a UTF-8 text file", str(path))) from error


def _rows(path: Path, columns: Iterable[str]) -> list[tuple[int, Row]]:
    """Rows of a table with their line numbers."""
    reader = csv.DictReader(_text(path).splitlines())
    header = reader.fieldnames or ()
    missing = [Problem(f"no column '{c}'", did_you_mean(c, header), str(path), 1) for c in columns if c not in header]
    if missing:
        raise CaseError(*missing)
    return [(reader.line_num, row) for row in reader]


def _check_ends(path: Path, rows: Iterable[tuple[int, Row]], states: frozenset[str]) -> None:
    bad = [
        Problem(f"no state '{row[end]}' in states.csv", "add the state or drop the row", str(path), line)
        for line, row in rows for end in ("iso3_a", "iso3_b") if row[end] not in states
    ]  # fmt: skip
    if bad:
        raise CaseError(*bad)


def _member_from(path: Path, states: frozenset[str]) -> dict[str, int]:
    """First year as a member, by code, in the order of the codes."""
    years: dict[str, int] = {}
    for line, row in _rows(path, ("iso3", "status", "date")):
        iso, date = row["iso3"], row["date"]
        if iso not in states:
            raise CaseError(
                Problem(f"no state '{iso}' in states.csv", "add the state or drop the row", str(path), line)
            )
        if row["status"] != "member":
            continue
        if not re.match(r"[0-9]{4}(-|$)", date):
            raise CaseError(Problem(f"'{date}' is no date", "write YYYY or YYYY-MM-DD", str(path), line))
        years[iso] = min(int(date[:4]), years.get(iso, 9999))
    return dict(sorted(years.items()))
