"""Pairs of states, and one world as a graph."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from sco_sim.world.state import State
from sco_sim.world.ties import Ties

TIES = Ties(["RUS", "CHN", "KAZ", "IND"])


def test_ties_are_the_sorted_pairs_whatever_the_order_given() -> None:
    """Catches a tie that depends on how a file lists its states."""
    assert TIES.states == ("CHN", "IND", "KAZ", "RUS")
    assert TIES.names == ("CHN-IND", "CHN-KAZ", "CHN-RUS", "IND-KAZ", "IND-RUS", "KAZ-RUS")
    assert len(TIES) == 6
    assert TIES.tie("RUS", "CHN") == TIES.tie("CHN", "RUS") == 2
    with pytest.raises(KeyError):
        TIES.tie("CHN", "USA")


def test_the_index_arrays_agree_with_the_names() -> None:
    """Catches a row or column of the matrix of ties in the wrong place."""
    for t, (a, b) in enumerate(TIES.pairs):
        i, j = TIES.row[a], TIES.row[b]
        assert (TIES.first[t], TIES.second[t]) == (i, j)
        assert TIES.matrix[i, j] == TIES.matrix[j, i] == t
    for i, iso in enumerate(TIES.states):
        assert [TIES.pairs[t] for t in TIES.of_state[i]] == [
            tuple(sorted((iso, other))) for other in TIES.states if other != iso
        ]


def test_ten_states_have_45_ties_and_two_have_one() -> None:
    """Catches a shape that breaks at the smallest size."""
    assert len(Ties([f"A{i}" for i in range(10)])) == 45
    assert Ties(["AAA", "BBB"]).of_state.tolist() == [[0], [0]]


def test_a_window_is_a_copy_in_natural_units() -> None:
    """Catches logarithms shown as if they were dollars, and a graph that writes back into the model."""
    state = State(2, 4, 6, 0)
    state.trust_level[:] = np.arange(12.0).reshape(2, 6)
    state.trade[1, 2] = np.log(5e9)
    state.people[1, 2], state.people[1, 3] = np.log1p(7.0), -0.4
    state.students_ab[1, 2], state.students_ba[1, 2] = np.log1p(30.0), np.log1p(12.0)
    state.cities[1, 2], state.dispute[1, 2], state.member[1, 3] = 4.0, 1.5, 1.0
    state.log_gdp[1, 3], state.log_population[1, 3] = np.log(1.5e12), np.log(146e6)
    graph = TIES.window(state, 1)
    edge = graph.edges["RUS", "CHN"]
    assert type(graph) is nx.Graph
    assert edge["trust"] == edge["weight"] == pytest.approx(1.0 / (1.0 + np.exp(-8.0)))
    assert edge["trade"] == pytest.approx(5.0)
    assert edge["people"] == pytest.approx(7.0)
    assert graph.edges["IND", "KAZ"]["people"] == 0.0
    assert edge["students"] == pytest.approx(42.0)
    assert (edge["cities"], edge["dispute"]) == (4.0, 1.5)
    assert graph.nodes["RUS"]["gdp"] == pytest.approx(1500.0)
    assert graph.nodes["RUS"]["population"] == pytest.approx(146e6)
    assert [iso for iso in graph if graph.nodes[iso]["member"]] == ["RUS"]
    graph.edges["RUS", "CHN"]["trust"] = 0.0
    graph.remove_node("IND")
    assert TIES.window(state, 1).edges["CHN", "RUS"]["trust"] > 0.99
    assert len(TIES.graph) == 4


def test_a_window_on_several_worlds_shows_their_means_in_natural_units() -> None:
    """Catches a mean of logarithms, and a member shown where most worlds have none."""
    state = State(3, 4, 6, 0)
    state.trade[:, 2] = np.log([1e9, 2e9, 6e9])
    state.member[:, 3], state.member[0, 1] = [1.0, 1.0, 0.0], 1.0
    graph = TIES.window(state, slice(None))
    assert graph.edges["RUS", "CHN"]["trade"] == pytest.approx(3.0)
    assert [iso for iso in graph if graph.nodes[iso]["member"]] == ["RUS"]
