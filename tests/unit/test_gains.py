"""What a text would bring each state, by hand on three states and by its levers on ten (equations 31 and 32)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest

from sco_sim.components.gains import WANTS, benefit, brings, met, sovereignty
from sco_sim.components.policies.special_fund import SpecialFund
from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.components.policy import Policy
from sco_sim.components.readiness import stakes
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from sco_sim.world.year import Year
from tests.unit.command_line import parsed
from tests.unit.toy import toy
from tests.worlds import CASE


class Pact(Policy):
    """A deep pact that raises trade by 10 % where both ends deliver, and costs 100 million a year on each tie."""

    field: ClassVar[str] = "economy"
    depth: ClassVar[str] = "deep"
    writes = ("effect_trade",)

    def act(self, year: Year, strength: Array) -> None:
        """On every tie."""
        year.state.effect_trade[:] += 0.1 * strength

    def outlay(self, year: Year, strength: Array) -> Array:
        """By its strength, shape (world,)."""
        spent: Array = 100.0 * strength.sum(axis=1)
        return spent


def first(values: Array) -> list[float]:
    """The first world."""
    numbers: list[float] = values[0].tolist()
    return numbers


def test_what_a_pact_brings_by_hand() -> None:
    """Catches a gain on the wrong ties, delivery forgotten, a payer's share of the wrong whole, a unit."""
    pact = Pact()
    year = toy(pact)
    year.state.spat[:] = [0.0, 0.4, 0.0]
    shift = 0.1 * 0.8 * np.array([1.0, 1.0 - 0.5 * 0.4, 1.0])  # AAA-BBB, AAA-CCC, BBB-CCC
    more = np.array([2e11, 1e11, 5e10]) * np.expm1(shift) / 1e6
    found = brings(year, pact)
    trade = [more[0] + more[1], more[0] + more[2], more[1] + more[2]]
    paid = 100.0 * shift.sum() / 0.1 * np.array([0.5, 0.25, 0.25])
    assert first(found["trade"]) == pytest.approx(trade)
    assert first(found["paid"]) == pytest.approx(paid)
    assert first(found["autonomy"]) == pytest.approx([-0.5, -0.75, -0.75])
    assert not any(found[name].any() for name in ("transit", "received", "people", "capacity", "security"))
    income = (0.5 * np.array(trade) - paid) * 1e6 / np.array([4e12, 2e12, 2e12]) / 0.001
    wanted = 0.2 * income / (1.0 + income)
    assert first(benefit(year, pact)) == pytest.approx(wanted)
    assert first(benefit(year, Pact(proposer="CCC")))[2] == 1.0
    assert first(stakes(year, pact)["benefit"]) == pytest.approx(0.4 * wanted)
    assert first(stakes(year, pact)["sovereignty"]) == pytest.approx(
        [0.4 * 0.2 * left for left in (-0.5, -0.75, -0.75)]
    )
    assert first(sovereignty(year, Pact(proposer="CCC")))[2] == 0.0


def test_sovereignty_can_be_switched_off_and_weighs_more_for_the_smaller() -> None:
    """Catches a switch that leaves something, and a term that is the same for a large and a small state."""
    left = first(sovereignty(toy(Pact()), Pact()))
    assert left[1] < left[0] < 0.0
    off = toy(Pact(), **{"council.sovereignty": 0.0})
    assert not any(first(stakes(off, Pact())["sovereignty"]))
    assert first(stakes(off, Pact())["benefit"]) == first(stakes(toy(Pact()), Pact())["benefit"])


def test_only_the_share_of_a_want_counts_and_it_moves_the_answer() -> None:
    """Catches weights that are not normalised, and a want that is weighed for another state."""
    pact = Pact()
    same = toy(pact, **{f"wants.{want}.AAA": 7.0 for want in WANTS})
    assert first(benefit(same, pact)) == pytest.approx(first(benefit(toy(pact), pact)))
    free = toy(pact, **{f"wants.{want}.BBB": float(want == "autonomy") for want in WANTS})
    assert first(benefit(free, pact))[1] == 0.0
    assert first(sovereignty(free, pact))[1] == pytest.approx(-0.75)
    assert first(benefit(free, pact))[0] == pytest.approx(first(benefit(toy(pact), pact))[0])


@pytest.fixture(scope="module")
def model() -> CooperationModel:
    """Ten states in 2030 under a scenario of corridors."""
    model = build_model(load_scenario("combined"), case=CASE, worlds=range(60), replicates=2)
    while model.year.year < 2031:
        model.step()
    return model


def on(model: CooperationModel, iso: str) -> int:
    return model.ties.row[iso]


def test_a_look_ahead_leaves_the_year_as_it_was(model: CooperationModel) -> None:
    """Catches effects, dates of adoption or outlays that stay behind."""
    before = {name: values.copy() for name, values in model.state.arrays.items()}
    for policy in model.agreements:
        brings(model.year, policy)
    assert all(np.array_equal(before[name], values, equal_nan=True) for name, values in model.state.arrays.items())


def test_who_proposes_a_corridor_is_seldom_its_least_willing(model: CooperationModel) -> None:
    """Catches a benefit that makes China the brake of its own railways: it was in 84 % of worlds."""
    corridors = [(index, p) for index, p in enumerate(model.agreements) if p.proposer is not None]
    assert corridors
    for index, policy in corridors:
        rows = model.state.hold_out[:, index]
        rows = rows[rows >= 0]
        if len(rows):
            assert np.mean(rows != on(model, str(policy.proposer))) >= 0.8, policy.label


ROAD: dict[str, Any] = {"corridor": "china_kyrgyzstan_uzbekistan_railway", "participants": ("CHN", "KGZ", "UZB")}


def test_a_state_that_is_passed_by_minds(model: CooperationModel) -> None:
    """Catches `bypasses` without a vote: Kazakhstan loses trade and transit, Kyrgyzstan gets what it loses."""
    plain, past = TradeCorridor(**ROAD, name="plain"), TradeCorridor(**ROAD, bypasses=("KAZ",), name="past")
    kaz = on(model, "KAZ")
    found = {}
    for policy in (plain, past):
        model.year.agreements = (policy, *model.agreements[1:])
        found[policy.name] = (brings(model.year, policy)["transit"], benefit(model.year, policy)[:, kaz])
    model.year.agreements = model.agreements
    assert (found["past"][0][:, kaz] < 0.0).all()
    assert (found["plain"][0][:, kaz] == 0.0).all()
    assert found["past"][0].sum(axis=1) == pytest.approx(0.0, abs=1e-6)
    assert (found["past"][1] < found["plain"][1]).all()


def test_a_fund_is_wanted_by_those_it_pays_the_more_it_pays(model: CooperationModel) -> None:
    """Catches a fund of 100 billion and one of a million a year that give Tajikistan the same wish."""
    tjk, chn = on(model, "TJK"), on(model, "CHN")
    small, large = (SpecialFund(size_musd_per_year=size, for_states=("TJK",)) for size in (1.0, 1e5))
    low, high = (met(model.year, fund)["development"] for fund in (small, large))
    assert (high[:, tjk] > low[:, tjk]).all()
    assert (high[:, tjk] > 0.9).all()
    assert (high[:, chn] < low[:, chn]).all()


def test_the_command_prints_the_numbers_that_decide() -> None:
    """Catches a reason on screen that is not the one in the vote."""
    report = parsed("council", "trade_corridors", "--worlds", "4")
    for agreement in report["agreements"]:
        reason = {state["iso3"]: state for state in agreement["brings"]}
        assert set(reason) >= {state["iso3"] for state in agreement["states"]}
        for state in agreement["states"]:
            proposes = reason[state["iso3"]]["benefit"] == 1.0
            assert (state["terms"]["benefit"] > 0.5) == proposes or not proposes
