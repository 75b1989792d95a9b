"""From a stored sweep to rankings and boxes, and the three commands."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sco_sim.cli.main import app
from sco_sim.errors import ScenarioError
from sco_sim.studies.discovery.cases import cases, discover, limits_in_words
from sco_sim.studies.export import export
from sco_sim.studies.sensitivity.indices import PAIRS
from sco_sim.studies.sensitivity.rankings import grid, rankings
from sco_sim.studies.sweep.experiment import Experiment
from sco_sim.studies.sweep.stored_sweep import StoredSweep, open_sweep
from sco_sim.studies.sweep.sweep import run_sweep

FACTORS = {
    "gravity": {"path": "parameters.trade.gdp_elasticity", "low": 0.4, "high": 0.7},
    "hazard": {"path": "hazard_on", "kind": "categorical", "values": ["none", "level"]},
    "contact": {"path": "rivals.contact", "kind": "categorical", "values": ["works", "none", "backlash"]},
}


def experiment(design: dict[str, object], **fields: object) -> Experiment:
    sweep = {
        "factors": FACTORS, "design": design, "worlds": 2, "replicates": 2, "fixed_parameters": True,
        "outcomes": ["trade_total_busd", "cities_total", "delivered_mean"], "years": [2025], **fields,
    }  # fmt: skip
    return Experiment.model_validate({"name": "small", "scenarios": ("from_2020",), "sweep": sweep})


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> StoredSweep:
    folder = tmp_path_factory.mktemp("sweep") / "small"
    run_sweep(experiment({"sobol": {"n": 8}}), out=folder)
    return open_sweep(folder)


@pytest.mark.slow
def test_the_only_factor_that_can_move_trade_so_soon_takes_all_variance(sweep: StoredSweep) -> None:
    """Catches factors joined to the wrong columns, and points to the wrong rows."""
    found, left_out = rankings(sweep, ["trade_total_busd", "delivered_mean"])
    assert len(found) == 1
    assert "delivered_mean in from_2020 is the same at every point" in left_out[0]
    assert found[0].table["factor"][0] == "gravity"
    assert found[0].table["total_order"][0] == pytest.approx(1.0, abs=0.3)
    assert found[0].table["total_order"][1:].abs().max() < 1e-3
    assert sum(found[0].share) == pytest.approx(1.0)
    assert "other worlds, another order" in found[0].warning or not found[0].share.too_few(found[0].worlds)
    with pytest.raises(ScenarioError, match="PAWN takes the points as independent"):
        rankings(sweep, ["trade_total_busd"], method="pawn")


@pytest.mark.slow
def test_a_design_of_the_second_order_prints_and_stores_interactions(tmp_path: Path) -> None:
    """Catches a design twice as large whose extra points are used for nothing."""
    factors = {name: FACTORS[name] for name in ("gravity", "hazard")}
    larger = experiment({"sobol": {"n": 8, "second_order": True}}, factors=factors, worlds=1, replicates=1)
    run_sweep(larger, out=tmp_path)
    arguments = ["sensitivity", str(tmp_path), "--outcome", "trade_total_busd"]
    shown = CliRunner().invoke(app, arguments)
    assert "Second order" in shown.stdout, shown.output
    table = pd.read_csv(tmp_path / "sensitivity" / "interactions.csv")
    assert list(table.columns) == ["scenario", "outcome", "year", *PAIRS]
    assert table.loc[0, ["factor", "other"]].tolist() == ["gravity", "hazard"]
    (row,) = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)["interactions"]
    assert row["second_order"] == pytest.approx(table["second_order"][0])
    ranked = pd.read_csv(tmp_path / "sensitivity" / "sensitivity.csv")
    assert [name for name in ranked if "order" in name] == [
        "total_order", "total_order_low", "total_order_high", "first_order", "first_order_low", "first_order_high"
    ]  # fmt: skip


def named(names: tuple[str, str], folder: Path) -> StoredSweep:
    """The same two factors under other names."""
    ends = [("trust.contact_effect", -0.05, 0.1), ("trade.gdp_elasticity", 0.5, 0.6)]
    factors = {name: {"path": f"parameters.{path}", "low": low, "high": high}
               for name, (path, low, high) in zip(names, ends, strict=True)}  # fmt: skip
    outcomes = ["conflict_share_mean", "trade_total_busd"]
    fields = {"factors": factors, "outcomes": outcomes, "worlds": 1, "replicates": 1, "fixed_parameters": False}
    return run_sweep(experiment({"sobol": {"n": 8}}, **fields), out=folder)


@pytest.mark.slow
def test_the_answer_is_the_same_whatever_a_factor_is_called(tmp_path: Path) -> None:
    """A factor called `row` once had other indices, `scenario` a KeyError, `A` beside `a` no table of points."""
    plain = named(("one", "two"), tmp_path / "plain")
    usual = rankings(plain)[0]
    for number, names in enumerate(
        [("row", "scenario"), ("point", "world"), ("A", "a"), ('it"s', "f0"), ("year", "x;y")]
    ):
        other = named(names, tmp_path / str(number))
        for mine, theirs in zip(rankings(other)[0], usual, strict=True):
            known = theirs.table.replace({"factor": dict(zip(("one", "two"), names, strict=True))})
            pd.testing.assert_frame_equal(mine.table, known)
        assert other.rows()[3].keys() == set(names)
        assert len(set(other.points().columns)) == 5
        middle = other.frame()["trade_total_busd"].median()
        there, _ = cases(other, f"trade_total_busd_2025 > {middle}")
        assert there.points.tolist() == cases(plain, f"trade_total_busd_2025 > {middle}")[0].points.tolist()
        for form in ("csv", "parquet", "netcdf", "iamc"):
            assert all(path.is_file() for path in export(other, form, tmp_path / f"{number}_{form}"))


@pytest.mark.slow
def test_a_world_that_failed_is_refused_and_a_wrong_method_too(sweep: StoredSweep) -> None:
    """Catches a Sobol index of fewer points, shifted."""
    wide = sweep.frame([2025])
    values = grid(wide[wide["world"] != 3], "trade_total_busd", sweep)
    assert values.shape == (40, 2)
    assert np.isnan(values).sum() == 1
    with pytest.raises(ScenarioError, match="no morris design"):
        rankings(sweep, method="morris")
    with pytest.raises(ScenarioError, match="keeps no 'trust_min'"):
        rankings(sweep, ["trust_min"])


def test_a_box_is_found_in_the_factor_that_decides(sweep: StoredSweep) -> None:
    """Catches values of worlds paired with factors of other points."""
    middle = float(sweep.frame([2025])["trade_total_busd"].median())
    there, _ = cases(sweep, f"trade_total_busd_2025 > {middle:.6f}")
    found = discover(there, density=0.9)
    assert any(words.startswith("gravity at") for words in limits_in_words(found.box, there))
    assert found.box.density >= 0.9


@pytest.mark.slow
def test_commands(sweep: StoredSweep, tmp_path: Path) -> None:
    """Catches a command that ends in a traceback, and files that are not written."""
    call = CliRunner()
    done = call.invoke(app, ["sensitivity", str(sweep.path), "--outcome", "trade_total_busd", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["sensitivity"][0]["factor"] == "gravity"
    assert all(Path(path).is_file() for path in json.loads(done.stdout)["files"])
    shown = call.invoke(app, ["sensitivity", str(sweep.path), "--outcome", "trade_total_busd"])
    assert "Of the variance over all worlds" in shown.stdout
    box = call.invoke(app, ["discover", str(sweep.path), "--where", "cities_total_2025 > 1", "--out", str(tmp_path)])
    assert box.exit_code == 2
    assert "holds everywhere" in box.stderr
    assert "Traceback" not in box.output
    wrong = call.invoke(app, ["discover", str(sweep.path), "--where", "open('x')"])
    assert wrong.exit_code == 2
    shares = call.invoke(app, ["portfolio", "on_a_budget", "--levels", "2"])
    assert (shares.exit_code, "no list of shares" in shares.stderr) == (2, True)


@pytest.mark.slow
def test_portfolio_command(tmp_path: Path) -> None:
    """Catches a command line that asks `portfolio` for something else."""
    words = [
        "portfolio",
        "on_a_budget",
        "--worlds",
        "4",
        "--own-rule",
        "--set",
        "horizon.end=2028",
        "--out",
        str(tmp_path),
    ]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "4 mixes within the budget, rule consensus, 4 paired worlds" in done.stdout
    assert "As good " not in done.stdout, "there is one rule"
    assert "nothing" in done.stdout, "doing nothing stands among the mixes"
    assert {path.name for path in tmp_path.iterdir()} == {
        "portfolio.csv",
        "winners.csv",
        "portfolio.png",
        "portfolio.svg",
        "SHA256SUMS",
        "study.json",
    }
