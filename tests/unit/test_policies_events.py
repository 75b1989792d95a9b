"""What policies and events do, on three states by hand (docs/model.md, section 8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sco_sim.case.case import Case
from sco_sim.components.events.border_closing import BorderClosing
from sco_sim.components.events.dispute import Dispute
from sco_sim.components.events.downturn import Downturn
from sco_sim.components.events.outside_pressure import OutsidePressure
from sco_sim.components.events.pandemic import Pandemic
from sco_sim.components.events.sanctions import Sanctions
from sco_sim.components.events.war_nearby import WarNearby
from sco_sim.components.policies.gas_pipeline import GasPipeline
from sco_sim.components.policies.people_to_people import PeopleToPeople
from sco_sim.components.policies.sister_cities import SisterCities
from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.engine.build import build_model
from sco_sim.scenario.load import load_scenario
from sco_sim.shipped import shipped_scenarios
from tests.unit.toy import toy

# The ties are AAA-BBB, AAA-CCC, BBB-CCC.
STRENGTH = np.array([[0.5, 0.25, 0.0], [1.0, 1.0, 1.0]])


def after(event: Any, **parameters: float) -> Any:
    """The state once the event has acted, twice if it says so."""
    year = toy(**parameters)
    event.act(year)
    return year.state


def rows(values: Any) -> list[float]:
    """The first world; the second is the same."""
    assert np.array_equal(values[0], values[1])
    return values[0].tolist()  # type: ignore[no-any-return]


def test_sanctions_hit_the_senders_and_divert_to_the_others() -> None:
    """Catches diversion to the senders, ties that the target is not on, a target that sanctions itself."""
    sizes = {
        "sanctions.diversion": 0.1,
        "sanctions.loss": 0.4,
        "sanctions.energy": 0.3,
        "sanctions.transit": 0.5,
        "routes.elasticity": 2.0,
    }
    sanctions = Sanctions(target="AAA", senders=("BBB",), start=2021, severity=2.0)
    assert rows(after(sanctions, **sizes).shock_trade) == pytest.approx([-0.8, 0.2, 0.0])
    assert rows(after(sanctions, **sizes).shock_energy) == pytest.approx([-0.6, 0.0, 0.0])
    assert rows(after(Sanctions(target="AAA", start=2021), **sizes).shock_trade) == pytest.approx([0.1, 0.1, 0.0])


def test_a_downturn_counts_each_end() -> None:
    """Catches a tie between two struck states that loses as much as one with one."""
    sizes = {"downturn.growth": 0.04, "downturn.trade": 0.03}
    state = after(Downturn(states=("AAA", "BBB"), start=2021, severity=0.5), **sizes)
    assert rows(state.shock_growth) == pytest.approx([-0.02, -0.02, 0.0])
    assert rows(state.shock_trade) == pytest.approx([-0.03, -0.015, -0.015])
    assert rows(after(Downturn(start=2021), **sizes).shock_growth) == pytest.approx([-0.04] * 3)


def test_a_war_is_felt_on_ties_with_one_belligerent() -> None:
    """Catches comrades in arms who lose trust in each other."""
    sizes = {"war_nearby.trust": -0.1, "war_nearby.students": 0.2, "war_nearby.trade": 0.05}
    sizes |= {"war_nearby.transit": 0.5, "routes.elasticity": 2.0}
    state = after(WarNearby(of=("AAA", "CCC"), start=2021, severity=2.0), **sizes)
    assert rows(state.shock_trust) == pytest.approx([-0.2, 0.0, -0.2])
    assert rows(state.shock_students) == pytest.approx([-0.4, 0.0, -0.4])
    assert rows(state.shock_trade) == pytest.approx([-0.1, 0.0, -0.1])


def test_a_pandemic_is_everywhere() -> None:
    """Catches two channels swapped."""
    sizes = {"pandemic.people": 0.9, "pandemic.students": 0.15, "pandemic.trade": 0.03}
    state = after(Pandemic(start=2021, severity=2.0), **sizes)
    assert rows(state.shock_people) == pytest.approx([-1.8] * 3)
    assert rows(state.shock_students) == pytest.approx([-0.3] * 3)
    assert rows(state.shock_trade) == pytest.approx([-0.06] * 3)


def test_pressure_pulls_those_under_it_away_from_those_named() -> None:
    """Catches two states under pressure that drift from each other."""
    pressure = OutsidePressure(on=("AAA", "BBB"), away_from=("CCC",), start=2021, intensity=0.5)
    state = after(pressure, **{"outside_pressure.trust": -0.2})
    assert rows(state.pressure) == [0.5, 0.5, 0.0]
    assert rows(state.shock_trust) == pytest.approx([0.0, -0.1, -0.1])
    assert pressure.years() == (2021, 9999)
    nobody = after(OutsidePressure(on=("AAA",), start=2021), **{"outside_pressure.trust": -0.2})
    assert not nobody.shock_trust.any()


def test_pressure_answers_members_and_what_they_deliver() -> None:
    """Catches an answer to what has not grown, and pressure below nothing."""
    policy = PeopleToPeople()
    year = toy(policy, **{"outside_pressure.trust": -0.2, "outside_pressure.answer": 0.5})
    year.state.delivered[:] = 0.4
    OutsidePressure(on=("AAA",), away_from=("CCC",), start=2021, intensity=0.5).act(year)
    assert rows(year.state.pressure) == pytest.approx([0.5 * 1.2, 0.0, 0.0])
    assert rows(year.state.shock_trust) == pytest.approx([0.0, -0.2 * 0.5 * 1.2, 0.0])
    year = toy(policy, **{"outside_pressure.trust": -0.2, "outside_pressure.answer": -9.0})
    year.state.delivered[:] = 0.4
    OutsidePressure(on=("AAA",), start=2021).act(year)
    assert not year.state.pressure.any()


def test_the_largest_dispute_of_a_year_counts_and_pairs_have_no_order() -> None:
    """Catches severities that add up, and a pair written the other way round."""
    year = toy()
    for severity in (0.5, 2.0, 1.0):
        Dispute(between=("CCC", "AAA"), year=2021, severity=severity).act(year)
    assert rows(year.state.dispute) == [0.0, 2.0, 0.0]


@pytest.mark.parametrize("event", [Pandemic(start=2021), Pandemic(start=2021, end=2023)])
def test_events_last_from_start_to_end(event: Any) -> None:
    """Catches an open end where one year is meant."""
    assert event.years() == (2021, 2023 if event.end else 2021)


def test_people_to_people_by_hand() -> None:
    """Catches openness of the wrong tie, the unofficial share on the wrong part, a cost by state."""
    policy = PeopleToPeople(persons_per_tie=2000.0, unofficial_share=0.4, cost_per_tie_musd=3.0)
    year = toy(
        policy,
        **{
            "people_to_people.people": 0.2, "people_to_people.trust": 0.1, "visas.floor": 0.6,
            "people_to_people.unofficial_yield": 2.0, "people_to_people.unofficial_persistence": 0.5,
            "people_to_people.half_saturation": 3.0,
        },
    )  # fmt: skip
    year.facts = replace(year.facts, openness=np.tile([0.0, 0.5, 1.0], (6, 1)))
    policy.act(year, STRENGTH)
    reached = 4.0 * 2.0 * STRENGTH / (2.0 * STRENGTH + 3.0)
    assert year.state.effect_people == pytest.approx(0.2 * reached * [0.6, 0.8, 1.0])
    assert year.state.effect_trust == pytest.approx(0.1 * reached * (0.6 + 0.4 * 2.0))
    assert policy.outlay(year, STRENGTH) == pytest.approx([4.5, 18.0])
    policy.act(year, STRENGTH)  # a second programme of the kind begins where the first one ends
    assert year.state.effect_trust == pytest.approx(0.1 * 1.4 * 4.0 * 4.0 * STRENGTH / (4.0 * STRENGTH + 3.0))
    assert policy.fade(year) == pytest.approx(np.full((2, 1), 0.8))


def test_sister_cities_by_hand() -> None:
    """Catches shares over ties where the policy is not at work, and twinned places that come where none are."""
    policy = SisterCities(new_pairs_per_year=12.0, cost_per_pair_musd=0.5)
    year = toy(policy, **{"sister_cities.diffusion": 0.1})
    year.state.cities[:] = [9.0, 0.0, 1.0]
    policy.act(year, STRENGTH)
    pull = np.array([10.0, 1.0, 2.0])
    first = 12.0 * STRENGTH[0] * pull / pull[:2].sum()
    assert year.state.effect_cities == pytest.approx(np.array([first, 12.0 * pull / pull.sum()]))
    assert policy.outlay(year, STRENGTH) == pytest.approx([0.5 * first.sum(), 6.0])
    ends = [first.sum(), first[0], first[1]]  # AAA is at both ties, nothing arrives at the third
    assert year.state.effect_capacity[0] == pytest.approx(0.1 * np.log1p(ends))


def test_a_corridor_by_hand() -> None:
    """Catches trade diverted from within the route, a mean over all ties, a cost paid for ever."""
    road = TradeCorridor(legs=(("AAA", "BBB"),), bypasses=("CCC",), ramp_years=2)
    stem = "corridor.other"
    sizes = {
        "corridor.share_using": 0.5, "corridor.day_elasticity": 0.01, "corridor.cost_elasticity": 4.0,
        "corridor.diversion": 0.2, f"{stem}.days_saved": 6.0, f"{stem}.cost_saved": 0.01, f"{stem}.outlay": 1000.0,
        "corridor.trust": -0.1, "routes.elasticity": 1.0,
    }  # fmt: skip
    year = toy(road, **sizes)
    year.state.adopted_year[:] = 2020.0
    road.act(year, STRENGTH)
    full = 0.5 * (0.06 + 0.04)
    first = [full * 0.5, -0.2 * full * 0.5, -0.2 * full * 0.5]
    assert year.state.effect_trade == pytest.approx(np.array([first, [full, -0.2 * full, -0.2 * full]]))
    assert year.state.effect_trust == pytest.approx(-0.1 * STRENGTH * [1.0, 0.0, 0.0])
    assert road.progress(year, STRENGTH) == pytest.approx([0.25, 0.5])
    year.state.building[:, 0] = [0.25, 0.5]
    assert road.outlay(year, STRENGTH) == pytest.approx([250.0, 500.0])
    year.state.built[:] = 1.0
    assert not road.progress(year, STRENGTH).any()
    year.state.building[:] = 0.0
    assert not road.outlay(year, STRENGTH).any()
    assert set(road.used()) == set(sizes)
    assert road.label == "trade_corridor"
    assert TradeCorridor(corridor="middle_corridor").label == "middle_corridor"


def test_a_corridor_carries_no_trade_while_it_is_built() -> None:
    """Catches trade on the day of the treaty, a ramp that prices the building, trust that waits for the first train."""
    road = TradeCorridor(legs=(("AAA", "BBB"),), bypasses=("CCC",), ramp_years=5, construction_years=2)
    sizes = dict.fromkeys(road.used(), 1.0)
    for built in (0.0, 0.5, 1.0):
        year = toy(road, **sizes)
        year.state.adopted_year[:], year.state.built[:] = 2021.0, built
        road.act(year, STRENGTH)
        carries = float(built == 1.0)
        assert year.state.effect_trade[1] == pytest.approx([2.0 * carries, -2.0 * carries, -2.0 * carries])
        assert year.state.effect_trust[1] == pytest.approx([1.0, 0.0, 0.0])
        assert road.progress(year, STRENGTH)[1] == pytest.approx(min(0.5, 1.0 - built))


SIZES = {"gas_pipeline.outlay": 300.0, "energy.ramp": 4.0, "energy.quarrel": 0.5, "energy.border": 0.25}


def test_a_pipeline_by_hand() -> None:
    """Catches gas before all of it is built, a mean for the slowest section, and a cost by the tie or for ever."""
    line = GasPipeline(route=("AAA", "CCC", "BBB"), capacity_bcm=20.0, construction_years=2, intensity=0.5)
    assert line.participants == line.route
    assert line.crosses
    assert set(line.used()) == set(SIZES)
    year, strength = toy(line, **SIZES), np.array([[0.5, 0.25, 0.1], [0.5, 0.5, 0.5]])  # AAA-BBB, AAA-CCC, BBB-CCC
    line.act(year, strength)
    assert not year.state.effect_energy.any()
    assert line.progress(year, strength) == pytest.approx([0.1, 0.5])  # of what it would be at full strength, a half
    year.state.building[:, 0] = line.progress(year, strength)
    assert line.outlay(year, strength) == pytest.approx([0.5 * 20.0 * 300.0 * 0.1, 0.5 * 20.0 * 300.0 * 0.5])
    assert line.mean_outlay(year, strength, 10) == pytest.approx([300.0, 300.0])
    year.state.built[:], year.state.built_year[:] = 1.0, 2020.0
    line.act(year, np.array([[1e-9, 0.0, 0.0], [0.0, 1.0, 1.0]]))
    assert year.state.effect_energy == pytest.approx(np.array([[2.5, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    assert not line.progress(year, strength).any()


@pytest.mark.parametrize(
    ("name", "tie", "left"), [("spat", 1, 0.5), ("war", 2, 0.5), ("shock_border", 2, 0.75), ("shock_border", 0, 1.0)]
)
def test_what_stops_a_line_that_is_there_stops_one_that_a_policy_has_built(name: str, tie: int, left: float) -> None:
    """Catches a pipeline that no transit state can hold up, and one that hangs on a leg that it does not have."""
    line = GasPipeline(route=("AAA", "CCC", "BBB"), capacity_bcm=20.0)
    year = toy(line, **SIZES)
    year.state.built_year[:] = 2010.0
    year.state.arrays[name][:, tie] = 1.0
    assert line.room(year) == pytest.approx([20.0 * left] * 2)
    outside = GasPipeline(route=("AAA", "XXX", "BBB"), capacity_bcm=20.0)  # neither leg is simulated
    apart = toy(outside, **SIZES)
    apart.state.built_year[:] = 2010.0
    apart.state.arrays[name][:, tie] = 1.0
    assert outside.room(apart) == pytest.approx([20.0, 20.0])
    assert outside.at_work(apart, STRENGTH) == pytest.approx(STRENGTH[:, 0])


def complaints(**fields: Any) -> list[str]:
    """What is wrong with a pipeline among the members of 2023."""
    line = GasPipeline(**({"capacity_bcm": 1.0} | fields))
    members = ("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")
    return [one.message for one in line.complaints(Case().catalog, members)]


def test_a_pipeline_says_what_is_wrong_with_its_route() -> None:
    """Catches a state outside that is refused as transit, and ends that are not simulated or take no part."""
    assert not complaints(route=("RUS", "MNG", "CHN"))
    assert complaints(route=("RUS", "MNG")) == ["'MNG' is not simulated here"]
    assert complaints(route=("RUS", "KAZ", "RUS")) == ["'RUS' is named twice"]
    assert complaints(route=("UZB", "TKM", "IRN")) == ["no state 'TKM' in this case"]
    assert complaints(route=("RUS", "CHN"), participants=("CHN", "RUS", "MNG")) == ["'MNG' is not simulated here"]
    left_out = complaints(route=("RUS", "KAZ", "CHN"), participants=("CHN", "RUS"))
    assert left_out == ["KAZ is on the route and takes no part"]


def test_gas_of_a_new_pipeline_is_counted_as_that_of_other_lines() -> None:
    """Catches a line built by a policy that the flow or the metrics do not know."""
    fields = "{route: [RUS, KAZ, CHN], capacity_bcm: 60, start: 2024, construction_years: 1, decided_by: given}"
    end = ["horizon.end=2040"]
    folder = shipped_scenarios() / "no_events.yaml"
    with_it, without = (
        build_model(load_scenario(folder, [*end, *more]), case=Case(), worlds=8).run()
        for more in ([f"policies=[{{gas_pipeline: {fields}}}]"], [])
    )
    change = {name: with_it.metrics[name][:, -1] - without.metrics[name][:, -1] for name in with_it.metrics}
    assert np.median(change["energy_capacity_bcm"]) == pytest.approx(60.0, rel=0.1)
    assert (change["energy_capacity_bcm"] < 60.0 + 1e-9).all(), "a quarrel takes from it"
    assert (change["energy_total_bcm"] > 10.0).all()
    assert (change["energy_transit_share"] > 10.0).all()
    first = np.argmax(with_it.metrics["energy_capacity_bcm"] > without.metrics["energy_capacity_bcm"] + 1e-9, axis=1)
    years = np.array(with_it.years)[first]
    assert (years > 2025).all(), "nothing flows in the year in which the treaty is signed"
    assert (change["cost_musd"] > 0.0).all()


CHAIN = TradeCorridor(legs=(("AAA", "BBB"), ("BBB", "CCC")))


@pytest.mark.parametrize(
    ("strength", "closed", "arrives"),
    [
        ([0.5, 0.4, 0.8], [0.0, 0.0, 0.0], [0.5, 0.4, 0.8]),
        ([0.5, 0.9, 0.8], [0.0, 0.0, 0.0], [0.5, 0.5, 0.8]),  # the weakest leg bounds what goes through
        ([0.0, 0.9, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),  # BBB takes no part
        ([0.5, 0.5, 0.8], [1.0, 0.0, 0.0], [0.0, 0.0, 0.8]),  # a leg is closed
        ([0.5, 0.5, 0.8], [0.0, 0.0, 0.75], [0.5, 0.2, 0.2]),  # a leg is closed for three quarters
        ([0.5, 0.5, 0.8], [0.0, 3.0, 0.0], [0.5, 0.5, 0.8]),  # a closed border that no leg crosses
    ],
)
def test_a_corridor_delivers_no_more_than_its_legs_carry(
    strength: list[float], closed: list[float], arrives: list[float]
) -> None:
    """Catches a corridor that is a clique: each pair of its states gains as if it had a leg of its own."""
    year = toy(CHAIN, **dict.fromkeys(CHAIN.used(), 1.0) | {"corridor.trust": 0.0})
    year.state.adopted_year[:] = 2020.0
    year.state.shock_border[:] = closed
    CHAIN.act(year, np.array([strength, strength]))
    assert year.state.effect_trade == pytest.approx(2.0 * np.array([arrives, arrives]))


def test_a_chain_may_lead_through_a_state_that_is_not_simulated() -> None:
    """Catches a corridor that ends where the scenario ends."""
    road = TradeCorridor(legs=(("AAA", "XXX"), ("XXX", "BBB"), ("BBB", "CCC")))
    year = toy(road, **dict.fromkeys(road.used(), 1.0) | {"corridor.trust": 0.0})
    year.state.adopted_year[:] = 2020.0
    road.act(year, np.array([[0.5, 0.4, 0.3]] * 2))
    assert year.state.effect_trade[0] == pytest.approx([1.0, 0.6, 0.6])


RAILWAY = "china_kyrgyzstan_uzbekistan_railway"
CLOSED = (
    BorderClosing(between=("CHN", "KGZ"), start=2024, end=2040),
    BorderClosing(between=("KGZ", "UZB"), start=2024, end=2040),
)


@pytest.mark.parametrize(
    ("participants", "events", "gains"),
    [
        (("CHN", "KGZ", "UZB"), (), True),
        (("CHN", "UZB"), (), False),
        (("CHN", "KGZ", "UZB"), CLOSED, False),
        (("CHN", "KGZ", "UZB"), CLOSED[1:], False),
    ],
)
def test_china_uzbekistan_gains_by_the_railway_only_through_kyrgyzstan(
    participants: tuple[str, ...], events: tuple[BorderClosing, ...], gains: bool
) -> None:
    """Catches a gain that no leg delivers (row C7 of docs/mechanisms.md)."""
    road = TradeCorridor(corridor=RAILWAY, participants=participants, decided_by="given", start=2025)
    scenario = load_scenario(shipped_scenarios() / "no_events.yaml")
    scenario = scenario.model_copy(update={"policies": (road,), "events": events})
    model = build_model(scenario, worlds=2, fixed_parameters=True)
    while model.year.year < 2027:
        model.step()
    gain = model.state.effect_trade[:, model.ties.tie("CHN", "UZB")]
    assert (gain > 0.0).all() if gains else not gain.any()


def test_legs_that_do_not_join_are_refused() -> None:
    """Catches a corridor in two pieces, whose states would gain by nothing."""
    case = Case()
    apart = TradeCorridor(legs=(("CHN", "PAK"), ("RUS", "BLR"), ("KAZ", "RUS")))
    (complaint,) = apart.complaints(case.catalog, ("BLR", "CHN", "KAZ", "PAK", "RUS"))
    assert complaint.message == "RUS-BLR does not join the legs before it"
    joined = TradeCorridor(legs=(("CHN", "PAK"), ("RUS", "BLR"), ("KAZ", "RUS"), ("CHN", "KAZ")))
    assert not list(joined.complaints(case.catalog, ("BLR", "CHN", "KAZ", "PAK", "RUS")))
