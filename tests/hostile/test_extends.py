"""A file that extends another merges with it at every depth."""

from __future__ import annotations

from pathlib import Path

import pytest

from sco_sim.case.case import Case
from sco_sim.case.changes import Candidate, Override
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Budget, Scenario


def child(folder: Path, parent: str, own: str) -> Scenario:
    """The scenario of a file with the lines `own` that extends one with the lines `parent`."""
    (folder / "parent.yaml").write_text(f"extends: baseline.yaml\n{parent}\n", encoding="utf-8")
    (folder / "child.yaml").write_text(f"extends: parent.yaml\n{own}\n", encoding="utf-8")
    return load_scenario(folder / "child.yaml")


def test_one_end_of_an_inherited_range(tmp_path: Path) -> None:
    """Catches a parent's `low` that is lost: the centre would be -0.0093."""
    scenario = child(
        tmp_path,
        "parameters:\n  trust.contact_effect: {low: 0.0, high: 0.02}",
        "parameters:\n  trust.contact_effect: {high: 0.05}",
    )
    entry = Case().ledger.in_force(scenario.parameters)["trust.contact_effect"]
    assert (entry.low, entry.central, entry.high) == (0.0, 0.025, 0.05)


@pytest.mark.parametrize(
    ("parent", "own", "merged"),
    [
        ("{value: 0.3}", "{low: 0.1, high: 0.2}", Override(low=0.1, high=0.2)),
        ("{low: 0.1, high: 0.2}", "{value: 0.3}", Override(value=0.3)),
        ("{low: 0.1, high: 0.2}", "0.3", Override(value=0.3)),
        ("0.3", "{low: 0.1}", Override(low=0.1)),
    ],
)
def test_a_value_replaces_a_range_and_a_range_a_value(tmp_path: Path, parent: str, own: str, merged: Override) -> None:
    lines = [f"parameters: {{trust.persistence: {text}}}" for text in (parent, own)]
    assert child(tmp_path, *lines).parameters["trust.persistence"] == merged


def test_everything_else_that_nests(tmp_path: Path) -> None:
    parent = (
        "membership: {MNG: {chance: 0.1, start: 2025}}\n"
        "agenda: {per_summit: 2, chairs: [CHN, RUS], priorities: {CHN: [economy], RUS: [culture]}}\n"
        "budget: {total_musd: 1000000, key: {CHN: 0.6, RUS: 0.4}}\n"
        "decision_rule: {qualified_majority: {states: 0.55, population: 0.65}}"
    )
    own = (
        "membership: {MNG: {chance: 0.2}}\n"
        "agenda: {priorities: {RUS: [security]}}\n"
        "budget: {key: {RUS: 0, KAZ: 0.4}}\n"
        "decision_rule: {qualified_majority: {states: 0.7}}"
    )
    scenario = child(tmp_path, parent, own)
    assert scenario.membership["MNG"] == Candidate(chance=0.2, start=2025)
    assert scenario.agenda is not None
    assert scenario.agenda.per_summit == 2
    assert scenario.agenda.priorities == {"CHN": ("economy",), "RUS": ("security",)}
    assert scenario.budget == Budget(total_musd=1000000, key={"CHN": 0.6, "RUS": 0.0, "KAZ": 0.4})
    assert scenario.decision_rule.model_dump() == {"states": 0.7, "population": 0.65}


def test_another_rule_replaces_the_inherited_one(tmp_path: Path) -> None:
    parent = "decision_rule: {qualified_majority: {states: 0.7}}"
    assert child(tmp_path, parent, "decision_rule: {opt_in: {}}").decision_rule.key() == "opt_in"


def test_inherited_shares_are_named_where_the_sum_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        child(tmp_path, "budget: {total_musd: 1000000, key: {CHN: 0.6, RUS: 0.4}}", "budget: {key: {KAZ: 1}}")
    (problem,) = caught.value.problems
    assert (problem.line, problem.message) == (2, "the shares of the key sum to 2")
    assert "CHN 0.6, RUS 0.4, KAZ 1" in problem.remedy
