from __future__ import annotations

import numpy as np
import pytest

from sco_sim.case.case import Case
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.shipped import shipped_scenarios
from sco_sim.studies.best_mix import ALL_RULES, SEED, judged
from sco_sim.studies.portfolio import NOTHING, Portfolio, mixes, portfolio, verdict
from sco_sim.studies.statistics import halves

SETTINGS = np.arange(40) // 4


def test_mixes_are_all_that_the_budget_allows():
    found = mixes({"a": {0.5: 40.0, 1.0: 80.0}, "b": {1.0: 50.0}}, 100.0)
    assert [mix.name for mix in found] == [NOTHING, "b", "a 0.5", "a 0.5 + b", "a"]
    assert [mix.planned_musd for mix in found] == [0.0, 50.0, 40.0, 90.0, 80.0]


def numbers(*shifts: tuple[float, float]) -> np.ndarray:
    """(rule, mix, world, outcome): doing nothing, then mixes that shift trade and conflict; the cost is 1,000."""
    luck = np.random.default_rng(1).standard_normal((40, 2))
    one = np.stack(
        [
            np.concatenate([luck + shift, np.full((40, 1), 1000.0 * (i > 0))], axis=1)
            for i, shift in enumerate([(0.0, 0.0), *shifts])
        ]
    )
    return one[None]


def table_of(values: np.ndarray, rules=("consensus",)):
    names = [NOTHING, *"abcdefgh"][: values.shape[1]]
    keys = ("trade_total_busd", "conflict_share_mean", "cost_musd")
    return judged(values, names, [100.0 * i for i in range(len(names))], rules, keys, SETTINGS)


def test_front_regret_and_leader_by_hand():
    # conflict: lower is better, so d is beaten by a and b is not
    table = table_of(numbers((2.0, 1.0), (1.0, -1.0), (0.5, 2.0)))
    trade = table[table["outcome"] == "trade_total_busd"].set_index("mix")
    assert trade["difference"].to_dict() == pytest.approx({NOTHING: 0.0, "a": 2.0, "b": 1.0, "c": 0.5})
    assert trade["regret_mean"].to_dict() == pytest.approx({NOTHING: 2.0, "a": 0.0, "b": 1.0, "c": 1.5})
    assert trade["chance_best"].to_dict() == {NOTHING: 0.0, "a": 1.0, "b": 0.0, "c": 0.0}
    assert trade["front"].to_dict() == {NOTHING: False, "a": True, "b": True, "c": False}
    assert trade["per_bn"]["b"] == pytest.approx(1.0)
    assert list(trade.index[trade["tied"]]) == ["a"]
    conflict = table[table["outcome"] == "conflict_share_mean"].set_index("mix")
    assert list(conflict.index[conflict["leads"]]) == ["b"]
    assert conflict["chance_better"].to_dict() == {NOTHING: 0.5, "a": 0.0, "b": 1.0, "c": 0.0}


def test_the_gain_of_the_leader_is_that_of_the_settings_it_was_not_chosen_in():
    values = numbers((1.0, 0.0))
    chosen_in = halves(SETTINGS, np.random.default_rng([SEED, 1]))
    values[0, 1, chosen_in, 0] += 100.0
    trade = table_of(values)
    row = trade[(trade["outcome"] == "trade_total_busd") & (trade["mix"] == "a")].iloc[0]
    assert row["leads"]
    assert row["held_out"] == pytest.approx(1.0)
    assert row["difference"] > 50.0


def test_equal_mixes_share_the_chance_of_being_best_and_are_tied():
    table = table_of(numbers((1.0, 0.0), (1.0, 0.0)))
    trade = table[table["outcome"] == "trade_total_busd"].set_index("mix")
    assert trade["chance_best"].to_dict() == {NOTHING: 0.0, "a": 0.5, "b": 0.5}
    assert trade["tied"].to_dict() == {NOTHING: False, "a": True, "b": True}


def test_all_rules_do_not_count_as_more_settings():
    one = numbers((1.0, 0.0))
    one[0, 1, :, 0] += np.random.default_rng(2).standard_normal(40)
    both = table_of(np.concatenate([one, one]), ("consensus", "opt_in"))
    error = both[(both["outcome"] == "trade_total_busd") & (both["mix"] == "a")].set_index("rule")["mean_se"]
    assert error[ALL_RULES] == pytest.approx(error["consensus"])


def said(values: np.ndarray) -> str:
    table = table_of(values)
    found = Portfolio((), ("consensus",), (), 2035, 40, table, table.head(0))
    return verdict(found, "trade_total_busd", "consensus")


def test_verdict_is_honest():
    assert "no mix is distinguishable from any other" in said(numbers((0.0, 0.0), (0.0, 0.0)))
    told = said(numbers((2.0, 0.0)))
    assert "distinguishable from all others; in the half of the worlds that it was not chosen in, +2.0 bn" in told
    near = numbers((1.0, 0.0), (1.0, 0.0))
    near[0, 2, np.flatnonzero(halves(SETTINGS, np.random.default_rng([SEED, 1])))[0], 0] += 1e-6
    assert (
        "b does best on average, but it is not distinguishable from 1 other mix, the cheapest a (100 million"
        in said(near)
    )


@pytest.mark.slow
def test_shipped_budget_scenario_from_end_to_end():
    scenario = load_scenario(shipped_scenarios() / "on_a_budget.yaml", {"horizon.end": "2028"})
    case = Case(None)
    found = portfolio(scenario, case, worlds=8, every_rule=False)
    assert [mix.name for mix in found.mixes] == [
        NOTHING,
        "sister_cities",
        "people_to_people",
        "people_to_people + sister_cities",
    ]
    assert found.mixes[-1].planned_musd == pytest.approx(sum(mix.planned_musd for mix in found.mixes[1:3]))
    assert set(found.winners["iso3"]) <= set(scenario.states)
    less = portfolio(scenario, case, worlds=8, every_rule=False, budget=found.mixes[1].planned_musd)
    assert {mix.name for mix in less.mixes} == {NOTHING, "sister_cities"}
    twice = portfolio(scenario, case, worlds=8, every_rule=False, budget=found.mixes[1].planned_musd, workers=2)
    assert twice.table.equals(less.table)


@pytest.mark.parametrize(
    ("name", "outcomes", "says"),
    [
        ("baseline", ("trade_total_busd", "trust_min"), "no policy to choose from"),
        ("on_a_budget", ("trade_total_busd",), "two outcomes"),
        ("on_a_budget", ("trade_total_busd", "agreements_adopted"), "no outcome of the whole with a better side"),
    ],
)
def test_what_cannot_be_chosen(name, outcomes, says):
    scenario = load_scenario(shipped_scenarios() / f"{name}.yaml")
    with pytest.raises(ScenarioError, match=says):
        portfolio(scenario, Case(None), outcomes=outcomes, worlds=4)
