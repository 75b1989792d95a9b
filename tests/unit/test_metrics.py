"""Every metric on three states by hand (docs/model.md, section 9)."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest

from sco_sim.component import find, keys
from sco_sim.equations import gini
from tests.unit.toy import Deal, toy

GDP_ELASTICITY = 0.5


def logit(x: Any) -> Any:
    """Inverse of the inverse logit."""
    return np.log(x) - np.log1p(-np.asarray(x))


@pytest.fixture(scope="module")
def year() -> Any:
    """Three agreements: adopted by two states, on the table, and not yet proposed; two worlds that differ in trust."""
    deals = (Deal(name="a", participants=("AAA", "BBB")), Deal(name="b"), Deal(name="c", start=2030))
    year = toy(*deals, **{"trade.gdp_elasticity": GDP_ELASTICITY})
    state = year.state
    state.trust_level[:] = logit([[0.95, 0.8, 0.4], [0.91, 0.2, 0.92]])
    state.trust_deviation[:] = 0.5
    state.trade[:] += np.array([0.3, 0.0, -0.1])
    state.log_gdp[:] += 0.1
    state.students_ab[:], state.students_ba[:] = np.log1p([10.0, -0.3, 5.0]), np.log1p([1.0, 2.0, 0.0])
    state.people[:], state.cities[:] = [np.log(4.0), np.log(3.0), -0.5], [1.0, 0.0, 7.0]  # below 0 is none
    state.dispute[:] = [[0.0, 0.5, 2.0], [0.0, 0.0, 0.0]]
    state.community[:] = [[0.2, 0.4, 0.9], [0.5, 0.5, 0.5]]
    state.adopted[:, 0, :2] = 0.8
    state.adopted_year[:, 0] = 2021.0
    state.delivered[:, 0, 0] = 0.4
    state.tabled_years[:] = [1.0, 4.0, 0.0]
    state.cost[:] = [12.0, 0.0]
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
    "community_mean": [0.5, 0.5],
    "community_min": [0.2, 0.5],
    "agreements_adopted": [1.0, 1.0],
    "ambition_mean": [0.4, 0.4],
    "delivered_mean": [0.1, 0.1],
    "delay_mean_years": [2.5, 2.5],
    "cost_musd": [12.0, 0.0],
}


@pytest.mark.parametrize("key", EXPECTED)
def test_a_metric_by_hand(key: str, year: Any) -> None:
    """Catches a sum for a mean, a threshold on the wrong side, agreements counted before they are proposed."""
    assert measured(year, key) == pytest.approx(EXPECTED[key], abs=1e-12)


def test_the_noisy_conflict_share_has_the_deviation_in() -> None:
    """Catches a deviation added to the share instead of to the logit."""
    year = toy()
    year.state.trust_level[:], year.state.trust_deviation[:] = 2.0, -2.0
    assert measured(year, "conflict_share_noisy_mean") == pytest.approx([0.5, 0.5])


def test_trade_and_gains_by_hand(year: Any) -> None:
    """Catches expectation without growth, and a gain summed in logarithms."""
    expected = np.array([2e11, 1e11, 5e10]) * np.exp(GDP_ELASTICITY * 0.2)
    real = np.array([2e11, 1e11, 5e10]) * np.exp([0.3, 0.0, -0.1])
    ratio = [
        (real[0] + real[1]) / (expected[0] + expected[1]),
        (real[0] + real[2]) / (expected[0] + expected[2]),
        (real[1] + real[2]) / (expected[1] + expected[2]),
    ]
    assert measured(year, "trade_total_busd") == pytest.approx([real.sum() / 1e9] * 2)
    assert measured(year, "trade") == pytest.approx(np.array([real / 1e9] * 2))
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
    assert set(keys("metrics")) == set(EXPECTED) | others | {"conflict_share_noisy_mean"}
