"""A case is declared once: the shipped case fits the declaration, and what does not is refused in words of its own."""

from __future__ import annotations

import csv
import importlib.util
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sco_sim.case.case import Case
from sco_sim.case.schema.check import SHIPPED, CaseWarning, _check, check_case, digest, warn_of_case
from sco_sim.case.schema.tables import BASIC, TABLES
from sco_sim.cli.main import app
from sco_sim.components.policy import DEPTHS, FIELDS
from sco_sim.errors import CaseError
from sco_sim.shipped import default_case
from tests.worlds import ROOT

DATA = default_case() / "data"
STATES = (
    "iso3,name,gdp_current_usd,population_persons,member_from\n"
    "ALA,Alania,450e9,38e6,2001\nBOR,Boria,180e9,22e6,2001\nCYR,Cyria,95e9,9.5e6,2004\nKAZ,Kazakhstan,80e9,9.1e6,\n"
)


def small(folder: Path, **tables: str) -> Path:
    """A case of four states with the tables given."""
    (folder / "data").mkdir(parents=True)
    for name, text in ({"states": STATES} | tables).items():
        (folder / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def shipped_with(folder: Path, name: str, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> Path:
    """The shipped case with one table changed."""
    shutil.copytree(DATA, folder / "data")
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = change(list(csv.DictReader(file)))
    with (folder / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_the_shipped_case_fits_its_declaration() -> None:
    report = _check(default_case(), trusting=False)
    assert not report.problems
    assert not report.warnings
    assert not report.missing
    assert digest(default_case()) == SHIPPED.read_text(encoding="utf-8").strip(), "run docs/build_case.py"


def test_the_declaration_and_the_provenance_agree() -> None:
    with (DATA / "columns.csv").open(encoding="utf-8", newline="") as file:
        shipped = {(row["table"], row["column"]): (row["unit"], row["meaning"]) for row in csv.DictReader(file)}
    declared = {
        (table.name, column.name): (column.unit, column.meaning) for table in TABLES for column in table.columns
    }
    assert {key: declared[key] for key in shipped if key in declared} == {
        k: v for k, v in shipped.items() if k in declared
    }
    assert set(shipped) <= set(declared)
    assert {table.name for table in TABLES} == {path.stem for path in DATA.glob("*.csv")}


def test_the_page_is_made_from_the_declaration() -> None:
    spec = importlib.util.spec_from_file_location("build_case", ROOT / "docs" / "build_case.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run `python docs/build_case.py`"


def test_an_agenda_knows_the_fields_and_depths_of_policies() -> None:
    agenda = next(table for table in TABLES if table.name == "agenda")
    assert set(agenda.column("field").choices) == {*FIELDS, "membership"}
    assert set(agenda.column("depth").choices) == set(DEPTHS)


TIES = "iso3_a,iso3_b,land_border\n"
TRADE = "iso3_o,iso3_d,year,exporter_fob_kusd\n"


@pytest.mark.parametrize(
    ("table", "text", "where", "message", "remedy"),
    [
        ("ties", TIES + "ALA,BOR,nan\n", ":2:3", "'nan' is no number", "leave the cell empty"),
        ("ties", TIES + "ALA,BOR,2\n", ":2:3", "'2' is neither 0 nor 1", "write 1 for yes"),
        ("ties", TIES + "BOR,ALA,1\n", ":2:1", "the pair BOR,ALA is in the wrong order", "write ALA,BOR"),
        ("ties", TIES + "ALA,ALA,1\n", ":2:1", "ALA is paired with itself", "drop the row"),
        ("ties", TIES + "ALA,BOR,1\nALA,BOR,1\n", ":3:1", "ALA,BOR stands in line 2 already", "keep one"),
        ("ties", TIES + "ala,BOR,1\n", ":2:1", "'ala' is not written in capitals", "write ALA"),
        ("ties", TIES + "ALA,KZK,1\n", ":2:2", "no state 'KZK'", "KAZ"),
        ("ties", TIES + "ALA,QQQ,1\n", ":2:2", "no state 'QQQ' in states.csv", "Add it there"),
        ("ties", TIES, ":1", "has a header and no rows", "take the file away: without it, no land borders"),
        ("ties", "iso3_a;iso3_b;land_border\nALA;BOR;1\n", ":1", "divided by semicolons (;)", "save it with commas"),
        ("ties", "iso3_a\tiso3_b\tland_border\nALA\tBOR\t1\n", ":1", "divided by tabs", "save it with commas"),
        ("ties", "ISO3_A,iso3_b,land_border\nALA,BOR,1\n", ":1:1", "'ISO3_A' is not written as", "write iso3_a"),
        ("ties", "iso3_b,land_border\nBOR,1\n", ":1", "no column 'iso3_a'", "the columns here are iso3_b, land_border"),
        ("ties", "iso3_a,iso3_b,iso3_b\nALA,BOR,BOR\n", ":1:3", "the column 'iso3_b' stands twice", "drop one"),
        ("trade_reports", TRADE + "ALA,BOR,2019,..\n", ":2:4", "'..' is no number", "leave the cell empty"),
        ("trade_reports", TRADE + "ALA,BOR,2019,NA\n", ":2:4", "'NA' is no number", "leave the cell empty"),
        ("trade_reports", TRADE + "ALA,BOR,2019,inf\n", ":2:4", "'inf' is not finite", "write a number"),
        ("trade_reports", TRADE + 'ALA,BOR,2019,"1,200"\n', ":2:4", "separators of thousands", "write 1200 without"),
        ("trade_reports", TRADE + "ALA,BOR,2019,1 200\n", ":2:4", "separators of thousands", "write 1200 without"),
        ("trade_reports", TRADE + 'ALA,BOR,2019,"1,5"\n', ":2:4", "decimal comma", "write 1.5 with a point"),
        ("trade_reports", TRADE + "ALA,BOR,2019,1,200\n", ":2", "5 cells where the header has 4", "separators"),
        ("trade_reports", TRADE + "ALA,BOR,20\n", ":2", "3 cells where the header has 4", "torn download"),
        ("trade_reports", TRADE + "ALA,BOR,2019,-4\n", ":2:4", "-4 is below 0", "thousand current USD"),
        ("trade_reports", TRADE + "ALA,BOR,2090,4\n", ":2:3", "2090 is not a year from 1900 to", "correct the year"),
        ("trade_reports", TRADE + "ALA,BOR,19,4\n", ":2:3", "'19' is no year", "four digits"),
        ("trade_reports", TRADE + "ALA,BOR,,4\n", ":2:3", "the cell is empty", "every row needs `year`"),
        ("trade_reports", "iso3_o,iso3_d,year\nALA,BOR,2019\n", ":1", "neither exporter_fob_kusd nor", "columns here"),
        ("students", "iso3_origin,iso3_destination,year\nALA,BOR,2019\n", ":1", "no column 'students_persons'", "here"),
        ("visas", "iso3_passport,iso3_destination,year,openness\nALA,BOR,2019,75\n", ":2:4", "75 lies outside 0 to 1",
         "per cent? Divide by 100: write 0.75"),
        ("statuses", "iso3,status,date\nALA,Member,2001\n", ":2:2", "not written as 'member'", "write member"),
        ("statuses", "iso3,status,date\nALA,member,soon\n", ":2:3", "'soon' is no date", "YYYY-MM-DD"),
        ("statuses", "iso3,status,date\nALA,chief,2001\n", ":2:2", "'chief' is unknown", "known:"),
        ("states", STATES.replace("38e6", "-38e6"), ":2:4", "-3.8e+07 is below 0", "persons"),
        ("states", STATES.replace("450e9", "0"), ":2:3", "0 is not above 0", "empty"),
        ("states", STATES.replace("450e9", "450e6"), "states.csv", "GDP per head of ALA would be 11.84 USD", "USD"),
        ("states", STATES.replace("450e9", ""), ":1", "no gdp_current_usd of ALA", "state_years.csv"),
        ("states", STATES.replace("ALA", "Alania"), ":2:1", "'Alania' is no code", "three capitals"),
        ("states", STATES + "ALA,Again,1e9,1e6,\n", ":6:1", "ALA stands in line 2 already", "keep one"),
        ("states", "iso3,name,gdp_current_usd,population_persons\nALA,A,4e11,4e7\nBOR,B,4e11,4e7\n", ":1",
         "it is not known who is a member", "member_from"),
    ],
)  # fmt: skip
def test_every_slip_has_its_own_words(
    table: str, text: str, where: str, message: str, remedy: str, tmp_path: Path
) -> None:
    problems = _check(small(tmp_path, **{table: text})).problems
    told = "\n".join(map(str, problems))
    assert message in told
    assert remedy in told
    assert f"{table}.csv{where}" in told or where in told


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("iso3_a,iso3_b,land_border\nALA,BOR,1\nAÇA,BOR,0\n".encode("latin-1"), "is not in UTF-8; in Latin-1"),
        (TIES.encode("utf-16"), "is in UTF-16"),
        (b"PK\x03\x04rest", "is a workbook"),
        (TIES.encode() + b"ALA,B\0R,1\n", "null character"),
        (b"", "has no header"),
        (b'iso3_a,iso3_b,land_border\nALA,"BOR,1\n', "a quoted cell does not end"),
    ],
)
def test_files_that_are_no_tables(content: bytes, message: str, tmp_path: Path) -> None:
    case = small(tmp_path)
    (case / "data" / "ties.csv").write_bytes(content)
    assert message in str(_check(case).problems[0])


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    case = small(tmp_path)
    (case / "data" / "states.csv").write_bytes(b"\xef\xbb\xbf" + STATES.encode())
    assert not _check(case).problems
    assert list(Case(case).table("states")["iso3"]) == ["ALA", "BOR", "CYR", "KAZ"]


def scaled(column: str, factor: float, **where: str) -> Callable[[list[dict[str, str]]], list[dict[str, str]]]:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        for row in rows:
            if row[column] and all(row[key] == value for key, value in where.items()):
                value = float(row[column]) * factor
                row[column] = str(round(value)) if row[column].isdigit() else repr(value)
        return rows

    return change


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("state_years", scaled("gdp_current_usd", 1e-6, iso3="KGZ", year="2020"), "another unit? (millions)"),
        ("state_years", scaled("population_persons", 1e-3, year="2019"), "another unit? (thousands)"),
        ("state_years", scaled("gdp_current_usd", 1e-1), "GDP at current prices is in the middle"),
        ("state_years", scaled("population_persons", 1e-3), "GDP per head of"),
        ("trade_reports", scaled("importer_cif_kusd", 1e-3), "the exporters' reports are in the middle"),
        ("trade_reports", scaled("exporter_fob_kusd", 1e6, year="2019", iso3_o="CHN"), "another unit? (millions)"),
        ("trade_reports", lambda rows: [row for row in rows if row["iso3_o"] < "K" and row["iso3_d"] < "K"], "torn"),
        ("trade_reports", lambda rows: [r for r in rows if (r["year"], r["iso3_o"]) < ("2020", "I")], "torn"),
        ("students", scaled("students_persons", 12.0), "students abroad for each million"),
        ("students", scaled("students_persons", 0.05), "students abroad for each million"),
        ("ties", lambda rows: rows[:180], "a torn download"),
        ("trade_reports", lambda rows: rows[: len(rows) // 2], "no row begins with"),
        ("tie_years", lambda rows: rows[: len(rows) // 2], "no row begins with"),
        ("air_links", lambda rows: rows[: len(rows) // 2], "no row begins with"),
        ("visas", lambda rows: rows[: len(rows) // 2], "no row begins with"),
    ],
)  # fmt: skip
def test_what_is_odd_beside_other_figures_is_reported(
    table: str, change: Callable[[list[dict[str, str]]], list[dict[str, str]]], message: str, tmp_path: Path
) -> None:
    report = _check(shipped_with(tmp_path, table, change))
    assert message in "\n".join(map(str, (*report.problems, *report.warnings)))


def test_all_problems_are_reported_at_once_by_every_command(tmp_path: Path) -> None:
    case = str(small(tmp_path / "case", ties=TIES + "BOR,ALA,x\n", students="iso3\nALA\n", air_links="a;b\n1;2\n"))
    for command in (
        ["validate", "baseline"], ["run", "baseline"], ["compare", "baseline", "no_events"], ["show", "baseline"],
        ["council", "--agenda", str(DATA / "agenda.csv")],
            ["sweep", "experiments/screening.yaml"], ["hindcast"], ["portfolio", "baseline"],
    ):  # fmt: skip
        result = CliRunner().invoke(app, [*command, "--case", case])
        told = result.output
        assert result.exit_code == 2, (command, told)
        assert all(f"{name}.csv:" in told for name in ("ties", "students", "air_links")), (command, told)
    result = CliRunner().invoke(app, ["case", "check", case])
    assert result.exit_code == 2


def test_warnings_come_once_and_do_not_stop(tmp_path: Path) -> None:
    case = small(tmp_path, tie_yaers="a,b\n")
    with pytest.warns(CaseWarning, match="did you mean 'tie_years'"):
        warn_of_case(case)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_case(case)


def test_a_changed_file_is_checked_again(tmp_path: Path) -> None:
    case = small(tmp_path)
    assert not check_case(case).problems
    (case / "data" / "states.csv").write_text(STATES + "ALA,Again,1e9,1e6,\n", encoding="utf-8")
    with pytest.raises(CaseError, match="already"):
        Case(case).table("states")


def test_the_check_loads_no_table_library() -> None:
    code = (
        "import sys; from sco_sim.case.schema.check import check_case; from sco_sim.shipped import default_case;"
        "check_case(default_case());"
        "assert not {'pandas', 'scipy', 'mesa', 'networkx', 'matplotlib', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_start_before_the_gdp_is_refused_before_anything_is_simulated(tmp_path: Path) -> None:
    case, path = small(tmp_path / "case"), tmp_path / "early.yaml"
    path.write_text("horizon: {start: 2012, end: 2015}\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["run", str(path), "--case", str(case), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2, result.output
    assert "no GDP up to 2012" in result.output


def test_a_study_says_which_tables_it_needs(tmp_path: Path) -> None:
    case = str(small(tmp_path / "case"))
    for command in ("hindcast", "calibrate"):
        result = CliRunner().invoke(app, [command, "--case", case])
        assert result.exit_code == 2, result.output
        assert "trade_reports.csv: a " in result.output
        assert "docs/case.md" in result.output


def test_five_columns_make_a_case() -> None:
    states = next(table for table in TABLES if table.name == "states")
    assert tuple(column.name for column in states.columns)[:5] == BASIC
    assert all(table.fallback for table in TABLES if table.name != "states")
