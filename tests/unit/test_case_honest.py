"""Honest edits of the shipped case: what a user may well do gives no refusal, and no warning that is not true."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sco_sim.case.schema.check import Report, _check
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.shipped import default_case
from tests.case_tables import Row, read, write

OWN = {"KAZ": "QAZ", "CHN": "PRC"}


def shipped(folder: Path) -> Path:
    """A copy of the shipped case."""
    shutil.copytree(default_case(), folder / "case")
    return folder / "case"


def words(report: Report) -> list[str]:
    """What the check says, without where."""
    return [problem.message for problem in (*report.problems, *report.warnings)]


def recoded(folder: Path) -> None:
    """Codes of one's own in every table that names states."""
    for table in BY_NAME.values():
        path = folder / "data" / f"{table.name}.csv"
        codes = [column.name for column in table.columns if column.type in ("code", "codes", "states", "legs")]
        if not path.is_file() or not (codes or table.name == "states"):
            continue
        header, rows = read(folder, table.name)
        for row in rows:
            for name in {*codes, "iso3"} & set(header):
                for code, own in OWN.items():
                    row[name] = row[name].replace(code, own)
            if table.ordered and row[table.ordered[0]] > row[table.ordered[1]]:
                one, two = table.ordered
                row[one], row[two] = row[two], row[one]
        write(folder, table.name, header, rows)


def added(folder: Path) -> None:
    """A state with sizes alone."""
    header, rows = read(folder, "states")
    write(folder, "states", header, [*rows, {**rows[0], "iso3": "GEO", "name": "Georgia", "capital": "Tbilisi",
                                             "capital_lat_deg": "41.72", "capital_lon_deg": "44.78"}])  # fmt: skip
    header, rows = read(folder, "state_years")
    write(folder, "state_years", header, [*rows, *({**row, "iso3": "GEO"} for row in rows if row["iso3"] == "ARM")])


def own_agenda(folder: Path) -> None:
    """A short agenda of texts that the shipped one does not have."""
    header, rows = read(folder, "agenda")
    write(folder, "agenda", header, [{**row, "item": f"own_{number}"} for number, row in enumerate(rows[:4])])


def of_states(*states: str) -> Callable[[Path], None]:
    """Rows of some states alone, as a user would leave out what names others."""

    def change(folder: Path) -> None:
        for table in BY_NAME.values():
            if not (folder / "data" / f"{table.name}.csv").is_file() or table.name in ("state_names", "columns"):
                continue
            codes = [c.name for c in table.columns if c.type in ("code", "codes", "states", "legs")]
            header, rows = read(folder, table.name)
            codes = [name for name in (*codes, *(("iso3",) if table.name == "states" else ())) if name in header]

            def within(row: Row, codes: list[str] = codes) -> bool:
                named = {part for name in codes for part in row[name].replace("-", ";").split(";")} - {""}
                return named <= set(states)

            kept = [row for row in rows if within(row)]
            if kept:
                write(folder, table.name, header, kept)
            else:
                (folder / "data" / f"{table.name}.csv").unlink()

    return change


@pytest.mark.slow
@pytest.mark.parametrize("change", [recoded, own_agenda, of_states("KAZ", "KGZ", "TJK", "TKM", "UZB")])
def test_an_honest_edit_gives_no_warning(change: Callable[[Path], None], tmp_path: Path) -> None:
    """Catches codes of one's own told as exchanged, and lists of one's own told as torn."""
    folder = shipped(tmp_path)
    change(folder)
    assert words(_check(folder)) == []


@pytest.mark.slow
def test_a_state_that_was_added_is_told_once(tmp_path: Path) -> None:
    """Catches nine tables told as torn downloads for one state."""
    folder = shipped(tmp_path)
    added(folder)
    (message,) = words(_check(folder))
    assert message.startswith("no row for GEO in ties.csv, trade_reports.csv")
    assert "sister_cities.csv" in message


def test_legs_without_nodes_are_one_error(tmp_path: Path) -> None:
    folder = shipped(tmp_path)
    (folder / "data" / "route_nodes.csv").unlink()
    (problem,) = _check(folder).problems
    assert "take route_legs.csv away" in problem.remedy
