"""What a unit of a lever does at full delivery on the ties that take part, against the size its source gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from tests.worlds import CASE

START, LATER = 2027, 2037
"""The year a policy takes force, and ten years on."""
QUIET = {
    "trade.noise_level": -60.0, "trade.common_noise": 0.0, "students.noise_level": -60.0, "people.noise": 0.0,
    "dispute.base": -60.0,
}  # fmt: skip
"""Parameters that take the noise, and quarrels, out of exchange."""


def quiet(*changes: str, **values: float) -> CooperationModel:
    """A model without noise in exchange."""
    fixed = {name: np.array([value]) for name, value in {**QUIET, **values}.items()}
    scenario = load_scenario("no_events", ["without.mechanisms=[delivery]", *changes])
    return build_model(scenario, fixed_parameters=True, values=fixed)


def delivered(*changes: str) -> CooperationModel:
    """A model in 2037 in which all that is adopted was delivered in full at once, without noise in exchange."""
    model = quiet(*changes)
    model.state.delivered[:] = 1.0  # acts from the adoption on
    while model.year.year < LATER:
        model.step()
    return model


def gain(policy: str, variable: str = "trade", *changes: str) -> tuple[CooperationModel, Array]:
    """The model with a policy, and by how much the variable differs from the one without, (tie,)."""
    given = f"policies=[{policy}]"
    with_it, without = delivered(given, *changes), delivered(*changes)
    return with_it, with_it.state.arrays[variable][0] - without.state.arrays[variable][0]


def test_a_trade_agreement_about_doubles_trade_in_ten_years() -> None:
    """Baier and Bergstrand 2007: about double after ten years. Catches policies at the pace of noise (+4 % in 2035)."""
    model, more = gain(f"{{tariff_liberalisation: {{start: {START}, decided_by: given}}}}")
    without = model.year.facts.trade_agreement[model.year.index] == 0.0
    members = model.year.both(model.state.member)[0] == 2.0
    assert without.any()
    assert np.exp(more[without & members]) == pytest.approx(2.0, rel=0.1)
    assert np.abs(more[~without]).max() < 0.02


def test_a_day_saved_is_a_hundredth_of_the_trade_that_uses_the_route() -> None:
    """Djankov, Freund and Pham 2010: a day is one per cent of trade."""
    route = "corridor.north_south_corridor"
    policy = f"{{trade_corridor: {{corridor: north_south_corridor, start: {START}, ramp_years: 3, decided_by: given}}}}"
    alone = (
        f"parameters.{route}.days_saved=1",
        f"parameters.{route}.cost_saved=0",
        "parameters.corridor.share_using=1",
    )
    model, more = gain(policy, "trade", *alone)
    assert more[model.ties.index["IRN", "RUS"]] == pytest.approx(0.01, rel=0.05)
    assert more[model.ties.index["CHN", "PAK"]] == pytest.approx(0.0, abs=1e-3)


def test_a_tenth_of_the_time_at_the_border() -> None:
    """Kim and Mariano 2020: ten per cent less time, 1.41 % more trade, where the ends are able to bring it about."""
    policy = f"{{trade_facilitation: {{border_time_cut: 0.1, start: {START}, ramp_years: 5, decided_by: given}}}}"
    model, more = gain(policy)
    able = 1.0 / (1.0 + np.exp(-model.year.weaker(model.state.capacity)[0]))
    assert more == pytest.approx(-0.133 * np.log1p(-0.1 * able), rel=0.05)
    assert -0.133 * np.log1p(-0.1) == pytest.approx(0.0141, abs=1e-4)


@pytest.mark.parametrize("ramp", [1, 5])
def test_a_seat_is_a_student_from_the_year_in_which_it_is_filled(ramp: int) -> None:
    """2,000 seats of three years, three in five additional. Catches seats that are filled after decades."""
    seats = f"{{university_network: {{seats_per_year: 2000, start: {START}, ramp_years: {ramp}, decided_by: given}}}}"
    with_it, without = delivered(f"policies=[{seats}]"), delivered()
    more = students(with_it) - students(without)
    assert more == pytest.approx(2000 * 3 * 0.6, rel=0.15)


@pytest.mark.slow
def test_a_seat_is_about_a_student_among_noisy_flows_too() -> None:
    """Catches seats that multiply with the luck of small flows.

    Seats are a share of what is expected of a tie, small flows grow in the mean, and a flow that seats made larger is
    less noisy: 1.15 students a seat in 2030, 1.08 in 2037, 0.99 in 2040 with 1,000 worlds.
    """
    seats = f"{{university_network: {{seats_per_year: 2000, start: {START}, ramp_years: 1, decided_by: given}}}}"
    models = []
    for given in (seats, ""):
        model = build_model(load_scenario("baseline", [f"policies=[{given}]"]), worlds=1000, replicates=1)
        while model.year.year < LATER:
            model.step()
        models.append(model)
    year = models[0].year
    expected = np.exp(year.expected("students_ab")) + np.exp(year.expected("students_ba"))
    filled = (np.expm1(year.state.effect_students) * expected).sum()
    assert filled > 2000 * 1000
    assert students(models[0]) - students(models[1]) == pytest.approx(filled, rel=0.15)


def test_visas_that_go_bring_back_the_travel_that_they_kept_away() -> None:
    """Neumayer 2010, Czaika and Neumayer 2017: a requirement keeps away 20 to 63 % of travel."""
    for left in (0.37, 0.8):
        floor = f"parameters.visas.floor={left}"
        model, more = gain(f"{{visa_freedom: {{start: {START}, ramp_years: 1, decided_by: given}}}}", "people", floor)
        openness = model.year.facts.openness[model.year.index]
        assert np.exp(more) == pytest.approx(1.0 / (left + (1.0 - left) * openness), rel=0.02)


def test_a_flight_is_a_flight_when_it_is_flown() -> None:
    """Catches routes that open after decades."""
    flights = f"{{direct_flights: {{start: {START}, ramp_years: 1, decided_by: given, pairs_per_tie: 2}}}}"
    all_new = "parameters.direct_flights.additional=1"
    with_it, without = delivered(f"policies=[{flights}]", all_new), delivered(all_new)
    more = np.exp(with_it.state.people) - np.exp(without.state.people)
    assert np.median(more) == pytest.approx(2.0, rel=0.15)


def test_graduates_bring_trade_by_the_published_elasticity() -> None:
    """Murat 2017: a tenth more students, 3 % more trade, years later. Catches a link that is not there, or at once."""
    seats = f"{{university_network: {{seats_per_year: 500, start: {START}, ramp_years: 1, decided_by: given}}}}"

    # without growth, which lets the surplus of students shrink as others come, trade being a year or two behind
    still = [f"parameters.growth.mean.{iso}=0" for iso in load_scenario("baseline").states]

    def trade(elasticity: float, lag: float) -> tuple[CooperationModel, Array]:
        return gain(seats, "trade", f"parameters.trade.students_elasticity={elasticity}",
                    f"parameters.students.trade_lag={lag}", *still)  # fmt: skip

    model, more = trade(0.3, 1.0)  # with the shortest lag, trade has followed the students there are
    assert more == pytest.approx(0.3 * np.tanh(model.state.response_students[0]), rel=0.15)
    assert more.max() > 0.05
    slow = trade(0.3, 8.0)[1]
    assert (0.4 * more < slow).all()
    assert np.median(slow / more) < 0.9  # less so where students grow much: those of the first years weigh more
    assert trade(0.0, 6.0)[1] == pytest.approx(0.0, abs=1e-4)  # by trust alone


def test_migrants_settle_over_years_and_bring_trade_by_the_published_elasticity() -> None:
    """Genc et al. 2011: a tenth more migrants, 1.5 % more trade. Catches a stock that jumps, and a link not there."""
    free = f"{{visa_freedom: {{start: {START}, ramp_years: 1, decided_by: given}}}}"
    fixed = ("parameters.visa_freedom.trade=0", "parameters.trust.migrants_effect=0", "parameters.migrants.noise=0",
             "parameters.migrants.adjustment=0.15", "parameters.visa_freedom.migrants=0.2")  # fmt: skip
    model, more = gain(free, "migrants", *fixed)
    closed = model.year.facts.openness[model.year.index] < 0.99
    years = model.year.year - START + 1
    came = 0.2 * (1.0 - 0.85**years) * (1.0 - model.year.facts.openness[model.year.index])
    assert more[..., closed] == pytest.approx(came[closed], rel=0.05)
    settled = np.squeeze(model.state.settled)
    trade = gain(free, "trade", *fixed, "parameters.trade.migrants_elasticity=0.15")[1]
    without = gain(free, "trade", *fixed, "parameters.trade.migrants_elasticity=0")[1]
    assert np.squeeze(trade - without)[closed] == pytest.approx(0.15 * settled[closed], rel=0.3)


def test_investment_takes_up_the_visas_that_go_over_years_by_the_published_size() -> None:
    """Neumayer 2011: a quarter less direct investment under a visa. Catches a stock that jumps, and another unit."""
    free = f"{{visa_freedom: {{start: {START}, ramp_years: 1, decided_by: given}}}}"
    size, pace = -np.log(0.75), 0.2
    fixed = ("parameters.investment.noise=0", "parameters.investment.churn=0",
             f"parameters.investment.policy_response={pace}", f"parameters.visa_freedom.investment={size}")  # fmt: skip
    model, more = gain(free, "investment", *fixed)
    visa = 1.0 - model.year.facts.openness[model.year.index]
    taken_up = 1.0 - (1.0 - pace) ** (model.year.year - START + 1)
    assert more == pytest.approx(size * visa * taken_up, rel=0.01, abs=1e-12)
    assert (visa > 0.4).any()
    assert np.exp(-size) == pytest.approx(0.75)
    assert CASE.ledger.entries["visa_freedom.investment"].high == pytest.approx(size, abs=0.005)


def test_exchange_has_a_dose_and_saturates() -> None:
    """Catches an amount that does nothing, ten programmes that give ten times one, and halves that give another sum."""

    def reached(count: int, persons: float) -> Array:
        one = f"people_to_people: {{start: {START}, ramp_years: 1, decided_by: given, persons_per_tie: {persons}"
        listed = ", ".join(f"{{{one}, name: p{number}}}}}" for number in range(count))
        model = quiet(f"policies=[{listed}]")
        model.state.delivered[:] = 1.0
        while model.year.year < START:
            model.step()
        out: Array = model.state.effect_people[0].copy()
        return out

    one, ten, half = reached(1, 1000.0), reached(10, 1000.0), reached(2, 500.0)
    assert (one > 0.0).all()
    assert half == pytest.approx(one, rel=1e-9)
    assert reached(1, 10_000.0) == pytest.approx(ten, rel=1e-9)
    assert (2.0 * one < ten).all()
    assert (ten < 4.1 * one).all()  # all there can be is four times the first thousand, by the centre of the ledger
    assert reached(1, 0.0) == pytest.approx(0.0, abs=1e-12)


def students(model: CooperationModel) -> float:
    """Students of all ties, both ways."""
    both: Any = np.exp(model.state.students_ab) + np.exp(model.state.students_ba)
    return float(both.sum())


def test_noise_returns_at_its_own_pace() -> None:
    """Catches one rate for both: a deviation of a tie that is gone as soon as a policy is taken up."""
    calm, shocked = delivered(), quiet()
    shocked.state.trade[:] += 0.5
    while shocked.year.year < LATER:
        shocked.step()
    left = (shocked.state.trade - calm.state.trade)[0]
    rate = float(calm.year.p["trade.adjustment"][0, 0])
    kept = (1.0 - rate) ** (LATER - calm.year.start)
    assert np.expm1(left) == pytest.approx(np.expm1(0.5) * kept, rel=0.05)
    assert rate < 0.1 < float(calm.year.p["trade.policy_response"][0, 0])
