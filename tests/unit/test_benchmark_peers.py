"""What the benchmark times beside the engine has the engine's rules; the Mesa model's own test is tests/oracle."""

from __future__ import annotations

import importlib.util
import warnings
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sco_sim.engine.build import build_model
from sco_sim.scenario.load import load_scenario

agentpy = pytest.importorskip("agentpy", reason="needs agentpy (extra `bench`)")
BASELINE = Path(__file__).parents[2] / "experiments" / "benchmark" / "agentpy_baseline.py"
OUTCOMES = (
    "cohesion", "conflict_share_mean", "trust_min", "trade_total_busd", "cities_total", "disputes", "community_mean",
)  # fmt: skip
WORLDS, YEARS = 3, 17


@pytest.fixture(scope="module")
def baseline() -> ModuleType:
    spec = importlib.util.spec_from_file_location("agentpy_baseline", BASELINE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_agentpy_baseline_is_the_engine_s_baseline_in_every_year(baseline: ModuleType) -> None:
    """Catches rules that changed in the engine alone: the speed table would compare two different models."""
    scenario = load_scenario("baseline")
    built = build_model(scenario, worlds=range(WORLDS))
    sample = [{"built": built, "row": row, "steps": YEARS} for row in range(WORLDS)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # AgentPy's own
        found = agentpy.Experiment(baseline.World, sample=sample, record=True).run(display=False)
    block = build_model(scenario, worlds=range(WORLDS)).run()
    for key in OUTCOMES:
        for row in range(WORLDS):
            theirs = found.variables.World.loc[row][key].to_numpy()
            np.testing.assert_allclose(theirs, block.metrics[key][row], rtol=1e-9, atol=1e-12, err_msg=f"{key} {row}")


def test_our_tests_are_not_those_that_agentpy_installs() -> None:
    """AgentPy puts a package `tests` beside itself; ours has to come first, or oracle and recovery would not import."""
    import tests

    assert Path(tests.__file__ or "").parent == Path(__file__).parents[1]
