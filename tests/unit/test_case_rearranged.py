"""Slips that leave the middle and the ranks of a column as they are: cells in other rows, moved, lost or disturbed."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sco_sim.case.schema import rearranged
from sco_sim.case.schema.check import _check
from sco_sim.shipped import default_case
from tests.case_tables import Change, Row, changed, read, write
from tests.unit.test_case_honest import shipped, words
from tests.unit.test_case_known import linked

LUCK = random.Random(1)


def test_an_exchange_is_told_by_its_chance() -> None:
    """Catches two figures of different rows exchanged, and two flags that an editor changed told as such."""
    amounts = [(str(n), str(n)) for n in range(40)]
    assert not rearranged.in_other_rows("a", amounts)
    assert "in 2 common rows" in rearranged.in_other_rows("a", [*amounts[:-2], ("39", "38"), ("38", "39")])
    flags = [(str(n % 2), str(n % 2)) for n in range(40)]
    assert not rearranged.in_other_rows("a", [*flags[:-2], ("1", "0"), ("0", "1")])
    assert not rearranged.in_other_rows("a", [*amounts[:-2], ("40", "38"), ("41", "39")])


@pytest.mark.parametrize("step", [1, -1, 2, -4])
def test_any_shift_is_told_though_its_ends_are_lost(step: int) -> None:
    """Catches `column.shift(2)` of pandas."""
    cells = [str(n * n % 97) for n in range(80)]
    moved = [cells[n - step] if 0 <= n - step < len(cells) else "" for n in range(len(cells))]
    assert "shifted" in rearranged.in_other_rows("a", list(zip(moved, cells, strict=True)))


def test_counts_of_another_year_are_no_shuffle() -> None:
    """Catches an edition with as many small numbers as the shipped one told as shuffled."""
    both = [(str(max(0, n % 9 + LUCK.choice((-1, 0, 0, 1)))), str(n % 9)) for n in range(400)]
    assert not rearranged.in_other_rows("a", both)


def test_lost_moved_and_disturbed_columns() -> None:
    half = [("" if n % 2 else "1", "1") for n in range(12)]
    assert "is empty in 6 of 12 common rows" in rearranged.lost("a", half)
    assert not rearranged.lost("a", half[:5])
    assert "is 1 above" in rearranged.moved_by_one("a", [(n + 1.0, float(n)) for n in range(9)])
    assert not rearranged.moved_by_one("a", [(n + n % 3, float(n)) for n in range(9)])
    assert "30 of 30 common rows" in rearranged.disturbed("a", [(1.1 * n, float(n)) for n in range(31)])
    assert not rearranged.disturbed("a", [(1.005 * n, float(n)) for n in range(31)])


def exchange_two(column: str, one: int, two: int) -> Change:
    def change(rows: list[Row]) -> list[Row]:
        rows[one][column], rows[two][column] = rows[two][column], rows[one][column]
        return rows

    return change


def largest_and_middle(column: str) -> Change:
    """The two figures exchanged."""

    def change(rows: list[Row]) -> list[Row]:
        order = sorted(range(len(rows)), key=lambda number: float(rows[number][column] or 0.0))
        return exchange_two(column, order[-1], order[len(order) * 3 // 4])(rows)

    return change


def shifted(column: str, step: int) -> Change:
    def change(rows: list[Row]) -> list[Row]:
        filled = [row for row in rows if row[column]]
        cells = [row[column] for row in filled]
        for number, row in enumerate(filled):
            row[column] = cells[(number - step) % len(cells)]
        return rows

    return change


def noisy(*columns: str) -> Change:
    def change(rows: list[Row]) -> list[Row]:
        for row in rows:
            for column in columns:
                if row[column]:
                    row[column] = repr(float(row[column]) * LUCK.uniform(0.85, 1.15))
        return rows

    return change


def ends(one: str, two: str) -> Change:
    return lambda rows: [row | {one: row[two], two: row[one]} for row in rows]


REPORTS = ("exporter_fob_kusd", "importer_cif_kusd")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "change", "told"),
    [
        ("air_links", largest_and_middle("airport_pairs"), "airport_pairs has in 2 common rows"),
        ("air_links", shifted("airport_pairs", 3), "airport_pairs has in"),
        ("exercises", exchange_two("participants_iso3", 0, 10), "participants_iso3 has in 2 common rows"),
        ("exercises", shifted("participants_iso3", 2), "participants_iso3 does not go"),
        ("students", largest_and_middle("students_persons"), "students_persons has in 2 common rows"),
        ("tie_years", shifted("alliance", 5), "alliance has in"),
        ("trade_reports", noisy(*REPORTS), "importer_cif_kusd is more than 1% off"),
        ("investment_stocks", ends("iso3_investor", "iso3_host"), "are the columns swapped?"),
        ("visas", ends("iso3_passport", "iso3_destination"), "openness does not go"),
        ("visas", lambda rows: [row | {"openness": "" if n % 2 else row["openness"]} for n, row in enumerate(rows)],
         "openness is empty in"),
    ],
)  # fmt: skip
def test_small_slips_of_a_table_are_told(table: str, change: Change, told: str, tmp_path: Path) -> None:
    report = _check(linked(tmp_path, table, change))
    assert not report.problems
    assert told in "\n".join(map(str, report.warnings))


def by_pandas(folder: Path) -> None:
    """Whole numbers with gaps become floats."""
    import pandas as pd

    for path in (folder / "data").glob("*.csv"):
        pd.read_csv(path).to_csv(path, index=False)


def sorted_otherwise(folder: Path) -> None:
    for path in (folder / "data").glob("*.csv"):
        header, rows = read(folder, path.stem)
        write(folder, path.stem, header, sorted(rows, key=lambda row: [row[name] for name in reversed(header)]))


def a_year_more(folder: Path) -> None:
    """Air links of 2024, and trade of the last three years revised."""
    header, rows = read(folder, "air_links")
    last = [row | {"year": "2024"} for row in rows if row["year"] == max(one["year"] for one in rows)]
    for row in last:
        row["airport_pairs"] = str(round(int(row["airport_pairs"]) * LUCK.uniform(0.7, 1.6)))
    write(folder, "air_links", header, [*rows, *last])

    def revised(rows: list[Row]) -> list[Row]:
        for row in rows:
            for column in REPORTS:
                if row[column] and row["year"] >= "2021":
                    row[column] = str(round(float(row[column]) * LUCK.uniform(0.95, 1.05)))
        return rows

    changed(folder, "trade_reports", revised)


def another_edition(folder: Path) -> None:
    """Scores of a later edition."""

    def change(rows: list[Row]) -> list[Row]:
        for row in rows:
            if row["stability_wgi_pv"]:
                row["stability_wgi_pv"] = f"{float(row['stability_wgi_pv']) + LUCK.gauss(0.0, 0.05):.4f}"
        return rows

    changed(folder, "state_years", change)


@pytest.mark.slow
@pytest.mark.parametrize("edit", [by_pandas, sorted_otherwise, a_year_more, another_edition])
def test_an_honest_rewrite_of_tables_gives_no_warning(edit: Callable[[Path], None], tmp_path: Path) -> None:
    """Catches checks by row that take order, notation or a new edition for a slip."""
    folder = shipped(tmp_path)
    edit(folder)
    assert words(_check(folder)) == []


def test_the_tables_of_the_tests_are_those_of_the_case() -> None:
    with (default_case() / "data" / "exercises.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) > 6, "rows are exchanged by number above"
