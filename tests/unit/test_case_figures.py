"""Figures that are odd beside others: refused where they cannot be true, else reported with table, line, column, ratio.

Each case is one slip in one table of a true case, which by itself gives neither problem nor warning. The slips that
only a comparison with the shipped case shows are tried with it; all others without, as for states it does not have.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sco_sim.case.schema import check
from sco_sim.case.schema.check import Report, _check
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.errors import Problem
from sco_sim.shipped import default_case
from tests.case_tables import STATES, Change, Row, changed, eight_members, exchanged, read, scaled, write

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


NEWER = ("alignments", "arms_shares", "route_nodes", "route_legs", "agenda")
"""Tables of the shipped case that eight members do not hold by themselves."""


def known(cell: str) -> list[str]:
    """The codes and legs of a cell that are of the eight members."""
    return [part for part in cell.split(";") if set(part.split("-")) <= set(STATES)]


@pytest.fixture(scope="module")
def lists_too(true_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case of eight members with the lists of the shipped case about them."""
    folder = tmp_path_factory.mktemp("lists") / "case"
    shutil.copytree(true_case, folder)
    for name in NEWER:
        header, rows = read(default_case(), name)
        codes = [column for column in header if column.startswith("iso3")]
        lists = [column.name for column in BY_NAME[name].columns if column.type in ("codes", "legs", "code")]
        kept = [
            row | {column: ";".join(known(row[column])) for column in lists if column not in codes}
            for row in rows if all(row[code] in STATES for code in codes)
        ]  # fmt: skip
        write(folder, name, header, kept)
    return folder


def first(**cells: str) -> Change:
    return lambda rows: [rows[0] | cells, *rows[1:]]


def without(**beginnings: str) -> Change:
    """Without the rows whose cells begin so."""
    return lambda rows: [row for row in rows if not all(row[key].startswith(of) for key, of in beginnings.items())]


def shuffled(column: str) -> Change:
    """The cells of a column in an order of chance."""

    def change(rows: list[Row]) -> list[Row]:
        cells = [row[column] for row in rows]
        random.Random(column).shuffle(cells)
        return [row | {column: cell} for row, cell in zip(rows, cells, strict=True)]

    return change


def upside_down(rows: list[Row]) -> list[Row]:
    return [row | {"openness": f"{1.0 - float(row['openness']):g}"} if row["openness"] else row for row in rows]


Slip = tuple[str, Change, str]
"""Table, change and words that are told of it."""
REFUSED: tuple[Slip, ...] = (
        ("alignments", first(from_year="2010", to_year="2001"), "to_year 2001 lies before from_year 2010"),
        ("claims", first(from_year="1990", to_year="1950"), "to_year 1950 lies before from_year 1990"),
        ("ties", exchanged("rivalry_from_year", "rivalry_to_year"), "lies before rivalry_from_year"),
        ("agenda", first(raised="2023-01-01", adopted="2022-09"), "adopted 2022-09 lies before raised 2023-01-01"),
        ("agenda", first(legs="CHN-CHN"), "is no leg"),
        ("agenda", first(participants="CHN, RUS"), "has commas between the codes"),
        ("route_legs", first(closed_periods="2021..2020-05"), "ends before it begins"),
        ("route_legs", first(closed_periods="2021-13..2022"), "is no period"),
        ("arms_shares", emptied("share", cell="0.9"), "add up to more than 1"),
        ("claims", first(challenger_iso3="UZB"), "challenger_iso3 UZB is neither"),
        ("route_legs", first(transit_states="QQQ"), "'QQQ' is no code of a state"),
        ("route_legs", first(transit_states="Kazakhstan"), "'Kazakhstan' is no code of a state"),
        ("exercises", first(participants_iso3="CHN;RUS;CHN"), "names a state twice"),
)  # fmt: skip
ODD: tuple[Slip, ...] = (
        ("alignments", head(0.4), "a torn download?"),
        ("statuses", head(0.4), "a torn download?"),
        ("route_legs", head(0.3), "a torn download?"),
        ("arms_shares", scaled("share", 0.1), "share is in the middle 0.1 times"),
        ("ties", scaled("distance_km", 0.62), "times the line between the capitals: another unit?"),
        ("route_legs", scaled("length_km", 0.3), "times the straight line between its nodes"),
        ("route_legs", scaled("border_hours", 1 / 24), "border_hours is in the middle 0.0417 times"),
        ("air_links", scaled("airport_pairs", 10.0), "airport_pairs is in the middle 10 times"),
        ("sister_cities", scaled("twinned_places", 10.0), "twinned_places is in the middle 10 times"),
        ("tie_years", exchanged("icews_cooperative_events", "icews_conflictual_events"), "are the columns swapped?"),
        ("tie_years", emptied("trade_agreement", cell="1"), "trade_agreement is 1 in all rows"),
        ("visas", upside_down, "openness runs against that of the shipped case"),
        ("visas", turned("iso3_passport", "iso3_destination"), "iso3_passport and iso3_destination swapped?"),
        ("state_years", scaled("stability_wgi_pv", -1.0), "stability_wgi_pv runs against that of the shipped case"),
        ("agenda", head(0.5), "a torn download?"),
        ("agenda", without(raised="2018"), "no row of 2018"),
        ("agenda", shuffled("outcome"), "outcome does not go with that of the shipped case"),
        ("agenda", emptied("held_out"), "held_out is empty in all"),
        ("claims", emptied("claim_id"), "claim_id is empty in all"),
        ("claims", scaled("salience", 1e-3), "salience is 0 in all rows"),
        ("exercises", first(participants_iso3="CHN"), "participants_iso3 names one state"),
        ("exercises", shuffled("participants_iso3"), "participants_iso3 does not go with"),
        ("route_legs", scaled("border_cost_usd", 1e-3), "border_cost_usd "),
        ("route_legs", shuffled("border_hours"), "border_hours has values in other rows"),
        ("ties", shuffled("land_border"), "land_border does not go with"),
        ("ties", emptied("rivalry_from_year"), "rivalry_from_year is empty in all"),
        ("tie_years", without(year="2015"), "no row of 2015"),
        ("links", shuffled("mode"), "mode does not go with"),
        ("alignments", shuffled("bond"), "bond does not go with"),
        ("state_years", shuffled("stability_wgi_pv"), "stability_wgi_pv does not go with"),
)  # fmt: skip


def rounds(slips: tuple[Slip, ...]) -> Iterator[list[Slip]]:
    """The first slip of every table, then the second: a check takes its time, and tells them all at once."""
    left = list(slips)
    while left:
        once = list({table: (table, change, words) for table, change, words in reversed(left)}.values())
        yield once
        left = [slip for slip in left if slip not in once]


@pytest.mark.parametrize("slips", list(rounds(REFUSED)))
def test_what_cannot_be_in_time_or_in_part_is_refused(slips: list[Slip], lists_too: Path, tmp_path: Path) -> None:
    found = together(slips, lists_too, tmp_path)
    for table, _, words in slips:
        problems = about(found.problems, table, words)
        assert problems, "\n".join(map(str, found.problems))
        assert problems[0].line
        assert problems[0].remedy


@pytest.mark.parametrize("slips", list(rounds(ODD)))
def test_what_looks_otherwise_than_true_is_reported(slips: list[Slip], lists_too: Path, tmp_path: Path) -> None:
    found = together(slips, lists_too, tmp_path)
    for table, _, words in slips:
        assert about(found.warnings, table, words), "\n".join(map(str, (*found.problems, *found.warnings)))


def together(slips: list[Slip], case: Path, folder: Path) -> Report:
    """The report on a case with a slip in each of some tables."""
    shutil.copytree(case, folder / "case")
    for table, change, _ in slips:
        changed(folder / "case", table, change)
    return _check(folder / "case")


def test_true_lists_give_no_warning(lists_too: Path) -> None:
    found = _check(lists_too)
    assert (found.problems, found.warnings) == ((), ())


def test_legs_are_not_blamed_for_nodes_that_are_wrong(lists_too: Path, tmp_path: Path) -> None:
    found = report(lists_too, tmp_path, "route_nodes", first(main="2"))
    assert [problem.file.rpartition("/")[2] for problem in found.problems] == ["route_nodes.csv"]
