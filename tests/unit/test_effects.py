"""What components do on their own, and comparisons under rival views."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.cli.main import app
from sco_sim.components.policy import Policy
from sco_sim.components.registry import find, keys
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Horizon, Rivals
from sco_sim.studies.comparison.rivals import is_decided, rival_views, survives, under_rivals
from sco_sim.studies.effects.documents import promised, rows
from sco_sim.studies.effects.effects import (
    KINDS,
    OUTCOMES,
    at_full_strength,
    effects,
    kinds_of_evidence,
    possible,
    verdict,
)
from sco_sim.studies.statistics import mean_interval
from tests.unit.command_line import call, fine
from tests.worlds import CASE, variant

EVERY = [(kind, key) for kind in KINDS for key in keys(kind)]


@pytest.mark.parametrize(("kind", "key"), EVERY)
def test_every_component_can_be_given_at_full_strength(kind: str, key: str) -> None:
    """Catches a component that `effects` would leave out, or that acts at half strength or after the tenth year."""
    component: Any = at_full_strength(kind, key, 2020)
    assert component.key() == key
    if isinstance(component, Policy):
        assert (component.decided_by, component.start, component.end, component.intensity) == ("given", 2021, None, 1.0)
    else:
        first, last = component.years()
        assert first in (2021, 2030)
        assert last == 2030
    assert kinds_of_evidence(component, CASE.ledger)


@pytest.mark.parametrize(
    ("promise", "low", "high", "evidence", "expected"),
    [
        (1, 0.1, 0.2, "literature 1", "shown"), (1, 0.1, 0.2, "literature 1, judgement 2", "assumed"),
        (1, -0.1, 0.2, "literature 1", "not shown"), (1, -0.2, -0.1, "measured 1", "opposite"),
        (-1, -0.2, -0.1, "measured 1", "shown"), (-1, 0.1, 0.2, "measured 1", "opposite"),
        (1, 0.0, 0.0, "measured 1", "nothing"), (0, 0.0, 0.0, "none", "shown"), (0, 0.1, 0.2, "none", "opposite"),
    ],
)  # fmt: skip
def test_a_promise_is_judged_by_the_interval_and_the_evidence(
    promise: int, low: float, high: float, evidence: str, expected: str
) -> None:
    """Catches an assumed sign that passes for a finding, and an interval on the wrong side that passes for support."""
    assert verdict(promise, low, high, evidence) == expected


def test_the_interval_of_the_mean_is_that_of_its_settings() -> None:
    """Catches the range of single worlds that passes for the interval of the mean."""
    settings = np.arange(9) // 3
    assert mean_interval(1.0, 0.1, settings) == pytest.approx((1.0 - 0.430265, 1.0 + 0.430265), abs=1e-5)  # t, 2 df
    assert mean_interval(1.0, float("nan"), settings[:3]) == (float("-inf"), float("inf"))


def test_promises_come_from_the_rows_and_differ_for_policies_and_events() -> None:
    """Catches the harm of a pandemic printed as what health cooperation promises."""
    assert promised("policies", find("policies", "health_cooperation")) == {"shield": 1, "trust": 1}
    assert promised("events", find("events", "pandemic"))["people"] == -1
    for row in rows().values():
        assert {*row.promise, *row.harm} <= set(OUTCOMES), row.row


def test_effects_are_those_of_the_model_in_size_and_sign() -> None:
    """Catches per cent for log points, a wrong reference, and worlds that are not paired."""
    found = effects(CASE, only=["policy_volatility", "tariff_liberalisation", "dispute"], worlds=30)
    table = {(r["component"], r["outcome"]): r for r in found.to_dict("records")}
    trade = table["tariff_liberalisation", "trade"]
    assert trade["low_05"] < trade["mean_low"] < trade["difference"] < trade["mean_high"] < trade["high_95"]
    assert 0.0 < trade["low_05"] <= trade["difference"] <= trade["high_95"] < 60.0
    assert (trade["promised"], trade["verdict"], trade["evidence"]) == ("+", "shown", "literature 1")
    assert table["dispute", "disputes"]["difference"] > 0.5
    assert table["policy_volatility", "volatility"]["verdict"] == "assumed"
    assert ("policy_volatility", "trade") not in table, "it adds nothing to trade without agreements"


def test_effects_refuses_what_it_does_not_know() -> None:
    """Catches a typing error that prints an empty table."""
    with pytest.raises(ScenarioError, match="people_to_people"):
        effects(CASE, only=["people_to_peopl"], worlds=2)


def test_rival_views_are_all_combinations() -> None:
    """Catches a rival view that is added and never replayed."""
    views = rival_views()
    assert len(views) == len(set(map(str, views))) == 6
    assert Rivals(contact="backlash", consensus="delays") in views


def test_a_finding_survives_only_with_one_sign_and_a_high_chance_everywhere() -> None:
    """Catches a finding that flips its sign and is called sure."""

    def told(*pairs: tuple[float, float]) -> str:
        table = [{"difference": d, "low_05": d - 1.0, "high_95": d + 1.0, "chance": c} for d, c in pairs]
        return survives(pd.DataFrame(table))

    assert told((1.0, 0.95), (2.0, 1.0)) == "survives"
    assert told((1.0, 0.95), (-2.0, 1.0)) == "depends"
    assert told((1.0, 0.95), (2.0, 0.6)) == "depends"
    assert told((1.0, 0.6), (2.0, 0.6)) == "never sure"
    nothing = pd.DataFrame([{"difference": 0.0, "low_05": 0.0, "high_95": 0.0, "chance": 0.5}])
    assert survives(nothing) == "no effect"


@pytest.mark.slow
def test_what_was_decided_and_paid_is_not_a_finding() -> None:
    """Catches cost and adoption, which differ by construction, among the findings that survive."""
    decided = {key for key in keys("metrics") if is_decided(key)}
    assert {"cost_musd", "agreements_adopted", "delivered_mean", "ambition_mean", "community_mean"} <= decided
    assert not decided & {"trade_total_busd", "trust_min", "conflict_share_mean", "cities_total", "disputes"}
    words = ["rivals", "baseline", "sister_cities", "--worlds", "2", "--set", "horizon.end=2028", "--json"]
    verdicts = json.loads(CliRunner().invoke(app, words).stdout)["verdicts"]
    assert {key for key, verdict in verdicts.items() if verdict == "decided"} == decided & set(verdicts)


@pytest.mark.slow
def test_backlash_turns_what_contact_does_to_trust() -> None:
    """Catches rival views that are named and not run."""
    # contact is made strong and sure, and what the programme does to trust on its own is switched off
    values = {"trust.contact_effect": 0.3, "people_to_people.trust": 0.0, "people_to_people.people": 0.8,
              "trust.community_effect": 0.0}  # fmt: skip
    sure = {name: Override(value=value) for name, value in values.items()}
    pair = [
        variant(name, horizon=Horizon(start=2023, end=2036), parameters=sure)
        for name in ("no_events", "people_to_people")
    ]
    pair[1] = pair[1].model_copy(update={"events": ()})
    table = under_rivals(pair[0], pair[1], CASE, ["conflict_share_mean"], worlds=6)
    by_view = {(r["contact"], r["consensus"]): r for r in table.to_dict("records")}
    assert by_view["works", "dilutes"]["difference"] < 0.0 < by_view["backlash", "dilutes"]["difference"]
    assert abs(by_view["none", "dilutes"]["difference"]) < abs(by_view["works", "dilutes"]["difference"]) / 10.0
    with pytest.raises(ScenarioError, match="same `states`"):
        under_rivals(pair[0], variant("history"), CASE, ["conflict_share_mean"], worlds=2)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["effects", "unrest", "--worlds", "4"],
        ["rules", "people_to_people", "--worlds", "4", "--set", "horizon.end=2028"],
        ["rivals", "baseline", "sister_cities", "--worlds", "4", "--set", "horizon.end=2028"],
        pytest.param(["council", "--agenda", "real", "--draws", "20"], marks=pytest.mark.slow),
        pytest.param(["council", "--agenda", "real", "--draws", "20", "--replay"], marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_the_commands_print_and_give_json(words: list[str]) -> None:
    """Catches a command that is registered and does not work."""
    plain = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert plain.exit_code == 0, plain.output
    assert len(plain.stdout.splitlines()) > 4
    machine = CliRunner().invoke(app, [*words, "--json"])
    assert machine.exit_code == 0, machine.output
    assert json.loads(machine.stdout)


@pytest.mark.parametrize(
    "words", [["council"], ["council", "baseline", "--agenda", "real"], ["council", "baseline", "--replay"]]
)
def test_council_asks_for_one_thing(words: list[str]) -> None:
    """Catches a scenario and an agenda of which one is silently ignored."""
    assert CliRunner().invoke(app, words).exit_code == 2


def test_a_case_of_ones_own_leaves_out_what_names_other_states(tmp_path: Path) -> None:
    """Catches an example on RUS, KAZ and CHN built in a club that has none of them: it ended in a traceback."""
    fine("new", "case", tmp_path / "club")
    case = Case(tmp_path / "club")
    reference = load_scenario("no_events", case=case.folder)
    chosen, left_out = possible(case, reference)
    assert ("policies", "sister_cities") in chosen
    assert {"gas_pipeline", "trade_corridor", "sanctions"} <= set(left_out)
    assert not possible(CASE, load_scenario("no_events"))[1]
    done = call("effects", "gas_pipeline", "--case", case.folder, "--worlds", 2)
    assert done.exit_code == 2
    assert "which is not of these states: no state 'RUS'" in " ".join(done.stderr.split())


def test_per_cent_of_nothing_are_none() -> None:
    """Nothing that stays nothing has not moved; of nothing that becomes something there is no per cent."""
    change = OUTCOMES["trade"].change(np.array([0.0, 0.0, 2.0]), np.array([0.0, 1.0, 3.0]))
    assert change[[0, 2]] == pytest.approx([0.0, 50.0])
    assert np.isnan(change[1])
