"""Ratification by hand (equation 8a): who ratifies when, and when a text takes force."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sco_sim.components.mechanisms.delivery import Delivery
from sco_sim.components.mechanisms.ratification import Ratification
from sco_sim.components.policies.sister_cities import SisterCities
from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.components.policies.trade_facilitation import TradeFacilitation
from sco_sim.components.policy import Policy
from tests.unit.toy import toy

RATE = {
    "ratification.rate": np.log(2.0), "delivery.rate": 0.0, "delivery.capacity": 0.0, "delivery.volatility": 0.0,
    "delivery.ceiling": 0.8, "delivery.reach": 0.0,
}  # fmt: skip


def signed(policy: Policy, luck: list[float], monkeypatch: pytest.MonkeyPatch, **p: float) -> Any:
    """A year in which all three states sign, with the uniforms of the states."""
    year = toy(policy, **(RATE | p))
    year.state.adopted[:] = 0.8
    year.state.adopted_year[:] = year.year
    monkeypatch.setattr(type(year), "uniform", lambda *_: np.tile(luck, (year.state.worlds, 1)))
    return year


def test_two_thirds_put_a_treaty_in_force_for_those_who_ratified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches force by one, force for who has not ratified, and a whole year in the year of signature."""
    half = 1.0 - 2.0**-0.5
    year = signed(TradeFacilitation(), [half - 0.01, half + 0.01, 0.99], monkeypatch)
    Ratification().step(year)
    state, first = year.state, year.year
    assert state.ratified[0, 0].tolist() == [first, 0.0, 0.0]
    assert np.isnan(state.force_year).all()
    assert state.pending[0, 0].tolist() == [1.0, 1.0, 1.0]
    year.year += 1
    Ratification().step(year)
    assert state.ratified[0, 0].tolist() == [first, first + 1.0, 0.0]
    assert (state.force_year == first + 1.0).all()
    assert state.pending[0, 0].tolist() == [0.0, 0.0, 1.0]
    Delivery().step(year)
    assert (state.delivered[:, 0, :2] > 0.0).all()
    assert (state.delivered[:, 0, 2] == 0.0).all()


def test_all_wait_for_the_slowest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a quorum for what needs everybody."""
    year = signed(TradeFacilitation(force="all"), [0.0, 0.0, 0.99], monkeypatch)
    Ratification().step(year)
    assert np.isnan(year.state.force_year).all()
    assert (year.state.pending == 1.0).all()


@pytest.mark.parametrize(
    "policy",
    [
        SisterCities(),
        TradeFacilitation(decided_by="given"),
        TradeFacilitation(force="signed"),
        TradeCorridor(corridor="north_south_corridor"),
    ],
)
def test_what_no_parliament_ratifies_is_in_force_when_signed(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches plans, given texts and contracts on projects that wait for parliaments."""
    year = signed(policy, [0.99, 0.99, 0.99], monkeypatch)
    Ratification().step(year)
    assert (year.state.force_year == year.year).all()
    assert (year.state.ratified == year.year).all()
    assert not year.state.pending.any()


def test_switched_off_what_is_signed_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches delivery that needs the mechanism."""
    year = signed(TradeFacilitation(), [0.99, 0.99, 0.99], monkeypatch)
    Delivery().step(year)
    assert (year.state.delivered > 0.0).all()
