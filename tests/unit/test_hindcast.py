from __future__ import annotations

import csv
import itertools
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from sco_sim.case.case import Case
from sco_sim.case.filters import trade_observations
from sco_sim.errors import ScenarioError
from sco_sim.evidence.ablations import ARROWS, FULL, VARIANTS
from sco_sim.evidence.hindcast.cells import dispute_cells, score_cells
from sco_sim.evidence.hindcast.engine import Origins
from sco_sim.evidence.hindcast.naive import FLOWS
from sco_sim.evidence.hindcast.overlay import own_after, with_rows
from sco_sim.evidence.hindcast.page import _table
from sco_sim.evidence.hindcast.page_words import BEGIN
from sco_sim.evidence.hindcast.panel import Panel, events_panel, students_panel, trade_panel
from sco_sim.evidence.hindcast.report import disputes_report, report
from sco_sim.evidence.hindcast.rolling import ENGINE, coverage, differences, hindcast, total_hindcast
from sco_sim.evidence.hindcast.scores import Distribution, Sample, means, resampled, score
from sco_sim.evidence.hindcast.study import TRADE, Study, own_observations
from sco_sim.scenario.load import load_scenario
from sco_sim.world.ties import Ties
from tests.unit.command_line import call, fine, parsed
from tests.worlds import ROOT


@cache
def case() -> Case:
    return Case()


@cache
def panel() -> Panel:
    return trade_panel(case(), case().studied)


def test_the_rows_and_the_naive_forecasts_are_those_that_every_design_was_scored_on() -> None:
    """Catches another set of rows, another unit, another origin than those of the scores so far."""
    errors = {name: [] for name in ("persistence", "gdp_scaled", "trend")}
    for origin, end in TRADE:
        past = panel().past(origin, end - origin, "realised")
        for name, rows in errors.items():
            rows.append((panel().after(origin, end - origin) - FLOWS[name](past)).ravel())
    joined = {name: np.concatenate(rows) for name, rows in errors.items()}
    assert [np.isfinite(rows).sum() for rows in joined.values()] == [720] * 3
    rmse = [np.sqrt((rows**2).mean()) for rows in joined.values()]
    assert rmse == pytest.approx([0.5116, 0.5044, 0.8066], abs=1e-4)


def test_a_naive_forecast_sees_no_year_after_its_origin() -> None:
    """Catches a leak: with everything after the origin spoilt, GDP too, the forecast must keep its bits."""
    whole, row = panel(), panel().years.index(2010) + 1
    spoilt = replace(whole, y=whole.y.copy(), gdp=whole.gdp.copy(), real=whole.real.copy())
    for series in (spoilt.y, spoilt.gdp, spoilt.real):
        series[row:] = 7.0
    before, after = (p.past(2010, 3, "drawn") for p in (whole, spoilt))
    for forecast in FLOWS.values():
        assert np.array_equal(forecast(before), forecast(after), equal_nan=True)


def test_the_scores_are_those_of_the_distribution() -> None:
    """Catches a slip in a closed form, in the scores of worlds, or two forecasts scored by different rules."""
    forecast = Distribution(np.full((1, 1), 0.3), np.full((1, 1), 0.5), np.full((1, 1), 1.4), 0.2)
    rng = np.random.default_rng(1)
    wide = rng.random(100_000) < 0.2
    worlds = Sample((0.3 + np.where(wide, 1.4, 0.5) * rng.standard_normal(len(wide)))[:, None, None])
    seen = np.full((1, 1), 1.4)
    density = 0.8 * norm.pdf(1.4, 0.3, 0.5) + 0.2 * norm.pdf(1.4, 0.3, 1.4)
    assert forecast.log_density(seen)[0, 0] == pytest.approx(np.log(density))
    assert forecast.cdf(forecast.quantile(0.9))[0, 0] == pytest.approx(0.9)
    exact, sampled = (score(one, seen, 2010, np.ones(1)).summary() for one in (forecast, worlds))
    for name, value in exact.items():
        assert sampled[name] == pytest.approx(value, abs=0.04, rel=0.02), name
    low, high = forecast.quantile(0.1)[0, 0], forecast.quantile(0.9)[0, 0]
    assert exact["interval"] == pytest.approx(high - low + 10.0 * max(1.4 - high, 0.0))
    assert exact["bias"] == pytest.approx(-1.1)


def test_few_worlds_are_no_worse_for_being_few() -> None:
    """Catches a CRPS of a small ensemble that counts each world as a point of the distribution (Ferro 2014)."""
    rng = np.random.default_rng(2)
    few = Sample(rng.standard_normal((8, 1, 20_000)))
    seen = rng.standard_normal((1, 20_000))
    exact = Distribution(np.zeros((1, 20_000)), np.ones((1, 20_000)), np.ones((1, 20_000)), 0.0).crps(seen).mean()
    assert few.crps(seen).mean() == pytest.approx(exact, abs=0.01)


def test_the_bootstrap_draws_states_and_keeps_the_pairs() -> None:
    """Catches a bootstrap over rows or ties, which is far too sure, and one that draws each forecast by itself."""
    states, years = 30, 4
    first, second = np.triu_indices(states, 1)
    of_state = np.random.default_rng(0).standard_normal(states)
    value = np.repeat(of_state[first] + of_state[second], years)
    ends = np.repeat(np.column_stack([first, second]), years, axis=0)
    sampled = means({"a": value, "b": value + 1.0}, resampled(ends))
    both = means({"a": value}, resampled(ends, np.tile(np.arange(years), len(first))[:, None]))
    assert both["a"].std() == pytest.approx(sampled["a"].std(), rel=0.1)  # the years share nothing here
    assert sampled["a"].std() == pytest.approx(2.0 * of_state.std() / np.sqrt(states), rel=0.15)
    assert sampled["b"] - sampled["a"] == pytest.approx(np.ones(len(sampled["a"])))


class Known(Origins):
    """Worlds that are what came, with a spread; for tests of what is built on them."""

    def worlds(self, origin: int, gdp: object) -> object:
        return origin


def write(path: Path, rows: list[list[object]], header: str = "iso3_a,iso3_b,year,channel,value") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return path


@pytest.mark.slow
def test_a_total_is_the_sum_of_what_was_observed_in_that_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a total over other ties than those observed, or of logs, and a band of another size."""
    came = panel().after(2020, 3)
    worlds = np.repeat(came[None], 50, axis=0) + 0.1
    monkeypatch.setattr("sco_sim.evidence.hindcast.rolling.would_observe", lambda *_: np.nan_to_num(worlds))
    result = total_hindcast(panel(), ((2020, 2023),), "realised", Known(case(), case().studied))
    assert result.scored[ENGINE].error == pytest.approx([-0.1] * 3)
    last, there = panel().past(2020, 3, "realised").last, np.isfinite(came[2])
    ratio = np.exp(came[2, there]).sum() / np.exp(last[there]).sum()
    assert result.scored["persistence"].error[2] == pytest.approx(np.log(ratio))
    single = hindcast(panel(), ((2020, 2023),), "realised", Known(case(), case().studied))
    assert len(single.scored[ENGINE].error) == 51
    assert coverage(single)[0] == 0.0
    assert all(row.ratio[0] < 1.0 for row in differences(single, weighted=True))


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


def test_rows_of_ones_own_are_what_the_engine_starts_from() -> None:
    """Catches a unit mixed up, a direction lost, rows that are read and then forgotten, and years that stay."""
    trade = with_rows(case(), "trade", {(("CHN", "RUS"), 2019): 8e10})
    laid = trade_panel(trade, case().studied)
    column, row = laid.names.index("CHN-RUS"), laid.years.index(2019)
    assert laid.y[row, column] == pytest.approx(np.log(8e10))
    assert np.array_equal(np.delete(laid.y, row, axis=0), np.delete(panel().y, row, axis=0), equal_nan=True)
    ties, years = Ties(("CHN", "RUS")), range(2019, 2020)
    single = case().ledger["trade.report_error_single"].central
    for alone, error in (((), case().ledger["trade.report_error"].central), ([(("CHN", "RUS"), 2019)], single)):
        laid_over = with_rows(case(), "trade", {(("CHN", "RUS"), 2019): 8e10}, alone)
        y, sd = trade_observations(laid_over, case().ledger, ties, years)
        assert y[0, 0] == pytest.approx(np.log(8e10 / case().deflator[2019]))
        assert sd[0, 0] == pytest.approx(error / np.sqrt(2.0))  # two directions, each half
    students = students_panel(with_rows(case(), "students", {(("CHN", "RUS"), 2015): 50.0}), ("CHN", "RUS"))
    assert students.y[students.years.index(2015), 0] == pytest.approx(np.log(51.0))
    trust = events_panel(with_rows(case(), "trust", {(("CHN", "RUS"), 2012): 0.75}), case().studied)
    assert trust.y[trust.years.index(2012), trust.names.index("CHN-RUS")] == pytest.approx(0.25)
    future = own_after(panel(), {(("CHN", "RUS"), 2018): 5e10}, 2016, np.log)
    assert np.isfinite(future.after(2016, 4)).sum() == 1


@pytest.mark.slow
def test_a_table_of_ones_own_is_scored_like_the_shipped_one(tmp_path: Path) -> None:
    """Catches another path for a user's table than for the shipped one."""
    rows: list[list[object]] = [
        [b, a, year, "trade", float(np.exp(panel().y[i, j]))]  # ends in the other order on purpose
        for i, year in enumerate(panel().years)
        for j, (a, b) in enumerate(panel().columns)
        if 2016 < year <= 2020 and np.isfinite(panel().y[i, j])
    ]
    own_study, found = own_observations(write(tmp_path / "own.csv", rows), 2016, case(), worlds=40)
    parts = list(found)
    assert list(own_study.engine.ages) == [2016]
    assert [part.single.gdp for part in parts] == ["drawn", "realised"]
    study = Study(case(), origin=2016, worlds=40)
    shipped = next(part for part in study.parts("drawn") if part.single.panel.channel == "trade")
    for name, own in parts[0].single.scored.items():
        before = shipped.single.scored[name]
        until = before.keep(before.origin + before.horizon <= 2020)
        assert own.summary()["rmse"] == pytest.approx(until.summary()["rmse"], rel=1e-6), name


def refused(*words: object) -> str:
    result = call(*words)
    assert result.exit_code == 2, result.output
    return str(result.stderr)


def test_what_cannot_be_scored_is_refused_with_a_remedy(tmp_path: Path) -> None:
    """Catches a traceback, and an empty report, for an origin without years around it."""
    assert "nothing can be scored from 2030" in refused("hindcast", "--origin", 2030)
    own = write(tmp_path / "own.csv", [["CHN", "RUS", 2020, "trade", 9e10]])
    assert "needs --origin" in refused("hindcast", "--observations", own)
    assert "has no trade after 2021" in refused("hindcast", "--observations", own, "--origin", 2021)


def test_every_ablation_changes_the_scenario_it_is_given() -> None:
    """Catches a part that is said to be taken out and is not."""
    base = load_scenario(case().folder / "hindcast.yaml", (), case().folder)
    resolved = {name: json.dumps(change(base).resolved(), sort_keys=True) for name, change in VARIANTS.items()}
    assert len(set(resolved.values())) == len(VARIANTS)
    assert resolved[FULL] == json.dumps(base.resolved(), sort_keys=True)


def test_every_arrow_of_quarrels_is_taken_out_by_entries_of_the_ledger() -> None:
    """Catches an arrow that is in the model and is never held against the record, and a name that is misspelt."""
    entries = case().ledger.entries
    fixed = {name for names in ARROWS.values() for name in names}
    assert fixed <= set(entries)
    settings = {"quarrel.drawn"}  # off but for a setting, which has variants of its own
    assert {name for name in entries if name.startswith("quarrel.") and "half_life" not in name} <= fixed | settings


@pytest.mark.slow
def test_a_case_of_five_columns_and_a_file_are_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a hindcast that only the shipped case can be given, and a path of GDP that nobody knows."""
    monkeypatch.chdir(tmp_path)
    fine("new", "case", "club")
    pairs = itertools.combinations(("ALA", "BOR", "CYR"), 2)
    rows = [[a, b, year, "trade", 5e9 * 1.03 ** (year - 2014)] for a, b in pairs for year in range(2014, 2026)]
    own = write(tmp_path / "own.csv", [list(row) for row in rows])
    records = parsed("hindcast", "--case", "club", "--observations", own, "--origin", 2023, "--worlds", 40)
    (record,) = records["hindcasts"]
    assert (record["gdp"], record["columns"]["n"], record["total"]["n"]) == ("drawn", 6, 2)
    assert record["columns"]["scores"]["engine"]["rmse"] < 0.2


@pytest.mark.slow
def test_the_page_has_the_figures_of_the_command() -> None:
    """Catches a page left behind by the engine, and other figures there than on the screen."""
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    assert text.startswith(BEGIN), "write the page anew: sco-sim hindcast --report docs"
    study = Study(case())
    part = next(part for part in study.parts(None) if part.single.panel.channel == "conflict (ICEWS)")
    chances = study.disputes()
    assert chances is not None
    cells = [*score_cells(report(part)["columns"]), *dispute_cells(disputes_report(chances))]
    rows = ["| " + " | ".join(row) + " |" for row in cells]
    assert not [row for row in rows if row not in text], "write the page anew: sco-sim hindcast --report docs"
    assert _table(["a"], [["b"]]).startswith("| a |")


@pytest.mark.slow
def test_an_origin_of_ones_own_gives_every_channel_that_has_years_around_it() -> None:
    """Catches a channel dropped without a word."""
    records = parsed("hindcast", "--origin", 2012, "--worlds", 40)
    assert {record["channel"] for record in records["hindcasts"]} == {"trade", "students", "conflict (ICEWS)"}
    assert records["disputes"]["origins"] == [2012]
    assert {record["gdp"] for record in records["hindcasts"]} == {"drawn", "realised", None}
