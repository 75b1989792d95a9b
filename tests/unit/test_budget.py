"""The plan, the budget and who pays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sco_sim.components.metrics.contribution_musd import ContributionMusd
from sco_sim.components.metrics.debt_gdp_share import DebtGdpShare
from sco_sim.components.policies.people_to_people import PeopleToPeople
from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.components.policy import Loan
from sco_sim.components.rule import Rule
from sco_sim.components.rules.consensus_minus import ConsensusMinus
from sco_sim.components.rules.leaders_pay import LeadersPay
from sco_sim.components.rules.opt_in import OptIn
from sco_sim.engine.budget import check_budget
from sco_sim.engine.build import plan
from sco_sim.engine.model import CooperationModel
from sco_sim.engine.payments import charge
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Budget, Override
from sco_sim.studies.comparison.cost import DISCOUNT, per_billion, so_far
from sco_sim.studies.statistics import standard_error
from sco_sim.world.year import Year
from tests.unit.toy import STATES, Deal, toy
from tests.worlds import CASE, model_of, variant

FESTIVALS = PeopleToPeople(start=2023, end=2030, intensity=0.5, ramp_years=3)
RAILWAY = TradeCorridor(
    corridor="china_kyrgyzstan_uzbekistan_railway", start=2025, ramp_years=4, participants=("CHN", "KGZ", "UZB")
)


def test_the_plan_is_full_strength_over_the_years_in_force() -> None:
    """Catches a plan with the ramp, past the end, with today's members all along, or a corridor paid twice."""
    planned = plan(variant(policies=(FESTIVALS, RAILWAY)), CASE)
    ties = 36 + 7 * 45  # nine members in 2023, ten from 2024 to 2030
    assert planned["people_to_people"] == pytest.approx(2.0 * 0.5 * ties)
    assert planned["china_kyrgyzstan_uzbekistan_railway"] == pytest.approx(6350.0)


def test_a_plan_above_the_budget_is_refused_with_what_to_cut() -> None:
    """Catches a budget that nobody checks, and a remedy that does not save enough."""
    budget = Budget(total_musd=500.0)
    with pytest.raises(ScenarioError, match="6,701 million USD and the budget is 500") as caught:
        model_of(variant(policies=(FESTIVALS, RAILWAY), budget=budget))
    (problem,) = caught.value.problems
    assert "people_to_people 351" in problem.message
    assert "drop 'china_kyrgyzstan_uzbekistan_railway'" in problem.remedy
    assert "0.074" in problem.remedy
    model_of(variant(policies=(FESTIVALS,), budget=budget))
    with pytest.raises(ScenarioError, match="drop 'a' and 'b'"):
        check_budget(Budget(total_musd=1.0), {"a": 9.0, "b": 5.0, "c": 0.5})
    check_budget(Budget(total_musd=14.5), {"a": 9.0, "b": 5.0, "c": 0.5})


@pytest.mark.parametrize("key", ["gdp", "equal", {"CHN": 0.75, "RUS": 0.25}])
def test_who_takes_part_pays_by_the_key_and_all_pays_what_it_costs(key: Any) -> None:
    """Catches outsiders who pay, and shares that do not add up."""
    festivals = FESTIVALS.model_copy(update={"participants": ("CHN", "KGZ", "TJK"), "decided_by": "given"})
    model = model_of(variant(policies=(festivals,), budget=Budget(total_musd=5000.0, key=key)))
    while model.year.year < 2026:
        model.step()
    paid = dict(zip(model.ties.states, ContributionMusd().measure(model.year).T, strict=True))
    assert (model.state.cost > 0.0).all()
    assert sum(paid.values()) == pytest.approx(model.state.cost)
    assert not paid["IND"].any()
    if key == "equal":
        assert paid["TJK"] == pytest.approx(model.state.cost / 3.0)
    elif key == "gdp":
        assert (paid["CHN"] > 100.0 * paid["KGZ"]).all()
    else:  # the key names one of the three
        assert paid["CHN"] == pytest.approx(model.state.cost)


def test_named_payers_pay_and_a_loan_is_paid_back_with_interest() -> None:
    """Catches money that is lost or made, a lender that gives, and a debt that never falls."""
    shares = {"CHN": 0.51, "KGZ": 0.245, "UZB": 0.245}
    loan = Loan(lender="RUS", share=0.5, years=10, interest=0.02)
    railway = RAILWAY.model_copy(
        update={"decided_by": "given", "start": 2024, "construction_years": 4, "payers": shares, "loan": loan}
    )
    model, debts, row = model_of(variant(policies=(railway,), end=2060), worlds=range(4)), [], {}
    row = {iso: number for number, iso in enumerate(model.ties.states)}
    while model.year.year < 2060:
        model.step()
        debts.append(DebtGdpShare().measure(model.year)[:, row["KGZ"]])
        assert model.state.paid.sum(axis=1) == pytest.approx(model.state.cost)
    assert model.state.cost == pytest.approx(model.year.p["corridor.china_kyrgyzstan_uzbekistan_railway.outlay"][:, 0])
    assert model.state.paid[:, row["KGZ"]] == pytest.approx(model.state.paid[:, row["UZB"]])
    assert (model.state.paid[:, row["RUS"]] < 0.0).all()  # the interest
    assert (np.max(debts, axis=0) > 1.0).all()
    assert (debts[-1] < 0.3 * np.max(debts, axis=0)).all()


def worked_by_hand(adopted: list[float], payers: dict[str, float], loan: Loan | None = None) -> Year:
    """A year in which a deal of three states, adopted at these levels, has cost 100 million."""
    deal = Deal(name="a", participants=STATES, payers=payers, loan=loan)
    year = toy(deal)
    year.state.adopted[:, 0] = adopted
    charge(year, 0, deal, year.is_paid_for(deal)[:, 0] * 100.0)
    return year


@pytest.mark.parametrize(
    ("adopted", "paid"),
    [
        ([0.6, 0.7, 0.9], [50.0, 30.0, 20.0]),
        ([0.0, 0.7, 0.9], [0.0, 60.0, 40.0]),
        ([0.0, 0.0, 0.9], [0.0, 0.0, 100.0]),
    ],
)
def test_a_named_payer_that_refuses_pays_nothing_and_the_others_share_it(
    adopted: list[float], paid: list[float]
) -> None:
    """Catches a state that is made to pay for a text that it refused, and money that nobody pays."""
    year = worked_by_hand(adopted, {"AAA": 0.5, "BBB": 0.3, "CCC": 0.2})
    assert year.state.paid[0] == pytest.approx(paid)
    assert year.state.paid.sum(axis=1) == pytest.approx(year.state.cost)


def test_where_all_named_payers_refuse_nothing_is_paid() -> None:
    """Catches a cost that lands on those who were never to pay."""
    year = worked_by_hand([0.0, 0.7, 0.9], {"AAA": 1.0})
    assert not year.is_paid_for(year.agreements[0]).any()
    assert not year.state.paid.any()
    assert not year.state.cost.any()


@pytest.mark.parametrize(("adopted", "lent"), [([0.6, 0.7, 0.9], 40.0), ([0.0, 0.7, 0.9], 0.0)])
def test_a_lender_that_refuses_lends_nothing(adopted: list[float], lent: float) -> None:
    """Catches a state that has to lend for a text that it refused."""
    year = worked_by_hand(adopted, {"BBB": 0.5, "CCC": 0.5}, Loan(lender="AAA", share=0.4))
    assert year.state.paid[0] == pytest.approx([lent, 50.0 - lent / 2.0, 50.0 - lent / 2.0])
    assert year.state.owed[:, 0] == pytest.approx(lent)


def decided(rule: Rule, payers: dict[str, float], **fields: Any) -> CooperationModel:
    """The railway put to the council in 2024 under a rule, six years later."""
    railway = RAILWAY.model_copy(
        update={"start": 2024, "construction_years": 2, "participants": "members", "payers": payers, **fields}
    )
    model = model_of(variant(policies=(railway,), decision_rule=rule, end=2034), worlds=range(24))
    while model.year.year < 2034:
        model.step()
    return model


@pytest.mark.parametrize(
    "rule",
    [OptIn(minimum=2), ConsensusMinus(k=4), LeadersPay(leaders=("CHN", "RUS"), most=10.0)],
    ids=lambda r: r.key(),
)
def test_under_every_rule_only_who_is_bound_pays_and_what_nobody_pays_for_is_not_built(rule: Rule) -> None:
    """Catches a payer that stood aside or refused and pays, and a line that is built for nothing."""
    payers = {"IND": 0.5, "PAK": 0.5}
    model = decided(rule, payers)
    rows = [model.ties.row[iso] for iso in payers]
    bound = model.state.adopted[:, 0][:, rows] > 0.0
    passed = ~np.isnan(model.state.adopted_year[:, 0])
    assert passed.any()
    unpaid = passed & ~bound.any(axis=1)
    if rule.key() == "leaders_pay":  # side payments are another account; all are bound
        assert bound[passed].all()
        return
    assert unpaid.any()
    assert (~bound & bound.any(axis=1, keepdims=True)).any()
    assert not model.state.paid[:, rows][~bound].any()
    joins = {iso: model.state.adopted[:, 0, model.ties.row[iso]] > 0.0 for iso in ("CHN", "KGZ", "UZB")}
    laid = joins["KGZ"] & (joins["CHN"] | joins["UZB"])  # no line is laid to a state that is not bound
    assert (model.state.paid[:, rows][bound & laid[:, None]] > 0.0).all()
    assert not model.state.built[unpaid | ~laid].any()
    assert not model.state.delivered[unpaid].any()
    assert not model.state.cost[unpaid].any()
    assert (passed & ~unpaid & laid).any()
    assert (model.state.built[passed & ~unpaid & laid] > 0.0).all()


def test_a_line_opens_when_it_is_built_and_a_slow_one_costs_no_more() -> None:
    """Catches a line that opens at a share of its price, and a delay that is paid for ever."""
    opened, costs = [], []
    for ceiling in (0.95, 0.5):
        railway = RAILWAY.model_copy(update={"decided_by": "given", "start": 2024, "construction_years": 5})
        parameters = {"delivery.ceiling": Override(value=ceiling)}
        model = model_of(variant(policies=(railway,), parameters=parameters, end=2045), worlds=range(4))
        tie, first = model.ties.tie("CHN", "UZB"), np.full(4, np.nan)
        while model.year.year < 2045:
            model.step()
            carries = model.state.effect_trade[:, tie] > 0.0
            first = np.where(np.isnan(first) & carries, model.year.year, first)
            assert not (carries & (model.state.built[:, 0] < 1.0 - 1e-9)).any()
        opened.append(first)
        costs.append(model.state.cost.copy())
    assert (opened[1] > opened[0]).all()
    assert costs[0] == pytest.approx(costs[1])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("payers: {CHN: 0.5, KGZ: 0.4}", "the shares of the payers sum to 0.9"),
        ("payers: {CHX: 1.0}", "CHX"),
        ("participants: [CHN, KGZ], payers: {RUS: 1.0}", "RUS pays and takes no part"),
        ("loan: {lender: XYZ}", "XYZ"),
        ("loan: {lender: CHN, share: 2}", "it must be between 0 and 1"),
    ],
)
def test_wrong_payers_are_told(tmp_path: Path, fields: str, words: str) -> None:
    path = tmp_path / "club.yaml"
    path.write_text(f"extends: baseline.yaml\npolicies:\n  - people_to_people: {{{fields}}}\n")
    with pytest.raises(ScenarioError, match=words):
        load_scenario(path)


def test_cost_effectiveness_is_per_billion_and_blank_where_nothing_was_spent() -> None:
    """Catches a division by zero, a sign turned by savings, and a ratio of quantiles to the mean cost."""
    settings = np.arange(4)
    spent, gain = np.array([400.0, 600.0, 400.0, 600.0]), np.array([2.0, 3.0, 1.2, 1.8])
    found = per_billion(gain, spent, settings)
    assert found.per_bn == pytest.approx(4.0)
    assert (found.low_05, found.high_95) == pytest.approx((3.0, 5.0))
    assert found.per_bn_se == pytest.approx(standard_error(gain - 0.004 * spent, settings) / 0.5)
    assert per_billion(gain, -spent, settings).per_bn == pytest.approx(4.0)
    assert per_billion(-gain, -spent, settings).per_bn == pytest.approx(-4.0)
    for nothing in (np.zeros(4), np.array([1.0, -1.0, 1.0, -0.9])):
        assert np.isnan(per_billion(gain, nothing, settings)).all()


def test_amounts_a_year_add_up_discounted() -> None:
    """Catches the last year's flow over all that was spent, and a first year that counts."""
    frame = pd.DataFrame([[5.0, 1.0, 2.0, 9.0]], columns=[2023, 2024, 2025, 2026])
    assert so_far(frame, 2025) == pytest.approx([1.0 / (1.0 + DISCOUNT) + 2.0 / (1.0 + DISCOUNT) ** 2])
