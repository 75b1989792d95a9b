"""What a notebook and other tools get of a stored comparison."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.io import netcdf_file

import sco_sim
from sco_sim.cli.groups import GROUPS
from sco_sim.components.registry import find, keys
from sco_sim.errors import ScenarioError, StoreError
from sco_sim.notebook.comparison import NotebookComparison
from sco_sim.studies.export import export
from sco_sim.studies.export_iamc import UNITS
from sco_sim.studies.export_sheets import safe
from tests.unit.command_line import call, fine
from tests.unit.latex import check_latex
from tests.unit.test_observed import commands
from tests.worlds import ROOT


@pytest.fixture(scope="module")
def opened(compared: Path) -> NotebookComparison:
    return sco_sim.open_comparison(compared)


def test_a_notebook_shows_the_answer_and_what_moved(opened: NotebookComparison) -> None:
    """Catches a last line that prints a whole table, and a figure of another rounding."""
    assert len(repr(opened)) < 300
    assert len(repr(opened.runs[0])) < 200
    shown = opened._repr_html_()
    assert len(shown) < 20_000
    assert "Too few worlds to answer" in shown
    assert "Sense of community" not in shown
    moved = opened.moved
    assert list(moved.columns) == ["sister_cities", "combined"]
    last = opened.table[(opened.table["year"] == 2040) & (opened.table["scenario"] == "combined")]
    trade = float(last[last["outcome"] == "trade_total_busd"]["difference"].iloc[0])
    assert moved.loc["Trade inside the group, bn USD of 2015", "combined"].startswith(f"{trade:+.0f}")


def test_what_is_no_figure_or_scenario_is_named(opened: NotebookComparison, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no figure 'map'"):
        opened.plot("map")
    with pytest.raises(ScenarioError, match="no scenario 'nobody'"):
        opened.plot("graph", "nobody")
    with pytest.raises(StoreError):
        sco_sim.open_comparison(tmp_path)


def test_a_figure_alone_leaves_the_others(compared: Path, tmp_path: Path) -> None:
    (tmp_path / "outcomes.png").touch()
    fine("plot", compared, "--figure", "difference", "--out", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"outcomes.png", "difference.png", "difference.svg"}
    refused = call("plot", compared / "runs" / "combined", "--figure", "difference")
    assert refused.exit_code == 2
    assert "choose of outcomes, graph, agreements" in refused.stderr


def test_xarray_has_the_dimensions(opened: NotebookComparison) -> None:
    pytest.importorskip("xarray", reason="the extra xarray is not installed")
    run = opened.runs[0]
    worlds = run.to_xarray()
    assert dict(worlds.sizes) == {"world": 8, "year": 18, "tie": 45, "state": 10}
    row = run.ties([2040]).query("world == 3 and tie == 'CHN-RUS'")
    assert float(worlds["trade"].sel(world=3, year=2040, tie="CHN-RUS")) == row["trade"].iloc[0]


def test_a_comparison_is_one_iamc_table(opened: NotebookComparison, tmp_path: Path) -> None:
    (path,) = export(opened, "iamc", tmp_path)
    table = pd.read_csv(path)
    assert list(table["scenario"].unique()) == ["baseline", "sister_cities", "combined"]
    row = table[(table["scenario"] == "combined") & (table["variable"] == "Trade inside the group|Mean")].iloc[0]
    assert row["2040"] == pytest.approx(opened.runs[2].metrics([2040])["trade_total_busd"].mean())
    assert (row["region"], row["unit"]) == ("All states", "billion USD_2015/yr")
    tie = table[(table["region"] == "China>Russia") & (table["variable"] == "Trade|95th Percentile")].iloc[1]
    ties = opened.runs[1].ties([2040])
    assert tie["2040"] == pytest.approx(ties[ties["tie"] == "CHN-RUS"]["trade"].quantile(0.95))
    assert {"Kazakhstan", "China>Russia"} < set(table["region"])
    shipped = {find("metrics", key).unit for key in keys("metrics")}  # type: ignore[attr-defined]
    assert shipped == set(UNITS) - {""}


def test_ties_and_states_are_coordinates_in_netcdf(opened: NotebookComparison, tmp_path: Path) -> None:
    """Catches names that no reader joins to text, so that nobody can select by them."""
    (path,) = export(opened.runs[0], "netcdf", tmp_path)
    with netcdf_file(path, mmap=False) as file:
        tie = file.variables["tie"]
        assert tie.dimensions == ("tie", "string7")
        assert tie._Encoding == b"utf-8"
        assert b"".join(tie[0]).decode() == "BLR-CHN"
        assert file.variables["trade"].dimensions == ("world", "year", "tie")


@pytest.mark.slow
@pytest.mark.parametrize(("form", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_a_graph_a_year(opened: NotebookComparison, form: str, read: object, tmp_path: Path) -> None:
    run = opened.runs[0]
    short = export(run, form, tmp_path)
    assert [path.name for path in short] == [f"ties_{year}.{form}" for year in range(2023, 2041)]
    graph = read(short[-1])  # type: ignore[operator]
    trade = run.ties([2040]).query("tie == 'CHN-RUS'")["trade"].median()
    assert graph.edges["CHN", "RUS"]["trade"] == pytest.approx(trade)
    assert np.isfinite(graph.nodes["CHN"]["gdp"])


def test_latex_and_text_that_is_no_formula(opened: NotebookComparison, tmp_path: Path) -> None:
    (path,) = export(opened, "latex", tmp_path)
    text = path.read_text(encoding="utf-8")
    check_latex(text)
    assert r"\textbf{sister\_cities}" in text
    frame = safe(pd.DataFrame({"words": ["=1+1", "@x", "fine", None], "number": [-1.0, 2.0, 3.0, 4.0]}))
    assert frame["words"].tolist()[:3] == ["'=1+1", "'@x", "fine"]
    assert frame["number"].tolist() == [-1.0, 2.0, 3.0, 4.0]


def test_a_workbook_has_a_sheet_per_table(opened: NotebookComparison, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    (path,) = export(opened, "xlsx", tmp_path)
    assert openpyxl.load_workbook(path).sheetnames == ["comparison", "winners", "agreements", "cost"]


def test_the_lines_for_r_do_what_they_say(opened: NotebookComparison, tmp_path: Path) -> None:
    """R is not needed: the files, keys and columns that the lines name are there, and give the difference."""
    text = (ROOT / "docs" / "library.md").read_text(encoding="utf-8").split("```r\n")[1].split("```")[0]
    for words in ('name, "metrics.parquet"', 'by = c("world", "year")', 'suffix = c("", "_with")',
                  "mean(trade_total_busd_with - trade_total_busd)"):  # fmt: skip
        assert words in text
    export(opened, "parquet", tmp_path)
    first, second = (pd.read_parquet(tmp_path / name / "metrics.parquet") for name in ("baseline", "combined"))
    both = first.merge(second, on=["world", "year"], suffixes=("", "_with"))
    means = both.groupby("year").apply(lambda own: (own["trade_total_busd_with"] - own["trade_total_busd"]).mean())
    row = opened.table.query("scenario == 'combined' and outcome == 'trade_total_busd' and year == 2040").iloc[0]
    assert means[2040] == pytest.approx(row["difference"])


def test_the_groups_of_the_help_name_commands_once() -> None:
    """Catches a command that is gone or stands twice, and six of a first day that are more."""
    named = [name for names in GROUPS.values() for name in names]
    assert len(named) == len(set(named))
    assert set(named) <= {*commands(), "new", "case"}
    text = fine("--help", columns=100)
    assert text.index("First day") < text.index("Simulate ─")
    assert len(GROUPS["First day"]) == 6
