"""A run that begins in the past beside what was observed since."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sco_sim.case.case import Case
from sco_sim.engine.build import build_model
from sco_sim.errors import ScenarioError
from sco_sim.evidence.backtest import Predicted, backtest
from sco_sim.evidence.backtest_page import page
from sco_sim.scenario.load import load_scenario
from tests.unit.command_line import fine, parsed


@pytest.fixture(scope="module")
def case() -> Case:
    return Case()


def test_coverage_errors_and_misses_are_counted_where_something_was_observed() -> None:
    """Catches a gap counted as a miss, a naive error on other rows, and a bias of the wrong sign."""
    worlds = np.linspace(-1.0, 1.0, 2001)[:, None, None] + np.array([[[0.0, 0.0, 5.0], [1.0, 1.0, 1.0]]])
    observed = np.array([[0.0, 0.9, np.nan], [1.7, 4.0, np.nan]])
    tested = Predicted("trade", "ln USD", ("a", "b", "c"), (2021, 2022), worlds, observed, np.array([0.5, np.nan, 0.0]))
    first, second, every = tested.scores()
    assert [first["n"], second["n"], every["n"]] == [2, 2, 4]
    assert first["bias"] == pytest.approx(-0.45, abs=1e-3)
    assert every["rmse"] == pytest.approx(np.sqrt((0.9**2 + 0.7**2 + 3.0**2) / 4.0), abs=1e-3)
    assert every["rmse_last_value"] == pytest.approx(np.sqrt((0.5**2 + 1.2**2) / 2.0))
    assert [every[f"inside_{level}"] for level in (50, 80, 95)] == [0.25, 0.5, 0.75]
    assert [(miss["item"], miss["year"]) for miss in tested.missed()] == [("b", 2022)]
    assert tested.totals()[0]["observed"] == pytest.approx(1.0 + np.exp(0.9))


@pytest.mark.slow
def test_the_run_is_the_engine_s_own_and_the_errors_come_on_top(case: Case) -> None:
    """Catches another engine behind the page, years out of step, and predictions without the observation's error."""
    scenario = load_scenario("from_2020")
    found = backtest(scenario, case, worlds=60, seed=3)
    trade = next(tested for tested in found.tested if tested.name == "trade")
    assert trade.years == (2021, 2022, 2023)
    model = build_model(scenario, case=case, worlds=60, replicates=1, seed=3)
    for year in (2021, 2022, 2023):
        model.step()
        simulated = model.state.trade
        row = trade.years.index(year)
        seen = trade.seen[row]
        gaps = trade.predicted[:, row][:, seen] - simulated[:, seen]
        assert 0.0 < np.abs(gaps).max() < 1.5
        assert abs(np.median(gaps)) < 0.02
    assert trade.seen[-1].sum() == 43


@pytest.mark.slow
def test_what_was_not_observed_is_named(case: Case) -> None:
    """Catches a variable that is dropped without a word."""
    empty = case.with_table("students", case.table("students").query("year <= 2020"))
    result = backtest(load_scenario("from_2020"), empty, worlds=4)
    assert result.left_out == ("students",)
    assert "Not scored, since nothing of it was observed after 2020: students." in page(result)


def test_a_start_with_nothing_after_it_is_refused(case: Case) -> None:
    with pytest.raises(ScenarioError, match="nothing was observed after 2023"):
        backtest(load_scenario("baseline"), case, worlds=4)


@pytest.mark.slow
def test_the_command_prints_what_it_returns_and_writes_its_page(tmp_path: Path) -> None:
    """Catches a page without its figure, and a screen that shows other figures than the file."""
    words = ("hindcast", "--scenario", "from_2020", "--worlds", 20)
    scores = parsed(*words)["scores"]
    last = next(score for score in scores if (score["variable"], score["year"]) == ("trade", "2023"))
    assert f"{last['rmse']:.3f}" in fine(*words)
    fine(*words, "--report", tmp_path)
    written = (tmp_path / "from_2020.md").read_text()
    assert f"| trade | 2023 | {last['n']} | {last['rmse']:.3f} |" in written
    assert (tmp_path / "figures" / "from_2020.png").stat().st_size > 10_000
