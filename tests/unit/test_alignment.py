"""Texts that are about somebody: signed ties, balance, friends of friends, territory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sco_sim.components.alignment import balance, friends_of_friends, on_its_territory, signed_ties
from sco_sim.components.policies.norm_campaign import NormCampaign
from sco_sim.components.readiness import stakes
from sco_sim.engine.build import build_model
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario
from tests.unit.toy import STATES, toy
from tests.worlds import CASE

A, B, C = STATES


def text(**fields: Any) -> NormCampaign:
    return NormCampaign(start=2021, **fields)


def test_signed_ties_by_hand() -> None:
    """Catches a rivalry that counts for a tie, or a mirror that is no mirror."""
    year = toy(text())  # the toy has one rivalry, of the second tie, and level trust
    signs = signed_ties(year)[0]
    rivals = year.ties.pairs[1]
    assert signs[year.ties.row[rivals[0]], year.ties.row[rivals[1]]] == pytest.approx(-1.0)
    np.testing.assert_allclose(signs, signs.T)
    assert not np.diag(signs).any()


def test_a_text_that_names_nobody_weighs_nothing() -> None:
    """Catches a term that moves texts without sides."""
    year = toy(text(), **{f"norm_campaign.{name}": 0.0 for name in ("hazard", "acceptance")})
    terms = stakes(year, text())
    assert not terms["balance"].any()
    assert not terms["friends"].any()


def test_for_and_against_are_mirrors_and_the_named_state_is_its_own_best_friend() -> None:
    """Catches a sign, a share that does not sum to one, or a state that forgets itself."""
    year = toy(text())
    for_it, against_it = balance(year, text(favours=(A,))), balance(year, text(against=(A,)))
    np.testing.assert_allclose(for_it, -against_it)
    assert for_it[0, year.ties.row[A]] == pytest.approx(1.0)
    half = balance(year, text(favours=(A, B)))
    np.testing.assert_allclose(half, (for_it + balance(year, text(favours=(B,)))) / 2.0)


def test_a_rival_of_a_rival_is_a_friend() -> None:
    """Catches the sum over third states without its signs."""
    year = toy(text())
    signs = signed_ties(year)[0]
    indirect = friends_of_friends(year, text(favours=(A,)))[0]
    a, b, c = (year.ties.row[iso] for iso in (A, B, C))
    assert indirect[b] == pytest.approx(np.clip(signs[b, c] * signs[c, a], -1.0, 1.0))
    assert indirect[a] == 0.0


def test_only_who_neither_proposes_nor_is_favoured_minds_the_use_of_its_territory() -> None:
    """Catches a host that refuses its own exercise."""
    year = toy(text())
    row = year.ties.row[A]
    assert on_its_territory(year, text(territory=(A,)))[row] == 1.0
    assert on_its_territory(year, text(territory=(A,), proposer=A))[row] == 0.0
    assert on_its_territory(year, text(territory=(A,), favours=(A,)))[row] == 0.0


def test_security_texts_can_fail_and_the_wording_says_by_whom() -> None:
    """Catches a declaration that nobody can refuse, whatever it says."""
    scenario = load_scenario("taking_sides", overrides=["horizon.end=2028"])
    model = build_model(scenario, worlds=range(100), seed=1, case=CASE)
    model.run()
    adopted = ~np.isnan(model.state.adopted_year)
    plain, for_one, against_one, on_ground = adopted.mean(axis=0)
    assert plain > 0.8
    assert max(for_one, against_one, on_ground) < 0.6


def test_a_state_cannot_be_favoured_and_opposed(tmp_path: Any) -> None:
    path = tmp_path / "both.yaml"
    path.write_text(
        "title: both\nextends: baseline.yaml\npolicies:\n  - norm_campaign: {favours: [IND], against: [IND]}\n"
    )
    with pytest.raises(ScenarioError, match="IND stands in `favours` too"):
        load_scenario(path)
