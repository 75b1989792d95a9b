"""`sco-sim sweep` and `export` as a user gives them, the commands of docs/experiments.md among them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from sco_sim.commands.sweep import seconds_of
from sco_sim.engine import build
from sco_sim.errors import StoreError
from sco_sim.runs.run import run as run_alone
from sco_sim.studies.sweep.stored_sweep import open_sweep
from tests.unit.command_line import call
from tests.worlds import ROOT

SMALL = """
title: Two rules
scenarios: [sister_cities]
sweep:
  factors:
    pairs: {path: policies.sister_cities.new_pairs_per_year, low: 5, high: 40}
  design: {points: [{pairs: 5}, {pairs: 40}]}
  worlds: 4
  replicates: 2
  outcomes: [cities_total]
  years: [2035]
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "two.yaml"
    path.write_text(SMALL)
    return path


@pytest.mark.slow
def test_the_commands_of_the_page_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    commands = [line[2:] for block in re.findall(r"```console\n(.*?)```", page, re.S) for line in block.splitlines()]
    ours = [line for line in commands if "rules_and_cities" in line]
    assert len(ours) >= 5
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments").symlink_to(ROOT / "experiments")
    for line in ours:
        result = call(*shlex.split(line)[1:])
        assert result.exit_code == 0, f"{line}\n{result.output}{result.stderr}"
    assert len(open_sweep("results/rules_and_cities").points()) == 9


def test_the_example_of_the_page_is_the_file_that_is_shipped() -> None:
    page = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    shipped = (ROOT / "experiments" / "rules_and_cities.yaml").read_text(encoding="utf-8")
    assert example == "".join(line for line in shipped.splitlines(keepends=True) if not line.startswith("question"))


def test_a_dry_run_counts_and_stores_nothing(file: Path) -> None:
    result = call("sweep", file, "--dry-run", "--json")
    found = json.loads(result.stdout)
    assert (found["rows"], found["points"], found["worlds"]) == (2, 2, 8)
    assert found["seconds"] > 0.0
    assert found["bytes"] > 0
    assert sorted(path.name for path in file.parent.iterdir()) == ["two.yaml"]
    assert "8 worlds = 2 rows of the design x 1 scenario x 4 worlds a point" in call("sweep", file, "--dry-run").stdout


@pytest.mark.slow
def test_failed_worlds_are_told_with_point_seed_and_how_to_see_them_again(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = build.build_model

    def fails(scenario: Any, **how: Any) -> Any:
        if scenario.policies[0].new_pairs_per_year > 30.0 and 1 in how["worlds"]:
            raise ZeroDivisionError("out of luck")
        return whole(scenario, **how)

    with monkeypatch.context() as patch:
        patch.setattr("sco_sim.engine.build.build_model", fails)
        result = call("sweep", file)
        assert result.exit_code == 3
        assert "1 of 8 worlds failed, the first is world 3, point 1, seed 1: ZeroDivisionError" in result.stderr
        again = call("rerun", "results/two", "--world", "3")
        assert again.exit_code == 0
        assert "out of luck" in again.stderr
    assert call("sweep", file).exit_code == 0


@pytest.mark.parametrize(
    "text", ["cities_total", "cities_total: much", "cities_total: 0", "trust_min: 1", "cities_total.high: 1"]
)
def test_a_senseless_until_is_refused(file: Path, text: str) -> None:
    result = call("sweep", file, "--until", text)
    assert result.exit_code == 2
    assert "--until" in result.stderr


def test_no_factors_are_told_as_an_empty_mapping(file: Path) -> None:
    """Catches `must be a list of at least 1 items, not a mapping`."""
    block = "factors:\n    pairs: {path: policies.sister_cities.new_pairs_per_year, low: 5, high: 40}"
    file.write_text(SMALL.replace(block, "factors: {}"))
    result = call("sweep", file, "--dry-run")
    assert result.exit_code == 2
    assert "sweep.factors must be a mapping of at least 1 entry, not an empty one" in result.stderr


def test_a_cluster_that_does_not_answer_is_a_message(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sco_sim.runs.cluster.import_module", _absent)
    result = call("sweep", file, "--cluster", "local")
    assert result.exit_code == 2
    assert "pip install 'sco-sim[cluster]'" in result.stderr


def _absent(name: str) -> None:
    raise ImportError(name)


def test_commands_for_runs_say_what_to_do_with_a_sweep(file: Path) -> None:
    assert call("sweep", file, "--out", "swept").exit_code == 0
    for arguments in (
        ("compare", "baseline", "swept", "--worlds", "4"),
        ("compare", "swept", "swept"),
    ):
        result = call(*arguments)
        assert result.exit_code == 4, arguments
        assert "this is a sweep of 2 points, not a run of one scenario" in result.stderr
        assert "`sco-sim sensitivity`, `discover`, `plot`, `report` and `export` read sweeps" in result.stderr
    for kind in ("ties", "states"):  # never kept, so nothing is damaged
        with pytest.raises(StoreError, match=f"this sweep keeps no table of {kind}"):
            getattr(open_sweep("swept"), kind)()


@pytest.mark.slow
def test_a_run_is_no_sweep_and_exports_too(file: Path) -> None:
    assert call("run", "baseline", "--worlds", "4", "--set", "horizon.end=2024", "--out", "one").exit_code == 0
    for form in ("csv", "parquet", "netcdf", "iamc"):
        assert call("export", "one", "--format", form, "--out", form).exit_code == 0
    assert {path.name for path in Path("csv").iterdir()} == {
        f"{name}.csv" for name in ("worlds", "settings", "metrics", "ties", "states", "agreements")
    }
    assert call("export", "nowhere").exit_code == 4


def test_the_time_of_a_sweep_is_that_of_its_batches_and_of_its_worlds() -> None:
    """Catches an estimate that takes for every world what a batch takes once: five hours were said of one minute."""
    each, batch = 0.001, 0.5
    times = {1: batch + each, 64: batch + 64 * each}
    assert seconds_of(times, 25_600, 256) == pytest.approx(100 * batch + 25_600 * each)
    assert seconds_of({1: 0.2, 16: 3.2}, 1000, 256) == pytest.approx(200.0)  # every world a model of its own
    assert seconds_of({1: 0.2}, 1, 256) == pytest.approx(0.2)


REFERENCE = """
title: Cities beside nothing
scenarios: [sister_cities]
sweep:
  reference: baseline
  factors:
    pairs: {path: policies.sister_cities.new_pairs_per_year, low: 5, high: 40, role: lever}
  design: {points: [{pairs: 5}, {pairs: 40}]}
  worlds: 4
  replicates: 2
  outcomes: [cities_total]
  years: [2035]
"""


def test_points_are_compared_with_the_reference_on_the_same_worlds(tmp_path: Path) -> None:
    """Catches another luck or another draw in the reference, and a page whose differences are from the first point."""
    file = tmp_path / "beside.yaml"
    file.write_text(REFERENCE)
    ran = call("sweep", str(file), "--out", str(tmp_path / "sweep"))
    assert ran.exit_code == 0, ran.output
    sweep = open_sweep(tmp_path / "sweep")
    alone = run_alone("baseline", worlds=4, replicates=2, out=tmp_path / "alone").metrics([2035])
    table = sweep.by_point("cities_total", 2035)
    rows = sweep.differences("cities_total").set_index("point")
    for point in (0, 1):
        gap = table[point].to_numpy() - alone.sort_values("world")["cities_total"].to_numpy()
        assert rows.loc[point, "difference"] == pytest.approx(gap.mean())
        assert rows.loc[point, "reference"] == -1
    assert sweep.reference_title() == "Baseline"
    verified = call("verify", str(tmp_path / "sweep"))
    assert "reference: 4 worlds" in " ".join(verified.output.split())


@pytest.mark.parametrize(("old", "new", "words"), [
    ("role: lever", "role: uncertainty", "pairs is no lever, so `reference` would be simulated with another value"),
    ("reference: baseline", "reference: basline", "did you mean 'baseline'?"),
    ("reference: baseline", "reference: from_2020", "have other horizon"),
])  # fmt: skip
def test_a_reference_that_cannot_be_compared_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = tmp_path / "beside.yaml"
    file.write_text(REFERENCE.replace(old, new))
    ran = call("sweep", str(file), "--dry-run")
    assert ran.exit_code == 2
    assert words in " ".join((ran.output + ran.stderr).split())
