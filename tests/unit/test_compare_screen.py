"""The one screen of a comparison: how long it is, what it leaves out, and what it says first."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sco_sim.commands.compare_screen import LINES, _cell, _held_out, _printed, print_screen
from sco_sim.commands.compare_tables import records, row_cells
from sco_sim.commands.screen import output
from sco_sim.report.words import difference_in_words
from sco_sim.studies.comparison import compare as compare_module
from sco_sim.studies.comparison.answer import answer
from sco_sim.studies.comparison.compare import Comparison, compare, read_comparison
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.comparison.verdict import SETTLED, SETTLED_SHARES
from tests.unit.command_line import on_terminal

FIVE = ("baseline", "rivalry", "majority_rule", "red_lines", "combined")


def row(outcome: str, scenario: str, **fields: Any) -> dict[str, Any]:
    """A row of comparison.csv as far as the screen reads it."""
    nan = float("nan")
    base = {
        "outcome": outcome, "scenario": scenario, "reference": "baseline", "year": 2040, "unit": "", "better": "higher",
        "difference": 0.0, "mean_se": 1.0, "low_05": -1.0, "high_95": 1.0, "superiority": 0.5, "spread_ratio": 0.0,
        "better_if_moved": nan, "prior_chance_better": nan, "prior_gap_se": nan, "moved": 1.0,
    }  # fmt: skip
    return base | fields


@pytest.fixture(scope="module")
def comparison(compared: Path) -> Comparison:
    """Three stored runs of eight worlds."""
    return read_comparison(compared)


def printed(
    comparison: Comparison, columns: int | None, monkeypatch: pytest.MonkeyPatch, outcomes: Sequence[str] = ()
) -> str:
    """The screen on a terminal of so many columns, or in a pipe."""
    said, shown = answer(records(comparison.table), comparison.settings), list(outcomes or IMPORTANT)
    out = io.StringIO()
    monkeypatch.setattr(output, "has_width", lambda _: columns is not None)
    monkeypatch.setenv("COLUMNS", str(columns or 80))
    with contextlib.redirect_stdout(out):
        print_screen(comparison, said, shown, {}, asked=bool(outcomes), years=False)
    return out.getvalue()


@pytest.mark.parametrize("columns", [40, 80, 100, 200])
def test_it_fits_the_terminal(comparison: Comparison, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a line that is cut or runs over, and a screen that has to be scrolled."""
    lines = [line.rstrip() for line in printed(comparison, columns, monkeypatch).splitlines()]
    assert max(map(len, lines)) <= columns
    assert len(lines) <= LINES or columns < 100
    flat = " ".join(" ".join(lines).split())
    for part in ("Compared with baseline", "Too few worlds to answer", "What moved by 2040", "Agreements by 2040",
                 "Last observed: trade 2023", "--all", "Tables and runs:"):  # fmt: skip
        assert part in flat, part


def test_its_figures_are_those_of_the_table(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches rows of zeros, what restates the inputs, and another rounding or unit than in the sentences."""
    text = printed(comparison, None, monkeypatch)
    for absent in ("Sense of community", "GDP of the group,", "none surely"):
        assert absent not in text
    (cell,) = [
        r for r in records(comparison.table)
        if (r["outcome"], r["scenario"], r["year"]) == ("trade_total_busd", "combined", 2040)
    ]  # fmt: skip
    line = next(line for line in text.splitlines() if line.startswith("Trade inside the group"))
    assert line.rstrip().endswith(_cell(cell, with_interval=True))
    assert f"{cell['difference']:+.0f}" in line.split()[-4]


def test_an_outcome_asked_for_has_its_years_and_its_sentence(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = printed(comparison, None, monkeypatch, ["cohesion"])
    for year in (2025, 2030, 2035, 2040):
        assert f"Cohesion of the trust graph, {year}" in text
    assert "- Cohesion of the trust graph: " in text
    assert "\nTwinned places" not in text


def test_where_nothing_differs_it_takes_four_lines(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text("extends: baseline.yaml\ntitle: x\nquestion: Does a copy differ?\n")
    small = ("--worlds", 2, "--set", "horizon.end=2025", "--no-figures", "--out", tmp_path / "c")
    lines = on_terminal(100, "compare", tmp_path / "one.yaml", tmp_path / "two.yaml", *small).splitlines()
    assert lines[0] == "two against one: Does a copy differ?"
    assert lines[1] == "No difference: every outcome is the same in every world and year."
    assert "2 worlds each" in lines[2]
    assert "Last observed: trade 2023" in lines[3]


def test_the_same_file_twice_is_no_difference(tmp_path: Path) -> None:
    """Catches an error about names where a user holds a scenario against itself."""
    small = ("--worlds", 2, "--set", "horizon.end=2025", "--no-figures", "--out", tmp_path / "c")
    lines = on_terminal(100, "compare", "baseline", "baseline", *small).splitlines()
    assert lines[0].startswith("baseline_again against baseline")
    assert "No difference: every outcome is the same in every world and year." in lines


def test_what_stands_behind_a_comma_is_no_outcome_of_its_own() -> None:
    rows = [row(key, "x", difference=0.1, low_05=-1.0, high_95=1.0, superiority=0.5, spread_ratio=0.0) for key in
            ("conflict_share_observed_mean", "conflict_share_observed_max")]  # fmt: skip
    text = " ".join(one.text for one in answer(rows, settings=90).sentences)
    assert "conflict share (mean over ties) and conflict share (worst tie)" in text


def test_harm_is_the_first_line_and_the_first_row() -> None:
    rows = [
        row("trade_total_busd", "good", difference=50.0, low_05=20.0, high_95=80.0, superiority=0.9, spread_ratio=2.0),
        row("cohesion", "bad", difference=-50.0, low_05=-80.0, high_95=-20.0, superiority=0.1, spread_ratio=-2.0),
    ]
    said = answer(rows, settings=9)
    assert said.lines[0].startswith("Harmful: bad for cohesion")
    assert said.lines[1].startswith("Too few worlds")
    shown = ["trade_total_busd", "cohesion"]
    assert _printed(rows, shown, said, asked=False) == ["cohesion", "trade_total_busd"]
    assert _printed(rows, shown, said, asked=True) == shown


def test_marks_say_what_is_settled_and_what_would_show() -> None:
    assert _cell(row("cohesion", "a", low_05=0.0, high_95=0.0, mean_se=0.0), with_interval=True) == "same"
    assert _cell(row("cohesion", "a", difference=1.5), with_interval=True) == "+1.5? (-1.0 to +1.0)"
    assert _cell(row("cohesion", "a", difference=3.0), with_interval=False) == "+3.0 "
    assert _cell(row("cohesion", "a", difference=-3.0, superiority=0.1), with_interval=False) == "-3.0!"
    assert _cell(row("cohesion", "a", difference=float("nan")), with_interval=False) == "-"


def test_who_held_out_is_named_or_counted() -> None:
    rows = [
        {"agreement": "a", "adopted_share": 0.9, "hold_out": "PAK"},
        {"agreement": "b", "adopted_share": 0.1, "hold_out": "IND"},
        {"agreement": "c", "adopted_share": 0.2, "hold_out": "IND"},
        {"agreement": "d", "adopted_share": 0.6, "hold_out": float("nan")},
    ]
    assert _held_out(rows, by_name=True) == "PAK, IND; not adopted: b (IND), c (IND)"
    assert _held_out(rows, by_name=False) == "PAK, IND; against: IND 2"
    assert _held_out(rows[3:], by_name=True) == "-"


@pytest.mark.slow
def test_five_scenarios_fill_one_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a long answer beside a long table; these have harm, red lines and another rule."""
    small = ("--worlds", 76, "--set", "horizon.end=2030", "--no-figures", "--out", "results")
    monkeypatch.chdir(tmp_path)
    text = on_terminal(100, "compare", *FIVE, *small)
    assert len(text.splitlines()) <= LINES, text
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.slow
def test_the_same_command_reads_its_tables_again(
    compared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches tables that are made anew for nothing, and old ones that stand for other years or damaged files."""
    runs = [compared / "runs" / name for name in ("baseline", "combined")]
    first = compare(runs, out=tmp_path / "c", years=[2030])
    made: list[object] = []
    again = compare_module.compare_runs
    monkeypatch.setattr(compare_module, "compare_runs", lambda *a, **k: made.append(1) or again(*a, **k))
    kept = compare(runs, out=tmp_path / "c", years=[2030])
    assert not made
    assert kept.paired
    assert [run.path for run in kept.runs] == runs
    pd.testing.assert_frame_equal(kept.table, first.table, check_exact=False, rtol=1e-9, check_dtype=False)
    assert set(compare(runs, out=tmp_path / "c", years=[2035]).table["year"]) == {2035}
    assert len(made) == 1
    path = tmp_path / "c" / "comparison.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2035", "2036"), encoding="utf-8")
    assert set(compare(runs, out=tmp_path / "c", years=[2035]).table["year"]) == {2035}
    assert len(made) == 2


def test_what_rounds_to_nothing_is_said_as_the_page_says_it() -> None:
    """Catches an interval of zeros, which reads as if nothing differed."""
    tiny = {"difference": 1e-6, "low_05": -2e-6, "high_95": 3e-6}
    one = row("conflict_share_mean", "a", **tiny)
    assert _cell(one, with_interval=True).strip("?") == difference_in_words(1e-6, -2e-6, 3e-6) == "under 0.0001"
    assert _cell(one, with_interval=False) == "under 0.0001?"
    assert _cell(one | {"difference": 0.5}, with_interval=True) == "+0.50? (0.00 to 0.00)"
    levels = {"reference_mean": 1.0, "scenario_mean": 1.0, "chance_better": 0.5}
    levels |= dict.fromkeys((*SETTLED, *SETTLED_SHARES), 1.0)
    assert row_cells(one | levels, 200)[3:5] == ["under 0.0001", ""]
