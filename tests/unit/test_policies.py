"""The programmes of the documents on three states by hand (docs/model.md, section 8): effects, outlays, fades."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sco_sim.components.policies.border_settlement import BorderSettlement
from sco_sim.components.policies.digital_culture import DigitalCulture
from sco_sim.components.policies.direct_flights import DirectFlights
from sco_sim.components.policies.equal_voice import EqualVoice
from sco_sim.components.policies.expertise_sharing import ExpertiseSharing
from sco_sim.components.policies.health_cooperation import HealthCooperation
from sco_sim.components.policies.heritage_protection import HeritageProtection
from sco_sim.components.policies.implementation_support import ImplementationSupport
from sco_sim.components.policies.language_institutes import LanguageInstitutes
from sco_sim.components.policies.media_dialogue import MediaDialogue
from sco_sim.components.policies.meetings import Meetings
from sco_sim.components.policies.new_fields import NewFields
from sco_sim.components.policies.norm_campaign import NormCampaign
from sco_sim.components.policies.outreach import Outreach
from sco_sim.components.policies.regulatory_cooperation import RegulatoryCooperation
from sco_sim.components.policies.security_cooperation import SecurityCooperation
from sco_sim.components.policies.special_fund import SpecialFund
from sco_sim.components.policies.strategy_alignment import StrategyAlignment
from sco_sim.components.policies.tariff_liberalisation import TariffLiberalisation
from sco_sim.components.policies.tourism_routes import TourismRoutes
from sco_sim.components.policies.trade_facilitation import TradeFacilitation
from sco_sim.components.policies.university_network import UniversityNetwork
from sco_sim.components.policies.visa_freedom import VisaFreedom
from sco_sim.components.registry import keys
from tests.unit.toy import toy

LN2, E = float(np.log(2.0)), float(np.e)
# The ties are AAA-BBB, AAA-CCC, BBB-CCC; a state has the strength of its strongest tie.
TIES = np.array([[0.5, 0.25, 0.0], [1.0, 1.0, 1.0]])
STATES = np.array([[0.5, 0.5, 0.25], [1.0, 1.0, 1.0]])
ABLE = 1.0 / (1.0 + np.exp([0.0, 0.5, 0.5]))
"""What the capacity of the weaker end (0, -0.5, -0.5) lets through."""


def world(policy: Any, **parameters: float) -> Any:
    """The toy with capacities, sites, languages, visas, and CCC no member when the horizon began."""
    year = toy(policy, **{"visas.floor": 0.6, "students.gdp_elasticity": 0.3} | parameters)
    capacity, member = np.tile([1.0, 0.0, -0.5], (6, 1)), np.ones((6, 3))
    member[0] = [1.0, 1.0, 0.0]
    year.state.capacity[:] = capacity[0]
    year.facts = replace(
        year.facts, capacity=capacity, member=member, openness=np.tile([0.0, 0.5, 1.0], (6, 1)),
        common_language=np.array([0.0, 1.0, 0.0]), heritage_sites=np.array([0.0, 3.0, 7.0]),
    )  # fmt: skip
    return year


def acted(policy: Any, strength: Any, **parameters: float) -> tuple[dict[str, Any], Any]:
    """Every effect that is not zero, and the outlay."""
    year = world(policy, **{f"{policy.key()}.{name}": value for name, value in parameters.items() if "." not in name},
                 **{name: value for name, value in parameters.items() if "." in name})  # fmt: skip
    policy.act(year, strength)
    arrays = year.state.arrays
    effects = {name: arrays[name] for name in arrays if name.startswith("effect_") and arrays[name].any()}
    return effects, policy.outlay(year, strength)


# policy, its parameters, effects, outlay in the two worlds
CASES: list[tuple[Any, dict[str, float], dict[str, Any], list[float]]] = [
    (BorderSettlement(participants=("AAA", "BBB")), {"rivalry": 0.5, "hazard": -0.4},
     {"claims": TIES, "rivalry": 0.5 * TIES, "hazard": -0.4 * TIES}, [1.5, 6.0]),
    (DigitalCulture(), {"people": 0.2, "students": 0.1, "depth": 0.5, "people_to_people.trust": 0.4},
     {"people": 0.2 * TIES * ABLE, "students": 0.1 * TIES * ABLE, "trust": 0.2 * TIES * ABLE}, [0.225, 0.9]),
    (EqualVoice(), {"acceptance": 0.3}, {"acceptance": 0.3 * STATES * [0.0, 1.0, 1.0]}, [0.0375, 0.15]),
    (ExpertiseSharing(), {"capacity": 0.5, "trust": 0.1},
     {"capacity": 0.5 * STATES * [0.0, 1.0, 1.5], "trust": 0.1 * TIES}, [0.225, 0.9]),
    (HealthCooperation(), {"shield": 0.2, "trust": 0.1},
     {"shield_health": 0.2 * TIES, "trust": 0.1 * TIES}, [0.75, 3.0]),
    (HeritageProtection(anti_trafficking=0.5, joint_archaeology=0.25, exhibitions_per_year=E - 1.0),
     {"shield": 0.2, "security": 0.3, "people": 0.1, "trust": 0.4},
     {"shield_heritage": 0.05 * TIES, "security": 0.15 * TIES, "people": 0.1 * TIES, "trust": 0.5 * TIES},
     [0.375 * 2.0 * (E - 1.0) + 0.75 * 0.1875, 2.0 * (E - 1.0) + 3.0 * 0.1875]),
    (ImplementationSupport(), {"capacity": 0.2, "delivery": 0.1},
     {"capacity": 0.2 * STATES, "delivery": 0.1 * STATES}, [0.225, 0.9]),
    (LanguageInstitutes(), {"people": 0.2, "students": 0.1, "trust": 0.0},
     {"people": 0.2 * TIES * [1.0, 0.0, 1.0], "students": 0.1 * TIES * [1.0, 0.0, 1.0]}, [0.5, 2.0]),
    (LanguageInstitutes(languages_of=("AAA",)), {"people": 0.0, "students": 0.0, "trust": 0.3},
     {"trust": 0.3 * TIES * [1.0, 0.0, 0.0]}, [0.5, 1.0]),
    (MediaDialogue(circles=("media", "mayors")), {"shield": 0.4, "trust": 0.1},
     {"shield_talk": 0.2 * TIES, "trust": 0.05 * TIES}, [0.1875, 0.75]),
    (Meetings(tracks=3, instant_channels=0.5), {"hazard": -0.1, "acceptance": 0.2, "shield": 0.3},
     {"hazard": -0.2 * LN2 * TIES, "acceptance": 0.4 * LN2 * STATES, "shield_channels": 0.15 * TIES}, [0.225, 0.9]),
    (NewFields(fields=("water", "ai", "energy")), {"capacity": 0.1, "trust": 0.2},
     {"capacity": 0.3 * STATES, "trust": 0.6 * TIES}, [1.125, 4.5]),
    (NormCampaign(), {"hazard": -0.2, "acceptance": 0.3, "persistence": 0.4},
     {"hazard": -0.2 * TIES, "acceptance": 0.3 * STATES}, [0.075, 0.3]),
    (Outreach(), {"people": 0.2, "trust": 0.1},
     {"people": 0.2 * TIES * [0.0, 1.0, 1.0], "trust": 0.1 * TIES * [0.0, 1.0, 1.0]}, [0.075, 0.6]),
    (RegulatoryCooperation(sectors=("food", "investment", "customs")), {"trade": 0.01, "investment": 0.1},
     {"trade": 0.03 * TIES, "investment": 0.1 * TIES},
     [0.675, 2.7]),
    (SecurityCooperation(exercises_per_year=2.0), {"attendance": 0.3, "hazard": -0.1, "stability": 0.2},
     {"security": np.log(7.0) * TIES, "hazard": -0.1 * np.log(3.0) * TIES, "stability": 0.2 * np.log(3.0) * STATES},
     [7.5, 20.0]),
    (SpecialFund(size_musd_per_year=500.0), {"capacity": 0.8},
     {"capacity": 0.8 * STATES * np.log1p(0.0125) * [0.0, 1.0, 1.0]}, [187.5, 500.0]),
    (SpecialFund(size_musd_per_year=500.0, for_states=("AAA",)), {"capacity": 0.8},
     {"capacity": 0.8 * STATES * np.log1p(0.0125) * [1.0, 0.0, 0.0]}, [187.5, 500.0]),
    (StrategyAlignment(), {"capacity": 0.2}, {"capacity": 0.2 * STATES}, [0.15, 0.6]),
    (TariffLiberalisation(), {"trade": 0.4}, {"trade": 0.4 * TIES * [1.0, 1.0, 0.0]}, [0.375, 1.5]),
    (TourismRoutes(), {"people": 0.1}, {"people": 0.1 * LN2 * TIES * [0.6, 1.2, 2.5]}, [0.75, 3.0]),
    (TourismRoutes(hub="CCC"), {"people": 0.1}, {"people": 0.1 * LN2 * TIES * [0.0, 1.2, 2.5]}, [0.25, 2.0]),
    (TradeFacilitation(border_time_cut=0.4), {"trade": 0.14}, {"trade": -0.14 * np.log(1.0 - 0.4 * ABLE) * TIES},
     [1.5, 6.0]),
    (DirectFlights(pairs_per_tie=3.0), {"additional": 0.5, "people.gdp_elasticity": 0.3},
     {"people": np.log1p(1.5 * TIES)}, [3.75, 15.0]),
    (VisaFreedom(openness=0.75), {"trade": 0.2, "migrants": -0.1, "investment": 0.3},
     {"people": np.log1p(0.4 * TIES * [0.75, 0.25, 0.0] / [0.6, 0.8, 1.0]), "trade": 0.2 * TIES * [0.75, 0.25, 0.0],
      "migrants": -0.1 * TIES * [0.75, 0.25, 0.0], "investment": 0.3 * TIES * [0.75, 0.25, 0.0]},
     [0.75, 3.0]),
    (UniversityNetwork(seats_per_year=1200.0, dual_degrees=0.5),
     {"additional": 0.5, "dual": 0.2, "stay": 4.0, "first_graduates": 4.0, "last_graduates": 12.0, "trust": 0.1,
      "capacity": 0.3, "half_saturation": 0.4},
     {"students": np.log1p(1320.0 * TIES / [[2.0], [3.0]]), "trust": 0.084 * TIES, "capacity": 0.252 * STATES},
     [4.5, 12.0]),
]  # fmt: skip


@pytest.mark.parametrize(("policy", "parameters", "effects", "outlay"), CASES, ids=[case[0].key() for case in CASES])
def test_a_policy_by_hand(policy: Any, parameters: Any, effects: Any, outlay: Any) -> None:
    """Catches a wrong tie, state, unit or factor, an effect nobody declared, and an outlay that does not scale."""
    found, cost = acted(policy, TIES, **parameters)
    assert {name.removeprefix("effect_") for name in found} == set(effects)
    for name, expected in effects.items():
        assert found[f"effect_{name}"] == pytest.approx(expected), name
    assert cost == pytest.approx(outlay)
    nothing, free = acted(policy, 0.0 * TIES, **parameters)
    assert not nothing
    assert not free.any()


def test_every_policy_is_worked_out_by_hand() -> None:
    """Catches a policy that nobody has ever computed by hand; four are in test_policies_events.py."""
    assert set(keys("policies")) == {case[0].key() for case in CASES} | {
        "gas_pipeline", "people_to_people", "sister_cities", "trade_corridor",
    }  # fmt: skip


def test_who_takes_no_part_sets_no_standard() -> None:
    """Catches the best, the mean and the small taken from all states: AAA is out, BBB and CCC are alike in size."""
    apart = np.array([[0.0, 0.0, 1.0]] * 2)
    found, _ = acted(ExpertiseSharing(), apart, capacity=1.0, trust=0.0)
    assert found["effect_capacity"][0] == pytest.approx([0.0, 0.0, 0.5])
    assert not acted(EqualVoice(), apart, acceptance=1.0)[0]
    found, _ = acted(SpecialFund(size_musd_per_year=500.0), apart, capacity=1.0)
    assert found["effect_capacity"][0] == pytest.approx([0.0, 0.0, np.log1p(0.025)])  # CCC alone: all of it


def test_a_fund_that_nobody_may_draw_on_pays_nothing() -> None:
    """Catches money spent on states that take no part."""
    found, cost = acted(SpecialFund(for_states=("AAA",)), np.array([[0.0, 0.0, 1.0]] * 2), capacity=1.0)
    assert not found
    assert not cost.any()


@pytest.mark.parametrize(("since", "home"), [(4, 0.0), (6, 0.25), (12, 1.0), (40, 1.0)])
def test_graduates_come_home_between_their_first_and_last_year(since: int, home: float) -> None:
    """Catches trust on the day of enrolment, and graduates without end."""
    policy = UniversityNetwork(seats_per_year=2000.0)
    sizes = {"additional": 0.5, "dual": 0.2, "stay": 4.0, "first_graduates": 4.0, "last_graduates": 12.0}
    sizes |= {"trust": 0.1, "capacity": 0.3, "half_saturation": 3.0}
    year = world(policy, **{f"university_network.{name}": value for name, value in sizes.items()})
    year.state.adopted_year[:] = year.year - since
    policy.act(year, TIES)
    assert year.state.effect_trust == pytest.approx(0.1 * home * TIES)
    assert year.state.effect_capacity == pytest.approx(0.3 * home * STATES)
    assert year.state.effect_students[1] == pytest.approx(np.log1p([2000.0] * 3 / np.float64(3.0)))


def test_graduates_count_by_their_number_and_saturate() -> None:
    """Catches goodwill of a network without seats, and goodwill that grows with seats for ever."""
    moved = []
    for seats in (0.0, 200.0, 2000.0, 20_000.0, 1e6):
        sizes = dict.fromkeys(policy_stems(UniversityNetwork()), 1.0) | {"half_saturation": 3.0, "stay": 0.0}
        found, _ = acted(UniversityNetwork(seats_per_year=seats), TIES, **sizes | {"last_graduates": 9.0})
        moved.append(float(found.get("effect_trust", np.zeros((2, 3))).max()))
    assert moved == pytest.approx(
        [0.0, moved[2] * 0.4 / 3.1, moved[2], moved[2] * 40.0 / 13.0, moved[2] * 2000.0 / 503.0]
    )


def test_what_is_there_already_dampens_exercises_and_seats() -> None:
    """Catches counts taken for logarithms: the same number adds less where there is more."""
    policy = SecurityCooperation(exercises_per_year=1.0)
    year = world(policy, **{f"security_cooperation.{name}": 0.5 for name in policy_stems(policy)})
    year.reference = year.reference.replaced(security=np.log1p([[0.0, 4.0, 9.0]] * 2))
    policy.act(year, TIES)
    assert year.state.effect_security[1] == pytest.approx(np.log([6.0, 2.0, 1.5]))
    network = UniversityNetwork(seats_per_year=300.0)
    sizes = dict.fromkeys(policy_stems(network), 1.0) | {"last_graduates": 9.0}
    year = world(network, **{f"university_network.{name}": value for name, value in sizes.items()})
    year.reference = year.reference.replaced(
        students_ab=np.log([[50.0] * 3] * 2), students_ba=np.log([[150.0] * 3] * 2)
    )
    network.act(year, TIES)
    assert year.state.effect_students[1] == pytest.approx([np.log(1.5)] * 3)


def policy_stems(policy: Any) -> list[str]:
    """Its own parameters without its key."""
    own = f"{policy.key()}."
    return [name.removeprefix(own) for name in policy.parameters if name.startswith(own)]


def test_a_norm_outlives_its_campaign() -> None:
    """Catches a norm that fades as fast as what it persuaded of."""
    policy = NormCampaign()
    assert policy.fade(world(policy, **{"norm_campaign.persistence": 0.4})) == pytest.approx(np.full((2, 1), 0.6))
    assert policy.ramp_years == 10
