from __future__ import annotations

import csv
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from sco_sim.case.case import Case
from sco_sim.errors import ScenarioError
from sco_sim.evidence.ablations import FULL, VARIANTS
from sco_sim.evidence.hindcast.forecast import Views
from sco_sim.evidence.hindcast.naive import NAIVE
from sco_sim.evidence.hindcast.page import _scores
from sco_sim.evidence.hindcast.page_words import BEGIN
from sco_sim.evidence.hindcast.panel import Panel, trade_panel
from sco_sim.evidence.hindcast.report import report
from sco_sim.evidence.hindcast.rolling import TRADE_ORIGINS
from sco_sim.evidence.hindcast.scores import Distribution, bootstrap
from sco_sim.evidence.hindcast.study import own_observations, trust_shares
from sco_sim.scenario.load import load_scenario
from tests.worlds import ROOT

TABLE = {
    "persistence": (0.507, 0.573, 0.601, 0.557),
    "gdp_scaled": (0.500, 0.571, 0.585, 0.549),
    "trend": (0.966, 1.053, 0.717, 0.946),
}
"""The table of naive forecasts the project began with: RMSE from 2010, 2013 and 2016, and pooled."""


@cache
def case() -> Case:
    return Case()


@cache
def panel(rule: str = "two_reports") -> Panel:
    return trade_panel(case(), "best_flow" if rule == "best_flow" else "two_reports")


@pytest.mark.parametrize("name", TABLE)
def test_the_table_of_naive_forecasts_is_reproduced(name: str) -> None:
    """Catches another set of rows, another unit, another origin than those of the table to beat."""
    rows = panel("best_flow")
    errors = [
        rows.after(origin, end - origin) - NAIVE[name](rows.past(origin, end - origin, "realised"))
        for origin, end in TRADE_ORIGINS
    ]
    found = [np.sqrt(np.nanmean(e**2)) for e in errors]
    pooled = np.sqrt(np.nanmean(np.concatenate([e.ravel() for e in errors]) ** 2))
    assert [*found, pooled] == pytest.approx(TABLE[name], abs=6e-4)


def test_no_forecast_sees_a_year_after_its_origin() -> None:
    """Catches a leak: with everything after the origin spoilt, GDP too, the forecast must keep its bits."""
    whole = panel()
    row = whole.years.index(2010) + 1
    spoilt = replace(whole, y=whole.y.copy(), gdp=whole.gdp.copy(), real=whole.real.copy())
    for series in (spoilt.y, spoilt.gdp, spoilt.real):
        series[row:] = 7.0
    before, after = (p.past(2010, 3, "forecast") for p in (whole, spoilt))
    for forecast in (*NAIVE.values(), lambda past: Views().model(past)[0]):
        assert np.array_equal(forecast(before), forecast(after), equal_nan=True)


def test_the_scores_are_those_of_the_distribution() -> None:
    """Catches a slip in the closed form of the CRPS, in the density or in the quantile of a mixture."""
    forecast = Distribution(np.array([0.3]), np.array([0.5]), np.array([1.4]), 0.2)
    rng = np.random.default_rng(1)
    wide = rng.random(400_000) < 0.2
    sample = 0.3 + np.where(wide, 1.4, 0.5) * rng.standard_normal(len(wide))
    seen = np.array([1.1])
    other = rng.permutation(sample)
    expected = np.abs(sample - seen).mean() - 0.5 * np.abs(sample - other).mean()
    assert forecast.crps(seen)[0] == pytest.approx(expected, abs=0.004)
    density = 0.8 * norm.pdf(1.1, 0.3, 0.5) + 0.2 * norm.pdf(1.1, 0.3, 1.4)
    assert forecast.log_density(seen)[0] == pytest.approx(np.log(density))
    assert forecast.cdf(forecast.quantile(0.9))[0] == pytest.approx(0.9)


def test_the_bootstrap_is_over_ties_and_paired() -> None:
    """Catches a bootstrap over rows, which is far too sure, and one that draws each forecast by itself."""
    column = np.repeat(np.arange(20), 30)
    value = np.repeat(np.random.default_rng(0).standard_normal(20), 30)
    means = bootstrap({"a": value, "b": value + 1.0}, column)
    assert means["a"].std() == pytest.approx(value.std() / np.sqrt(20), rel=0.1)
    assert means["b"] - means["a"] == pytest.approx(np.ones(2000))


def write(path: Path, rows: list[list[object]], header: str = "iso3_a,iso3_b,year,channel,value") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


@pytest.mark.slow
def test_a_table_of_ones_own_is_scored_like_the_shipped_one(tmp_path: Path) -> None:
    """Catches a unit mixed up, a row lost, and history that is not laid over the shipped one."""
    whole = panel()
    rows: list[list[object]] = [
        [b, a, year, "trade", float(np.exp(whole.y[i, j]))]  # ends in the other order on purpose
        for i, year in enumerate(whole.years)
        for j, (a, b) in enumerate(whole.columns)
        if whole.scored[j] and 2014 < year <= 2020 and np.isfinite(whole.y[i, j])
    ]
    found = own_observations(write(tmp_path / "own.csv", rows), 2016, case())["trade"].scored["persistence"]
    shipped = whole.after(2016, 4) - NAIVE["persistence"](whole.past(2016, 4, "realised"))
    assert found.summary()["rmse"] == pytest.approx(np.sqrt(np.nanmean(shipped**2)))
    assert found.summary()["n"] == 180


@pytest.mark.parametrize(
    ("row", "line", "words"),
    [
        (["CHN", "RUS", 2021, "trade", "much"], 3, "is no number"),
        (["CHN", "XXX", 2021, "trade", 5], 3, "no state of the case"),
        (["CHN", "CHN", 2021, "trade", 5], 3, "no tie with itself"),
        (["CHN", "RUS", 21, "trade", 5], 3, "no calendar year"),
        (["CHN", "RUS", 2021, "gas", 5], 3, "cannot be scored"),
        (["CHN", "RUS", 2021, "trade", 0], 3, "zero"),
        (["CHN", "RUS", 2021, "trust", 1.2], 3, "outside"),
        (["RUS", "CHN", 2020, "trade", 5], 3, "given twice"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(tmp_path: Path, row: list[object], line: int, words: str) -> None:
    """Catches a bad cell that is skipped or scored, and an error that does not say where."""
    path = write(tmp_path / "own.csv", [["CHN", "RUS", 2020, "trade", 9e10], row])
    with pytest.raises(ScenarioError, match=words) as error:
        own_observations(path, 2016, case())
    assert error.value.problems[0].line == line


@pytest.mark.slow
def test_a_second_report_is_averaged_and_gdp_of_ones_own_is_used(tmp_path: Path) -> None:
    """Catches columns that are read and then forgotten."""
    header = "iso3_a,iso3_b,year,channel,value,second_report"
    path = write(tmp_path / "two.csv", [["CHN", "RUS", 2017, "trade", 4e10, 16e10]], header)
    gdp = write(tmp_path / "gdp.csv", [["CHN", 2017, 1e15]], "iso3,year,gdp_current_usd")
    plain, other = (own_observations(path, 2016, case(), file)["trade"] for file in (None, gdp))
    assert np.nanmax(plain.panel.y[-1][plain.panel.scored]) == pytest.approx(np.log(8e10))
    assert other.scored["gdp_scaled"].error[0] < plain.scored["gdp_scaled"].error[0] - 1.0


def test_every_ablation_changes_the_scenario_it_is_given() -> None:
    """Catches a part that is said to be taken out and is not."""
    base = load_scenario(case().folder / "hindcast.yaml", (), case().folder)
    resolved = {name: json.dumps(change(base).resolved(), sort_keys=True) for name, change in VARIANTS.items()}
    assert len(set(resolved.values())) == len(VARIANTS)
    assert resolved[FULL] == json.dumps(base.resolved(), sort_keys=True)


@pytest.mark.slow
def test_trust_reproduces_its_naive_forecasts_and_the_page_says_so() -> None:
    """Catches other rows than those with twenty or more events between members, and a page left behind."""
    made = trust_shares(case())
    assert made.scored["persistence"].summary()["rmse"] == pytest.approx(0.0998, abs=1e-3)
    assert made.scored["model"].summary()["rmse"] < 1.02 * made.scored["shrunk_mean"].summary()["rmse"]
    assert made.scored["model"].summary()["n"] == 160
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert page.startswith(BEGIN), "write the page anew: sco-sim hindcast --report docs"
    assert _scores(report(made)) in page, "write the page anew: sco-sim hindcast --report docs"
