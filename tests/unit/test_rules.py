"""Rules of decision by hand (equation 6): who stands aside, who has weight, who is paid."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sco_sim.components.readiness import ambition, stakes
from sco_sim.components.rules.consensus_minus import ConsensusMinus
from sco_sim.components.rules.leaders_pay import LeadersPay
from sco_sim.components.rules.weighted import Weighted
from sco_sim.engine.council import Council
from sco_sim.numerics.functions import expit
from tests.unit.toy import STATES, Deal, by_stakes, toy

WISH = np.array([[0.9, 0.4, 0.7], [0.45, 0.9, 0.4]])
ALL = np.ones((2, 3))
WEIGHT = np.array([[5.0, 3.0, 2.0]] * 2)


def decide(rule: Any, wish: Any = WISH, voters: Any = ALL, gdp: Any = WEIGHT, people: Any = WEIGHT) -> Any:
    """What a rule makes of the wishes."""
    return rule.decide(wish, voters, people, gdp, STATES)


def test_consensus_minus_leaves_the_least_willing_out_and_unbound() -> None:
    """Catches a text that binds who stood aside, is diluted by it, or still needs its consent."""
    one = decide(ConsensusMinus(k=1))
    assert one.passed.tolist() == [True, False]
    assert one.adopted.tolist() == [[0.7, 0.0, 0.7], [0.0] * 3]
    two = decide(ConsensusMinus(k=2))
    assert two.adopted.tolist() == [[0.9, 0.0, 0.0], [0.0, 0.9, 0.0]]
    assert not decide(ConsensusMinus(k=3)).passed.any()
    willing = decide(ConsensusMinus(k=1), np.array([[0.8, 0.6, 0.6]]), ALL[:1])
    assert willing.adopted.tolist() == [[0.6, 0.0, 0.6]]  # of two alike the first code stands aside


def test_who_does_not_vote_does_not_count_as_the_least_willing() -> None:
    """Catches an outsider left out in place of a voter."""
    made = decide(ConsensusMinus(k=1), WISH[:1], np.array([[1.0, 0.0, 1.0]]))
    assert made.adopted.tolist() == [[0.9, 0.0, 0.0]]


def test_weighted_votes_count_economies_and_bind_all() -> None:
    """Catches weights by head, and shares of what outsiders have."""
    assert decide(Weighted(share=0.65)).adopted.tolist() == [[0.7] * 3, [0.0] * 3]
    assert decide(Weighted(share=0.5)).adopted[:, 0].tolist() == [0.9, 0.0]
    assert decide(Weighted(share=0.3)).adopted[:, 0].tolist() == [0.9, 0.9]
    by_people = decide(Weighted(by="population", share=0.5), people=np.array([[1.0, 8.0, 1.0]] * 2))
    assert by_people.adopted[:, 0].tolist() == [0.0, 0.9]
    outsider = decide(Weighted(share=0.65), WISH[:1], np.array([[0.0, 1.0, 1.0]]))
    assert not outsider.passed.any()  # the willing one has 2 of 5


def test_leaders_lift_followers_up_to_the_limit() -> None:
    """Catches a leader that is paid, a price in units of ambition, a text above what the lifted accept."""
    need = -0.5 * np.log(0.4 / 0.6)
    made = decide(LeadersPay(leaders=("AAA",), most=0.5))
    assert made.passed.tolist() == [True, False]  # in the second world the leader refuses
    assert made.adopted.tolist() == [[0.5] * 3, [0.0] * 3]
    assert made.transfers == pytest.approx(np.array([[0.0, need, 0.0], [0.0, 0.0, 0.0]]))
    assert made.payers is not None
    assert made.payers[0].tolist() == [1.0, 0.0, 0.0]
    assert not decide(LeadersPay(leaders=("AAA",), most=0.2)).passed.any()
    wish = expit(2.0 * np.array([[1.0, -0.4, -0.3]]))
    assert decide(LeadersPay(leaders=("AAA",), most=0.5), wish, ALL[:1]).transfers == pytest.approx(
        np.array([[0.0, 0.4, 0.3]])
    )


def test_without_anybody_to_lift_the_lowest_ambition_holds_and_nothing_is_paid() -> None:
    """Catches a text cut down to 0.5 for nothing, and a council without its leaders."""
    willing = np.array([[0.9, 0.6, 0.7]])
    made = decide(LeadersPay(leaders=("AAA", "CCC")), willing, ALL[:1])
    assert made.adopted.tolist() == [[0.6] * 3]
    assert made.transfers.tolist() == [[0.0] * 3]
    absent = decide(LeadersPay(leaders=("BBB",)), willing, np.array([[1.0, 0.0, 1.0]]))
    assert not absent.passed.any()


def test_payments_are_charged_once_in_the_year_of_adoption() -> None:
    """Catches payments for texts that fail, and a price that is paid every year."""
    policy = Deal()
    year = toy(policy, **{"council.base": 1.3, "council.transfer_price": 100.0})
    wish = ambition(stakes(year, policy))
    short = np.maximum(0.0, -0.5 * np.log(wish / (1.0 - wish)))
    leader = STATES[int(wish[0].argmax())]
    assert (short.sum(axis=1) > 0.0).all()
    assert wish[0].max() >= 0.5
    council = Council(by_stakes(year), LeadersPay(leaders=(leader,), most=5.0), delays=False)
    council.sit(year, year.agreements)
    assert year.state.cost == pytest.approx(100.0 * short.sum(axis=1))
    year.year += 1
    council.sit(year, year.agreements)
    assert year.state.cost == pytest.approx(100.0 * short.sum(axis=1))
    poor = toy(policy, **{"council.base": 1.3, "council.transfer_price": 100.0})
    Council(by_stakes(poor), LeadersPay(leaders=(leader,), most=0.0), delays=False).sit(poor, poor.agreements)
    assert not poor.state.cost.any()
