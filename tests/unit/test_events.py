"""Events by hand on three states that all border each other: what spreads, what fades, what grows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sco_sim.components.events.accession_shock import AccessionShock
from sco_sim.components.events.afghanistan_shock import AfghanistanShock
from sco_sim.components.events.border_closing import BorderClosing
from sco_sim.components.events.heritage_loss import HeritageLoss
from sco_sim.components.events.identity_building import IdentityBuilding
from sco_sim.components.events.misinformation import Misinformation
from sco_sim.components.events.policy_volatility import PolicyVolatility
from sco_sim.components.events.rival_club import RivalClub
from sco_sim.components.events.settlement import Settlement
from sco_sim.components.events.trade_agreement import TradeAgreement
from sco_sim.components.events.unrest import Unrest
from sco_sim.components.registry import keys
from tests.unit.toy import toy


def acted(event: Any, year: Any) -> Any:
    """The state after the event."""
    event.act(year)
    return year.state


def test_unrest_spreads_over_land_borders_once_and_not_back() -> None:
    """Catches spill-over without a border, a neighbour struck twice, unrest that spills into unrest."""
    p = {"unrest.stability": 0.6, "unrest.volatility": 0.1, "unrest.spillover": 0.5}
    year = toy(**p)
    year.facts = replace(year.facts, border=np.array([1.0, 0.0, 1.0]))  # AAA and CCC share none
    state = acted(Unrest(states=("AAA",), start=2021, severity=2.0), year)
    assert state.shock_stability[0] == pytest.approx([-1.2, -0.6, 0.0])
    assert state.shock_volatility[1] == pytest.approx([0.2, 0.0, 0.0])
    both = acted(Unrest(states=("AAA", "CCC"), start=2021), toy(**p))
    assert both.shock_stability[0] == pytest.approx([-0.6, -0.3, -0.6])


def test_an_accession_shock_fades_in_equal_steps_and_is_gone_after_its_end() -> None:
    """Catches a shock that stays, or that is still there a year after."""
    event = AccessionShock(states=("BBB",), start=2021, end=2024)
    left = []
    for calendar in range(2021, 2025):
        year = toy(**{"accession_shock.acceptance": -0.4})
        year.year = calendar
        left.append(acted(event, year).shock_acceptance[0].tolist())
    assert [row[1] for row in left] == pytest.approx([-0.4, -0.3, -0.2, -0.1])
    assert not any(row[0] or row[2] for row in left)
    assert event.years() == (2021, 2024)


def test_identity_grows_to_its_cap_and_turns_from_those_named_only() -> None:
    """Catches a trend without end, and trust lost among the states that build."""
    event = IdentityBuilding(states=("AAA", "BBB"), away_from=("CCC",), start=2020, ramp_years=4, intensity=0.5)
    for calendar, share in ((2021, 0.5), (2023, 1.0), (2030, 1.0)):
        year = toy(**{"identity_building.acceptance": -0.2, "identity_building.trust": -0.1})
        year.year = calendar
        state = acted(event, year)
        assert state.shock_trust[0] == pytest.approx([0.0, -0.05 * share, -0.05 * share])
        assert state.shock_acceptance[0] == pytest.approx([-0.1 * share, -0.1 * share, 0.0])


def test_a_club_pulls_from_all_outside_it() -> None:
    """Catches trust lost within the club."""
    year = toy(**{"rival_club.acceptance": -0.2, "rival_club.trust": -0.1})
    state = acted(RivalClub(members=("AAA", "BBB"), start=2020, intensity=0.5), year)
    assert state.shock_trust[0] == pytest.approx([0.0, -0.05, -0.05])
    assert state.shock_acceptance[0] == pytest.approx([-0.1, -0.1, 0.0])


def test_ties_are_struck_where_both_ends_are_named() -> None:
    """Catches a rumour that reaches a third state, open borders that make it worse, a border closed that is none."""
    p = {"misinformation.deviation": -0.4, "misinformation.trust": 0.2, "misinformation.openness": 0.5}
    year = toy(**p)
    year.facts = replace(year.facts, openness=np.tile([1.0, 0.0, 0.0], (6, 1)))
    state = acted(Misinformation(between=("AAA", "BBB"), start=2021), year)
    assert state.shock_deviation[0] == pytest.approx([-0.2, 0.0, 0.0])
    assert acted(Misinformation(start=2021), toy(**p)).shock_trust[0] == pytest.approx([0.2] * 3)
    year = toy(**{"border_closing.trade": 0.5, "border_closing.people": 0.1, "routes.elasticity": 1.0})
    year.facts = replace(year.facts, border=np.array([1.0, 0.0, 1.0]))
    state = acted(BorderClosing(between=("AAA", "BBB", "CCC"), start=2021), year)
    assert state.shock_trade[0] == pytest.approx([-0.5, 0.0, -0.5])
    assert state.shock_people[1] == pytest.approx([-0.1, 0.0, -0.1])


def test_an_agreement_in_force_raises_trade_in_equal_steps_where_there_was_none() -> None:
    """Catches an agreement that counts twice, one that acts at once in full, and one that never ends its steps."""
    for calendar, share in [(2021, 0.25), (2024, 1.0), (2025, 1.0)]:
        year = toy(**{"tariff_liberalisation.trade": 0.4})
        year.year = calendar
        year.facts = replace(year.facts, trade_agreement=np.tile([1.0, 0.0, 0.0], (6, 1)))
        state = acted(TradeAgreement(between=("AAA", "BBB", "CCC"), start=2021, end=2030, ramp_years=4), year)
        assert state.shock_trade[0] == pytest.approx([0.0, 0.4 * share, 0.4 * share])


def test_an_agreement_without_an_end_goes_on() -> None:
    """Catches an agreement that is gone after its first year, with a tenth of its effect."""
    assert TradeAgreement(between=("AAA", "BBB"), start=2021).years() == (2021, 9999)
    assert TradeAgreement(between=("AAA", "BBB"), start=2021, end=2024).years() == (2021, 2024)


SIMPLE = [
    (AfghanistanShock(states=("BBB",), start=2021, severity=2.0), {"stability": 0.3, "acceptance": 0.1},
     {"stability": [0.0, -0.6, 0.0], "acceptance": [0.0, 0.2, 0.0]}),
    (HeritageLoss(states=("AAA", "BBB"), start=2021, severity=0.5), {"people": 0.2, "trust": -0.1},
     {"people": [-0.2, -0.1, -0.1], "trust": [-0.1, -0.05, -0.05]}),
    (PolicyVolatility(states=("CCC",), start=2021, severity=3.0), {"volatility": 0.1}, {"volatility": [0.0, 0.0, 0.3]}),
]  # fmt: skip


@pytest.mark.parametrize(("event", "sizes", "shocks"), SIMPLE, ids=[case[0].key() for case in SIMPLE])
def test_states_are_struck_as_named(event: Any, sizes: Any, shocks: Any) -> None:
    """Catches a sign turned, a shock to another quantity, and a tie between two struck states that is hit once."""
    state = acted(event, toy(**{f"{event.key()}.{name}": size for name, size in sizes.items()}))
    struck = {name.removeprefix("shock_"): values for name, values in state.arrays.items() if name.startswith("shock_")}
    assert {name for name, values in struck.items() if values.any()} == set(shocks)
    for name, expected in shocks.items():
        assert struck[name] == pytest.approx(np.array([expected] * 2)), name


def test_a_settlement_ends_what_is_recent_on_its_tie_alone() -> None:
    """Catches a settlement that reaches a third state, or one that leaves the last dispute recent."""
    year = toy(**{"settlement.deviation": 0.2})
    year.state.years_since_dispute[:] = 1.0
    state = acted(Settlement(between=("AAA", "CCC"), year=2021), year)
    assert state.years_since_dispute[0].tolist() == [1.0, 99.0, 1.0]
    assert state.shock_deviation[0] == pytest.approx([0.0, 0.2, 0.0])


def test_every_event_is_worked_out_by_hand() -> None:
    """Catches an event that nobody has ever computed by hand; the older ones are in test_policies_events.py."""
    here = {
        "accession_shock",
        "border_closing",
        "identity_building",
        "misinformation",
        "rival_club",
        "settlement",
        "trade_agreement",
        "unrest",
    }
    older = {"dispute", "downturn", "outside_pressure", "pandemic", "sanctions", "war_nearby"}
    assert set(keys("events")) == here | older | {case[0].key() for case in SIMPLE}
