"""What a quarrel does to trade, travel, votes and delivery on its tie (equation 27), against what its sources say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sco_sim.commands.compare_full import hazard_in_words
from sco_sim.components.readiness import stakes
from sco_sim.components.registry import find
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from tests.unit.test_unit_effects import QUIET

START, END = 2027, 2040
ON = ("IND", "PAK")


def quarrelling(*changes: str, severity: float = 0.0, repeated: bool = False) -> CooperationModel:
    """A model without noise in exchange, with a dispute in 2027 or in every year from it."""
    when = range(START, END + 1) if repeated else (START,)
    events = tuple(find("events", "dispute")(between=ON, year=year, severity=severity) for year in when if severity)
    scenario = load_scenario("no_events", list(changes)).model_copy(update={"events": events})
    fixed = {name: np.array([value]) for name, value in QUIET.items()}
    return build_model(scenario, fixed_parameters=True, values=fixed)


def path(variable: str, *changes: str, until: int = END, **how: Any) -> dict[int, Array]:
    """Year to a variable, (tie,), from the year before the dispute on."""
    model, out = quarrelling(*changes, **how), {}
    while model.year.year < until:
        model.step()
        out[model.year.year] = model.state.arrays[variable][0].copy()
    return out


def factor(variable: str, *changes: str, until: int = END, **how: Any) -> dict[int, Array]:
    """Year to the variable with the dispute over the variable without it, (tie,)."""
    with_it, without = path(variable, *changes, until=until, **how), path(variable, *changes, until=until)
    return {year: np.exp(value - without[year]) for year, value in with_it.items()}


@pytest.fixture(scope="module")
def tie() -> int:
    """Index of the tie of the quarrel."""
    return load_model().ties.tie(*ON)


def load_model() -> CooperationModel:
    """A model of the shipped states."""
    return build_model(load_scenario("no_events"))


def test_a_spat_takes_a_twelfth_of_trade_and_is_gone(tie: int) -> None:
    """Fuchs and Klann 2013: 4 to 12 % for a year or two. Catches a quarrel that moves nothing, and one that stays."""
    trade = factor("trade", severity=1.0)
    assert trade[START - 1][tie] == pytest.approx(1.0)
    assert 0.88 < trade[START][tie] < 0.96
    assert 0.99 < trade[START + 4][tie] < 1.001
    others = np.delete(trade[START], tie)
    assert others == pytest.approx(1.0, abs=1e-6)


def test_a_war_at_least_halves_trade_and_is_over_in_ten_years(tie: int) -> None:
    """Glick and Taylor 2010. Catches a war that is no more than a spat, and a loss for ever."""
    trade = factor("trade", severity=2.0)
    assert min(trade[START][tie], trade[START + 1][tie]) < 0.5
    assert (np.diff([trade[year][tie] for year in range(START, END + 1)]) > 0.0).all()
    assert trade[START + 10][tie] > 0.88
    people, students = (factor(name, severity=2.0, until=START) for name in ("people", "students_ab"))
    assert people[START][tie] < 0.6
    assert students[START][tie] < 0.8


def test_wars_year_after_year_are_one_war(tie: int) -> None:
    """Catches quarrels that add up without end: severity ten in every year empties no tie below what one war does."""
    once, always = factor("trade", severity=2.0), factor("trade", severity=10.0, repeated=True)
    assert always[END][tie] == pytest.approx(once[START][tie], rel=0.3)


def test_a_quarrel_takes_votes_and_delivery_on_its_tie(tie: int) -> None:
    """Catches a quarrel that every text passes by."""
    given = "policies=[{sister_cities: {start: 2024, decided_by: given}}]"
    calm, odds = (quarrelling(given, severity=severity) for severity in (0.0, 2.0))
    for model in (calm, odds):
        while model.year.year < START:
            model.step()
    with_it, without = odds.state.effect_cities[0], calm.state.effect_cities[0]
    delivery = float(odds.year.p["quarrel.delivery"][0, 0])
    assert with_it[tie] == pytest.approx((1.0 - delivery) * without[tie])
    assert np.delete(with_it, tie) == pytest.approx(np.delete(without, tie))
    policy = odds.year.agreements[0]
    change = stakes(odds.year, policy)["quarrel"][0] - stakes(calm.year, policy)["quarrel"][0]
    rows = [odds.ties.row[iso] for iso in ON]
    assert (change[rows] < 0.0).all()
    assert np.delete(change, rows) == pytest.approx(0.0)


def test_a_quarrel_does_nothing_where_its_entries_are_zero(tie: int) -> None:
    """Catches an effect that no entry of the ledger switches off."""
    names = ("trade_spat", "trade_war", "people", "students", "trust", "votes", "delivery")
    off = [f"parameters.quarrel.{name}=0" for name in names]
    for variable in ("trade", "people"):
        none = factor(variable, *off, severity=2.0, until=START)
        assert none[START][tie] == pytest.approx(1.0, abs=1e-3)


def test_twinned_places_cushion_a_war(tie: int) -> None:
    """Rows B14 and C4. Catches a cushion that does nothing, acts without twinned places, or spares trade as well."""
    shocks = {}
    for size in (0.0, 0.2):
        for twinned in (0.0, 20.0):
            model = quarrelling(f"parameters.quarrel.cushion={size}", severity=2.0)
            while model.year.year < START - 1:
                model.step()
            model.state.cities[0, tie] = twinned
            model.step()
            now = model.state.arrays
            shocks[size, twinned] = [float(now[f"shock_{name}"][0, tie]) for name in ("people", "trust", "trade")]
    without, with_it = shocks[0.2, 0.0], shocks[0.2, 20.0]
    assert shocks[0.0, 20.0] == pytest.approx(without)
    assert shocks[0.0, 0.0] == pytest.approx(without)
    assert with_it[:2] == pytest.approx([shock * 21.0**-0.2 for shock in without[:2]])
    assert max(without[:2]) < 0.0
    assert with_it[2] == pytest.approx(without[2])


def test_compare_says_what_moves_the_chance_of_disputes() -> None:
    """Catches a table of disputes that are the same everywhere, without a word on why."""
    plain, level = load_scenario("combined"), load_scenario("rivalry")
    assert "trust does not move their chance here" in hazard_in_words([plain, plain])
    assert "in rivalry only" in hazard_in_words([plain, level])
    assert "everywhere" in hazard_in_words([level, level])


def test_third_parties_take_sides_as_the_view_says() -> None:
    """Catches a view that does nothing, allies of both sides drawn in, a third party that draws in a fourth."""
    ties = load_model().ties
    on = set(ON)
    drawn = {
        view: path("drawn", f"third_parties={view}", "horizon.end=2028", severity=1.0, until=2028)[START]
        for view in ("none", "bloc", "balance")
    }
    assert not drawn["none"].any()
    year = quarrelling("horizon.end=2028").year
    year.year = START
    agreement, border = year.facts.trade_agreement[year.index], year.facts.border
    allied = {name for name, there in zip(ties.pairs, agreement, strict=True) if there}
    near = {name for name, there in zip(ties.pairs, border, strict=True) if there}
    for tie, pair in enumerate(ties.pairs):
        one, other = set(pair) & on, set(pair) - on
        third = len(one) == len(other) == 1
        adversary = tuple(sorted((on - one) | other)) if third else ()
        assert (drawn["bloc"][tie] > 0.0) == (third and adversary in allied and pair not in allied)
        assert (drawn["balance"][tie] > 0.0) == (third and one == {"IND"} and pair in near)
    assert drawn["bloc"].any()
    assert drawn["balance"].any()


def test_mistrust_spreads_to_those_around_the_other_side(tie: int) -> None:
    """Catches a size that acts on the quarrelling tie itself, or on ties of neither side."""
    level = [
        path("shock_trust", f"parameters.quarrel.spread={size}", "horizon.end=2028", severity=1.0, until=2028)[START]
        for size in (0.0, 0.2)
    ]
    moved = level[1] - level[0]
    ties = load_model().ties
    assert moved[ties.tie("CHN", "IND")] == pytest.approx(-0.2)
    assert moved[tie] == moved[ties.tie("BLR", "KAZ")] == 0.0
