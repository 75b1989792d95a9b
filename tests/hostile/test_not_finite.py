"""Nothing that is not finite leaves with exit code 0, and a value far out is reported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sco_sim.case.changes import Override
from sco_sim.errors import ScenarioError, SimWarning
from sco_sim.runs.run import run
from sco_sim.scenario.load import load_scenario
from tests.worlds import CASE, model_of, variant

ROOT = Path(__file__).resolve().parents[2]


def test_a_world_that_leaves_the_finite_numbers_fails_with_variable_and_year() -> None:
    model = model_of(variant("baseline", end=2030), worlds=[0, 1])
    model.step()
    model.state.trade[1, 3] = np.inf
    with pytest.raises(FloatingPointError, match=r"trade is no finite number in 2024|.*is infinite in 2024"):
        model.run()


def test_a_logarithm_whose_number_overflows_fails_its_world_too() -> None:
    """Catches a GDP of exp(720), which no metric shows while trade does not respond to it."""
    model = model_of(variant("baseline"), worlds=[0, 1])
    model.step()
    model.state.log_gdp[1, 3] = 720.0
    with pytest.raises(FloatingPointError, match=r"log_gdp is no finite number|is infinite"):
        model.run()


@pytest.mark.slow
def test_a_metric_that_overflows_fails_its_world_and_exits_3(tmp_path: Path) -> None:
    """Catches inf in the tables, and NumPy's warnings with places in the source."""
    copy = tmp_path / "wild"
    copy.mkdir()
    (copy / "data").symlink_to(CASE.folder / "data")
    ledger = (CASE.folder / "parameters.yaml").read_text(encoding="utf-8")
    wild = ledger.replace("limits: [-0.2, 0.2]", "limits: [-200, 200]")
    (copy / "parameters.yaml").write_text(wild, encoding="utf-8")
    command = [
        sys.executable, "-m", "sco_sim", "run", "no_events", "--worlds", "2", "--out", str(tmp_path / "out"),
        "--case", str(copy), "--set", "parameters.growth.mean.CHN=150", "--set", "horizon.end=2036",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3, done.stderr
    assert "finite" in done.stderr
    assert "RuntimeWarning" not in done.stderr
    assert ".py" not in done.stderr
    assert "growth.mean.CHN = 150 is far outside its range" in done.stderr


def test_a_value_far_outside_its_range_is_reported_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "far.yaml"
    path.write_text("extends: baseline.yaml\nparameters:\n  trade.gdp_elasticity: {value: 3}\n", encoding="utf-8")
    with pytest.warns(SimWarning, match=r"far\.yaml:3:33: trade\.gdp_elasticity = 3 is far outside its range, 0\.2"):
        load_scenario(path)
    load_scenario("baseline", ["parameters.trade.gdp_elasticity=0.65"])  # a little outside: no warning


def test_validate_refuses_an_override_beyond_its_limits_as_run_does(tmp_path: Path) -> None:
    path = tmp_path / "limits.yaml"
    lines = "parameters: {trust.persistence: {value: 7}, trust.contact_effect: {high: -1}}"
    path.write_text(f"extends: baseline.yaml\n{lines}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    first, second = caught.value.problems
    assert (first.line, first.column) == (2, 41)
    assert first.message == "parameters.trust.persistence: 7 is out of range"
    assert first.remedy.startswith("it can be 0 to 0.95 (")
    assert (second.line, second.column) == (2, 74)
    assert "the range would be empty" in second.message
    changes = {"trust.persistence": Override(value=7.0)}
    with pytest.raises(ScenarioError, match="7 is out of range"):
        run(variant("baseline", parameters=changes), worlds=1, out=tmp_path / "out")
