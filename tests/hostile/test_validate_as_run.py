"""What `run` and `build_model` refuse, `validate` refuses, with file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from sco_sim.commands.files import load
from sco_sim.engine.build import build_model
from sco_sim.errors import CaseError, Problem, ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Horizon
from tests.worlds import CASE, variant


def refused(path: Path, text: str, case: Path | None = None, *sets: str) -> Problem:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(str(path), sets, case)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.slow
def test_a_budget_is_refused_at_its_line_and_never_by_a_scale_of_zero(tmp_path: Path) -> None:
    path = tmp_path / "cheap.yaml"
    problem = refused(path, "extends: combined.yaml\nbudget: {total_musd: 1}\n")
    assert (problem.file, problem.line, problem.column) == (str(path), 2, 1)
    assert problem.message.startswith("the policies would cost 26,416 million USD and the budget is 1: ")
    assert problem.remedy.endswith("or raise the budget to 26,416")
    half = refused(path, "extends: combined.yaml\nbudget: {total_musd: 13208}\n")
    assert half.remedy.endswith("or scale every intensity by 0.5")
    line = refused(path, "extends: combined.yaml\n", None, "budget.total_musd=1")
    assert line.file == "--set budget.total_musd"
    with pytest.raises(ScenarioError, match="would cost 26,416"):
        build_model(load_scenario(path, ["budget.total_musd=1"]))


def test_a_start_before_the_first_gdp_of_a_state(tmp_path: Path) -> None:
    text = "horizon:\n  start: 1995\n  end: 2005\nstates: [AFG, CHN, KAZ]\n"
    problem = refused(tmp_path / "early.yaml", text)
    assert (problem.line, problem.message) == (2, "no GDP up to 1995 for AFG")
    assert problem.remedy == "start in 2000 or later"
    load_scenario(tmp_path / "early.yaml", ["horizon.start=2000"])
    early = variant("no_events", states=("AFG", "CHN", "KAZ"), horizon=Horizon(start=1995, end=2005))
    with pytest.raises(CaseError, match="no GDP up to 1995 for AFG"):
        build_model(early)


def test_a_ledger_that_lacks_what_a_component_needs(tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    (case / "data").symlink_to(CASE.folder / "data")
    ledger = (CASE.folder / "parameters.yaml").read_text(encoding="utf-8")
    (case / "parameters.yaml").write_text(ledger.replace("  pandemic.people:", "  pandemic.folk:"), encoding="utf-8")
    text = "horizon: {start: 2020, end: 2030}\nevents:\n  - pandemic: {start: 2022}\n"
    problem = refused(tmp_path / "ill.yaml", text, case)
    assert (problem.line, problem.column) == (3, 5)
    assert problem.message == "the ledger lacks 'pandemic.people', which pandemic needs"
