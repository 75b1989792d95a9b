"""The command line over what is stored already: which worlds, years and outcomes it reads, and what it leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.unit.command_line import call, fine, on_terminal, parsed


@pytest.mark.slow
def test_figures_and_worlds_of_an_earlier_comparison_are_not_taken_for_this_one(tmp_path: Path) -> None:
    """Catches figures of an earlier command beside new tables, and stored worlds that are compared without a word."""
    small = ("--set", "horizon.end=2030", "--no-figures", "--out", str(tmp_path))
    fine("compare", "baseline", "sister_cities", "--worlds", "8", *small)
    (tmp_path / "figures").mkdir()
    for name in ("winners_sister_cities.png", "outcomes.svg", "mine.png"):
        (tmp_path / "figures" / name).touch()
    again = call("compare", "baseline", "sister_cities", "--worlds", "4", *small)
    assert "all stored worlds are compared, more than --worlds 4: baseline has 8, sister_cities has 8" in again.stderr
    assert "it takes 72" in again.stdout
    assert [path.name for path in (tmp_path / "figures").iterdir()] == ["mine.png"]
    (tmp_path / "figures" / "outcomes.svg").touch()
    forced = call("compare", "sister_cities", "baseline", "--worlds", "4", "--force", *small)
    assert (forced.exit_code, "more than --worlds" in forced.stderr) == (0, False)
    assert [path.name for path in (tmp_path / "figures").iterdir()] == ["mine.png"]


def test_worlds_that_fill_no_whole_setting_are_counted_truly(tmp_path: Path) -> None:
    text = fine(
        "run", "no_events", "--worlds", "6", "--replicates", "4", "--set", "horizon.end=2024", "--out", tmp_path
    )
    assert "6 worlds = 1 setting x 4 replicates and 1 setting with 2, seed 1, 2023 to 2024" in text


@pytest.mark.slow
def test_the_years_and_outcomes_asked_for_reach_every_block(compared: Path, tmp_path: Path) -> None:
    """Catches winners of the last year, and an outcome asked for that gets no sentence or cost."""
    runs = [str(compared / "runs" / name) for name in ("baseline", "combined")]
    words = ("compare", *runs, "--out", tmp_path, "--no-figures", "--years", "2029,2031",
             "--outcome", "cohesion", "--outcome", "trade_total_busd")  # fmt: skip
    rest = fine(*words, "--all").split("seed 1, 2023 to 2040")[1]
    assert "2040" not in rest
    assert "2035" not in rest
    for heading in ("Winners and losers in 2031", "Per 1,000 million USD more spent by 2031", "In words, for 2031",
                    "Agreements by 2031", "Trade by tie", "Trust by tie", "- Cohesion of the trust"):  # fmt: skip
        assert heading in rest, heading
    for other in ("Sense of community", "Contribution so far", "Twinned places"):
        assert other not in rest, other
    record = parsed(*words)
    for block in ("outcomes", "cost"):
        assert {row["outcome"] for row in record[block]} == {"cohesion", "trade_total_busd"}, block
    assert {row["outcome"] for row in record["winners"]} == {
        "community_trust", "conflict_share_observed", "gain", "trade", "trade_gdp_share", "trust",
    }  # fmt: skip


@pytest.mark.slow
def test_each_column_of_an_outcome_has_one_number_of_decimals(compared: Path, tmp_path: Path) -> None:
    """Catches decimals chosen line by line: years in which nothing differs had others than the rest."""
    runs = [str(compared / "runs" / name) for name in ("baseline", "sister_cities", "combined")]
    text = on_terminal(80, "compare", *runs, "--out", tmp_path, "--no-figures", "--all")
    blocks = re.findall(r"evidence:\s+\w+\)\n((?:20\d\d .*\n)+)", text)
    assert len(blocks) > 20
    for block in blocks:
        levels = [[cell.partition(".")[2] for cell in line.split()[1:3]] for line in block.splitlines()]
        assert len({len(decimals) for row in levels for decimals in row}) == 1, block


@pytest.mark.slow
def test_no_figure_that_rounds_to_zero_has_a_minus(compared: Path) -> None:
    """Catches `-0 (-0-0)` for ties without an air link."""
    for words in (("show", "baseline", "--only", "ties"), ("show", "baseline", "--only", "initial")):
        assert not re.search(r"(?<![\d.])-0(\.0*)?(?![\d.])", fine(*words)), words
