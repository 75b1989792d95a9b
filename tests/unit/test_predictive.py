"""Posterior predictive checks: statistics by hand, and worlds that are their own record."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sco_sim.case.case import Case
from sco_sim.errors import ScenarioError
from sco_sim.evidence import histories
from sco_sim.evidence.predictive import Check, predictive
from sco_sim.scenario.load import load_scenario
from tests.unit.command_line import fine, parsed

GAP = np.nan
"""A year that is not known."""


def test_totals_are_over_what_is_known_at_both_ends() -> None:
    """Catches a gap that looks like a fall of the total, and the total of logs."""
    flows = np.log(np.array([[[10.0, 90.0], [20.0, GAP], [10.0, 40.0], [5.0, 30.0]]]))
    assert histories.total_changes(flows)[0] == pytest.approx(np.log([2.0, 0.5, 0.7]))
    assert histories.falls(flows)[0] == pytest.approx(2.0 / 3.0)


def test_spread_in_time_and_the_whole_change_by_hand() -> None:
    """Catches a change with a sign, which cancels over worlds, and a spread between units."""
    down = np.array([[[3.0, 0.0], [2.0, 0.0], [1.0, 0.0]]])
    assert histories.whole_change(down)[0] == pytest.approx(1.0)
    assert histories.spread_in_time(down)[0] == pytest.approx(0.5)


def test_correlation_and_spread_by_hand() -> None:
    """Catches correlations of levels, and a spread that counts what all units share."""
    common = np.cumsum([0.0, 0.1, -0.2, 0.3, 0.1, -0.1, 0.2, 0.4])
    alike = np.stack([common, 1.0 + common], axis=1)[None]
    assert histories.mean_correlation(alike)[0] == pytest.approx(1.0)
    assert histories.mean_correlation(np.stack([common, -common], axis=1)[None])[0] == pytest.approx(-1.0)
    assert histories.spread_over(1)(alike)[0] == pytest.approx(0.0, abs=1e-12)
    apart = np.stack([np.arange(8.0), 3.0 * np.arange(8.0)], axis=1)[None]
    assert histories.spread_over(5)(apart)[0] == pytest.approx(5.0)


def test_variance_over_five_years_is_one_for_a_random_walk_and_less_for_what_comes_back() -> None:
    """Catches a ratio without the five, and one of levels."""
    rng = np.random.default_rng(1)
    walk = np.cumsum(0.1 * rng.standard_normal((40, 400, 1)), axis=1)
    back = 0.1 * rng.standard_normal((40, 400, 1))
    assert histories.total_variance_ratio(walk).mean() == pytest.approx(1.0, abs=0.1)
    assert histories.total_variance_ratio(back).mean() == pytest.approx(0.2, abs=0.05)


def test_classes_go_by_the_size_of_the_year_before() -> None:
    """Catches a class by the size after the change, and a spread of too few."""
    x = np.tile([0.0, 5.0, 0.0, 5.0, 1.0], 4)[None, :, None]
    assert histories.growth_of_class(4.0, 9.0)(x)[0] == pytest.approx(-4.5)
    assert np.isnan(histories.spread_of_class(20.0, 30.0)(x)[0])
    panel = np.log1p(np.array([[[10.0, 5.0], [11.0, GAP], [12.1, 7.0]]]))
    assert histories.constant_panel(panel)[0] == pytest.approx(np.log(1.1))


def test_the_level_of_a_record_among_the_worlds() -> None:
    """Catches an interval of the wrong ends, and worlds without a value that are counted."""
    check = Check("trade", "x", "1", np.array([*np.linspace(0.0, 1.0, 101), GAP]), {(0, 1): 0.5, (1, 2): 0.97})
    assert check.interval() == pytest.approx((0.05, 0.5, 0.95))
    assert check.level((0, 1)) == pytest.approx(0.5)
    assert check.inside((0, 1))
    assert not check.inside((1, 2))


@pytest.mark.slow
def test_the_worlds_move_as_the_record_where_the_model_was_made_to() -> None:
    """Catches a common luck that is lost, noise of another width, and totals that are too calm."""
    done = predictive(load_scenario("no_events"), Case(), worlds=100, seed=2)
    late = {f"{check.channel}: {check.text}": check for check in done.checks}
    for name in (
        "trade: total: standard deviation of yearly changes", "trade: correlation of yearly changes between ties",
        "trade: the same between the twelve largest ties", "trade: spread between ties of changes over 1 year",
        "trade: spread between ties of changes over 10 years", "GDP: correlation of yearly growth between states",
    ):  # fmt: skip
        assert late[name].inside((2010, 2020)), name
    assert done.years == (2024, 2034)


def test_a_horizon_of_realised_gdp_is_refused() -> None:
    """Catches a check on years that are not simulated."""
    with pytest.raises(ScenarioError, match="no 10 years whose GDP is drawn"):
        predictive(load_scenario("history"), Case(), worlds=2, seed=1)


@pytest.mark.slow
def test_the_command_prints_and_writes(tmp_path: Path) -> None:
    """Catches a page or JSON that leaves a check out."""
    record = parsed("predictive", "--worlds", "20", "--json")
    assert record["years"] == [2024, 2034]
    assert {check["channel"] for check in record["checks"]} == {"trade", "students", "GDP", "conflict", "disputes"}
    fine("predictive", "--worlds", "20", "--report", str(tmp_path))
    text = (tmp_path / "predictive.md").read_text(encoding="utf-8")
    assert all(check["statistic"] in text for check in record["checks"])
    assert (tmp_path / "figures" / "predictive.png").stat().st_size > 10_000
