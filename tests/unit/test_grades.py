"""Evidence grades: a comparison is as well founded as the weakest of what differs, and no better than its metric."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from sco_sim import load_scenario
from sco_sim.case.case import Case
from sco_sim.components.registry import keys, metric
from sco_sim.scenario.schema import Scenario
from sco_sim.shipped import shipped_scenarios
from sco_sim.studies.comparison.compare import compare
from sco_sim.studies.comparison.grades import GRADES, grade_of_difference, weakest

ENTRIES = Case().ledger
SMALL = ("horizon.end=2027", "states=[CHN, KGZ, RUS, UZB]", "events=[]", "policies=[]")


def changed(*changes: str, name: str = "baseline") -> Scenario:
    return load_scenario(shipped_scenarios() / f"{name}.yaml", ["events=[]", "policies=[]", *changes])


BASE = changed()
RULES = (
    "qualified_majority: {}", "weighted: {}", "consensus_minus: {}", "opt_in: {}", "leaders_pay: {leaders: [CHN]}",
    "consensus: {}",
)  # fmt: skip


def test_every_decision_rule_is_tried() -> None:
    assert {rule.split(":")[0] for rule in RULES} == set(keys("rules"))


@pytest.mark.parametrize("rule", RULES)
def test_a_comparison_of_decision_rules_is_judgement(rule: str) -> None:
    """Catches the grade `hindcast` beside rules, which use no entry of the ledger at all."""
    other = changed(f"decision_rule={{{rule}}}")
    expected = "hindcast" if rule == "consensus: {}" else "judgement"
    assert grade_of_difference(BASE, other, ENTRIES) == expected
    assert grade_of_difference(other, BASE, ENTRIES) == expected


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ((), "hindcast"),
        (("title=Another title", "horizon.end=2030"), "hindcast"),
        (("policies=[trade_facilitation: {}]",), "literature"),
        (("policies=[tariff_liberalisation: {}]",), "literature"),
        (("policies=[trade_facilitation: {}, sister_cities: {}]",), "judgement"),
        (("policies=[sister_cities: {}]",), "judgement"),
        (("events=[dispute: {between: [KGZ, TJK], year: 2026}]",), "fitted"),
        (("events=[sanctions: {target: RUS, senders: [CHN], start: 2026}]",), "judgement"),
        (("events=[downturn: {start: 2026}]",), "judgement"),
        (("without={mechanisms: [growth]}",), "judgement"),  # it remembers churn, whose half-life is judgement
        (("without={mechanisms: [trust]}",), "judgement"),
        (("without={mechanisms: [losses]}",), "judgement"),  # it uses no entry of the ledger
        (("without={mechanisms: all}",), "judgement"),
        (("parameters.trade.gdp_elasticity=0.5",), "judgement"),
        (("rivals.contact=backlash",), "judgement"),
        (("hazard_on=level",), "judgement"),
        (("agenda={per_summit: 1}",), "judgement"),
        (("budget={total_musd: 1000}",), "judgement"),
        (("membership={IRN: null}",), "judgement"),
    ],
)
def test_the_weakest_link_of_what_differs(changes: Sequence[str], grade: str) -> None:
    assert grade_of_difference(BASE, changed(*changes), ENTRIES) == grade


def test_every_field_of_a_scenario_is_graded_or_said_to_change_nothing() -> None:
    """Catches a new field of scenario files whose comparison keeps the metric's grade."""
    chosen = set(Scenario.model_fields) - {"name", "title", "question", "horizon", "policies", "events", "without"}
    for field in chosen:
        other = BASE.model_copy(update={field: BASE.states[:2] if field == "states" else object()})
        expected = "belief" if field == "view" else "judgement"
        assert grade_of_difference(BASE, other, ENTRIES) == expected, field


def test_what_is_in_both_does_not_count() -> None:
    both = changed("policies=[sister_cities: {}]"), changed("policies=[sister_cities: {}, trade_facilitation: {}]")
    assert grade_of_difference(*both, ENTRIES) == "literature"


def test_the_order_of_grades() -> None:
    assert GRADES == ("hindcast", "fitted", "literature", "judgement", "belief")
    assert weakest(()) == "hindcast"
    for place, grade in enumerate(GRADES):
        assert weakest(GRADES[: place + 1]) == grade
    assert {metric(key).evidence for key in keys("metrics")} <= set(GRADES)


@pytest.mark.slow
def test_the_table_has_the_weaker_of_the_difference_and_the_metric(tmp_path: Path) -> None:
    """Through `compare` and its file: the same scenario, a policy of literature, another rule."""
    runs = [load_scenario(shipped_scenarios() / f"{name}.yaml", list(SMALL)) for name in ("baseline", "no_events")]
    facilitated = runs[0].model_copy(
        update={"name": "facilitated", "policies": changed("policies=[trade_facilitation: {}]").policies}
    )
    majority = runs[0].model_copy(
        update={"name": "majority", "decision_rule": changed("decision_rule={qualified_majority: {}}").decision_rule}
    )
    compare([*runs, facilitated, majority], worlds=4, out=tmp_path)
    table = pd.read_csv(tmp_path / "comparison.csv").groupby(["scenario", "outcome"])["evidence"].unique()
    for key in keys("metrics"):
        if metric(key).axis == "world":
            own = metric(key).evidence
            assert list(table["no_events", key]) == [own], key
            assert list(table["facilitated", key]) == [weakest((own, "literature"))], key
            assert list(table["majority", key]) == ["judgement"], key
