"""The bits of a stored run depend on neither batches, order, workers nor the hash seed; a run can be made again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sco_sim.engine import build
from sco_sim.errors import StoreError
from sco_sim.runs.rerun import rerun
from sco_sim.runs.run import run
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from sco_sim.shipped import shipped_scenarios
from sco_sim.store.stored_run import StoredRun, open_run
from tests.worlds import CASE

WORLDS = 14
FILE = shipped_scenarios() / "combined.yaml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Policies, events and a council with something to decide."""
    return load_scenario(FILE)


@pytest.fixture(scope="module")
def clean(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    """All worlds in one batch."""
    return run(scenario, worlds=WORLDS, out=tmp_path_factory.mktemp("clean"))


@pytest.mark.parametrize(
    "how",
    [
        {"batch": 1},
        {"batch": 3},
        pytest.param({"batch": 7}, marks=pytest.mark.slow),
        {"worlds": [11, 3, 13, 0, 7, 1, 12, 2, 10, 6, 4, 9, 5, 8], "batch": 5},
        pytest.param({"workers": 2}, marks=pytest.mark.slow),
        pytest.param({"workers": 2, "batch": 3}, marks=pytest.mark.slow),
    ],
)
def test_the_same_bits_however_it_is_cut(
    scenario: Scenario, clean: StoredRun, tmp_path: Path, how: dict[str, Any]
) -> None:
    assert run(scenario, out=tmp_path, **{"worlds": WORLDS, **how}).digest() == clean.digest()


def long_unless_short(file: Path) -> Any:
    """Every component is tried alone and in a batch by its contract; some scenarios do for all of them together."""
    short = file.stem in ("combined", "history", "rivalry", "development_agenda", "on_a_budget", "red_lines")
    return file if short else pytest.param(file, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    "file", [long_unless_short(file) for file in sorted(shipped_scenarios().glob("*.yaml"))], ids=lambda file: file.stem
)
def test_a_world_alone_has_the_bits_it_has_among_others(file: Path) -> None:
    """NumPy sums in another order where a batch of one leaves an array in another memory layout."""
    loaded, tables = load_scenario(file), CASE
    many = build.build_model(loaded, case=tables, worlds=(2, 5, 11)).run()
    alone = build.build_model(loaded, case=tables, worlds=(5,)).run()
    for kind in ("metrics", "states", "ties", "agreements", "parameters"):
        for key, values in getattr(many, kind).items():
            np.testing.assert_array_equal(getattr(alone, kind)[key][0], values[1], err_msg=f"{kind} {key}")


@pytest.mark.slow
@pytest.mark.parametrize("hash_seed", ["0", pytest.param("1", marks=pytest.mark.slow)])
def test_the_same_bits_under_any_hash_seed(clean: StoredRun, tmp_path: Path, hash_seed: str) -> None:
    code = (
        "import sys;from sco_sim import load_scenario, run; "
        f"print(run(load_scenario(sys.argv[1]), worlds={WORLDS}, batch=5, out=sys.argv[2]).digest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-W", "error", "-c", code, str(FILE), str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.strip() == clean.digest()


@pytest.mark.slow
def test_a_run_grows_to_the_bits_of_a_whole_one(scenario: Scenario, clean: StoredRun, tmp_path: Path) -> None:
    for worlds in (3, 5, WORLDS):
        grown = run(scenario, worlds=worlds, out=tmp_path)
        assert len(grown.worlds()) == worlds
    assert grown.digest() == clean.digest()
    assert grown.digest([3, 4]) == clean.digest([4, 3])


def test_rerun_gives_the_same_bits(clean: StoredRun) -> None:
    again = rerun(clean.path)
    assert again.same
    assert again.differs == ()
    assert rerun(clean.path, world=9).same


def test_the_scenario_comes_back_out_of_the_folder(scenario: Scenario, clean: StoredRun) -> None:
    assert open_run(clean.path).scenario == scenario
    ledger = {entry["parameter"] for entry in clean.manifest["parameters"]}
    assert ledger >= set(clean.settings().columns) - {"setting"}


def test_another_scenario_is_refused_and_force_replaces(scenario: Scenario, tmp_path: Path) -> None:
    first = run(scenario, worlds=2, out=tmp_path).digest()
    other = load_scenario(shipped_scenarios() / "baseline.yaml")
    with pytest.raises(StoreError, match=r"scenario: name is \"combined\" there"):
        run(other, worlds=2, out=tmp_path)
    assert open_run(tmp_path).digest() == first
    assert run(other, worlds=2, out=tmp_path, force=True).scenario == other


@pytest.mark.slow
def test_a_failing_world_leaves_the_bits_of_the_others(
    scenario: Scenario, clean: StoredRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = build.build_model

    def fails(*arguments: Any, **named: Any) -> Any:
        if 5 in named["worlds"]:
            raise FloatingPointError("trust ran out")
        return whole(*arguments, **named)

    monkeypatch.setattr(build, "build_model", fails)
    stored = run(scenario, worlds=WORLDS, batch=6, out=tmp_path)
    assert stored.failed == (5,)
    others = [world for world in range(WORLDS) if world != 5]
    assert stored.metrics()["world"].unique().tolist() == others
    assert stored.digest(others) == clean.digest(others)
