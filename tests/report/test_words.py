"""Numbers and tables of a report as they are read."""

from __future__ import annotations

import pytest

from sco_sim.report.page import Table
from sco_sim.report.stored import payers_table
from sco_sim.report.svg import ticks
from sco_sim.report.words import difference_in_words, level_in_words, short, sized, with_error

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.6, 0.5, [f"{MINUS}0.50", f"{MINUS}0.25", "0", "0.25", "0.50"]),
        (0.0, 10.0, ["0", "2", "4", "6", "8", "10"]),
        (0.0, 12.0, ["0", "2.5", "5.0", "7.5", "10.0"]),
        (0.0, 2000.0, ["0", "500", "1,000", "1,500", "2,000"]),
        (0.0, 12_000.0, ["0", "2.5 k", "5.0 k", "7.5 k", "10.0 k"]),
    ],
)
def test_labels_of_an_axis_are_the_values_of_its_ticks(low: float, high: float, expected: list[str]) -> None:
    """Catches a step of a quarter that is labelled 0.2 and 0.5."""
    marks = ticks(low, high)
    assert [short(one, marks[1] - marks[0]) for one in marks] == expected


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "0"), (7243.4, "7,243"), (8.12, "8.1"), (0.418, "0.42"), (-0.001, "0.00"), (-11.53, "-12")],
)
def test_an_amount_has_the_decimals_of_its_size(value: float, words: str) -> None:
    assert sized(value) == words


def test_a_figure_and_its_error_have_the_same_decimals() -> None:
    assert with_error(-11.53, 11.8) == "-12 +/- 12"
    assert with_error(0.734, 0.151) == "0.73 +/- 0.15"
    assert with_error(1479.18, 555.04) == "1,479 +/- 555"
    assert with_error(float("nan"), 1.0) == ""


def test_what_rounds_to_nothing_is_not_written_as_an_interval_of_zeros() -> None:
    assert difference_in_words(1e-6, -2e-6, 3e-6) == "under 0.0001"
    assert difference_in_words(0.0, 0.0, 0.0) == "the same"
    assert level_in_words(0.0, 0.0, 0.0) == "0"


def test_rows_that_begin_alike_stand_under_one_heading_and_numbers_at_the_right() -> None:
    rows = (("a", "x", "84 %", "0.73 +/- 0.15"), ("a", "y", "", "1,479 +/- 555"), ("b", "2028", "91 %", "-2"))
    table = Table(("Scenario", "State", "Share", "Ratio"), rows, grouped=True)
    assert [(head, len(own)) for head, own in table.groups] == [("a", 2), ("b", 1)]
    assert table.heads == ("State", "Share", "Ratio")
    assert table.numbers == (2, 3)
    assert Table(table.headers, rows).numbers == (3, 4)
    assert Table(("a",), ()).numbers == ()
    assert Table(("a", "b"), (("x", "the same"), ("y", "-0.06 (-0.26 to +0.26)"), ("z", "under 0.01"))).numbers == (2,)


def test_states_that_neither_pay_nor_move_are_left_out_and_so_are_columns_that_say_nothing() -> None:
    names = ("outlay_musd", "contribution_musd", "received_musd", "trade_musd", "ratio", "ratio_se")
    rows = [
        {"scenario": "s", "iso3": "CHN", **dict(zip(names, (5.0, 5.0, 0.0, 3.0, 0.6, 0.1), strict=True))},
        {"scenario": "s", "iso3": "TJK", **dict(zip(names, (0.001, 0.001, 0.0, 0.002, 2.0, 0.1), strict=True))},
    ]
    table = payers_table(rows, {"s": "S"}, {"CHN": "China"})
    assert table.headers == ("Scenario", "State", "Outlay", "Trade gained a year", "Ratio")
    assert table.rows == (("S", "China", "5.0", "3.0", "0.60 +/- 0.20"),)
