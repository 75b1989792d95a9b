"""`sco-sim new case`: an invented club of four, or a case of other states from downloads as they come."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from pathlib import Path

from sco_sim.case.catalog import Catalog
from sco_sim.case.downloads.download import CIF, FOB, RECONCILED, Download, Flow
from sco_sim.case.downloads.recognise import CONVERTED, KNOWN, read_download
from sco_sim.case.names import suggest
from sco_sim.case.schema.check import check_case
from sco_sim.case.schema.page import outline
from sco_sim.case.schema.tables import BASE_YEAR, BASIC, BY_NAME, TABLES
from sco_sim.case.state_names import StateNames
from sco_sim.commands.screen.output import note, say
from sco_sim.errors import CaseError, Problem, ScenarioError, StoreError, counted

FIRST_YEAR = 1992
"""First year that is copied from downloads: earlier years have no filter."""
EDITIONS = 0.01
"""Share by which figures of the same in two files differ, from which it is said: two editions, or two publishers."""
CLUB = (
    ("ALA", "Alania", 450_000_000_000, 38_000_000, 2001),
    ("BOR", "Boria", 180_000_000_000, 22_000_000, 2001),
    ("CYR", "Cyria", 95_000_000_000, 9_500_000, 2004),
    ("DOL", "Dolia", 28_000_000_000, 6_100_000, ""),
)
"""Four invented states; the last is no member."""
CLUB_TIES = (
    ("iso3_a", "iso3_b", "distance_km", "land_border", "common_official_language"),
    ("ALA", "BOR", 620, 1, 1),
    ("ALA", "CYR", 780, 1, 0),
    ("ALA", "DOL", 1450, 0, 0),
    ("BOR", "CYR", 540, 1, 0),
    ("BOR", "DOL", 910, 0, 0),
    ("CYR", "DOL", 430, 1, 1),
)
README = """\
# {title}

A case of sco_sim: tables in `data/`, scenarios in `scenarios/`. Check it and compare its two scenarios:

    sco-sim case check {folder}
    sco-sim compare {folder}/scenarios/baseline.yaml {folder}/scenarios/cooperation.yaml --case {folder} --worlds 100

Only `data/states.csv` is required. For any other table copy its header from `templates/` to `data/` and fill it in. An
empty cell means not known. The ledger of parameters is the shipped one; a file `parameters.yaml` here replaces it.
{downloads}
## Tables

{outline}
"""
BASELINE = """\
# How trust and exchange go on if nothing new is agreed. Check it: sco-sim validate FILE --case {folder}
title: Baseline of {title}
question: How do trust and exchange go on if nothing new is agreed?
states: [{states}]
horizon: {{start: {start}, end: {end}}}
decision_rule:
  consensus: {{}}
"""
COOPERATION = """\
# Two agreements for the council. `sco-sim list policies` shows what else there is.
title: Cooperation in {title}
question: What do sister cities and a university network change?
extends: baseline.yaml
policies:
  - sister_cities:
      start: {year}
      new_pairs_per_year: 4
      participants: members
      decided_by: council
  - university_network:
      start: {year}
      participants: members
      decided_by: council
"""


def main(folder: Path, states: str, files: Sequence[Path], member_from: int) -> int:
    """Write the case and check it; the exit code. Never over a folder."""
    if folder.exists():
        raise StoreError(Problem("there is such a folder already", "choose another name", str(folder)))
    names = StateNames()
    codes = _codes(states, names)
    if files and not codes:
        raise ScenarioError(Problem("which states?", "give their codes, e.g. --states IDN,MYS,THA", "--states"))
    if codes and not files:
        remedy = f"name files with their GDP and population: {KNOWN}"
        raise ScenarioError(Problem("nothing is known of these states", remedy, "new case"))
    downloads = [_read(path, names, codes) for path in files]
    _note_editions(downloads)
    tables = _tables(downloads, codes, names, member_from) if codes else {"states": [BASIC, *CLUB], "ties": CLUB_TIES}
    start = _start(downloads, codes) if codes else BASE_YEAR
    _write(folder, tables, list(codes or [row[0] for row in CLUB]), start, [download.line() for download in downloads])
    for download in downloads:
        say(download.line())
        if download.empty:
            note(f"warning: {download.path}: nothing in it is read\n    compare the states, the years and the unit")
    if codes:
        _note_start(downloads, codes, names, start)
    report = check_case(folder)
    for problem in report.warnings:
        note(f"warning: {problem}")
    if report.problems:
        note(f"Written: {folder}, though it cannot be used as it is. Correct its tables and give `sco-sim case check`,")
        note(f"or correct the downloads, take {folder} away and give the command again. Units are as said above.")
        raise CaseError(*report.problems)
    scenarios = folder / "scenarios"
    say(f"Written: {folder}. {folder / 'README.md'} says what each table may hold. Compare its two scenarios with")
    both = f"{scenarios / 'baseline.yaml'} {scenarios / 'cooperation.yaml'}"
    say(f"    sco-sim compare {both} --case {folder} --worlds 100")
    return 0


def _codes(text: str, names: StateNames) -> tuple[str, ...]:
    """Codes of states written as codes or names, in alphabetical order; raises ScenarioError for what is none."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    states = {part: names.meant(part) for part in parts}
    unclear = {part: codes for part, codes in states.items() if len(codes) != 1}
    if unclear:
        raise ScenarioError(
            *(
                Problem(f"'{part}' can mean {' or '.join(codes)}", "write the code", "--states")
                if codes
                else Problem(f"no state '{part}'", _near(part, names), "--states")
                for part, codes in unclear.items()
            )
        )
    codes = tuple(sorted({code for (code,) in states.values()}))
    if len(codes) == 1:
        raise ScenarioError(Problem("a case has at least two states", "name more", "--states"))
    return codes


def _near(part: str, names: StateNames) -> str:
    """What a text that means no state of the world may mean."""
    remedy = suggest(part, Catalog(frozenset(names.usual), {}, frozenset(), {}, frozenset(), names=names))
    return "write ISO3 codes or names" if remedy.startswith("known") else remedy.partition("; known")[0]


def _note_editions(downloads: Sequence[Download]) -> None:
    """Say which files give other figures of the same: the last one counts."""
    said: dict[Hashable, tuple[float, str]] = {}
    other: Counter[tuple[str, str]] = Counter()
    for download in downloads:
        figures: dict[Hashable, float] = {
            (c, *key): v for c, series in download.states.items() for key, v in series.items()
        }
        figures |= {(flow, report): v for flow, reports in download.trade.items() for report, v in reports.items()}
        for key, value in figures.items():
            before, name = said.get(key, (value, ""))
            other[name, download.path.name] += abs(value - before) > EDITIONS * max(value, before)
            said[key] = value, download.path.name
    for (earlier, later), often in other.items():
        if often:
            figures_of = counted(often, "other figure")
            note(f"warning: {later} has {figures_of} of the same as {earlier}: those of {later} count")


def _read(path: Path, names: StateNames, codes: Collection[str]) -> Download:
    download = read_download(path, names, codes)
    if download is None:
        remedy = f"give {KNOWN}; {CONVERTED}"
        raise CaseError(Problem("it is nobody's file that is known here", remedy, str(path)))
    return download


def _start(downloads: Sequence[Download], codes: Collection[str]) -> int:
    """The last year in which the GDP of every state is known, else the last of any; `BASE_YEAR` if there is none."""
    known: dict[int, set[str]] = {}
    for download in downloads:
        for iso, year in download.states.get("gdp_current_usd", {}):
            known.setdefault(year, set()).add(iso)
    whole = [year for year, isos in known.items() if len(isos) == len(codes)]
    return max(whole or known or [BASE_YEAR])


def _note_start(downloads: Sequence[Download], codes: Collection[str], names: StateNames, start: int) -> None:
    """Say whose GDP ends before that of the others, and so holds back the start of the scenarios."""
    last: dict[str, int] = {}
    for download in downloads:
        for iso, year in download.states.get("gdp_current_usd", {}):
            last[iso] = max(year, last.get(iso, year))
    early = [iso for iso in codes if last.get(iso, 0) < max(last.values(), default=0)]
    if early and start < max(last.values()):
        listed = ", ".join(f"of {names.usual[iso]} in {last[iso]}" for iso in early if iso in last)
        ends = f"GDP ends {listed}, of others in {max(last.values())}"
        note(f"warning: the scenarios start in {start}: {ends}")
        note("    leave these states out, or give their GDP in data/state_years.csv and set horizon.start")


def _tables(
    downloads: Sequence[Download], codes: Sequence[str], names: StateNames, member_from: int
) -> dict[str, Sequence[Sequence[object]]]:
    """Header and rows of every table that the downloads fill."""
    called = {iso: name for download in downloads for iso, name in download.names.items()}
    values: dict[str, dict[tuple[str, int], float]] = {}
    ties: dict[tuple[str, str], Mapping[str, float]] = {}
    for download in downloads:
        for column, series in download.states.items():
            values.setdefault(column, {}).update(series)
        ties |= download.ties
    states = [(iso, called.get(iso, names.usual[iso]), member_from) for iso in codes]
    out: dict[str, Sequence[Sequence[object]]] = {"states": [("iso3", "name", "member_from"), *states]}
    if values:
        columns = [column.name for column in BY_NAME["state_years"].columns if column.name in values]
        keys = sorted({key for series in values.values() for key in series if key[1] >= FIRST_YEAR})
        rows = [(*key, *(_cell(values[column].get(key)) for column in columns)) for key in keys]
        out["state_years"] = [("iso3", "year", *columns), *rows]
    out |= trade_tables(downloads)
    if ties:
        columns = [
            column.name for column in BY_NAME["ties"].columns if any(column.name in row for row in ties.values())
        ]
        tie_rows = [(*ends, *(_cell(row.get(column)) for column in columns)) for ends, row in sorted(ties.items())]
        out["ties"] = [("iso3_a", "iso3_b", *columns), *tie_rows]
    return out


def trade_tables(downloads: Sequence[Download]) -> dict[str, Sequence[Sequence[object]]]:
    """Reports of either end, and figures made of both, which are no report: each in its own table."""
    reported: dict[Flow, dict[str, tuple[float, str]]] = {}
    reconciled: dict[Flow, tuple[float, str]] = {}
    for download in downloads:
        for flow, values in download.trade.items():
            if flow[2] >= FIRST_YEAR and RECONCILED in values:
                reconciled[flow] = values[RECONCILED], download.publisher
            elif flow[2] >= FIRST_YEAR:
                said = {report: (value, download.publisher) for report, value in values.items()}
                reported[flow] = reported.get(flow, {}) | said
    rows: dict[str, list[tuple[object, ...]]] = {
        "trade_reports": [
            (*flow, *(cell for report in (FOB, CIF) for cell in _report(reports.get(report))))
            for flow, reports in sorted(reported.items())
        ],
        "trade_reconciled": [
            (*flow, _cell(value), "reconciled", source) for flow, (value, source) in sorted(reconciled.items())
        ],
    }  # fmt: skip
    header = {name: tuple(column.name for column in BY_NAME[name].columns) for name in rows}
    return {name: [header[name], *some] for name, some in rows.items() if some}


def _report(report: tuple[float, str] | None) -> tuple[str, str]:
    return ("", "") if report is None else (_cell(report[0]), report[1])


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _write(
    folder: Path, tables: Mapping[str, Sequence[Sequence[object]]], states: Sequence[str], start: int,
    lines: Sequence[str],
) -> None:  # fmt: skip
    listed = "\nFrom downloads:\n\n" + "\n".join(f"* {line}" for line in lines) + "\n" if lines else ""
    said = {
        "folder": folder, "title": folder.name, "states": ", ".join(states), "start": start, "end": start + 15,
        "year": start + 1, "outline": outline(), "downloads": listed,
    }  # fmt: skip
    try:
        for part in ("data", "templates", "scenarios"):
            (folder / part).mkdir(parents=True)
        for name, rows in tables.items():
            _csv(folder / "data" / f"{name}.csv", rows)
        for table in TABLES:
            if not table.record:
                _csv(folder / "templates" / f"{table.name}.csv", [[column.name for column in table.columns]])
        (folder / "README.md").write_text(README.format(**said), encoding="utf-8")
        (folder / "scenarios" / "baseline.yaml").write_text(BASELINE.format(**said), encoding="utf-8")
        (folder / "scenarios" / "cooperation.yaml").write_text(COOPERATION.format(**said), encoding="utf-8")
    except OSError as error:
        raise StoreError(
            Problem(f"cannot be written: {error.strerror}", "choose another folder", str(folder))
        ) from error


def _csv(path: Path, rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
