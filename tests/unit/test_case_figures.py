"""Figures that are odd beside others: refused where they cannot be true, else reported with table, line, column, ratio.

Each case is one slip in one table of a true case, which by itself gives neither problem nor warning. The slips that
only a comparison with the shipped case shows are tried with it; all others without, as for states it does not have.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sco_sim.case.schema import check
from sco_sim.case.schema.check import Report, _check
from sco_sim.errors import Problem
from tests.case_tables import Change, Row, changed, eight_members, exchanged, read, scaled

FOB, CIF, BOTH = "exporter_fob_kusd", "importer_cif_kusd", ("exporter_fob_kusd", "importer_cif_kusd")
GDPS = ("gdp_current_usd", "gdp_constant_2015_usd")


@pytest.fixture(scope="module")
def true_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return eight_members(tmp_path_factory.mktemp("eight") / "case")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if the shipped case had none of these states."""
    with monkeypatch.context() as patch:
        patch.setattr(check, "beside_shipped", lambda checked: ())
        yield


def report(true_case: Path, folder: Path, table: str, change: Change) -> Report:
    shutil.copytree(true_case, folder / "case")
    changed(folder / "case", table, change)
    return _check(folder / "case")


def about(problems: tuple[Problem, ...], table: str, words: str) -> list[Problem]:
    return [problem for problem in problems if f"{table}.csv" in problem.file and words in problem.message]


def test_a_true_case_gives_no_warning(true_case: Path) -> None:
    assert _check(true_case) == Report((), (), _check(true_case).missing)


YEAR = "of 2018 is in the middle of 56 rows"


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("trade_reports", scaled(CIF, 1e3, year="2018"), f"{CIF} {YEAR}"),
        ("trade_reports", scaled(FOB, 1e-6, year="2018"), "times that of the year before: another unit? (millions)"),
        ("trade_reports", scaled(BOTH, 1e3, year="2018"), "times that of the year before: another unit? (thousands)"),
        ("trade_reports", scaled(FOB, 1e6), "the exporters' reports are in the middle"),
        ("trade_reports", scaled(BOTH, 1e3), "times what GDP and distance imply: another unit? (thousands)"),
        ("trade_reports", scaled(CIF, 1e3, iso3_d="KAZ"), "the reports of KAZ as importer are in the middle"),
        ("trade_reports", scaled(CIF, 1e-3, iso3_d="RUS", year="2018"), "the reports of RUS in 2018 as importer"),
        ("trade_reports", scaled(CIF, 1e3, iso3_o="CHN", iso3_d="RUS"), "importer_cif_kusd of CHN>RUS is"),
        ("trade_reports", scaled(BOTH, 1e3, iso3_o="CHN", iso3_d="RUS"), "times the GDP of RUS"),
        ("students", scaled("students_persons", 1e3, year="2016"), "students_persons of 2016 is in the middle"),
        ("students", scaled("students_persons", 1e4, iso3_origin="KAZ"), "% of the people of KAZ"),
        ("state_years", scaled("gdp_current_usd", 1e3, year="2018"), "gdp_current_usd of 2018 is in the middle of 8"),
        ("state_years", scaled("gdp_current_usd", 1e3, year="2018", iso3="KGZ"), "KGZ is 1,074 times that of 2017"),
        ("state_years", scaled("gdp_current_usd", 1e-3, iso3="KGZ"), "GDP of KGZ at current prices is in the middle"),
        ("state_years", scaled("population_persons", 1e-3), "GDP per head of CHN would be"),
    ],
)  # fmt: skip
def test_another_unit_that_cannot_be_true_is_refused(
    table: str, change: Change, words: str, true_case: Path, tmp_path: Path
) -> None:
    problems = report(true_case, tmp_path, table, change).problems
    assert about(problems, table, words), "\n".join(map(str, problems))


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("trade_reports", scaled(BOTH, 10.0, year="2018"), f"{FOB} {YEAR}"),
        ("trade_reports", scaled(CIF, 1e3, iso3_o="CHN", iso3_d="KAZ", year="2018"), "times the figures beside it"),
        ("trade_reports", scaled(BOTH, 0.1), "times what GDP and distance imply"),
        ("trade_reports", scaled(CIF, 1e-3, iso3_o="CHN", iso3_d="RUS"), f"{FOB} of CHN>RUS is in the middle of"),
        ("students", scaled("students_persons", 10.0, year="2016"), "students_persons of 2016 is in the middle"),
        ("students", scaled("students_persons", 1e3, iso3_origin="RUS", iso3_destination="KAZ", year="2016"),
         "RUS>KAZ is"),
        ("state_years", scaled("gdp_current_usd", 10.0), "GDP at current prices is in the middle"),
        ("state_years", scaled(GDPS, 20.0, iso3="CHN"), "GDP per head of CHN would be"),
    ],
)  # fmt: skip
def test_what_may_be_true_is_a_warning_with_ratio_line_and_remedy(
    table: str, change: Change, words: str, true_case: Path, tmp_path: Path
) -> None:
    found = report(true_case, tmp_path, table, change)
    told = about(found.warnings, table, words)
    assert told, "\n".join(map(str, (*found.problems, *found.warnings)))
    assert all(problem.remedy for problem in told)
    assert any(character.isdigit() for character in told[0].message)


def head(share: float) -> Change:
    return lambda rows: rows[: int(len(rows) * share)]


def by_year(last: str) -> Change:
    return lambda rows: [row for row in sorted(rows, key=lambda row: row["year"]) if row["year"] <= last]


def zeros_kept(rows: list[Row]) -> list[Row]:
    return rows[: len(rows) // 2] if any(row["twinned_places"] == "0" for row in rows[: len(rows) // 2]) else rows


def emptied(*columns: str, cell: str = "") -> Change:
    return lambda rows: [row | dict.fromkeys(columns, cell) for row in rows]


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("trade_reports", head(0.5), "no row begins with"),
        ("trade_reports", head(0.8), "no row begins with UZB"),
        ("visas", head(0.8), "no row begins with UZB"),
        ("migrants", head(0.5), "no row begins with"),
        ("students", head(0.5), "no row for PAK"),
        ("students", by_year("2012"), "the last year is 2012, that of state_years.csv"),
        ("ties", head(0.9), "of 28 pairs have a row"),
        ("sister_cities", zeros_kept, "14 of 28 pairs have a row"),
        ("state_years", head(0.5), "no row for"),
        ("students", emptied("students_persons", cell="0"), "no row has a value above 0 of students_persons"),
        ("visas", emptied("openness"), "no row has a value of openness"),
        ("trade_reports", emptied(FOB, cell="0"), f"{FOB} is 0 and {CIF} ; not known?; leave the cell empty"),
        ("students", emptied("students_persons"), "no row has a value above 0 of students_persons; until then"),
        ("trade_reports", emptied(*BOTH), f"no row has a value above 0 of {FOB} or {CIF}"),
    ],
)  # fmt: skip
def test_a_torn_table_is_reported(table: str, change: Change, words: str, true_case: Path, tmp_path: Path) -> None:
    found = report(true_case, tmp_path, table, change)
    told = [f"{problem.message}; {problem.remedy}" for problem in found.warnings if f"{table}.csv" in problem.file]
    assert any(all(part in text for part in words.split("; ")) for text in told), told


def misplaced(rows: list[Row]) -> list[Row]:
    """Each importer's report in the row of the other direction, as if it were the exporter."""
    reported = {(row["iso3_o"], row["iso3_d"], row["year"]): row[CIF] for row in rows}
    return [row | {CIF: reported.get((row["iso3_d"], row["iso3_o"], row["year"]), "")} for row in rows]


def turned(origin: str = "iso3_origin", destination: str = "iso3_destination", **where: str) -> Change:
    return exchanged(origin, destination, **where)


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("trade_reports", misplaced, "the two reports lean opposite ways"),
        ("trade_reports", turned("iso3_o", "iso3_d", year="2016"), "of 2016 leans against that of 2015"),
        ("migrants", turned(year="2015"), "migrants_persons of 2015 leans against that of 2010"),
        ("students", turned(year="2016"), "students_persons of 2016 leans against that of 2015"),
    ],
)  # fmt: skip
def test_swapped_directions_are_reported(
    table: str, change: Change, words: str, true_case: Path, tmp_path: Path
) -> None:
    found = report(true_case, tmp_path, table, change)
    assert about(found.warnings, table, words), "\n".join(map(str, found.warnings))


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("trade_reports", turned("iso3_o", "iso3_d"), "leans against that of the shipped case"),
        ("trade_reports", exchanged(FOB, CIF), "are the columns swapped?"),
        ("trade_reports", scaled(BOTH, 1e-3, iso3_o="CHN", iso3_d="RUS"), "CHN>RUS is in the middle 0.001 times"),
        ("students", turned(), "leans against that of the shipped case"),
        ("migrants", turned(), "leans against that of the shipped case"),
        ("students", scaled("students_persons", 10.0), "is in total 10 times that of the shipped case"),
        ("state_years", scaled(GDPS, 10.0), "is in total 10 times that of the shipped case"),
        ("state_years", scaled(GDPS, 0.1, iso3="CHN"), "gdp_current_usd of CHN is in the middle 0.1 times"),
    ],
)  # fmt: skip
def test_what_the_shipped_case_contradicts_is_reported(
    table: str, change: Change, words: str, true_case: Path, tmp_path: Path
) -> None:
    found = report(true_case, tmp_path, table, change)
    assert about(found.warnings, table, words), "\n".join(map(str, (*found.problems, *found.warnings)))


def twice(rows: list[Row]) -> list[Row]:
    return [*rows, dict(rows[len(rows) // 2])]


@pytest.mark.parametrize("table", ["claims", "links", "exercises", "students", "trade_reports", "ties", "statuses"])
def test_a_row_that_stands_twice_is_refused(table: str, true_case: Path, tmp_path: Path) -> None:
    problems = report(true_case, tmp_path, table, twice).problems
    assert about(problems, table, "already")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("students", "students_persons"), ("air_links", "airport_pairs"), ("sister_cities", "twinned_places"),
        ("migrants", "migrants_persons"), ("tie_years", "icews_cooperative_events"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("cell", ["12.5", "1e-308", "0.001"])
def test_a_fraction_where_a_column_counts_is_refused(
    table: str, column: str, cell: str, true_case: Path, tmp_path: Path
) -> None:
    problems = report(true_case, tmp_path, table, lambda rows: [{**rows[0], column: cell}, *rows[1:]]).problems
    assert about(problems, table, f"'{cell}' is no whole number")


def test_a_whole_number_may_be_written_as_a_float(true_case: Path, tmp_path: Path) -> None:
    def floats(rows: list[Row]) -> list[Row]:
        return [row | {"students_persons": row["students_persons"] and row["students_persons"] + ".0"} for row in rows]

    assert not report(true_case, tmp_path, "students", floats).problems


@pytest.mark.parametrize("value", ["1e308", "1e300", "1e-308", "1e25"])
@pytest.mark.parametrize(
    ("table", "column"), [("state_years", "gdp_current_usd"), ("state_years", "population_persons"), *[
        ("trade_reports", column) for column in BOTH]]
)  # fmt: skip
def test_no_figure_overflows_the_check(table: str, column: str, value: str, true_case: Path, tmp_path: Path) -> None:
    """A cell, and a whole column, at the ends of what floating point holds: a problem, never an OverflowError."""
    middle = len(read(true_case, table)[1]) // 2

    def one(rows: list[Row]) -> list[Row]:
        return [*rows[:middle], rows[middle] | {column: value}, *rows[middle + 1 :]]

    def all_rows(rows: list[Row]) -> list[Row]:
        return [row | {column: value} for row in rows]

    cases: list[Callable[[list[Row]], list[Row]]] = [one, all_rows]
    for number, change in enumerate(cases):
        found = report(true_case, tmp_path / str(number), table, change)
        assert found.problems or found.warnings or (change is one and value == "1e-308")
