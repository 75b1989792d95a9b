"""Sweeps: each point has the bits of a run of its own, however it is cut, wherever it is simulated."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sco_sim.case.read_catalog import read_catalog
from sco_sim.engine import build
from sco_sim.errors import ScenarioError, StoreError
from sco_sim.runs.run import run
from sco_sim.scenario.load import vary
from sco_sim.shipped import default_case
from sco_sim.studies.export import export
from sco_sim.studies.sweep.experiment import Experiment
from sco_sim.studies.sweep.stored_sweep import StoredSweep, open_sweep
from sco_sim.studies.sweep.sweep import rerun_sweep, run_sweep

FACTORS: dict[str, Any] = {
    "pairs": {"path": "policies.sister_cities.new_pairs_per_year", "low": 1.0, "high": 40.0, "role": "lever"},
    "rule": {"path": "decision_rule", "kind": "categorical", "values": ["consensus", {"opt_in": {}}]},
    "persistence": {"path": "parameters.trust.persistence", "low": 0.3, "high": 0.6},
    "elasticity": {"path": "parameters.trade.gdp_elasticity", "low": 0.5, "high": 0.65},
    "growth": {"path": "parameters.growth.mean.KAZ", "low": 0.01, "high": 0.05},
}
POINTS = [
    {"pairs": 20.0, "rule": "consensus", "persistence": 0.3, "elasticity": 0.5, "growth": 0.01},
    {"pairs": 20.0, "rule": "consensus", "persistence": 0.6, "elasticity": 0.6, "growth": 0.05},
    {"pairs": 3.0, "rule": {"opt_in": {}}, "persistence": 0.4, "elasticity": 0.6, "growth": 0.02},
]


def experiment(**fields: Any) -> Experiment:
    block = {"factors": FACTORS, "design": {"points": POINTS}, "worlds": 4, "replicates": 2, **fields}
    scenarios = block.pop("scenarios", ["sister_cities", "combined"])
    return Experiment.model_validate({"name": "small", "scenarios": scenarios, "sweep": block})


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> StoredSweep:
    return run_sweep(experiment(), out=tmp_path_factory.mktemp("sweep") / "clean")


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"batch": 1}, marks=pytest.mark.slow),
        {"batch": 5},
        pytest.param({"workers": 2, "batch": 6}, marks=pytest.mark.slow),
        {"worlds": [7, 3, 11]},
    ],
    ids=str,
)
def test_the_same_bits_however_it_is_cut(clean: StoredSweep, tmp_path: Path, how: dict[str, Any]) -> None:
    run_sweep(experiment(), out=tmp_path, **how)
    how.pop("worlds", None)
    assert run_sweep(experiment(), out=tmp_path, **how).digest() == clean.digest()


@pytest.mark.slow
def test_the_same_bits_on_a_dask_cluster(clean: StoredSweep, tmp_path: Path) -> None:
    """In a process of its own: a scheduler leaves threads behind that later tests would warn of."""
    pytest.importorskip("distributed")
    code = (
        "import sys; from tests.invariance.test_sweep import experiment\n"
        "from sco_sim.studies.sweep.sweep import run_sweep\n"
        "if __name__ == '__main__':\n"
        "    print(run_sweep(experiment(), out=sys.argv[1], workers=2, cluster='local', batch=4).digest())"
    )
    script = tmp_path / "script.py"
    script.write_text(code)
    command = [sys.executable, str(script), str(tmp_path / "run")]
    root = Path(__file__).parents[2]
    found = subprocess.run(command, capture_output=True, text=True, cwd=root, env=_path(root), timeout=300)
    assert found.stdout.strip() == clean.digest(), found.stderr[-2000:]


def _path(root: Path) -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(root)}


@pytest.mark.parametrize("point", range(6))
def test_a_point_is_the_run_that_set_would_make(clean: StoredSweep, tmp_path: Path, point: int) -> None:
    """Catches parameters put in as columns that do not do what the override in the scenario does."""
    scenario = clean.experiment.loaded()[point % 2]
    paths = {FACTORS[name]["path"]: value for name, value in POINTS[point // 2].items()}
    alone = run(vary(scenario, paths, read_catalog(default_case())), worlds=4, replicates=2, out=tmp_path)
    frame = clean.frame()
    ours = frame[frame["point"] == point]
    theirs = alone.metrics(clean.manifest["kept_years"])
    for key in clean.manifest["kept_outcomes"]:
        np.testing.assert_array_equal(ours[key].to_numpy(), theirs[key].to_numpy(), err_msg=key)


def test_frames_name_the_points(clean: StoredSweep) -> None:
    points = clean.points()
    assert points["scenario"].tolist() == ["sister_cities", "combined"] * 3
    assert points["pairs"].tolist() == [20.0, 20.0, 20.0, 20.0, 3.0, 3.0]
    assert clean.rows() == POINTS
    assert clean.numeric()[:, list(FACTORS).index("rule")].tolist() == [0.0, 0.0, 1.0]
    frame = clean.frame([2040])
    assert len(frame) == 24
    assert frame.groupby("point")["setting"].apply(list).tolist() == [[0, 0, 1, 1]] * 6
    means = clean.means([2040]).set_index(["point", "outcome"])
    one = frame.loc[frame["point"] == 3, "trust_min"]
    assert means.loc[(3, "trust_min"), "mean"] == pytest.approx(one.mean())
    assert means.loc[(3, "trust_min"), "variance"] == pytest.approx(one.var())
    apart = clean.differences("trust_min").set_index("point")
    assert apart["reference"].to_dict() == {1: 0, 3: 2, 5: 4}
    pairs = frame.set_index(["setting", "replicate", "point"])["trust_min"].unstack()
    assert apart.loc[3, "difference"] == pytest.approx((pairs[3] - pairs[2]).mean())


def test_values_of_other_types_side_by_side_come_back(tmp_path: Path) -> None:
    """Catches a table library that makes 1.0 of 1 beside 2.5, and with it points that are not those stored."""
    pairs = {"path": "policies.sister_cities.new_pairs_per_year", "kind": "categorical", "values": [1, 2.5]}
    fields = {"factors": {"pairs": pairs}, "design": {"grid": {}}, "worlds": 1, "replicates": 1}
    found = run_sweep(experiment(scenarios=["sister_cities"], outcomes=["trust_min"], **fields), out=tmp_path)
    assert repr(list(found.rows())) == "[{'pairs': 1}, {'pairs': 2.5}]"
    assert found.points()["pairs"].tolist() == [1, 2.5]


def test_years_and_outcomes_asked_for_are_all_that_is_kept(clean: StoredSweep, tmp_path: Path) -> None:
    small = run_sweep(experiment(outcomes=["trust_min", "trust"], years=[2026]), out=tmp_path)
    assert [c for c in small.metrics() if c not in ("world", "year")] == ["trust_min"]
    assert small.metrics()["year"].unique().tolist() == [2026]
    assert set(small.ties().columns) == {"world", "year", "tie", "iso3_a", "iso3_b", "trust"}
    assert sorted(path.name.split("-")[0] for path in (tmp_path / "parts").iterdir()) == ["metrics", "ties"]
    assert small.outcomes()["outcome"].unique().tolist() == ["trust_min"]


@pytest.mark.slow
def test_a_failing_world_is_recorded_and_the_others_go_on(
    clean: StoredSweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = build.build_model

    def fails(scenario: Any, **how: Any) -> Any:
        if how["values"]["growth.mean.KAZ"].max() == 0.02 and 3 in how["worlds"]:
            raise ZeroDivisionError("no trade left")
        return whole(scenario, **how)

    with monkeypatch.context() as patch:
        patch.setattr("sco_sim.engine.build.build_model", fails)
        stored = run_sweep(experiment(), out=tmp_path)
        assert stored.failed == (3 * 6 + 4, 3 * 6 + 5)
        assert "no trade left" in stored.worlds().loc[22, "traceback"]
        seeds = stored.query("SELECT seed, point, setting, replicate FROM worlds WHERE status = 'failed'")
        assert seeds.to_numpy().tolist() == [[1, 4, 2, 1], [1, 5, 3, 1]]
        assert rerun_sweep(tmp_path, world=22).failures[0].error == "ZeroDivisionError: no trade left"
    assert run_sweep(experiment(), out=tmp_path).digest() == clean.digest()
    assert rerun_sweep(tmp_path, world=22).same


def test_other_points_are_refused(clean: StoredSweep) -> None:
    with pytest.raises(StoreError, match="design: other points"):
        run_sweep(experiment(design={"points": POINTS[:2]}), out=clean.path)
    with pytest.raises(StoreError, match="seed"):
        run_sweep(experiment(seed=2), out=clean.path)
    assert open_sweep(clean.path).digest() == clean.digest()


@pytest.mark.slow
def test_until_adds_worlds_and_keeps_those_there_are(tmp_path: Path) -> None:
    small = experiment(outcomes=["trust_min"], years=[2035], design={"points": POINTS[:1]})
    first = run_sweep(small, out=tmp_path)
    width = float(first.differences("trust_min")["mean_se"].max()) / 1.3
    more = run_sweep(small, out=tmp_path, until={"trust_min": width})
    assert float(more.differences("trust_min")["mean_se"].max()) <= width
    assert len(more.worlds()) > 8
    assert more.digest(range(8)) == first.digest(range(8))
    error = float(more.differences("trust_min")["chance_better_se"].max()) / 1.2
    most = run_sweep(small, out=tmp_path, until={"trust_min.chance_better": error})
    assert float(most.differences("trust_min")["chance_better_se"].max()) <= error
    with pytest.raises(ScenarioError, match="is not kept"):
        run_sweep(small, out=tmp_path, until={"trade_total_busd": 1.0})


CODE = (
    "import sys; from tests.invariance.test_sweep import experiment; "
    "from sco_sim.studies.sweep.sweep import run_sweep; "
    "from sco_sim.runs import run as runner; runner.COMMIT_SECONDS = 0.0; "
    "print(run_sweep(experiment(), out=sys.argv[1], batch=2))"
)


@pytest.mark.slow
def test_two_processes_on_one_folder_store_every_world_once(clean: StoredSweep, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    both = [
        subprocess.Popen([sys.executable, "-c", CODE, str(tmp_path)], cwd=root, env=_path(root), stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in both:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors.decode()
    stored = open_sweep(tmp_path)
    assert stored.worlds()["world"].tolist() == list(range(24))
    assert stored.digest() == clean.digest()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_tables_come_back_out_of_an_export(clean: StoredSweep, tmp_path: Path, form: str) -> None:
    paths = {path.stem: path for path in export(clean, form, tmp_path)}
    assert set(paths) == {"worlds", "settings", "points", "metrics"}
    reader: Any = pd.read_csv if form == "csv" else pd.read_parquet
    pd.testing.assert_frame_equal(reader(paths["metrics"]), clean.metrics(), check_dtype=False)


def test_netcdf_holds_the_numbers(clean: StoredSweep, tmp_path: Path) -> None:
    from scipy.io import netcdf_file

    (path,) = export(clean, "netcdf", tmp_path)
    with netcdf_file(path, mmap=False) as file:
        years = len(clean.manifest["kept_years"])
        expected = clean.metrics()["trust_min"].to_numpy().reshape(24, years)
        np.testing.assert_array_equal(file.variables["trust_min"][:], expected)
        assert file.variables["factor_pairs"][:6].tolist() == [20.0, 20.0, 20.0, 20.0, 3.0, 3.0]


def test_iamc_is_a_table_that_pyam_reads(clean: StoredSweep, tmp_path: Path) -> None:
    """The rules that pyam.IamDataFrame holds a wide table to (format_data of pyam 3.2), checked here one by one.

    pyam itself, with its seventy packages and another pandas, has an environment of its own: .ci/pyam.
    """
    (path,) = export(clean, "iamc", tmp_path)
    table = pd.read_csv(path)
    index = ["model", "scenario", "region", "variable", "unit"]
    # every column is one of the index or a year; each of the index is there once
    assert list(table.columns[:5]) == index
    assert all(re.fullmatch(r"[12]\d{3}", column) for column in table.columns[5:])
    assert table.columns.is_unique
    # no empty cell and no stray blank in the index, and no row twice
    assert not table[index].isna().any().any()
    assert (table[index] == table[index].apply(lambda column: column.str.strip())).all().all()
    assert not table.duplicated(index).any()
    # a variable has one unit, and parts that a bar parts, none of them empty
    assert (table.groupby("variable")["unit"].nunique() == 1).all()
    assert all(all(part.strip() for part in name.split("|")) for name in table["variable"])
    # values are numbers, and no row is without any (pyam would drop it)
    assert all(dtype.kind == "f" for dtype in table[table.columns[5:]].dtypes)
    assert table[table.columns[5:]].notna().any(axis=1).all()
    assert table["scenario"].nunique() == 6
    row = table.set_index(["scenario", "variable"]).loc[("combined point 3", "Trust|Worst tie|Mean")]
    means = clean.means([2035]).set_index(["point", "outcome"])
    assert row["2035"] == pytest.approx(means.loc[(3, "trust_min"), "mean"])
