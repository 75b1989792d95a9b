"""Freight routes as a weighted networkx graph of (node, mode): what is open, and the cheapest paths between states."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations, count, pairwise
from typing import Any, NamedTuple

import networkx as nx
import numpy as np

from sco_sim.numerics.arrays import Array

PATHS = 4
"""Cheapest paths among which the freight of a tie is split."""
REACH = 1.5
"""A route that costs more than so many times the cheapest gets nothing: its share would be below a sixteenth."""
SHUT = 0.5
"""Share of a year from which a leg that was shut counts as closed in that year."""
LAND, WATER = ("rail", "road"), ("sea", "caspian")
Pair = tuple[str, str]
Spot = tuple[str, str]
"""A node and the mode in which freight stands there; ("from", state) and ("to", state) for the ends of a path."""


Trail = tuple[int, Any]
"""A spot by its number, and the trail that leads to it."""


class Node(NamedTuple):
    """A hub, port or strait."""

    name: str
    state: str
    latitude: float
    longitude: float
    main: bool


@dataclass(frozen=True)
class Leg:
    """What joins two nodes by one mode."""

    key: str
    mode: str
    nodes: Pair
    states: Pair
    km: float
    speed: str
    """Name of the speed: parameter `routes.km_day.<speed>`."""
    transit: tuple[str, ...] = ()
    """Other states it crosses, in order."""
    crossing: str = ""
    hours: float = 0.0
    """At the border, both sides."""
    usd: float = 0.0
    """At the border, for a container."""
    gauge_change: bool = False
    status: str = "operating"
    since: float = -math.inf
    """First year; infinite if none is planned."""
    closed: tuple[tuple[float, float], ...] = ()
    """When it was shut: from and to, in decimal years."""
    straits: tuple[str, ...] = ()

    @cached_property
    def crossed(self) -> frozenset[str]:
        """States it touches."""
        return frozenset((*self.states, *self.transit)) - {""}

    @cached_property
    def borders(self) -> frozenset[Pair]:
        """Land borders that it crosses, each pair in alphabetical order; none at sea."""
        if self.mode not in LAND:
            return frozenset()
        states = (self.states[0], *self.transit, self.states[1])
        return frozenset((min(pair), max(pair)) for pair in pairwise(states) if pair[0] != pair[1])

    @cached_property
    def through(self) -> frozenset[str]:
        """States it crosses on land, straits it passes at sea: a ship that passes a port does not enter the state."""
        passed = set(self.straits) | {n for n, state in zip(self.nodes, self.states, strict=True) if not state}
        return self.crossed if self.mode in LAND else frozenset(passed)

    def twice_as_dear(self) -> Leg:
        """The same leg at twice the days and the cost."""
        return replace(self, km=2.0 * self.km, hours=2.0 * self.hours, usd=2.0 * self.usd)

    def operates(self, year: int, built: bool = False) -> bool:
        """Whether it is there and open for most of a year; `built` says that what is planned is finished."""
        if not built and (year < self.since or self.status == "planned"):
            return False
        return _share(self.closed, year) < SHUT and (self.status != "closed" or bool(self.closed))


def _share(periods: Iterable[tuple[float, float]], year: int) -> float:
    """Share of a year that lies in some periods, which may overlap."""
    shut, done = 0.0, float(year)
    for start, end in sorted(periods):
        shut += max(0.0, min(end, year + 1.0) - max(start, done))
        done = max(done, end)
    return shut


@dataclass(frozen=True)
class Closed:
    """What is shut: legs by key, land borders by pair, states with all that crosses them, straits."""

    legs: frozenset[str] = frozenset()
    borders: frozenset[Pair] = frozenset()
    states: frozenset[str] = frozenset()
    straits: frozenset[str] = frozenset()

    def shuts(self, leg: Leg) -> bool:
        """Whether a leg cannot be used."""
        passed = {*leg.straits, *leg.nodes}
        return leg.key in self.legs or bool(
            leg.borders & self.borders or leg.crossed & self.states or passed & self.straits
        )

    def __or__(self, other: Closed) -> Closed:
        return Closed(
            self.legs | other.legs, self.borders | other.borders, self.states | other.states,
            self.straits | other.straits,
        )  # fmt: skip


NOTHING = Closed()


@dataclass(frozen=True)
class Prices:
    """What time and transport cost: the parameters `routes.*` of the ledger, by name."""

    p: Mapping[str, float]

    def days(self, leg: Leg) -> float:
        """Days on a leg and at its border; a block train changes its gauge in a few hours at most."""
        hours = min(leg.hours, self.p["routes.gauge_hours"]) if leg.gauge_change and leg.mode == "rail" else leg.hours
        return leg.km / self.p[f"routes.km_day.{leg.speed}"] + hours / 24.0

    def usd(self, leg: Leg) -> float:
        """USD for a container on a leg and at its border."""
        return leg.km * self.p[f"routes.usd_km.{leg.mode}"] + leg.usd

    def between(self, mode: str, other: str) -> tuple[float, float]:
        """Days and USD of a change of mode; water and land meet in a port."""
        ports = sum(one in WATER for one in (mode, other))
        if ports:
            return self.p["routes.port_days"], ports * self.p["routes.port_usd"]
        return self.p["routes.reload_days"], 0.0

    def generalised(self, days: float, usd: float) -> float:
        """USD of a container with what its time is worth: USD + value x share a day x days."""
        return usd + self.p["routes.container_value"] * self.p["routes.day_value"] * days


class Path(NamedTuple):
    """A way from a main node of one state to a main node of another."""

    cost: float
    days: float
    usd: float
    nodes: tuple[str, ...]
    legs: tuple[Leg, ...]
    through: frozenset[str]
    """What tells a route from another: states crossed on land, states in whose ports goods go ashore, straits."""


@dataclass(frozen=True)
class Choice:
    """The cheapest paths of a tie and how its freight is split among them."""

    paths: tuple[Path, ...]
    shares: tuple[float, ...]
    cost: float
    """Power mean of the costs of the paths, infinite without any: the logsum of a logit in their logs."""
    days: float
    usd: float


class Network:
    """The open legs of a year between nodes and modes, and the cheapest paths through them."""

    def __init__(self, nodes: Mapping[str, Node], legs: Iterable[Leg], prices: Prices) -> None:
        self.nodes, self.legs, self.prices = nodes, tuple(legs), prices

    @cached_property
    def ends(self) -> dict[str, tuple[str, ...]]:
        """Nodes at which the trade of each state begins and ends: its main ones, all if it has none."""
        out: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.state:
                out.setdefault(node.state, []).append(node)
        return {
            state: tuple(one.name for one in there if one.main or not any(other.main for other in there))
            for state, there in out.items()
        }

    def without(self, closed: Closed) -> Network:
        """The same network with something shut."""
        return Network(self.nodes, (leg for leg in self.legs if not closed.shuts(leg)), self.prices)

    @cached_property
    def graph(self) -> nx.DiGraph[Spot]:
        """Nodes by mode, both directions, weight in USD; of parallel legs the cheapest stands."""
        graph: nx.DiGraph[Spot] = nx.DiGraph()
        modes: dict[str, set[str]] = {}
        for leg in self.legs:
            days, usd = self.prices.days(leg), self.prices.usd(leg)
            a, b = ((node, leg.mode) for node in leg.nodes)
            for name in leg.nodes:
                modes.setdefault(name, set()).add(leg.mode)
            weight = self.prices.generalised(days, usd)
            if not graph.has_edge(a, b) or weight < graph[a][b]["weight"]:
                for one, other in ((a, b), (b, a)):
                    graph.add_edge(one, other, weight=weight, days=days, usd=usd, leg=leg, through=leg.through)
        for name, there in modes.items():
            for mode in sorted(there):
                for changed in sorted(there - {mode}):
                    self._join(graph, (name, mode), (name, changed), *self.prices.between(mode, changed))
        for state, names in self.ends.items():
            for spot in ((name, mode) for name in names for mode in sorted(modes.get(name, ()))):
                cost = self.prices.between("", spot[1]) if spot[1] in WATER else (0.0, 0.0)
                self._join(graph, ("from", state), spot, *cost)
                self._join(graph, spot, ("to", state), *cost)
        return graph

    def _join(self, graph: nx.DiGraph[Spot], one: Spot, other: Spot, days: float, usd: float) -> None:
        weight = self.prices.generalised(days, usd)
        state = self.nodes[one[0] if one[0] in self.nodes else other[0]].state
        through = frozenset({state}) if {one[1], other[1]} & set(WATER) else frozenset[str]()
        graph.add_edge(one, other, weight=weight, days=days, usd=usd, leg=None, through=through)

    @cached_property
    def _numbers(self) -> dict[Spot, int]:
        """The number of each spot."""
        return {spot: number for number, spot in enumerate(self.graph)}

    def _left(self, state: str) -> list[float]:
        """Least cost from every spot to a state, by number; infinite where no way leads there."""
        if state not in self._costs:
            target = ("to", state)
            costs: Mapping[Spot, float] = {}
            if target in self.graph:
                costs = nx.single_source_dijkstra_path_length(self.graph.reverse(copy=False), target)
            self._costs[state] = [costs.get(spot, math.inf) for spot in self._numbers]
        return self._costs[state]

    @cached_property
    def _costs(self) -> dict[str, list[float]]:
        return {}

    def paths(self, a: str, b: str, most: int = PATHS) -> tuple[Path, ...]:
        """The cheapest path of each of the cheapest routes between two states, cheapest first.

        Paths through the same states and straits are one route: a lorry in place of a train is no detour. Best first
        on the cost so far and the least cost that is left, which is exact; no node comes twice.
        """
        start, goal = self._numbers.get(("from", a)), self._numbers.get(("to", b))
        left = self._left(b)
        if start is None or math.isinf(left[start]):
            return ()
        out: list[Path] = []
        ticket = count()
        seen: dict[tuple[int, int], list[int]] = {}
        queue: list[tuple[float, int, float, int, int, int, Trail | None]] = []
        heapq.heappush(queue, (left[start], next(ticket), 0.0, start, 0, 0, None))
        while queue and len(out) < most:
            _, _, cost, spot, names, through, before = heapq.heappop(queue)
            others = seen.setdefault((spot, through), [])
            if any(not other & ~names for other in others) or (others and spot == goal):
                continue  # a cheaper way through the same states has been here, and can go wherever this one can
            others.append(names)
            trail = (spot, before)
            if spot == goal:
                out.append(self._path(trail, cost))
                continue
            own, steps = self._steps[spot]
            for onward, node, passed, usd in steps:
                ahead = cost + usd
                least = ahead + left[onward]
                if least <= REACH * left[start] and not names & node:
                    item = (least, next(ticket), ahead, onward, names | own, through | passed, trail)
                    heapq.heappush(queue, item)
        return tuple(out)

    @cached_property
    def _steps(self) -> list[tuple[int, list[tuple[int, int, int, float]]]]:
        """Of each spot the node and where it leads: the spot, its node, what is passed on the way, and the cost.

        Spots are numbers. A set of nodes, or of states and straits that are passed, is the bits of a number: thousands
        are compared.
        """
        nodes: dict[str, int] = {}
        passed: dict[str, int] = {}

        def bit(of: dict[str, int], name: str) -> int:
            return 1 << of.setdefault(name, len(of))

        def step(onward: Spot, edge: Mapping[str, Any]) -> tuple[int, int, int, float]:
            through = sum(bit(passed, name) for name in edge["through"])
            return self._numbers[onward], bit(nodes, onward[0]), through, edge["weight"]

        return [
            (bit(nodes, spot[0]), [step(onward, edge) for onward, edge in steps.items()])
            for spot, steps in self.graph.adjacency()
        ]

    def _path(self, trail: Trail | None, cost: float) -> Path:
        known, spots = list(self._numbers), list[Spot]()
        while trail is not None:
            number, trail = trail
            spots.insert(0, known[number])
        edges = [self.graph[one][other] for one, other in pairwise(spots)]
        names = [name for name, _ in spots[1:-1]]
        nodes = tuple(name for i, name in enumerate(names) if i == 0 or name != names[i - 1])
        legs = tuple(edge["leg"] for edge in edges if edge["leg"] is not None)
        days, usd = (sum(edge[key] for edge in edges) for key in ("days", "usd"))
        return Path(cost, days, usd, nodes, legs, frozenset().union(*(edge["through"] for edge in edges)))

    def choice(self, a: str, b: str) -> Choice:
        """How the freight between two states is split, and what it costs.

        A share is in proportion to cost to the power of minus `routes.split`; fewer than `PATHS` paths cost more, so
        that nothing gets cheaper when something shuts.
        """
        paths, power = self.paths(a, b), self.prices.p["routes.split"]
        if not paths:
            return Choice((), (), math.inf, math.inf, math.inf)
        weights = [(path.cost / paths[0].cost) ** -power for path in paths]
        total = sum(weights)
        shares = tuple(weight / total for weight in weights)
        cost = paths[0].cost * (total / PATHS) ** (-1.0 / power)
        split = list(zip(shares, paths, strict=True))
        days, usd = sum(share * path.days for share, path in split), sum(share * path.usd for share, path in split)
        return Choice(paths, shares, cost, days, usd)


@lru_cache(maxsize=256)
def crossed(legs: tuple[Pair, ...], states: tuple[str, ...]) -> Array:
    """Share of the chains of legs between the ends of a tie that cross a state, shape (tie, state).

    The chains with the fewest legs count, and those with one more.
    """
    chains: nx.Graph[str] = nx.Graph(sorted(legs))
    out = np.zeros((len(states) * (len(states) - 1) // 2, len(states)))
    for tie, (a, b) in enumerate(combinations(states, 2)):
        if a in chains and b in chains and nx.has_path(chains, a, b):
            longest = int(nx.shortest_path_length(chains, a, b)) + 1
            ways = list(nx.all_simple_paths(chains, a, b, cutoff=longest))
            for iso in (iso for way in ways for iso in way[1:-1] if iso in states):
                out[tie, states.index(iso)] += 1.0 / len(ways)
    return out
