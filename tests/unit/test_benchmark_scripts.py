"""The scripts of experiments/benchmark work with the engine of today; what they measure is not tested."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from sco_sim.scenario.load import load_scenario
from tests.worlds import ROOT

FOLDER = ROOT / "experiments" / "benchmark"
NAMES = [path.stem for path in sorted(FOLDER.glob("*.py")) if path.stem != "agentpy_baseline"]  # has its own test


@pytest.fixture(params=NAMES)
def script(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module(request.param)


def test_a_script_is_importable_and_says_what_it_is(script: ModuleType) -> None:
    """Catches a script that imports what the engine has no more: nobody runs them between two releases."""
    assert script.__doc__
    assert Path(script.__file__ or "").parent == FOLDER


def test_a_model_of_many_states_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    model = importlib.import_module("synthetic").synthetic(load_scenario("no_events"), 12, range(2))
    block = model.run()
    assert len(model.ties.states) == 12
    assert block.metrics["trade_total_busd"].shape[0] == 2


def test_where_two_lines_cross(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers start 2 s later and take half as long for each year, of 40 microseconds."""
    monkeypatch.syspath_prepend(str(FOLDER))
    pays_from = importlib.import_module("workers").pays_from
    years = [15_000, 60_000, 240_000]
    one, two = [3.0 + 40e-6 * n for n in years], [5.0 + 20e-6 * n for n in years]
    assert pays_from(years, one, two) == pytest.approx(100_000)
    assert not pays_from(years, one, one) > 0.0
