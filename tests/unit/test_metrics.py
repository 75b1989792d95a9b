"""Every metric on three states by hand (docs/model.md, section 9)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import networkx as nx
import numpy as np
import pytest

from sco_sim.commands.screen.outcomes import IMPORTANT, chosen
from sco_sim.components.policy import Policy
from sco_sim.components.registry import find, keys
from sco_sim.engine.build import simulate
from sco_sim.errors import ScenarioError
from sco_sim.numerics.functions import gini
from sco_sim.scenario.load import load_scenario
from sco_sim.world.lines import Line
from sco_sim.world.ties import Ties
from tests.unit.toy import Deal, Festival, Patrol, Road, toy
from tests.worlds import model_of, variant

GDP_ELASTICITY = 0.5
COMMON_ELASTICITY = 0.25


def logit(x: Any) -> Any:
    """Inverse of the inverse logit."""
    return np.log(x) - np.log1p(-np.asarray(x))


@pytest.fixture(scope="module")
def year() -> Any:
    """Three agreements: adopted by two states, on the table, and not yet proposed; two worlds that differ in trust."""
    deals = (
        Deal(name="a", participants=("AAA", "BBB"), payers={"AAA": 0.5, "BBB": 0.5}),
        Deal(name="b"),
        Deal(name="c", start=2030),
    )
    rates = {"gdp_elasticity": GDP_ELASTICITY, "common_elasticity": COMMON_ELASTICITY, "trust_elasticity": 0.0}
    stops = {"energy.ramp": 4.0, "energy.quarrel": 0.5, "energy.border": 0.25}
    year = toy(*deals, **{f"trade.{name}": rate for name, rate in rates.items()}, **stops)
    over_a = Line(2, (0, 1), 16.0, 2020.0, crosses=True)  # half filled by the end of 2021
    year.facts = replace(year.facts, lines=(Line(0, (0,), 40.0, 2000.0), over_a))
    state = year.state
    state.trust_level[:] = logit([[0.95, 0.8, 0.4], [0.91, 0.2, 0.92]])
    state.trust_deviation[:] = 0.5
    state.trade[:] += np.array([0.3, 0.0, -0.1])
    state.response_trade[:], state.shock_trade[:] = [0.2, 0.0, 0.0], [0.1, 0.0, -0.1]
    state.log_gdp[:] += 0.1
    state.students_ab[:], state.students_ba[:] = np.log1p([10.0, -0.3, 5.0]), np.log1p([1.0, 2.0, 0.0])
    state.people[:], state.cities[:] = [np.log(4.0), np.log(3.0), -0.5], [1.0, 0.0, 7.0]  # below 0 is none
    state.migrants[:] = [np.log(4.0), -0.2, np.log(8.0)]
    state.energy[:] = [np.log(31.0), -0.1, np.log(6.0)]
    state.shock_border[:, 1] = [0.0, 1.0]
    state.effect_energy[:, 2] = 2.0
    state.investment[:] = [np.log(2001.0), -0.5, np.log(501.0)]
    state.dispute[:] = [[0.0, 0.5, 2.0], [0.0, 0.0, 0.0]]
    state.community[:] = [[0.2, 0.4, 0.9], [0.5, 0.5, 0.5]]
    state.adopted[:, 0, :2] = 0.8
    state.adopted_year[:, 0] = 2021.0
    state.delivered[:, 0, 0] = 0.4
    state.tabled_years[:] = [1.0, 4.0, 0.0]
    state.cost[:] = [12.0, 0.0]
    state.paid[:] = [[6.0, 3.0, 3.0], [0.0, 0.0, 0.0]]
    state.received[:] = [[0.0, 0.0, 2.0], [0.0, 0.0, 0.0]]
    state.owed[:, 0] = [2e6, 0.0]
    return year


def measured(year: Any, key: str) -> Any:
    """A metric of the two worlds."""
    metric: Any = find("metrics", key)()
    return metric.measure(year)


EXPECTED = {
    "conflict_share_mean": [0.85 / 3, 0.97 / 3],
    "conflict_share_max": [0.6, 0.8],
    "trust_min": [0.4, 0.2],
    "trust_sd": [np.std([0.95, 0.8, 0.4]), np.std([0.91, 0.2, 0.92])],
    "ties_below_050": [1.0, 1.0],
    "ties_below_090": [2.0, 1.0],
    "blocs": [2.0, 1.0],
    "disputes": [2.0, 0.0],
    "students_total": [18.0, 18.0],
    "people_index": [5.0, 5.0],
    "cities_total": [8.0, 8.0],
    "migrants_total": [10.0, 10.0],
    "investment_total_busd": [2.5, 2.5],
    "energy_total_bcm": [35.0, 35.0],
    "energy_capacity_bcm": [50.0, 48.0],
    "energy_transit_share": [100.0 * 5.0 * 0.8 / 35.0, 100.0 * 5.0 * 0.75 / 35.0],
    "community_mean": [0.5, 0.5],
    "community_min": [0.2, 0.5],
    "agreements_adopted": [1.0, 1.0],
    "ambition_mean": [0.4, 0.4],
    "delivered_mean": [0.1, 0.1],
    "delay_mean_years": [2.5, 2.5],
    "cost_musd": [12.0, 0.0],
    "community_trust": [[0.875, 0.675, 0.6], [0.555, 0.915, 0.56]],
    "community_participation": [[1 / 3, 1 / 3, 0.0]] * 2,
    "community_delivery": [[0.4 / 3, 0.0, 0.0]] * 2,
    "contribution_musd": [[6.0, 3.0, 3.0], [0.0, 0.0, 0.0]],
    "received_musd": [[0.0, 0.0, 2.0], [0.0, 0.0, 0.0]],
    "debt_gdp_share": [[25.0 * np.exp(-0.1), 50.0 * np.exp(-0.1), 0.0], [0.0, 0.0, 0.0]],
}


class Accord(Policy):
    """A political agreement."""

    field: ClassVar[str] = "political"


class Forest(Policy):
    """An agreement on the environment."""

    field: ClassVar[str] = "environment"


@pytest.fixture(scope="module")
def mixed() -> Any:
    """An agreement of each field, delivered by AAA alone; more of everything than expected, but for students."""
    deals = (Deal(), Road(), Festival(), Patrol(), Accord(), Forest())
    rates = {
        "trade.common_elasticity": 0.0,
        "trade.trust_elasticity": 0.0,
        "trade.gdp_elasticity": 0.5,
        "people.gdp_elasticity": 0.5,
        "students.gdp_elasticity": 0.5,
    }
    year = toy(*deals, **rates, **{"cities.arrival_rate": 0.5})
    state = year.state
    state.delivered[:, :, 0] = 3.0 * np.array([0.1, 0.3, 0.15, 0.06, 0.12, 0.21])
    state.response_trade[:, 0] = np.log(3.0)  # 6, 1 and 0.5 where 2, 1 and 0.5 are expected
    state.people[:], state.cities[:] = [np.log(10.0), 0.0, -1.0], [7.5, 0.0, 0.0]
    state.students_ab[:], state.students_ba[:] = 0.0, [0.0, np.log(5.0), 0.0]
    state.trust_level[:] = logit([0.95, 0.8, 0.4])
    state.years_since_dispute[:], state.security[:] = [5.0, 4.0, 99.0], [np.log(4.0), 0.0, -1.0]
    year.reference = year.reference.replaced(
        people=np.log([[3.0, 2.0, 1.0]] * 2),
        students_ab=np.log([[5.0, 1.0, 1.0]] * 2),
        cities=np.array([[1.0, 0.0, 0.0]] * 2),
    )
    return year


COMMUNITIES = {
    "community_economic": ((0.7 + 2.6 / 3.6 + 0.5) / 3 + 0.2) / 2,  # trade of the states: 7/3, 2.6 and 1 times
    "community_civilisation": (0.75 + 0.5 + 0.75 + 0.15) / 4,  # 9 to 3 pairs, 4 to 4 students, 7.5 to 2.5 places
    "community_peace": (2.15 / 3 + 2 / 3 + 0.12) / 3,
    "community_security": (0.25 + float(np.mean(1.0 / (1.0 + np.exp([-0.5, 0.0, 1.0])))) + 0.06) / 3,
    "community_ecological": 0.21,
}


@pytest.mark.parametrize("key", COMMUNITIES)
def test_a_community_by_hand(key: str, mixed: Any) -> None:
    """Catches delivery of another field, a ratio for its share, a divisor that changes with the agreements."""
    assert measured(mixed, key) == pytest.approx([COMMUNITIES[key]] * 2)


def test_losses_are_a_year_on_the_table_or_in_force() -> None:
    """Catches losses over all years, after the end, or before anything is proposed."""
    year = toy(Deal(name="a", end=2022), Deal(name="b", start=2024), Deal(name="c", start=2030))
    year.year = 2025
    year.state.lost_to_veto[:] = [0.8, 0.5, 9.0]  # two years each: 2021-22 and 2024-25
    year.state.lost_to_delivery[:] = [[0.2, 0.6, 9.0], [0.0, 0.0, 0.0]]
    assert measured(year, "lost_to_veto_mean") == pytest.approx([0.325] * 2)
    assert measured(year, "lost_to_delivery_mean") == pytest.approx([0.2, 0.0])
    assert not measured(toy(), "lost_to_veto_mean").any()


def test_the_leaders_are_the_three_largest_economies() -> None:
    """Catches a concert of all, or of the first three codes."""
    model = model_of(variant(end=2022))
    ties = [model.ties.tie(*pair) for pair in (("CHN", "IND"), ("CHN", "RUS"), ("IND", "RUS"))]
    trust = 1.0 / (1.0 + np.exp(-model.state.trust_level[:, ties]))
    assert measured(model.year, "leader_concert") == pytest.approx(trust.mean(axis=1))


@pytest.mark.parametrize("key", EXPECTED)
def test_a_metric_by_hand(key: str, year: Any) -> None:
    """Catches a sum for a mean, a threshold on the wrong side, agreements counted before they are proposed."""
    assert measured(year, key) == pytest.approx(np.array(EXPECTED[key]), abs=1e-12)


def test_the_observed_conflict_share_has_the_deviation_in() -> None:
    """Catches a deviation added to the share instead of to the logit, and one that is left out."""
    year = toy()
    year.state.trust_level[:] = 2.0
    year.state.trust_deviation[:] = [-2.0, -2.0, 0.0]
    lasting = 1.0 / (1.0 + np.exp(2.0))
    assert measured(year, "conflict_share_observed") == pytest.approx(np.array([[0.5, 0.5, lasting]] * 2))
    assert measured(year, "conflict_share_observed_mean") == pytest.approx([(1.0 + lasting) / 3.0] * 2)
    assert measured(year, "conflict_share_observed_max") == pytest.approx([0.5, 0.5])
    assert measured(year, "conflict_share_max") == pytest.approx([lasting] * 2)


def test_a_war_shows_in_what_is_printed() -> None:
    """Catches a headline of the lasting level alone, in which two border wars are three parts in a thousand."""
    quiet = load_scenario("no_events", ["horizon.end=2029"])
    wars = [find("events", "dispute")(between=("KGZ", "TJK"), year=year, severity=2.0) for year in (2027, 2028)]
    blocks = [
        simulate(scenario, worlds=40, replicates=1)
        for scenario in (quiet, quiet.model_copy(update={"events": tuple(wars)}))
    ]
    tie = Ties(quiet.states).tie("KGZ", "TJK")
    observed = [block.ties["conflict_share_observed"].mean(axis=0)[:, tie] for block in blocks]
    gap = dict(zip(blocks[0].years, observed[1] - observed[0], strict=True))
    assert gap[2026] == pytest.approx(0.0, abs=1e-12)
    assert gap[2028] > 0.1
    assert 0.0 < gap[2029] < gap[2028]  # it passes
    worst = [block.metrics["conflict_share_observed_max"].mean(axis=0) for block in blocks]
    assert (worst[1] >= worst[0] - 1e-12).all()
    assert "conflict_share_observed_mean" in IMPORTANT
    assert "conflict_share_observed_max" in IMPORTANT


def test_an_outcome_that_was_renamed_is_named() -> None:
    """Catches the nearest key as a suggestion, which would be another figure."""
    with pytest.raises(ScenarioError, match="it is called conflict_share_observed_mean now"):
        chosen(keys("metrics"), ["conflict_share_noisy_mean"], everything=False)


def test_trade_and_gains_by_hand(year: Any) -> None:
    """Catches expectation without growth, and a gain summed in logarithms."""
    expected = np.array([2e11, 1e11, 5e10]) * np.exp((GDP_ELASTICITY + COMMON_ELASTICITY) * 0.2)
    real = np.array([2e11, 1e11, 5e10]) * np.exp([0.3, 0.0, -0.1])
    shifted = expected * np.exp([0.3, 0.0, -0.1])  # by policies and events: what luck does is no gain
    ratio = [
        (shifted[0] + shifted[1]) / (expected[0] + expected[1]),
        (shifted[0] + shifted[2]) / (expected[0] + expected[2]),
        (shifted[1] + shifted[2]) / (expected[1] + expected[2]),
    ]
    assert measured(year, "trade_total_busd") == pytest.approx([real.sum() / 1e9] * 2)
    assert measured(year, "trade") == pytest.approx(np.array([real / 1e9] * 2))
    gdp = np.exp(year.state.log_gdp[0])
    assert measured(year, "gdp")[0] == pytest.approx(gdp / 1e9)
    assert measured(year, "gdp_total_busd") == pytest.approx([gdp.sum() / 1e9] * 2)
    flows = np.array([real[0] + real[1], real[0] + real[2], real[1] + real[2]])
    assert measured(year, "trade_gdp_share")[0] == pytest.approx(100.0 * flows / gdp)
    assert measured(year, "gain")[0] == pytest.approx([100.0 * (one - 1.0) for one in ratio])
    assert measured(year, "gains_gini")[0] == pytest.approx(gini(np.array(ratio)))
    assert measured(year, "trust")[0] == pytest.approx([0.95, 0.8, 0.4])
    assert measured(year, "community")[0] == pytest.approx([0.2, 0.4, 0.9])


def test_cohesion_is_fiedlers_value_over_the_number_of_states(year: Any) -> None:
    """Catches another eigenvalue, and weights of the wrong ties."""
    for world in range(2):
        graph = year.ties.window(year.state, world)
        spectrum = sorted(nx.laplacian_spectrum(graph, weight="trust"))
        assert measured(year, "cohesion")[world] == pytest.approx(spectrum[1] / 3.0, abs=1e-12)
        near = nx.Graph((a, b) for a, b, one in graph.edges(data=True) if one["trust"] >= 0.9)
        near.add_nodes_from(graph)
        assert measured(year, "blocs")[world] == nx.number_connected_components(near)
    full = toy()
    full.state.trust_level[:] = 800.0
    assert measured(full, "cohesion") == pytest.approx([1.0, 1.0])


def test_every_metric_is_worked_out_here() -> None:
    """Catches a metric that nobody has ever computed by hand."""
    others = {"trade_total_busd", "trade", "gain", "gains_gini", "trust", "community", "cohesion"}
    others |= {"conflict_share_observed", "conflict_share_observed_mean", "conflict_share_observed_max"}
    others |= {"lost_to_veto_mean", "lost_to_delivery_mean", "leader_concert"}
    others |= {"gdp", "gdp_total_busd", "trade_gdp_share"}
    assert set(keys("metrics")) == set(EXPECTED) | set(COMMUNITIES) | others
