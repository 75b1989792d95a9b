"""The council by hand: equations 3 to 7, 9 and 18 on three states, and the cases everybody knows on ten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sco_sim.case.changes import Override
from sco_sim.components.mechanisms.accession import Accession
from sco_sim.components.mechanisms.delivery import delivery_ceiling
from sco_sim.components.policies.people_to_people import PeopleToPeople
from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.components.policy import DEPTHS, FIELDS
from sco_sim.components.readiness import ambition, gainers, stakes
from sco_sim.components.rules.consensus import Consensus
from sco_sim.components.rules.opt_in import OptIn
from sco_sim.components.rules.qualified_majority import QualifiedMajority
from sco_sim.engine.council import Council
from sco_sim.engine.effects import strength
from tests.unit.toy import STATES, Deal, Festival, Patrol, Road, by_stakes, toy
from tests.worlds import model_of, variant

GAINS = np.array([0.5, 0.25, 0.25])


def terms(year: Any, policy: Any) -> dict[str, list[float]]:
    """The terms of equation 5 in the first world, by state; a parameter that is the same for all counts for each."""
    return {name: np.broadcast_to(part, (2, 3))[0].tolist() for name, part in stakes(year, policy).items()}


def sigmoid(x: float) -> float:
    """The inverse logit."""
    return float(1.0 / (1.0 + np.exp(-x)))


def test_gains_go_by_gdp_by_legs_and_half_to_the_proposer() -> None:
    """Catches shares that do not add up, a leg's end counted once, a proposer who gets all (equation 3)."""
    deal = Deal()
    assert gainers(toy(deal), deal)[0] == pytest.approx(GAINS)
    assert gainers(toy(), Road())[0] == pytest.approx([0.25, 0.5, 0.25])
    assert gainers(toy(), Deal(proposer="CCC"))[0] == pytest.approx([0.25, 0.125, 0.625])
    assert gainers(toy(), Deal(participants=("AAA", "BBB")))[0] == pytest.approx([2 / 3, 1 / 3, 0.0])
    year = toy()
    year.state.member[:] = [1.0, 0.0, 1.0]
    assert gainers(year, Deal())[0] == pytest.approx([2 / 3, 0.0, 1 / 3])
    year.state.member[:] = 0.0
    assert not gainers(year, Deal()).any()


def test_every_term_of_a_deep_deal_by_hand() -> None:
    """Catches a weight, a sign, a sum over the wrong end (equations 4 and 5)."""
    year = toy()
    year.state.trust_level[:] += np.array([0.1, -0.2, 0.4])
    year.state.pressure[:] = [0.0, 0.5, 0.0]
    year.state.spat[:], year.state.war[:] = [0.5, 0.0, 0.0], [0.2, 0.0, 0.0]
    found = terms(year, Deal())
    assert found["base"] == pytest.approx([0.5] * 3)
    assert found["benefit"] == [0.0] * 3
    assert found["sovereignty"] == pytest.approx([0.4 * 0.2 * left for left in (-0.5, -0.75, -0.75)])
    trust = [0.25 * 0.1 - 0.25 * 0.2, 0.5 * 0.1 + 0.25 * 0.4, -0.5 * 0.2 + 0.25 * 0.4]
    assert found["trust"] == pytest.approx([2.0 * 0.2 * x for x in trust])
    assert found["depth"] == pytest.approx([-0.8] * 3)
    assert found["rivals"] == pytest.approx([-1.0 * 0.25, 0.0, -1.0 * 0.5])
    hub = [0.0, 0.5 * 0.5, 0.5 * 0.5]  # y / (y + club) times the gains of those outside the club; AAA has no club
    assert found["hub"] == pytest.approx([-1.5 * x for x in hub])
    assert found["territory"] == pytest.approx([0.0] * 3)
    assert found["quarrel"] == pytest.approx([-0.7 * 0.25 * 0.5, -0.7 * 0.5 * 0.5, 0.0])
    assert found["pressure"] == pytest.approx([0.0, -0.3, 0.0])
    assert found["wobble"] == pytest.approx([0.0] * 3)
    z = [sum(part[i] for part in found.values()) for i in range(3)]
    assert ambition(stakes(year, Deal()))[1] == pytest.approx([sigmoid(2.0 * x) for x in z])


def test_the_field_decides_what_a_state_looks_at() -> None:
    """Catches a club defended against a festival, and a depth that no state minds (equation 4)."""
    festival, patrol, road = (terms(toy(), policy) for policy in (Festival(), Patrol(), Road()))
    assert festival["sovereignty"] == pytest.approx([0.4 * 0.2 * 0.4 * left for left in (-0.5, -0.75, -0.75)])
    assert festival["depth"] == pytest.approx([-0.8 * 0.4 * 0.1] * 3)
    assert patrol["depth"] == pytest.approx([-0.8 * 0.4 * 0.2] * 3)
    assert festival["hub"] == patrol["hub"] == [0.0] * 3
    assert road["depth"] == pytest.approx([-0.8 * 0.4 * 0.6] * 3)
    assert road["hub"] == pytest.approx([0.0, -1.5 * 0.24 * 0.5 * 0.25, -1.5 * 0.24 * 0.5 * 0.25])
    assert set(FIELDS.values()) == {1.0, 0.6, 0.3, 0.2, 0.1}
    assert DEPTHS == {"declaratory": 0.1, "institution": 0.4, "binding": 0.4, "deep": 1.0}


def test_who_does_not_take_part_leaves_nothing_to_others() -> None:
    """Catches sovereignty given up by an outsider (equation 31)."""
    year = toy()
    year.state.member[:] = [1.0, 1.0, 0.0]
    assert terms(year, Deal())["sovereignty"] == pytest.approx([-0.08 / 3.0, -0.16 / 3.0, 0.0])


def test_wobble_has_a_stream_for_each_policy() -> None:
    """Catches governments that change their mind about everything at once."""
    year = toy(**{"council.wobble": 0.3})
    one, other = stakes(year, Deal(name="one"))["wobble"], stakes(year, Deal(name="other"))["wobble"]
    assert not np.isclose(one, other).any()
    assert len(np.unique(one)) == one.size
    assert np.array_equal(one, 0.3 * year.normal("council.one", "state"))


AMBITION = np.array([[0.9, 0.6, 0.7], [0.9, 0.4, 0.7]])
ALL, PEOPLE = np.ones((2, 3)), np.array([[5e8, 3e8, 2e8]] * 2)


def test_consensus_is_the_lowest_ambition_or_nothing() -> None:
    """Catches a mean, and a text passed over a refusal (equation 6)."""
    made = Consensus().decide(AMBITION, ALL, PEOPLE, PEOPLE, STATES)
    assert made.passed.tolist() == [True, False]
    assert made.adopted.tolist() == [[0.6] * 3, [0.0] * 3]
    two = Consensus().decide(AMBITION, np.array([[1.0, 0.0, 1.0]] * 2), PEOPLE, PEOPLE, STATES)
    assert two.passed.tolist() == [True, True]
    assert two.adopted.tolist() == [[0.7, 0.0, 0.7]] * 2
    assert not Consensus().decide(AMBITION, 0.0 * ALL, PEOPLE, PEOPLE, STATES).passed.any()
    assert Consensus().decide(np.full((1, 3), 0.5), ALL[:1], PEOPLE[:1], PEOPLE[:1], STATES).passed.all()


def test_opt_in_needs_its_minimum_and_leaves_each_its_own_ambition() -> None:
    """Catches the unwilling drawn in, and a club of one (equation 6)."""
    made = OptIn(minimum=3).decide(AMBITION, ALL, PEOPLE, PEOPLE, STATES)
    assert made.passed.tolist() == [True, False]
    assert made.adopted.tolist() == [[0.9, 0.6, 0.7], [0.0] * 3]
    made = OptIn(minimum=2).decide(AMBITION, ALL, PEOPLE, PEOPLE, STATES)
    assert made.adopted.tolist() == [[0.9, 0.6, 0.7], [0.9, 0.0, 0.7]]


def test_qualified_majority_takes_the_highest_level_with_both_shares() -> None:
    """Catches one share forgotten, and the lowest instead of the pivotal ambition (equation 6)."""
    by_states = QualifiedMajority(states=0.55, population=0.0).decide(AMBITION, ALL, PEOPLE, PEOPLE, STATES)
    assert by_states.adopted[:, 0].tolist() == [0.7, 0.7]
    by_people = QualifiedMajority(states=0.3, population=0.65).decide(AMBITION, ALL, PEOPLE, PEOPLE, STATES)
    assert by_people.adopted[:, 0].tolist() == [0.7, 0.7]
    nine_tenths = QualifiedMajority(states=0.3, population=0.9).decide(AMBITION, ALL, PEOPLE, PEOPLE, STATES)
    assert nine_tenths.adopted[:, 0].tolist() == [0.6, 0.0]
    assert nine_tenths.passed.tolist() == [True, False]
    assert by_states.adopted.tolist() == [[0.7] * 3] * 2  # it binds all voters


@pytest.fixture(scope="module")
def ten() -> Any:
    """The ten states of today."""
    model = model_of(variant(membership=dict.fromkeys(variant().states, 2001)), worlds=[0])
    model.step()
    return model


def test_at_65_percent_of_the_people_china_and_india_can_each_block(ten: Any) -> None:
    """Catches population in logarithms, and a share taken of all states instead of the voters."""
    people = np.exp(ten.state.log_population)
    blockers = []
    for row, iso in enumerate(ten.ties.states):
        wish = np.full(people.shape, 0.8)
        wish[:, row] = 0.2
        if not QualifiedMajority().decide(wish, np.ones_like(wish), people, people, ten.ties.states).passed.any():
            blockers.append(iso)
    assert blockers == ["CHN", "IND"]


def test_india_alone_is_held_back_by_the_land_that_the_road_to_pakistan_crosses(ten: Any) -> None:
    """Catches a claim without its number: China's and Pakistan's parts of one territory (claim 922)."""
    road = TradeCorridor(corridor="china_pakistan_economic_corridor")
    held = dict(zip(ten.ties.states, stakes(ten.year, road)["territory"][0], strict=True))
    weight = ten.year.p["council.territory"][0, 0]
    assert {iso: value for iso, value in held.items() if value} == {"IND": -weight}
    railway = TradeCorridor(corridor="china_kyrgyzstan_uzbekistan_railway")
    assert not stakes(ten.year, railway)["territory"].any()


def test_pressure_lowers_ambition_of_those_under_it_only(ten: Any) -> None:
    """Catches pressure on the wrong row, or one that helps."""
    policy = PeopleToPeople()
    before = ambition(stakes(ten.year, policy))
    row = ten.ties.row["KAZ"]
    ten.state.pressure[:, row] = 0.5
    after = ambition(stakes(ten.year, policy))
    ten.state.pressure[:] = 0.0
    assert (after[:, row] < before[:, row]).all()
    assert np.array_equal(np.delete(after, row, axis=1), np.delete(before, row, axis=1))


def sit(year: Any, rule: Any = None, delays: bool = False) -> Any:
    """One summit."""
    Council(by_stakes(year), Consensus() if rule is None else rule, delays).sit(year, year.agreements)
    return year.state


def test_a_text_that_fails_waits_and_names_its_hold_out() -> None:
    """Catches a summit that is not counted, and the wrong state blamed."""
    year = toy(Deal(), **{"council.base": 0.2})
    state = sit(year)
    assert np.isnan(state.adopted_year).all()
    assert (state.tabled_years == 1.0).all()
    wish = ambition(stakes(year, year.agreements[0]))
    assert (state.hold_out[:, 0] == wish.argmin(axis=1)).all()
    year.p = dict(year.p) | {"council.base": np.full((2, 1), 3.0)}
    state = sit(year)
    assert (state.adopted_year == 2021.0).all()
    assert (state.tabled_years == 1.0).all()
    lowest = ambition(stakes(year, year.agreements[0])).min(axis=1)
    assert np.array_equal(state.adopted[:, 0], np.repeat(lowest[:, None], 3, axis=1))


def test_what_is_adopted_stays_and_worlds_decide_apart() -> None:
    """Catches a text that is decided twice, or adopted in one world because it passed in another."""
    year = toy(Deal())
    year.p = dict(year.p) | {"council.base": np.array([[3.0], [-3.0]])}
    state = sit(year)
    assert np.isnan(state.adopted_year[:, 0]).tolist() == [False, True]
    first = state.adopted[0].copy()
    year.year = 2022
    year.p = dict(year.p) | {"council.base": np.array([[-3.0], [3.0]])}
    state = sit(year)
    assert state.adopted_year[:, 0].tolist() == [2021.0, 2022.0]
    assert np.array_equal(state.adopted[0], first)
    assert state.tabled_years[:, 0].tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("start", "end", "open_in"), [(None, None, True), (2022, None, False), (2019, 2020, False), (2019, 2021, True)]
)
def test_it_is_on_the_table_from_its_start_to_its_end(start: int | None, end: int | None, open_in: bool) -> None:
    """Catches an agreement decided before it is proposed or after it has ended."""
    year = toy(Deal(start=start, end=end), **{"council.base": 3.0})
    assert (not np.isnan(sit(year).adopted_year).any()) is open_in


def test_given_is_adopted_in_full_by_its_participants() -> None:
    """Catches a vote on what nobody decides."""
    year = toy(Deal(decided_by="given", participants=("AAA", "CCC")), **{"council.base": -9.0})
    state = sit(year)
    assert state.adopted[:, 0].tolist() == [[1.0, 0.0, 1.0]] * 2
    assert (state.hold_out == -1.0).all()
    assert (state.tabled_years == 0.0).all()


def test_participants_decide_by_consensus_among_themselves_whatever_the_rule() -> None:
    """Catches a railway of three states held up by a fourth that it does not touch."""
    year = toy(Deal(decided_by="participants", participants=("AAA", "BBB")), **{"council.base": 2.0})
    year.state.pressure[:] = [0.0, 0.0, 9.0]
    state = sit(year, QualifiedMajority(states=1.0))
    wish = ambition(stakes(year, year.agreements[0]))[:, :2].min(axis=1)
    assert state.adopted[:, 0].tolist() == [[w, w, 0.0] for w in wish]
    council = toy(Deal(participants=("AAA", "BBB")), **{"council.base": 2.0})
    council.state.pressure[:] = [0.0, 0.0, 9.0]
    assert np.isnan(sit(council).adopted_year).all()
    assert (council.state.hold_out == 2.0).all()


def test_rival_view_holds_up_instead_of_diluting() -> None:
    """Catches a text passed at its diluted level, or a delay under a rule that is not unanimous (equation 7)."""
    outcomes = set()
    for name in ("a", "b", "c", "d"):
        year = toy(Deal(name=name), **{"council.base": 2.1})
        level = ambition(stakes(year, year.agreements[0])).min(axis=1)
        luck = year.uniform(f"council.{name}.luck", "world")[:, 0]
        state = sit(year, delays=True)
        assert ((level > 0.5) & (level < 1.0)).all()
        passed = ~np.isnan(state.adopted_year[:, 0])
        assert passed.tolist() == (luck < 2.0 * level - 1.0).tolist()
        assert state.adopted[:, 0].tolist() == [[float(one)] * 3 for one in passed]
        assert state.tabled_years[:, 0].tolist() == (1.0 - passed).tolist()
        outcomes |= set(passed.tolist())
    assert outcomes == {True, False}
    majority = toy(Deal(), **{"council.base": 2.1})
    adopted = sit(majority, QualifiedMajority(), delays=True).adopted
    assert ((adopted > 0.5) & (adopted < 1.0)).all()


def test_newcomers_take_over_what_is_in_force_and_outsiders_do_not() -> None:
    """Catches a newcomer without obligations, or bound to what only named states share (equation 18)."""
    year = toy(Deal(name="for_members"), Deal(name="for_two", participants=("AAA", "BBB")), Deal(name="not_yet"))
    state = year.state
    state.member[:] = [1.0, 1.0, 0.0]
    state.adopted[:, :2] = [[0.9, 0.6, 0.0], [0.8, 0.8, 0.0]]
    Accession().step(year)
    assert state.member.tolist() == [[1.0] * 3] * 2
    assert state.adopted[:, 0].tolist() == [[0.9, 0.6, 0.6]] * 2
    assert state.adopted[:, 1].tolist() == [[0.8, 0.8, 0.0]] * 2
    assert not state.adopted[:, 2].any()
    state.adopted[:, 0, 2] = 0.0  # an old member that stood aside is no newcomer
    Accession().step(year)
    assert not state.adopted[:, 0, 2].any()


def test_strength_is_the_ramp_times_the_lesser_delivery() -> None:
    """Catches a ramp that starts a year late, a mean of the ends, effects before adoption (equation 9)."""
    policy = Deal(ramp_years=4, intensity=0.5)
    year = toy(policy)
    year.state.delivered[:, 0] = [0.8, 0.4, 0.0]
    assert not strength(year, 0, policy).any()
    year.state.adopted_year[:] = 2021.0
    shares = []
    for calendar in range(2021, 2026):
        year.year = calendar
        now = strength(year, 0, policy)
        assert now[:, 1:].tolist() == [[0.0, 0.0]] * 2
        shares.append(now[0, 0] / 0.4)
    assert shares == pytest.approx([0.125, 0.25, 0.375, 0.5, 0.5])


def test_a_state_answers_its_own_ambition_and_the_council_hears_it() -> None:
    """Catches an agent that reads another row."""
    scenario = variant("combined", parameters={"council.wobble": Override(value=0.2)})
    model = model_of(scenario, worlds=[0, 5])
    model.step()
    agreement = model.agreements[-1]
    table = ambition(stakes(model.year, agreement))
    for state in model.states.values():
        assert np.array_equal(state.ambition(agreement), table[:, model.ties.row[state.iso3]])
    assert np.array_equal(model.council.ask(agreement), table)


def test_votes_are_those_of_the_members_of_the_end_of_the_year_before() -> None:
    """Catches a newcomer who votes on the day it joins."""
    year = toy(Deal(), **{"council.base": 2.0})
    year.state.member[:] = [1.0, 1.0, 0.0]
    year.state.pressure[:] = [0.0, 0.0, 9.0]
    year.facts = replace(year.facts, member=np.ones((6, 3)))
    state = sit(year)
    assert not np.isnan(state.adopted_year).any()
    assert not state.adopted[:, 0, 2].any()


def test_texts_delivered_with_those_who_gain_count_and_its_own_does_not() -> None:
    """Catches practice with states that gain nothing, a text that helps itself, a sum without a ceiling."""
    first, second = Deal(name="first"), Deal(name="second")
    year = toy(first, second, **{"council.practice": 0.4})
    year.state.delivered[:, 0] = [0.5, 0.5, 0.0]
    gain = gainers(year, second)
    terms = stakes(year, second)["practice"]
    both = 0.5 * gain[:, [1, 0, 2]] * [1.0, 1.0, 0.0]  # AAA and BBB carry it out, each counts the share of the other
    assert terms == pytest.approx(0.4 * both / (1.0 + both))
    assert not stakes(year, first)["practice"].any()


def test_capacity_gained_raises_what_can_be_delivered() -> None:
    """Catches a capacity that is speed alone, and a ceiling above one."""
    year = toy(**{"delivery.ceiling": 0.6, "delivery.reach": 1.0})
    year.state.capacity[:] = year.facts.capacity[0] + [0.0, 1.0, 50.0]
    ceiling = delivery_ceiling(year)
    assert ceiling[0] == pytest.approx([0.6, 0.6 / (0.6 + 0.4 * np.exp(-1.0)), 1.0])
