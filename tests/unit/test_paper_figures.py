"""Figures of agreements, payers, ties, responses and promises: what is drawn is what the tables say."""

from __future__ import annotations

import importlib.util
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from sco_sim.errors import ScenarioError, StoreError
from sco_sim.plots.agreements import STAGES, stages
from sco_sim.plots.figures import names_of, plot_all, plot_some
from sco_sim.plots.matrix import cells
from sco_sim.plots.owned import OF_COMPARISON, OF_SCENARIO, OF_SWEEP
from sco_sim.plots.payers import accounts, payers_figure, ratios
from sco_sim.plots.promises import promises_figure
from sco_sim.plots.response import response, response_figure
from sco_sim.plots.style import styled
from sco_sim.plots.together import draw_each
from sco_sim.store.stored_run import open_run
from sco_sim.studies.comparison.tables import TwoRuns
from sco_sim.studies.sweep.stored_sweep import open_sweep
from tests.unit.command_line import call
from tests.unit.fake_runs import FakeRun
from tests.worlds import ROOT

SWEEP = """
title: Cities by rule
scenarios: [sister_cities]
sweep:
  factors:
    rule: {path: decision_rule, kind: categorical, values: [consensus, opt_in], role: lever}
    pairs: {path: policies.sister_cities.new_pairs_per_year, low: 5, high: 40, role: lever}
  design: {grid: {levels: 2}}
  worlds: 3
  outcomes: [cities_total]
  years: [2032]
"""


def test_a_strip_of_stages_adds_up_to_the_worlds_in_which_it_is_on_the_table():
    """Catches a world counted in two stages, and one that is waiting before it is tabled."""
    rows = pd.DataFrame({
        "adopted_year": [2027.0, 2028.0, np.nan, 2027.0], "force_year": [2027.0, 2030.0, np.nan, np.nan],
        "delivered_year": [2029.0, np.nan, np.nan, np.nan],
    })  # fmt: skip
    shares = stages(rows, 2027, np.array([2026, 2027, 2028, 2030]))
    assert shares.shape == (len(STAGES), 4)
    np.testing.assert_allclose(shares.sum(axis=0), [0.0, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(shares[:, 1], [0.0, 0.25, 0.25, 0.5])
    np.testing.assert_allclose(shares[:, 3], [0.25, 0.25, 0.25, 0.25])


def test_trade_of_payers_and_cells_of_the_matrix_are_paired_differences():
    """Catches a tie counted for one end only, and differences of means of other worlds."""
    pair = TwoRuns(FakeRun(), FakeRun("sister_cities", 1.0), together=True)
    (trade,) = accounts(pair, 2030)
    ties = [run.ties([2030]).groupby("tie")["trade"].mean() for run in (pair.reference, pair.scenario)]
    gap = ties[1] - ties[0]
    of_china = gap[[tie for tie in gap.index if "CHN" in tie]].sum()
    assert np.mean(trade.values["CHN"]) == pytest.approx(of_china)
    assert ratios(pair, 2030) == {}, "no state pays for either"
    shown = cells(pair, 2030, "trade")
    assert shown["CHN", "IND"].mean == pytest.approx(100 * gap["CHN-IND"] / ties[0]["CHN-IND"])
    assert cells(pair, 2030, "no such column") == {}


def test_the_ratio_stands_at_the_end_of_the_rows_of_who_surely_pays():
    """Catches ratios in the order of the table, and a head over an empty column."""
    pair = TwoRuns(FakeRun(), FakeRun("sister_cities", 1.0), together=True)
    shown, names = accounts(pair, 2030), {"CHN": "China"}
    figure = payers_figure(shown, {"CHN": 1.5}, "Cities", "Baseline", names)
    beside = [text.get_text() for text in figure.axes[-1].texts]
    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert beside[:-1] == ["1.5" if row == "China" else "-" for row in rows]
    assert beside[-1].startswith("more trade for")
    assert not payers_figure(shown, {}, "Cities", "Baseline", names).axes[-1].texts


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("swept")
    (folder / "cities.yaml").write_text(SWEEP)
    ran = call("sweep", str(folder / "cities.yaml"), "--out", str(folder / "sweep"))
    assert ran.exit_code == 0, ran.output
    return folder / "sweep"


@pytest.mark.slow
def test_a_response_is_the_paired_difference_from_the_first_point(swept):
    """Catches points taken for one another: each cell of the figure is the difference that the sweep itself reports."""
    sweep = open_sweep(swept)
    shown = response(sweep, "cities_total", 2032)
    reported = sweep.differences("cities_total", 2032).set_index("point")
    points = sweep.points()
    assert [axis.name for axis in shown.axes] == ["pairs"]
    assert shown.lines.labels == ("consensus", "opt_in")
    for row in points.to_dict("records"):
        cell = shown.lines.labels.index(row["rule"]), [5, 40].index(row["pairs"])
        want = 0.0 if row["point"] == 0 else reported.loc[row["point"], "difference"]
        assert shown.mean[cell] == pytest.approx(want)
        if row["point"]:
            assert shown.error[cell] == pytest.approx(reported.loc[row["point"], "mean_se"])
    with styled():
        words = " ".join(text.get_text() for text in response_figure(shown, "cities_total", 2032, "X").findobj(Text))
    assert "from rule consensus, pairs 5" in " ".join(words.split())


@pytest.mark.slow
def test_every_stored_thing_has_its_figures_and_says_which(swept):
    """Catches a sweep that cannot be plotted, a file kind that is not written, and an unknown name."""
    written = plot_all(swept, formats=["pdf"])
    assert [path.name for path in written] == ["response_cities_total.pdf"]
    assert written[0].read_bytes().startswith(b"%PDF")
    ran = call("plot", str(swept), "--figure", "winners")
    assert ran.exit_code == 2
    assert "choose of response" in ran.output + ran.stderr
    assert names_of(FakeRun()) == ("outcomes", "graph", "agreements")


@pytest.mark.slow
def test_the_agreements_of_a_run_are_drawn_and_a_run_without_any_says_so(tmp_path):
    for name in ("sister_cities", "baseline"):
        ran = call("run", name, "--worlds", "4", "--out", str(tmp_path / name))
        assert ran.exit_code == 0, ran.output
    (png,) = plot_some(open_run(tmp_path / "sister_cities"), ["agreements"], tmp_path, ["png"])
    assert png.stat().st_size > 5000
    with pytest.raises(ScenarioError, match="nothing for a figure 'agreements'"):
        plot_some(open_run(tmp_path / "baseline"), ["agreements"], tmp_path)


@pytest.mark.slow
def test_workers_write_the_same_files(compared, tmp_path):
    """Catches a figure that is another in another process, files out of order, and one drawn twice or not at all."""
    both = [plot_all(compared, tmp_path / str(workers), workers=workers) for workers in (1, 2)]
    assert [path.name for path in both[0]] == [path.name for path in both[1]]
    assert len(both[0]) > 12
    for one, other in zip(*both, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_every_figure_is_tried_before_what_went_wrong_is_said(tmp_path):
    def draw(name):
        if name.startswith("bad"):
            raise ScenarioError(f"{name} cannot be drawn")
        (tmp_path / name).touch()
        return [tmp_path / name]

    assert draw_each(draw, [("a",), ("b",)]) == [[tmp_path / "a"], [tmp_path / "b"]]
    with pytest.raises(StoreError) as several:
        draw_each(draw, [("bad",), ("bad too",), ("c",)])
    assert [problem.message for problem in several.value.problems] == ["bad cannot be drawn", "bad too cannot be drawn"]
    assert (tmp_path / "c").exists()
    with pytest.raises(ScenarioError):
        draw_each(draw, [("bad",), ("d",)])


def test_a_promise_is_drawn_as_it_is_judged():
    rows = pd.DataFrame([
        {"component": "visa_freedom", "outcome": "trust", "promised": "+", "verdict": "not shown"},
        {"component": "visa_freedom", "outcome": "people", "promised": "", "verdict": ""},
    ])  # fmt: skip
    with styled():
        words = " ".join(text.get_text() for text in promises_figure(rows, "Promises").findobj(Text))
    assert "not shown (1)" in words
    assert "Visa freedom" in words


def test_the_gallery_shows_every_figure_there_is():
    """Catches a new figure without a picture, a picture without a command, and a page that was edited by hand."""
    spec = importlib.util.spec_from_file_location("build_gallery", ROOT / "docs" / "build_gallery.py")
    gallery = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gallery)
    assert (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8") == gallery.page()
    drawn = {shlex.split(one.command)[-1] for one in gallery.FIGURES if " plot " in one.command}
    assert drawn == {*OF_COMPARISON, *OF_SCENARIO, *OF_SWEEP}
    names = {Path(one.file).name for one in gallery.FIGURES}
    assert {path.name for path in gallery.PICTURES.glob("*")} == names
