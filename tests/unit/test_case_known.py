"""Tables of the shipped case are not checked again, and what is said of the others is the same as if they were."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from sco_sim.case.catalog import Catalog
from sco_sim.case.schema import check
from sco_sim.case.schema.check import LOOKS, _check
from sco_sim.case.schema.check_table import Checked, Numbers, check_table
from sco_sim.case.schema.sheet import Sheet, read_sheet
from sco_sim.case.schema.tables import BY_NAME, TABLES
from sco_sim.case.state_names import StateNames
from sco_sim.shipped import default_case
from tests.case_tables import Change, Row, changed, read, scaled, write

DATA = default_case() / "data"


class Asked(Mapping[str, Checked]):
    """The shipped tables, and which of them were asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Checked:
        self.names.add(name)
        return shipped(name)

    def __iter__(self) -> Iterator[str]:
        return iter(BY_NAME)

    def __len__(self) -> int:
        return len(BY_NAME)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return name in BY_NAME


@cache
def shipped(name: str) -> Checked:
    sheet = read_sheet(DATA / f"{name}.csv")
    assert isinstance(sheet, Sheet)
    return Checked(sheet, numbers=Numbers(BY_NAME[name], sheet))


@pytest.mark.parametrize("look", [look for look, tables in LOOKS.items() if tables], ids=lambda look: look.__name__)
def test_a_look_names_the_tables_that_it_reads(look: Callable[[Mapping[str, Checked]], object]) -> None:
    """Catches a look that is left out although a table that it reads has changed."""
    asked = Asked()
    assert not list(look(asked))  # type: ignore[call-overload]
    assert asked.names == set(LOOKS[look])  # type: ignore[index]


def test_numbers_read_on_demand_are_those_of_the_check() -> None:
    names = dict.fromkeys(shipped("states").sheet.column("iso3"), "")
    catalog = Catalog(frozenset(names), {}, frozenset(), {}, frozenset(), names=StateNames(names, DATA))
    for table in TABLES:
        lazy = shipped(table.name)
        found = check_table(table, lazy.sheet, catalog)
        assert set(found.numbers) == set(lazy.numbers), table.name
        assert all(repr(list(map(float, found.numbers[name]))) == repr(lazy.numbers[name]) for name in lazy.numbers)


def linked(folder: Path, table: str, change: Change) -> Path:
    """A copy of the shipped case with one table changed."""
    (folder / "data").mkdir(parents=True)
    for path in DATA.glob("*.csv"):
        (folder / "data" / path.name).write_bytes(path.read_bytes())
    changed(folder, table, change)
    return folder


CHANGES: list[tuple[str, Change]] = [
    ("students", scaled("students_persons", 30.0, iso3_origin="KAZ")),
    ("students", lambda rows: rows[: len(rows) // 2]),
    ("state_years", scaled("gdp_current_usd", 0.1)),
    ("ties", scaled("distance_km", 1 / 1.609)),
    ("states", lambda rows: [*rows, dict.fromkeys(rows[0], "") | {"iso3": "QQQ", "name": "Q"}]),
    ("states", lambda rows: rows[1:]),
]


@pytest.mark.slow
@pytest.mark.parametrize(("table", "change"), CHANGES)
def test_the_report_is_the_same_as_that_of_a_check_in_full(table: str, change: Change, tmp_path: Path) -> None:
    folder = linked(tmp_path, table, change)
    report = _check(folder)
    assert report.problems or report.warnings, "the test could not fail"
    assert report == _check(folder, trusting=False)


def test_nothing_is_trusted_beside_a_shipped_case_that_was_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_is_shipped", lambda folder: False)
    assert not check._known(DATA)


def test_a_check_leaves_the_collection_of_garbage_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "states.csv").write_text("iso3\nA\n")
    assert gc.isenabled()
    _check(tmp_path)
    assert gc.isenabled()


@pytest.mark.slow
@pytest.mark.parametrize(("table", "column"), [("migrants", "edition"), ("route_nodes", "state"), ("links", "node")])
def test_a_column_that_is_not_there_ends_in_no_error_of_python(table: str, column: str, tmp_path: Path) -> None:
    """Each is part of a key, or of what another table is joined by."""
    linked(tmp_path, table, lambda rows: rows)
    header, rows = read(tmp_path, table)
    header.remove(column)
    write(tmp_path, table, header, [{name: row[name] for name in header} for row in rows])
    report = _check(tmp_path)
    assert all(problem.remedy for problem in report.problems)


def by(step: int, column: str) -> Change:
    """A column of the rows before or after."""

    def change(rows: list[Row]) -> list[Row]:
        cells = [row[column] for row in rows]
        return [row | {column: cells[(number - step) % len(cells)]} for number, row in enumerate(rows)]

    return change


def years(more: int, column: str = "year") -> Change:
    return lambda rows: [
        row | {column: f"{int(row[column][:4]) + more}{row[column][4:]}"} if row[column] else row for row in rows
    ]


def exchange(one: str, two: str, *columns: str) -> Change:
    turned = {one: two, two: one}
    return lambda rows: [row | {name: turned.get(row[name], row[name]) for name in columns} for row in rows]


FLOW = ("iso3_investor", "iso3_host")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("air_links", years(10), "airport_pairs has the figures of the shipped case 10 years later"),
        ("investment_stocks", years(-1), "stock_musd has the figures of the shipped case 1 year earlier"),
        ("links", years(-1, "since_year"), "since_year is 1 year before the shipped case"),
        ("statuses", years(1, "date"), "date is 1 year after the shipped case"),
        ("route_legs", years(10, "since_year"), "since_year is 10 years after the shipped case"),
        ("state_years", by(1, "stability_wgi_pv"), "stability_wgi_pv has the cells of the row before"),
        ("tie_years", by(-1, "mid_ongoing"), "mid_ongoing has the cells of the row after"),
        ("investment_stocks", exchange("IND", "UZB", *FLOW), "IND and UZB have one another's rows"),
        ("statuses", by(1, "iso3"), "iso3 has the cells of the row before"),
        ("air_links", by(1, "iso3_b"), "iso3_b has the cells of the row before"),
        ("states", exchange("Kazakhstan", "Kyrgyzstan", "name"), "KAZ is called Kyrgyzstan, which is the name of KGZ"),
        ("states", exchange("x", "y", "name"), ""),
    ],
)
def test_columns_and_tables_that_are_displaced_are_told(table: str, change: Change, words: str, tmp_path: Path) -> None:
    """Catches a slip of a whole column after which every single figure is plausible."""
    report = _check(linked(tmp_path, table, change))
    assert not report.problems
    told = "\n".join(map(str, report.warnings))
    assert words in told if words else not told, told


@pytest.mark.slow
def test_a_pipeline_passes_no_state_where_it_begins_or_ends(tmp_path: Path) -> None:
    """Catches a column of ends that is moved by a row, which ended in a KeyError in every world."""
    problems = _check(linked(tmp_path, "energy_links", by(1, "iso3_origin"))).problems
    assert any("passes KAZ, where it begins" in problem.message for problem in problems), problems


@pytest.mark.slow
@pytest.mark.parametrize("table", ["agenda", "exercises", "links", "statuses", "students", "visas"])
def test_one_honest_edit_gives_no_warning(table: str, tmp_path: Path) -> None:
    """A date, a number and a row changed or added by somebody who knows better."""

    def change(rows: list[Row]) -> list[Row]:
        for row in rows[3:4]:
            for name, cell in row.items():
                if cell.isdigit() and len(cell) == 4 and name != "year" and BY_NAME[table].column(name).type == "year":
                    row[name] = str(int(cell) - 1)
        return rows[:-1]

    report = _check(linked(tmp_path, table, change))
    assert report == type(report)((), (), report.missing), "\n".join(map(str, report.warnings))
