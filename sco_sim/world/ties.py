"""The graph of possible ties and its arrays; a window shows one world as a weighted networkx graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import combinations

import networkx as nx
import numpy as np

from sco_sim.numerics.arrays import Array, Ints
from sco_sim.numerics.functions import expit
from sco_sim.world.channels import CHANNELS
from sco_sim.world.scales import both_ways
from sco_sim.world.state import State


class Ties:
    """All unordered pairs of the states, sorted by code; `first` and `second` are the rows of their ends."""

    def __init__(self, states: Sequence[str]) -> None:
        self.states = tuple(sorted(states))
        self.row = {iso: i for i, iso in enumerate(self.states)}
        self.pairs = tuple(combinations(self.states, 2))
        self.index = {pair: t for t, pair in enumerate(self.pairs)}
        self.names = tuple(f"{a}-{b}" for a, b in self.pairs)
        self.first: Ints = np.array([self.row[a] for a, _ in self.pairs], dtype=np.intp)
        self.second: Ints = np.array([self.row[b] for _, b in self.pairs], dtype=np.intp)

    def __len__(self) -> int:
        return len(self.pairs)

    def tie(self, a: str, b: str) -> int:
        """Index of the tie between two states; raises KeyError if one of them is not simulated."""
        return self.index[(a, b) if a < b else (b, a)]

    @cached_property
    def matrix(self) -> Ints:
        """Index of the tie at [state, state], shape (state, state); the diagonal is 0 and must be masked."""
        out = np.zeros((len(self.states), len(self.states)), dtype=np.intp)
        ties = np.arange(len(self), dtype=np.intp)
        out[self.first, self.second] = ties
        out[self.second, self.first] = ties
        return out

    @cached_property
    def apart(self) -> Array:
        """0 on the diagonal and 1 elsewhere, shape (state, state): what masks `matrix`."""
        return np.asarray(1.0 - np.eye(len(self.states)))

    @cached_property
    def of_state(self) -> Ints:
        """Indices of the ties of each state, shape (state, states - 1), in the order of the other ends."""
        return np.take_along_axis(self.matrix, self.others, axis=1)

    @cached_property
    def others(self) -> Ints:
        """Rows of the other ends of `of_state`, shape (state, states - 1)."""
        rows = [[j for j in range(len(self.states)) if j != i] for i in range(len(self.states))]
        return np.array(rows, dtype=np.intp).reshape(len(self.states), max(len(self.states) - 1, 0))

    @cached_property
    def graph(self) -> nx.Graph[str]:
        """The graph of possible ties, without weights."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(self.states)
        graph.add_edges_from(self.pairs)
        return graph

    def window(self, state: State, rows: int | slice) -> nx.Graph[str]:
        """One world as a graph, or the mean of several.

        Nodes: whether it is a member (in more than half of the worlds), GDP (billion USD of 2015), population
        (persons), community. Edges: trust, also as `weight`; every channel, both directions together, in the unit of
        `sco-sim show` (trade in billion USD of 2015); the severity of disputes in the year.
        """
        chosen = slice(rows, rows + 1) if isinstance(rows, int) else rows

        def mean(values: Array) -> list[float]:
            """Over the worlds chosen, (world, ...) -> (...)."""
            means: list[float] = values[chosen].mean(axis=0).tolist()
            return means

        trust = mean(expit(state.trust_level))
        edges = {"weight": trust, "trust": trust}
        for channel in CHANNELS:
            edges[channel.name] = mean(both_ways(channel, state.arrays) / channel.shown_per)
        edges["dispute"] = mean(state.dispute)
        nodes: dict[str, list[bool] | list[float]] = {
            "member": [share > 0.5 for share in mean(state.member)],
            "gdp": mean(np.exp(state.log_gdp) / 1e9),
            "population": mean(np.exp(state.log_population)),
            "community": mean(state.community),
        }
        graph = self.graph.copy()
        for name, of_states in nodes.items():
            nx.set_node_attributes(graph, dict(zip(self.states, of_states, strict=True)), name)
        for name, of_ties in edges.items():
            nx.set_edge_attributes(graph, dict(zip(self.pairs, of_ties, strict=True)), name)
        return graph
