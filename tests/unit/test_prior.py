"""The chance that the priors alone imply: by hand on a model whose targets move by known amounts."""

from __future__ import annotations

import numpy as np
import pytest

from sco_sim import load_scenario
from sco_sim.case.case import Case
from sco_sim.engine.build import build_model
from sco_sim.shipped import shipped_scenarios
from sco_sim.studies.comparison.prior import beside_prior, prior_differences, prior_shifts, shifts
from sco_sim.studies.comparison.verdict import beside_the_prior
from sco_sim.world.state import BY_NAME, EFFECTS, SHOCKS

CASE = Case()
CHANNELS = ("trade", "people", "students", "cities", "trust")


def scenario(name="no_events", *changes):
    return load_scenario(
        shipped_scenarios() / f"{name}.yaml", ["horizon.end=2030", "states=[CHN, KGZ, RUS, UZB]", "events=[]", *changes]
    )


def shifted(**values):
    return {channel: np.asarray(values.get(channel, np.zeros(4)), dtype=float) for channel in CHANNELS}


def test_differences_have_the_sign_of_the_outcome_and_none_without_a_channel_or_a_shift():
    reference, other = shifted(), shifted(trust=[1.0, 1.0, -1.0, 0.0], trade=[1.0, 1.0, 1.0, -1.0])
    outcomes = ["conflict_share_mean", "trust_min", "trade_total_busd", "people_index", "delivered_mean"]
    differences = prior_differences(reference, other, outcomes)
    assert set(differences) == {"conflict_share_mean", "trust_min", "trade_total_busd"}
    assert list(differences["conflict_share_mean"]) == [-1.0, -1.0, 1.0, 0.0]  # more trust is less conflict
    assert list(differences["trust_min"]) == list(-differences["conflict_share_mean"])
    longer = {channel: np.append(shift, 9.0) for channel, shift in other.items()}  # a run with more worlds
    assert list(prior_differences(reference, longer, ["trust_min"])["trust_min"]) == list(differences["trust_min"])


def test_the_run_stands_beside_the_priors_of_the_worlds_that_move():
    """Catches a world without adoption that counts as half for both, and priors of other settings than the run's."""
    moved = np.array([0.0, 0.0, 1.0, -2.0, 3.0, -1.0])
    prior = np.array([-1.0, -1.0, 1.0, -1.0, 1.0, 1.0])
    row = beside_prior(moved, np.arange(6), prior, "higher")
    assert (row.moved, row.better_if_moved, row.prior_chance_better) == (pytest.approx(2 / 3), 0.5, 0.75)
    assert row.prior_gap_se == pytest.approx(0.25)  # one of four settings has another sign
    turned = beside_prior(-moved, np.arange(6), -prior, "lower")
    assert turned == row
    clustered = beside_prior(np.repeat(moved, 3), np.repeat(np.arange(6), 3), prior, "higher")
    assert clustered.prior_gap_se == pytest.approx(row.prior_gap_se)  # three worlds of a setting are one
    nothing = beside_prior(np.zeros(4), np.arange(4), prior, "higher")
    assert nothing.moved == 0.0
    assert np.isnan(nothing.better_if_moved)
    assert np.isnan(beside_prior(moved, np.arange(6), None, "higher").prior_chance_better)


def test_few_settings_that_agree_do_not_show_that_the_run_added_nothing():
    """Catches an error of 0 where no setting differs from the priors: eight cannot tell a gap of 0.1 from 0."""
    signs = np.where(np.arange(200) % 3 == 0, -1.0, 1.0)
    for number, verdict in ((8, "open"), (200, "same")):
        beside = beside_prior(signs[:number], np.arange(number), signs, "higher")
        assert beside.prior_gap_se == pytest.approx(np.sqrt(0.1 * 0.9 / number))
        assert beside_the_prior(beside._asdict()) == verdict


def test_without_policies_and_events_nothing_shifts():
    for channel, shift in prior_shifts(scenario(), CASE, settings=5).items():
        assert shift.shape == (5,)
        assert not shift.any(), channel


def test_what_the_first_year_left_in_any_effect_or_shock_is_forgotten():
    model = build_model(scenario(), case=CASE, worlds=range(0, 8, 4))
    names = [name for name in BY_NAME if name.startswith(("effect_", "shock_"))]
    for name in (*names, "pressure", "dispute"):
        model.state.arrays[name][:] = 7.0
    assert not any(shift.any() for shift in shifts(model).values())
    assert not any(model.state.arrays[name].any() for name in names)


def test_security_moves_trust_by_its_own_parameter_alone():
    fixed = {"trust.security_effect": 0.3, "trust.community_effect": 0.0, "security_cooperation.attendance": 0.5}
    policy = "policies=[{security_cooperation: {exercises_per_year: 2, intensity: 0.5}}]"
    changes = [f"parameters.{name}={value}" for name, value in fixed.items()]
    model = build_model(scenario("no_events", policy, *changes), case=CASE, worlds=range(0, 20, 4))
    raised = 0.5 * np.log1p(10.0 / np.exp(model.year.reference.security))
    found = shifts(model)
    assert found["trust"] == pytest.approx(0.3 * np.tanh(raised).mean(axis=1))
    assert found["trade"] == pytest.approx(model.year.p["trade.trust_elasticity"][:, 0] * found["trust"])
    assert found["people"] == pytest.approx(model.year.p["people.trust_elasticity"][:, 0] * found["trust"])


def test_contact_follows_the_sign_of_its_parameter_and_backlash_turns_it():
    quiet = ["parameters.trust.community_effect=0", "parameters.people_to_people.trust=0"]
    chances = {}
    for view in ("works", "none", "backlash"):
        policy = scenario("people_to_people", f"rivals.contact={view}", *quiet)
        model = build_model(policy, case=CASE, worlds=range(0, 160, 4))
        found = shifts(model)
        chances[view] = (found["trust"] > 0.0).mean()
        signs = np.sign(model.year.p["trust.contact_effect"][:, 0]) * np.sign(found["people"])
        if view != "none":
            assert (np.sign(found["trust"]) == signs * (1 if view == "works" else -1)).mean() > 0.95
    assert chances["works"] == pytest.approx(1.0 - chances["backlash"])
    assert chances["none"] == 0.0


def test_an_event_acts_once_although_it_begins_later():
    changes = ["events=[{pandemic: {start: 2025, end: 2027}}]"]
    shift = prior_shifts(scenario("no_events", *changes), CASE, settings=20)
    model = build_model(scenario("no_events", *changes), case=CASE, worlds=range(20))
    fall = -model.year.p["pandemic.people"][:, 0]
    assert shift["people"] == pytest.approx(fall + model.year.p["people.trust_elasticity"][:, 0] * shift["trust"])


def test_more_settings_keep_the_draws_of_fewer():
    policy = scenario("people_to_people")
    few, many = (prior_shifts(policy, CASE, settings=n)["people"] for n in (7, 11))
    assert np.array_equal(few, many[:7])


def by_hand(model):
    """The shifts from equations 10 to 13, 17 and 22 written out in differences, without a target of any mechanism."""
    for name in (*EFFECTS, *SHOCKS, "dispute"):
        model.state.arrays[name][:] = 0.0
    state, year, horizon = model.state, model.year, model.scenario.horizon
    part = {}
    year.year = horizon.end
    state.member[:] = year.facts.member[-1]
    for policy in model.agreements:
        part[policy.label] = year.participants(policy)
        ends = part[policy.label]
        policy.act(year, policy.intensity * ends[:, year.ties.first] * ends[:, year.ties.second])
    for event in model.scenario.events:
        first, last = event.years()
        if last > horizon.start and first <= horizon.end:
            year.year = max(first, horizon.start + 1)
            event.act(year)
    p, years = year.p, horizon.end - horizon.start
    expected = year.reference.cities + p["cities.arrival_rate"] * years
    cities = np.log1p(expected + years * state.effect_cities) - np.log1p(expected)
    trade = state.effect_trade + state.shock_trade + p["cities.trade"] * cities
    people, students = state.effect_people + state.shock_people, state.effect_students + state.shock_students
    share = sum(part.values()) / max(len(part), 1) * np.ones_like(state.member)
    trust = (
        state.effect_trust + state.shock_trust + p["trust.trade_effect"] * np.tanh(trade)
        + year.contact_sign * p["trust.contact_effect"] * (np.tanh(people) + np.tanh(students) + np.tanh(cities))
        + p["trust.security_effect"] * np.tanh(state.effect_security)
        + p["trust.community_effect"] * (share[:, year.ties.first] + share[:, year.ties.second]) / 3.0
    )  # fmt: skip
    moved = {"trust": trust, "cities": cities, "security": state.effect_security}
    for channel, shift in (("trade", trade), ("people", people), ("students", students)):
        moved[channel] = shift + p[f"{channel}.trust_elasticity"] * trust
    return {channel: shift.mean(axis=1) for channel, shift in moved.items()}


@pytest.mark.parametrize("name", ["combined", "people_to_people", "sister_cities", "baseline"])
def test_the_targets_of_the_mechanisms_give_the_shifts_of_the_equations(name):
    """Catches a target that the priors and the model would both have wrong, or a lag that slips into the priors."""
    one, other = (build_model(load_scenario(name), case=CASE, worlds=range(0, 40, 4)) for _ in range(2))
    found, expected = shifts(one), by_hand(other)
    assert set(CHANNELS) <= set(expected) <= set(found)
    for channel, shift in expected.items():
        assert found[channel] == pytest.approx(shift, abs=1e-12), channel
        assert np.array_equal(found[channel] == 0.0, shift == 0.0), channel
