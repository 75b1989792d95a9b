"""Figures: they exist, they are the same bytes for the same numbers, and they show what the tables say."""

from __future__ import annotations

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from sco_sim.case.case import Case, Site
from sco_sim.case.initial import initial_state
from sco_sim.errors import StoreError
from sco_sim.plots.difference import difference, standardised
from sco_sim.plots.figures import plot_all
from sco_sim.plots.graph import CONFLICT, graph
from sco_sim.plots.layout import spread
from sco_sim.plots.lines import differences, levels, mark_observed
from sco_sim.plots.style import styled, titles, years_axis
from sco_sim.plots.winners import extremes, winners
from sco_sim.scenario.schema import Horizon
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.compare import Comparison, read_comparison
from sco_sim.studies.comparison.cost import COST_FILE
from sco_sim.studies.comparison.histories import histories
from sco_sim.studies.comparison.payers import PAYERS_FILE
from sco_sim.studies.comparison.tables import AGREEMENTS, OUTCOMES, WINNERS, TwoRuns, agreements
from sco_sim.world.ties import Ties
from tests.unit.fake_runs import FakeRun


@pytest.fixture(scope="module")
def comparison():
    runs = (FakeRun(), FakeRun("sister_cities", 1.0))
    pair = TwoRuns(*runs, together=True)
    return Comparison(
        pd.DataFrame(pair.outcomes([2025, 2030], {}, "judgement", histories(runs[0], None)), columns=list(OUTCOMES)),
        pd.DataFrame(pair.winners(2030), columns=list(WINNERS)),
        pd.DataFrame(agreements(runs[1]), columns=list(AGREEMENTS)),
        runs,
        paired=True,
    )


STEMS = (
    "outcomes", "outcomes_difference", "difference", "graph_baseline", "graph_sister_cities", "winners_sister_cities",
    "payers_sister_cities", "matrix_sister_cities",
)  # fmt: skip
EARLIER = ("winners_gone.png", "graph_gone.svg")
"""Figures of a scenario that is no longer compared."""


@pytest.fixture(scope="module")
def drawn(comparison, tmp_path_factory):
    """All figures, in a folder that had some of an earlier call and a file of the user; not to be written."""
    folder = tmp_path_factory.mktemp("figures")
    for name in (*EARLIER, "mine.png"):
        (folder / name).touch()
    return folder, plot_all(comparison, folder)


@pytest.mark.slow
def test_every_figure_is_written_as_png_and_svg(drawn):
    _, written = drawn
    assert {path.name for path in written} == {f"{stem}.{kind}" for stem in STEMS for kind in ("png", "svg")}
    for path in written:
        assert path.stat().st_size > 5000, path.name


@pytest.mark.slow
def test_figures_of_an_earlier_call_do_not_stay_beside_new_ones(drawn):
    """Catches winners of a scenario that is no longer compared; other files are not ours to delete."""
    folder, written = drawn
    assert {path.name for path in folder.iterdir()} == {path.name for path in written} | {"mine.png"}


@pytest.mark.slow
def test_all_figures_twice_the_same(comparison, drawn, tmp_path):
    _, first = drawn
    for one, two in zip(first, plot_all(comparison, tmp_path), strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name


def texts(figure) -> str:
    """Everything that is written in a figure, in one line."""
    found = [item.get_text() for item in figure.findobj(Text)]
    return " ".join(" ".join(found).split())


def test_figures_show_titles_not_names_of_files(comparison):
    """Catches labels made from the name of the file where the scenario has a title."""
    runs = comparison.runs
    names = titles([run.scenario for run in runs])
    spreads = dict.fromkeys(("gain", "trade", "trust"), 0.0)
    with styled():
        figures = [
            differences(runs), difference(comparison.table, names, 2030),
            winners(comparison.winners, "sister_cities", names, spreads, {}), graph(runs[1], Case()), levels(runs),
        ]  # fmt: skip
    for figure in figures:
        assert "The title of sister_cities" in texts(figure)
        assert "Sister cities" not in texts(figure)
        assert "median" not in texts(figure)
    assert "evidence: judgement" in texts(figures[1])
    assert "ties between these" not in texts(figures[2])


def test_titles_that_two_scenarios_share_have_the_names_beside_them():
    """Catches a legend of two lines that say the same: a file without a title has that of the file it extends."""
    a, b, c = (
        SimpleNamespace(name=name, title=title, view="evidence")
        for name, title in (("a", "T"), ("b_c", "T"), ("d_e", ""))
    )
    assert titles([a, b, c]) == {"a": "T (a)", "b_c": "T (b_c)", "d_e": "D e"}


def test_a_title_says_that_it_is_belief():
    believed = SimpleNamespace(name="a", title="T", view="documents")
    assert titles([believed]) == {"a": "T [belief: documents]"}


def test_a_panel_in_which_nothing_changes_is_drawn_on_the_scale_of_the_reference():
    """Catches noise at full height: a difference of a thousandth of the spread has to look like none."""
    runs = (FakeRun(), FakeRun("other", 1e-4))
    frame = runs[0].metrics()
    with styled():
        panels = {axis.get_title(loc="left"): axis for axis in differences(runs).axes}
        strong = differences((FakeRun(), FakeRun("other", 1.0)))
    low, high = frame[frame["year"] == 2030]["trade_total_busd"].quantile([0.05, 0.95])
    bottom, top = panels["Trade inside the group"].get_ylim()
    assert top == -bottom
    assert top >= 0.01 * (high - low)
    assert "1 % of the reference" not in texts(strong)


def test_the_panel_of_many_states_counts_states():
    """Catches a panel of states that says how many ties are left out."""
    rows = [
        {"scenario": "s", "kind": "state", "iso3_a": f"S{n:02}", "iso3_b": "", "outcome": "gain", "year": 2030,
         "difference": float(n), "low_05": n - 1.0, "high_95": n + 1.0} for n in range(27)
    ]  # fmt: skip
    with styled():
        figure = winners(pd.DataFrame(rows), "s", {"r": "R", "s": "S"}, {"gain": 0.0}, {})
    assert "15 states between these" in texts(figure)


def test_a_folder_that_is_no_comparison_says_so(comparison, tmp_path):
    with pytest.raises(StoreError, match=r"holds no comparison\.csv"):
        plot_all(tmp_path)
    comparison.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*FILES, COST_FILE, PAYERS_FILE, "SHA256SUMS"}
    with pytest.raises(StoreError, match="runs stored elsewhere"):
        read_comparison(tmp_path)


def test_standardised_differences_point_to_the_better_side(comparison):
    table = comparison.table
    rows = standardised(table, 2030).set_index("outcome")
    fall = table[(table["outcome"] == "conflict_share_observed_mean") & (table["year"] == 2030)].iloc[0]
    unit = fall["spread"]
    assert fall["difference"] < 0
    assert rows.loc["conflict_share_observed_mean", "middle"] == pytest.approx(-fall["difference"] / unit)
    assert rows.loc["conflict_share_observed_mean", "low"] == pytest.approx(-fall["high_95"] / unit)
    assert (rows["low"] <= rows["high"]).all()
    assert "agreements_adopted" not in rows.index  # no side is better


def test_what_no_scenario_moves_has_no_row_and_is_named(comparison):
    """Catches rows of dots on zero, and an outcome that is silently left out."""
    table = comparison.table.copy()
    still = table["outcome"] == "trade_total_busd"
    table.loc[still, ["difference", "low_05", "high_95"]] = 0.0
    names = titles([run.scenario for run in comparison.runs])
    with styled():
        axis = difference(table, names, 2030).axes[0]
    labels = [label.get_text() for label in axis.get_yticklabels()]
    assert labels
    assert not any("Trade inside the group" in label for label in labels)
    assert "moved by none: " in axis.get_xlabel()
    assert "Trade inside the group" in axis.get_xlabel()


def test_bands_hold_the_mean_and_axes_name_their_unit(comparison):
    with styled():
        figure = levels(comparison.runs)
    axes = [axis for axis in figure.axes if axis.axison]
    assert [axis.get_ylabel() for axis in axes] == [
        "%", "bn USD of 2015", "airport pairs", "persons", "twinned places"
    ]  # fmt: skip
    conflict = axes[0].get_lines()
    low, high, middle = (conflict[k].get_ydata() for k in range(3))
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert middle[0] == pytest.approx(
        100 * comparison.runs[0].metrics().query("year == 2020")["conflict_share_observed_mean"].mean()
    )


@pytest.mark.parametrize("start", [2020, 2023, 2025, 2026])
def test_the_ring_stands_at_its_year_which_is_named(start):
    """Catches a state observed in 2023 that is drawn as if it were of 2025, and labels that lie on each other."""
    horizon = Horizon(start=start, end=2040, now=2026)
    with styled():
        axis = plt.figure().add_subplot()
        years_axis(axis, horizon.edge, horizon.end)
        mark_observed(axis, horizon, 0.5)
    assert list(axis.get_lines()[0].get_xdata()) == [start]
    ticks = list(axis.get_xticks())
    assert ticks[0] == start
    assert ticks[-1] == 2040
    low, high = axis.get_xlim()
    assert low <= start
    assert min(np.diff(ticks)) >= 0.19 * (high - low), "20232026 in a panel of three in a row"


@pytest.mark.slow
def test_years_and_names_of_a_figure_do_not_lie_on_one_another():
    """Catches `20232026`, and a panel that is too narrow for its years."""
    runs = tuple(FakeRun(name, lift, start=2023, end=2034) for name, lift in (("baseline", 0.0), ("cities", 1.0)))
    for run in runs:
        run.told.horizon = Horizon(start=2023, now=2025, end=2034)
    with styled():
        for figure in (levels(runs), differences(runs)):
            figure.draw_without_rendering()
            for axis in figure.axes:
                shown = [tick for tick in axis.get_xticklabels() if tick.get_text()]
                assert overlapping(shown, 1.15) == []
            plt.close(figure)


def overlapping(texts, wider=1.0):
    """Pairs of texts whose boxes meet, each so many times as wide as it is."""
    boxes = [(one.get_text(), one.get_window_extent().expanded(wider, 1.0)) for one in texts]
    return [(a, b) for at, (a, box) in enumerate(boxes) for b, other in boxes[at + 1 :] if box.overlaps(other)]


@pytest.mark.slow
def test_the_legend_says_why_conflict_rises_after_the_ring(comparison):
    """Catches a jump between the ring and the lines that looks like a forecast of more conflict."""
    with styled():
        words = levels(comparison.runs).legends[0].get_title().get_text()
    assert "the ring is the share observed; in the years simulated disputes break out" in words


@pytest.mark.slow
def test_no_word_of_a_figure_lies_outside_it(comparison):
    """Catches a legend that is wider than the figure and is cut at both ends."""
    runs = comparison.runs
    with styled():
        for figure in (levels(runs), differences(runs), graph(runs[1], Case())):
            figure.canvas.draw()
            width, height = figure.bbox.size
            boxes = [legend.get_window_extent() for legend in figure.legends]
            boxes += [axis.title.get_window_extent() for axis in figure.axes]
            for box in boxes:
                assert -1.0 <= box.x0 <= box.x1 <= width + 1.0
                assert -1.0 <= box.y0 <= box.y1 <= height + 1.0
            plt.close(figure)


def test_low_trust_lies_on_top_and_is_darkest():
    with styled():
        figure = graph(FakeRun(), Case())
    edges = figure.axes[0].collections[0]
    shades = [sum(colour[:3]) for colour in edges.get_colors()]
    assert shades == sorted(shades, reverse=True)
    lightness = [sum(int(to_hex(CONFLICT(x))[k : k + 2], 16) for k in (1, 3, 5)) for x in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert lightness == sorted(lightness, reverse=True)


def test_crowded_capitals_are_moved_apart_and_keep_their_order():
    states = ["CHN", "IND", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB"]
    where = spread(Case().sites(states))
    assert where["RUS"][0] < where["UZB"][0] < where["KGZ"][0] < where["CHN"][0]
    assert where["IND"][1] < where["PAK"][1] < where["KAZ"][1] < where["RUS"][1]
    for a in states:
        for b in states:
            if a < b:
                (x, y), (u, v) = where[a], where[b]
                assert (x - u) ** 2 + (y - v) ** 2 > 0.18**2, (a, b)
    twins = spread({"A": Site("A", 10.0, 10.0), "B": Site("B", 10.0, 10.0)})
    assert set(twins) == {"A", "B"}


def test_gdp_of_figures_is_that_of_the_model():
    """Catches figures that read another GDP than the model does, or a year after the one asked for."""
    known, year = Case().last_gdp(("CHN",), 2020)
    assert year[0] == 2020
    assert known[0] == initial_state(2020, Case(), Case().ledger, Ties(("CHN", "RUS")), np.zeros(1)).log_gdp[0]
    assert 1e13 < np.exp(known[0]) < 2e13
    none, never = Case().last_gdp(("CHN",), 1900)
    assert np.isnan([*none, *never]).all()


def test_extremes_keep_the_best_and_the_worst():
    rows = pd.DataFrame({"difference": [float(n) for n in range(20)]})
    assert list(extremes(rows, 2)["difference"]) == [19.0, 18.0, 1.0, 0.0]
    assert len(extremes(rows.head(4), 2)) == 4
