"""What policies of the oracle build (section 8 and equation 33): corridors and pipelines."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx

from tests.oracle.oracle_math import clip
from tests.oracle.oracle_policies import Acts


class Projects(Acts):
    """Part of an agreement: what it builds, as slow as its states deliver."""

    def act_trade_corridor(self) -> float:
        """Trade gets faster and cheaper along the route; states that are bypassed lose some of theirs."""
        p, policy, stations = self.model.p, self.policy, self.corridor_states()
        saved = p["corridor.day_elasticity"] * self.of_route("days_saved")
        saved += p["corridor.cost_elasticity"] * self.of_route("cost_saved")
        gain = p["corridor.share_using"] * saved
        route = {(a, b): s for (a, b), s in self.strength.items() if a in stations and b in stations}
        joined = [pair for pair, s in route.items() if s > 0.0 and self.line_joins(*pair)]
        for a, b in joined:
            self.model.graph.edges[a, b]["effect_trust"] += p["corridor.trust"] * route[a, b]
        if self.built >= 1.0 - 1e-9 or not policy.construction_years:
            arrives = {(a, b): min(s, self.widest(a, b)) for (a, b), s in route.items()}
            for (a, b), r in arrives.items():
                self.model.graph.edges[a, b]["effect_trade"] += gain * r
            passes = sum(r for pair, r in arrives.items() if pair in joined) / max(len(joined), 1)
            for a, b, tie, _ in self.each():
                if (a in policy.bypasses and b in stations) or (b in policy.bypasses and a in stations):
                    tie["effect_trade"] -= p["corridor.diversion"] * gain * passes
            self.open_legs(stations)
        full = [self.full[pair] for pair in joined]
        pace = sum(full) / max(len(full), 1) / (policy.intensity or 1.0)
        self.build(pace / (policy.construction_years or policy.ramp_years))
        legs = [self.between(self.strength, *leg) for leg in self.legs() if self.model.graph.has_edge(*leg)]
        laid = sum(s > 0.0 for s in legs) / len(legs) if legs else 1.0
        return float(policy.intensity * self.of_route("outlay") * laid * self.building)

    def line_joins(self, a: str, b: str) -> bool:
        """Whether legs of which no end refuses lead from one state to another."""
        graph = self.model.graph
        laid = [leg for leg in self.legs() if not graph.has_edge(*leg) or self.between(self.strength, *leg) > 0.0]
        line: nx.Graph[str] = nx.Graph(sorted(laid))
        return a in line and b in line and nx.has_path(line, a, b)

    def build(self, pace: float) -> None:
        """Equation 33: a share of it is built this year, no more than is left."""
        rest = 1.0 - self.built
        self.building = pace if rest - pace > 1e-9 else rest
        if not any(s != 0.0 for s in self.strength.values()):
            self.building = 0.0

    def act_gas_pipeline(self) -> float:
        """It carries gas once all of it is built, and is built as fast as its slowest section."""
        policy, route = self.policy, self.policy.route
        if self.between(self.strength, route[0], route[-1]) > 0.0:
            self.model.graph.edges[route[0], route[-1]]["effect_energy"] += self.gas_room()
        there = [iso for iso in route if iso in self.model.state_of]
        slowest = min(self.between(self.full, a, b) for a, b in pairwise(there))
        self.build(slowest / (policy.intensity or 1.0) / policy.construction_years)
        return float(policy.intensity * policy.capacity_bcm * self.own("outlay") * self.building)

    def gas_room(self) -> float:
        """Gas that it can carry this year: it fills from the year after the last of it was built."""
        model, policy = self.model, self.policy
        if self.built_year is None:
            return 0.0
        legs = [model.graph.edges[leg] for leg in pairwise(policy.route) if model.graph.has_edge(*leg)]
        worst = min((model.let_through(leg) for leg in legs), default=1.0)
        filled = clip((model.year - self.built_year) / model.p["energy.ramp"])
        return float(policy.intensity * policy.capacity_bcm * filled * worst)

    @staticmethod
    def between(values: dict[tuple[str, str], float], a: str, b: str) -> float:
        """The value of a tie whose ends are given in any order."""
        return values[(a, b) if (a, b) in values else (b, a)]

    def open_legs(self, stations: list[str]) -> None:
        """Freight legs that the corridor finishes make the routes of other ties cheaper."""
        borders = frozenset((min(leg), max(leg)) for leg in self.legs())
        detours = self.model.facts.detours
        crossed = {border for leg in detours.builds(borders) for border in leg.borders}
        if not crossed:
            return
        of_state, shares = {state.iso: s for state, s in self.of_states()}, [1.0]
        for a, b in crossed:
            if (a, b) in self.strength:
                shut = min(1.0, self.model.graph.edges[a, b]["shock_border"])
                shares.append(self.strength[a, b] * (1.0 - shut))
            else:
                shares += [of_state[iso] for iso in (a, b) if iso in of_state]
        for a, b, tie, _ in self.each():
            if a not in stations or b not in stations:
                cheaper = min(shares) * float(detours.fall(borders)[tie["row"]])
                tie["effect_trade"] += self.model.p["routes.elasticity"] * cheaper

    def widest(self, a: str, b: str) -> float:
        """What the best chain of legs carries from one state to another: as much as its weakest leg."""
        legs: nx.Graph[str] = nx.Graph()
        for one, other in self.legs():
            tie = self.model.graph.edges[one, other] if self.model.graph.has_edge(one, other) else None
            pair = (one, other) if (one, other) in self.strength else (other, one)
            carries = 1.0 if tie is None else self.strength[pair] * (1.0 - min(1.0, tie["shock_border"]))
            legs.add_edge(one, other, carries=carries)
        if not nx.has_path(legs, a, b):
            return 0.0
        chains = [list(pairwise(nodes)) for nodes in nx.all_simple_paths(legs, a, b)]
        return max(min(legs.edges[step]["carries"] for step in steps) for steps in chains)

    def legs(self) -> list[tuple[str, str]]:
        """Legs of its corridor."""
        raise NotImplementedError

    def of_route(self, name: str) -> float:
        """A ledger value of its corridor."""
        return self.model.p[f"corridor.{self.policy.corridor or 'other'}.{name}"]

    def corridor_states(self) -> list[str]:
        """Simulated states at an end of a leg."""
        raise NotImplementedError
