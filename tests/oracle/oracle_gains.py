"""What a text of the oracle would bring each state (equation 31): it acts once, and all is taken back."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import networkx as nx

from tests.oracle.oracle_projects import Projects

DEPTH = {"declaratory": 0.1, "institution": 0.4, "binding": 0.4, "deep": 1.0}
SHIELDS = ("health", "heritage", "talk", "channels")
YEARS, LONG_AGO = 10, 100


class Gains(Projects):
    """Part of an agreement: what it would bring."""

    foreseen: tuple[int, dict[str, dict[str, float]]]
    """Year and what was worked out in it."""

    def pay_shares(self) -> dict[str, float]:
        """Who pays."""
        raise NotImplementedError

    def participants(self) -> list[str]:
        """Codes of those who take part."""
        raise NotImplementedError

    def together(self, share: dict[str, float]) -> dict[tuple[str, str], float]:
        """What acts on each tie of what its two ends carry out."""
        raise NotImplementedError

    def brings(self) -> dict[str, dict[str, float]]:
        """Equation 31 for every state."""
        if self.foreseen[0] != self.model.year:
            self.foreseen = (self.model.year, self.foresee())
        return self.foreseen[1]

    def foresee(self) -> dict[str, dict[str, float]]:
        """Let it act in full, look, and take all back."""
        model, taking_part = self.model, self.participants()
        share = {s.iso: s.delivery_reach() * (s.iso in taking_part) for s in model.states}
        self.full = self.strength = {pair: self.policy.intensity * p for pair, p in self.together(share).items()}
        was, self.built = (self.built, self.building), 0.0
        things: list[Any] = [*(tie for _, _, tie in model.graph.edges(data=True)), *(vars(s) for s in model.states)]
        kept = [{name: value for name, value in thing.items() if name.startswith("effect_")} for thing in things]

        def wipe() -> None:
            for thing, before in zip(things, kept, strict=True):
                thing.update({name: before[name] if name == "effect_contact" else 0.0 for name in before})

        outlay = 0.0
        for self.age in (*range(YEARS), LONG_AGO):
            wipe()
            self.built = 1.0 if self.age == LONG_AGO else self.built
            self.building = 0.0
            spent = self.act()
            self.built = min(1.0, self.built + self.building)
            outlay += spent / YEARS if self.age < YEARS else 0.0
        out = {s.iso: self.of(s) for s in model.states}
        self.built, self.building = was
        weights = self.pay_shares()
        paid = [s.iso for s in self.paid()] if self.kind == "special_fund" else []
        for s in model.states:
            out[s.iso]["paid"] = outlay * weights[s.iso]
            out[s.iso]["received"] = outlay / len(paid) if s.iso in paid else 0.0
        for iso, goods in self.through().items():
            out[iso]["transit"] = goods / 1e6
        for thing, before in zip(things, kept, strict=True):
            thing.update(before)
        whole = sum(math.exp(s.log_gdp) for s in model.states if s.iso in taking_part)
        for s in model.states:
            others = (1.0 - math.exp(s.log_gdp) / whole) if s.iso in taking_part else 0.0
            out[s.iso]["autonomy"] = -DEPTH[self.policy.depth] * others
        return out

    def of(self, state: Any) -> dict[str, float]:
        """What the effects of the moment mean for one state."""
        ties = [state.tie(other.iso) for other in state.others()]
        safer = sum(
            tie["effect_security"] + tie["effect_trust"] - tie["effect_hazard"]
            + sum(tie[f"effect_shield_{name}"] for name in SHIELDS)
            for tie in ties
        )  # fmt: skip
        flows = {"people": 0.0, "students": 0.0, "cities": 0.0}
        more = dict(flows)
        for tie in ties:
            for name, parts in (("people", ["people"]), ("students", ["students_ab", "students_ba"])):
                flow = sum(max(math.exp(tie[part]) - 1.0, 0.0) for part in parts)
                flows[name] += flow
                more[name] += flow * math.exp(tie[f"effect_{name}"])
            flows["cities"] += tie["cities"]
            more["cities"] += tie["cities"] + YEARS * tie["effect_cities"]
        return {
            "trade": sum(math.exp(tie["trade"]) * (math.exp(tie["effect_trade"]) - 1.0) for tie in ties) / 1e6,
            "transit": 0.0,
            "people": sum(math.log((1.0 + more[name]) / (1.0 + flows[name])) for name in flows) / 3.0,
            "capacity": state.effect_capacity,
            "stability": state.effect_stability,
            "security": safer / len(ties),
        }

    def through(self) -> dict[str, float]:
        """Goods that a corridor leads over each state, less what it takes from those it bypasses."""
        if self.kind != "trade_corridor":
            return {}
        model, chains = self.model, nx.Graph(sorted(self.legs()))
        out = dict.fromkeys(model.state_of, 0.0)
        for a, b in combinations(self.corridor_states(), 2):
            pair = (a, b) if (a, b) in self.strength else (b, a)
            goods = model.p["corridor.share_using"] * min(self.strength[pair], self.widest(a, b))
            goods *= math.exp(model.graph.edges[pair]["trade"])
            if not nx.has_path(chains, a, b):
                continue
            least = nx.shortest_path_length(chains, a, b)
            ways = [way[1:-1] for way in nx.all_simple_paths(chains, a, b) if len(way) - 1 <= least + 1]
            over = {iso: sum(iso in way for way in ways) / len(ways) for iso in out}
            for iso, share in over.items():
                out[iso] += goods * share
            for iso in self.policy.bypasses:
                out[iso] -= goods * max(over.values()) / len(self.policy.bypasses)
        return out
