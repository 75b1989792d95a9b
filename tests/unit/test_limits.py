"""Closed forms: with the luck switched off, the model must do what can be written down in one line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sco_sim.case.changes import Candidate
from sco_sim.components.events.dispute import Dispute
from sco_sim.components.events.outside_pressure import OutsidePressure
from sco_sim.components.events.pandemic import Pandemic
from sco_sim.components.events.policy_volatility import PolicyVolatility
from sco_sim.components.events.sanctions import Sanctions
from sco_sim.components.events.unrest import Unrest
from sco_sim.components.events.war_nearby import WarNearby
from sco_sim.components.mechanisms.delivery import delivery_rate
from sco_sim.components.policies.health_cooperation import HealthCooperation
from sco_sim.components.policies.meetings import Meetings
from sco_sim.components.policies.people_to_people import PeopleToPeople
from sco_sim.components.policies.security_cooperation import SecurityCooperation
from sco_sim.components.policies.sister_cities import SisterCities
from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.scenario.schema import Rivals
from tests.worlds import model_of, quiet

START, YEARS = 2024, 12  # no GDP is known after 2024
STILL = {
    "trade__trust_elasticity": 0.0, "people__trust_elasticity": 0.0, "students__trust_elasticity": 0.0,
    "trust__trade_effect": 0.0, "trust__contact_effect": 0.0, "trust__community_effect": 0.0,
    "trust__security_effect": 0.0, "routes__elasticity": 0.0,
    "cities__trade": 0.0, "cities__arrival_rate": 0.0,
}  # fmt: skip
"""Nothing moves trust or trade but what a test moves."""


def still(end: int = START + YEARS, changes: Any = None, **values: float) -> Any:
    """A model of four settings in which only the values, and the policies and events of `changes`, act."""
    scenario = quiet(START, end, **(STILL | values)).model_copy(update=changes or {})
    return model_of(scenario, worlds=range(4), replicates=1)


def every_year(model: Any) -> Any:
    """Years since the start, each after its step."""
    for t in range(1, model.scenario.horizon.end - START + 1):
        model.step()
        yield t


def close(found: Any, expected: Any) -> None:
    """Equal to 1e-9."""
    assert np.allclose(found, expected, rtol=1e-9, atol=1e-9)


def test_without_luck_nothing_moves_but_the_economy() -> None:
    """Catches a drift that no equation has."""
    model = still()
    state, start = model.state, model.year.reference
    for t in every_year(model):
        close(state.log_gdp, start.log_gdp + 0.03 * t)
        for name in ("trust_level", "cities", "security", "community"):
            close(state.arrays[name], getattr(start, name))
        for name in ("trade", "people", "students_ab", "students_ba"):
            stem = name.split("_")[0]
            elasticity = model.year.p[f"{stem}.gdp_elasticity"]
            common = model.year.p["trade.common_elasticity"] if stem == "trade" else 0.0  # all states grow alike
            close(state.arrays[name], getattr(start, name) + (elasticity + common) * 0.06 * t)
        assert not state.dispute.any()
        assert not state.cost.any()


def test_a_deviation_of_trust_dies_out_with_its_persistence() -> None:
    """Catches a persistence applied to the level, or twice (equation 15)."""
    model = still()
    first = model.state.trust_deviation.copy()
    for t in every_year(model):
        close(model.state.trust_deviation, first * model.year.p["trust.persistence"] ** t)


@pytest.mark.parametrize("name", ["trade", "people", "students_ab", "students_ba"])
def test_exchange_returns_to_gravity_at_its_speed(name: str) -> None:
    """Catches a target of the wrong year: then the gap closes towards another line (equations 10 to 12)."""
    stem = name.split("_")[0]
    model = still(**{f"{stem}__gdp_elasticity": 0.4}, trade__common_elasticity=0.0)
    array = model.state.arrays[name]
    array += 0.8
    for t in every_year(model):
        gravity = getattr(model.year.reference, name) + 0.4 * 0.06 * t
        close(np.expm1(array - gravity), np.expm1(0.8) * (1.0 - model.year.p[f"{stem}.adjustment"]) ** t)


def test_trade_follows_trust_to_a_new_fixed_point() -> None:
    """Catches trust of the wrong year, or a missing elasticity: the way left shrinks by 1 - lambda."""
    model = still(trade__trust_elasticity=0.2, trust__level_rate=0.0, trust__level_noise=0.0)
    model.state.trust_level[:] += 0.5
    for t in every_year(model):
        gravity = model.year.expected("trade")
        way = 1.0 - (1.0 - model.year.p["trade.adjustment"]) ** t
        close(np.exp(model.state.trade - gravity), 1.0 + (np.exp(0.1) - 1.0) * way)


def test_trust_settles_where_it_is_pushed_at_its_rate() -> None:
    """Catches a push that is added every year instead of moving the target (equations 16 and 17)."""
    events = (OutsidePressure(on=("KAZ",), away_from=("RUS",), start=START + 1),)
    model = still(changes={"events": events}, outside_pressure__trust=-0.4)
    pulled = np.array([pair == ("KAZ", "RUS") for pair in model.ties.pairs])
    for t in every_year(model):
        gap = (1.0 - model.year.p["trust.level_rate"]) ** t
        close(model.state.trust_level - model.year.reference.trust_level, -0.4 * pulled * (1.0 - gap))


def test_trade_moves_trust_no_further_than_its_effect() -> None:
    """Catches the bound left out: the target is a_T tanh(excess) (equation 17)."""
    model = still(trust__trade_effect=0.3, trade__adjustment=0.05, trust__level_rate=1.0)
    model.state.trade[:, 0] += 50.0
    model.state.trade[:, 1] += 0.2
    model.step()
    moved = model.state.trust_level - model.year.reference.trust_level
    left = np.log1p(0.95 * np.expm1(0.2))
    close(moved[:, :3], [[0.3, 0.3 * np.tanh(left), 0.0]] * 4)


@pytest.mark.parametrize(("view", "sign"), [("works", 1.0), ("none", 0.0), ("backlash", -1.0)])
def test_contact_moves_trust_as_the_view_says(view: Any, sign: float) -> None:
    """Catches a rival view that is read and not used, and the three contacts weighed unequally (equation 17)."""
    fixed = {f"{stem}__adjustment": 0.0 for stem in ("people", "students")}
    fixed |= {"trust__contact_effect": 0.1, "trust__level_rate": 1.0}
    model = still(changes={"rivals": Rivals(contact=view)}, **fixed)
    model.state.people[:] += 0.3
    model.state.students_ab[:] += 0.4
    model.state.cities[:] = np.expm1(np.log1p(model.year.reference.cities) + 0.5)
    model.step()
    moved = model.state.trust_level - model.year.reference.trust_level
    close(moved, sign * 0.1 * (np.tanh(0.3) + np.tanh(0.2) + np.tanh(0.5)))


def test_delivery_fills_up_at_its_rate_and_empties_after_the_end() -> None:
    """Catches a ceiling or a fade in the wrong place (equation 8)."""
    given = {"decided_by": "given", "participants": "all", "start": START + 1, "end": START + 6}
    policy = PeopleToPeople(**given, unofficial_share=0.5)
    model = still(changes={"policies": (policy,)})
    rate = delivery_rate(model.year)
    ceiling = model.year.p["delivery.ceiling"]
    for t in every_year(model):
        full = ceiling * (1.0 - (1.0 - rate) ** min(t, 6))
        fade = 1.0 - 0.5 * model.year.p["people_to_people.unofficial_persistence"]
        close(model.state.delivered[:, 0], full * (1.0 - rate * fade) ** max(t - 6, 0))


def test_an_effect_on_trade_is_reached_at_the_pace_at_which_it_is_taken_up() -> None:
    """Catches a policy at the pace of noise, or at once: a corridor at full, constant strength."""
    road = TradeCorridor(
        corridor="china_kyrgyzstan_uzbekistan_railway", participants=("CHN", "KGZ", "UZB"),
        decided_by="given", start=START + 1,
    )  # fmt: skip
    model = still(changes={"policies": (road,)}, delivery__rate=60.0, delivery__ceiling=1.0)
    p, on_route = model.year.p, model.year.ends(("CHN", "KGZ", "UZB")) == 2.0
    stem = "corridor.china_kyrgyzstan_uzbekistan_railway"
    days, cost = p[f"{stem}.days_saved"], p[f"{stem}.cost_saved"]
    saved = p["corridor.day_elasticity"] * days + p["corridor.cost_elasticity"] * cost
    shift = p["corridor.share_using"] * saved * on_route
    for t in every_year(model):
        reached = shift * (1.0 - (1.0 - p["trade.policy_response"]) ** t)
        close(model.state.trade - model.year.expected("trade"), reached)
    close(model.state.cost, p[f"{stem}.outlay"][:, 0])


def test_a_shock_strikes_at_once_and_is_taken_back() -> None:
    """Catches a shock that lingers in the level, or one that the adjustment eats while it lasts."""
    events = (Pandemic(start=START + 2, end=START + 4, severity=0.5),)
    sizes = {"trade": 0.2, "people": 4.0, "students_ab": 0.1, "students_ba": 0.1}
    pandemic = {f"pandemic__{name.removesuffix('_ab').removesuffix('_ba')}": size for name, size in sizes.items()}
    model = still(changes={"events": events}, **pandemic)
    for t in every_year(model):
        for name, size in sizes.items():  # people fall below nothing and come back to where they were
            close(model.state.arrays[name] - model.year.expected(name), -0.5 * size * (2 <= t <= 4))


def test_shocks_of_a_year_add_up() -> None:
    """Catches an event that overwrites another."""
    war = WarNearby(of=("RUS",), start=START + 1)
    events = (war, war, Pandemic(start=START + 1))
    model = still(changes={"events": events}, war_nearby__trade=0.3, pandemic__trade=0.2)
    model.step()
    struck = np.array(["RUS" in pair for pair in model.ties.pairs])
    close(model.state.trade - model.year.expected("trade"), [-0.2 - 0.6 * struck] * 4)


def test_a_dispute_takes_its_severity_off_and_is_remembered() -> None:
    """Catches a dispute that lasts, severities that add up, and a clock that is not set back (equations 2 and 15)."""
    between, year = ("KGZ", "TJK"), START + 3
    events = (Dispute(between=between, year=year, severity=0.5), Dispute(between=between, year=year, severity=2.0))
    model = still(changes={"events": events})
    tie, p = model.ties.tie(*between), model.year.p
    first = model.state.trust_deviation[:, tie].copy()
    waited = model.state.years_since_dispute[:, tie].copy()
    rho, drop = p["trust.persistence"][:, 0], p["trust.dispute_drop"][:, 0]
    for t in every_year(model):
        after = 2.0 * drop * rho ** (t - 3) if t >= 3 else 0.0
        close(model.state.trust_deviation[:, tie], first * rho**t - after)
        assert (model.state.dispute[:, tie] == 2.0 * (t == 3)).all()
        assert (model.state.years_since_dispute[:, tie] == (t - 3 if t >= 3 else np.minimum(waited + t, 99.0))).all()


def test_twinnings_arrive_at_their_rate() -> None:
    """Catches a rate used twice or not at all: mean and variance of a Poisson count (equation 13)."""
    scenario = quiet(START, START + 5, cities__arrival_rate=0.4)
    model = model_of(scenario, worlds=range(200), replicates=200)
    model.run()
    arrived = model.state.cities - model.year.reference.cities
    near = 5.0 / np.sqrt(arrived.size)
    assert arrived.mean() == pytest.approx(2.0, abs=near * np.sqrt(2.0))
    assert arrived.var() == pytest.approx(2.0, abs=near * np.sqrt(2.0 + 2.0 * 4.0))
    assert abs(model.year.above("cities").mean()) < 0.2


def test_a_policy_of_twinning_brings_what_it_says() -> None:
    """Catches shares that do not add up to one, and a cost that is not that of the arrivals."""
    policy = SisterCities(decided_by="given", participants="all", start=START + 1, new_pairs_per_year=30.0)
    model = still(changes={"policies": (policy,)}, delivery__rate=60.0, delivery__ceiling=1.0)
    there = 1.0 + model.state.cities
    model.step()
    close(model.state.effect_cities.sum(axis=1), 30.0)
    close(model.state.cost, 0.2 * 30.0)
    close(model.state.effect_cities, 30.0 * there / there.sum(axis=1, keepdims=True))
    model.run()
    arrived = (model.state.cities - model.year.reference.cities).sum()
    expected = 30.0 * YEARS * 4
    assert abs(arrived - expected) < 5.0 * np.sqrt(expected)


def test_trade_follows_the_twinned_places_of_the_year_before() -> None:
    """Catches places of one year held against the expectation of another (equations 10 and 13)."""
    model = still(cities__trade=0.5, cities__arrival_rate=3.0)
    excess, above, speed = np.zeros((4, 45)), np.zeros((4, 45)), model.year.p["trade.policy_response"]
    for t in every_year(model):
        excess += speed * (0.5 * above - excess)
        close(model.state.trade - model.year.expected("trade"), excess)
        start = model.year.reference.cities
        above = np.log1p(model.state.cities) - np.log1p(start + 3.0 * t)
        close(model.year.above("cities"), above)


def test_noise_of_trust_has_the_spread_of_its_process() -> None:
    """Catches a variance for a standard deviation, and one number for all ties."""
    noises = {"trust__noise": 0.5, "trust__persistence": 0.6, "trust__level_noise": 0.1}
    scenario = quiet(START, START + 25, **(STILL | noises | {"trust__level_common": 0.0}))
    model = model_of(scenario, worlds=range(60), replicates=60)
    model.run()
    spread = model.state.trust_deviation.std()
    assert spread == pytest.approx(0.5 / np.sqrt(1.0 - 0.36), rel=0.06)
    rate = model.year.p["trust.level_rate"][0, 0]
    level = (model.state.trust_level - model.year.reference.trust_level).std()
    remembered = (1.0 - (1.0 - rate) ** 50) / (1.0 - (1.0 - rate) ** 2)
    assert level == pytest.approx(0.1 * np.sqrt(rate * remembered), rel=0.06)


@pytest.mark.slow
def test_ties_share_the_swings_of_the_group_by_their_share() -> None:
    """Catches a common part that is missing, of one tie alone, or added on top of the whole variance."""
    for share in (0.25, 1.0):
        scenario = quiet(START, START + 6, **(STILL | {"trust__level_noise": 0.3, "trust__level_common": share}))
        model = model_of(scenario, worlds=range(400), replicates=400)
        model.run()
        moved = model.state.trust_level - model.year.reference.trust_level
        of_ties = np.corrcoef(moved[:, :12].T)[np.triu_indices(12, 1)].mean()
        assert of_ties == pytest.approx(share, abs=0.06)


def test_disputes_break_out_at_their_hazard() -> None:
    """Catches a hazard on the wrong side of the logit (equation 2)."""
    scenario = quiet(START, START + 8, dispute__base=-2.0)
    model = model_of(scenario, worlds=range(60), replicates=60)
    share = model.run().metrics["disputes"][:, 1:].mean() / len(model.ties)
    assert share == pytest.approx(1.0 / (1.0 + np.exp(2.0)), abs=5.0 * np.sqrt(0.1 / (60 * 8 * 45)))


def test_security_returns_at_its_speed_and_moves_trust_by_no_more_than_its_effect() -> None:
    """Catches security that stays where it was put, and trust that follows it without bound (equations 17 and 22)."""
    model = still(trust__security_effect=0.2, trust__level_rate=1.0)
    raised = np.zeros(len(model.ties))
    raised[:3] = [50.0, 0.3, -0.4]
    model.state.security[:] += raised
    for t in every_year(model):
        left = raised * (1.0 - model.year.p["security.adjustment"]) ** t
        close(model.state.security - model.year.reference.security, left)
        close(model.state.trust_level - model.year.reference.trust_level, 0.2 * np.tanh(left))


def test_a_shield_wards_off_harm_from_the_next_year_on_and_leaves_gains() -> None:
    """Catches a shield that acts in its own year, is applied twice, or also takes what helps (equation 20)."""
    policy = HealthCooperation(decided_by="given", participants="all", start=START + 1)
    full = {"delivery__rate": 60.0, "delivery__ceiling": 1.0, "health_cooperation__shield": 0.25}
    harm = Pandemic(start=START + 1, end=START + 3, severity=2.0)
    model = still(changes={"policies": (policy,), "events": (harm,)}, pandemic__trade=0.2, **full)
    for t in every_year(model):
        shock = {1: -0.4, 2: -0.3, 3: -0.3}.get(t, 0.0)
        close(model.state.trade - model.year.expected("trade"), shock)
    gain = Sanctions(target="RUS", start=START + 1, end=START + 3)
    model = still(changes={"policies": (policy,), "events": (gain,)}, sanctions__diversion=0.1, **full)
    of_russia = np.array(["RUS" in pair for pair in model.ties.pairs])
    for t in every_year(model):
        close(model.state.trade - model.year.expected("trade"), 0.1 * of_russia * (t <= 3))


def test_states_are_as_in_the_data_but_for_events_and_last_years_policies() -> None:
    """Catches shifts that pile up from year to year, come a year early, or push volatility below 0 (equation 21)."""
    policy = SecurityCooperation(
        decided_by="given", participants="all", start=START + 1, end=START + 6, exercises_per_year=1.0
    )
    events = (Unrest(states=("KGZ",), start=START + 2, end=START + 3), PolicyVolatility(start=START + 4))
    sizes = {"unrest__stability": 0.6, "unrest__volatility": 0.1, "unrest__spillover": 0.0}
    sizes |= {"policy_volatility__volatility": -2.0, "security_cooperation__stability": 0.3}
    full = {"delivery__rate": 60.0, "delivery__ceiling": 1.0}
    model = still(changes={"policies": (policy,), "events": events}, **sizes, **full)
    kgz, facts = model.ties.row["KGZ"], model.year.facts
    for t in every_year(model):
        struck = np.arange(len(model.ties.states)) == kgz
        calm = 0.3 * np.log(2.0) * (2 <= t <= 7)
        close(model.state.stability, facts.stability[t] + calm - 0.6 * struck * (2 <= t <= 3))
        shaken = facts.volatility[t] + 0.1 * struck * (2 <= t <= 3)
        close(model.state.volatility, 0.0 * shaken if t == 4 else shaken)
        close(model.state.capacity, facts.capacity[t])


def test_a_policy_against_disputes_acts_from_the_next_year_on() -> None:
    """Catches an effect on the hazard that is wiped before it is read, or that never ends (equations 2 and 9)."""
    policy = Meetings(decided_by="given", participants=("CHN", "IND"), start=START + 1, end=START + 3, tracks=1)
    full = {
        "delivery__rate": 60.0,
        "delivery__ceiling": 1.0,
        "meetings__hazard": 40.0 / np.log(2.0),
        "dispute__base": -20.0,
        "quarrel__delivery": 0.0,
    }
    model = still(changes={"policies": (policy,)}, **full)
    met = np.array([pair == ("CHN", "IND") for pair in model.ties.pairs])
    for t in every_year(model):
        assert (model.state.dispute == met * (2 <= t <= 4)).all(), t


@pytest.mark.parametrize("slope", [60.0, -60.0])
def test_disputes_look_at_last_years_trade_over_last_years_expectation(slope: float) -> None:
    """Catches trade held against the expectation of another year: then every tie is above or below it (equation 2)."""
    model = still(dispute__trade=slope, dispute__base=-30.0)  # 60 tanh 2 is 58: sure above it, never otherwise
    model.state.trade[:, 0], model.state.trade[:, 1] = model.state.trade[:, 0] + 2.0, model.state.trade[:, 1] - 2.0
    model.step()
    assert model.state.dispute.any(axis=0).tolist() == [slope > 0.0, slope < 0.0] + [False] * 43


def test_a_gap_in_income_that_widens_brings_disputes() -> None:
    """Catches the sign of the gap, a gap of GDP instead of income a head, and the gap itself for its change."""
    model = still(growth__mean__IND=0.2)
    model.year.p["dispute.income_gap"] = np.full_like(model.year.p["dispute.income_gap"], 1e6)  # beyond its limits
    of_india = [tie for tie, pair in enumerate(model.ties.pairs) if "IND" in pair]
    row = model.ties.row

    def gap() -> Any:
        income = model.state.log_gdp - model.state.log_population
        return np.array([np.abs(income[:, row[a]] - income[:, row[b]]) for a, b in model.ties.pairs]).T

    first = gap()
    model.step()
    assert ((model.state.dispute > 0.0) == (gap() - first > 6e-5)).all()
    assert 0.0 < model.state.dispute[:, of_india].mean() < 1.0  # it pulls away from some and catches up with others


def test_a_candidate_joins_at_its_yearly_chance_and_stays() -> None:
    """Catches a chance before its first year, one drawn anew for members, and a member that leaves (equation 18)."""
    scenario = quiet(START, START + 6, **STILL)
    membership = scenario.membership | {"TJK": Candidate(chance=0.3, start=START + 3)}
    model = model_of(scenario.model_copy(update={"membership": membership}), worlds=range(400), replicates=400)
    before, column = np.zeros(400), model.ties.row["TJK"]
    for t in every_year(model):
        member = model.state.member[:, column]
        share = 1.0 - 0.7 ** max(t - 2, 0)
        assert member.mean() == pytest.approx(share, abs=5.0 * np.sqrt(share * (1.0 - share) / 400))
        assert (member >= before).all()
        assert model.state.member.sum(axis=1).min() >= 9
        before = member.copy()


@pytest.mark.parametrize("base", [-60.0, 60.0])
def test_what_is_refused_is_lost_to_veto_and_what_is_not_done_to_delivery(base: float) -> None:
    """Catches losses that go on after the end, and a text refused that counts as undelivered too (equation 24)."""
    policy = PeopleToPeople(start=START + 2, end=START + 5)
    model = still(changes={"policies": (policy,)}, council__base=base)
    undone = np.zeros(4)
    for t in every_year(model):
        kept = min(max(t - 1, 0), 4)
        undone += (base > 0.0) * (2 <= t <= 5) * (1.0 - model.state.delivered[:, 0].mean(axis=1))
        close(model.state.lost_to_veto[:, 0], kept * (base < 0.0))
        close(model.state.lost_to_delivery[:, 0], undone)
