"""Agreements of the oracle: who gains, what is decided, what a policy does (equations 3, 4 and 6 to 9)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.oracle.oracle_model import OracleModel

DISTRIBUTIVE = {
    "economy": 1.0, "transport": 0.6, "political": 0.3, "security": 0.2,
    "culture": 0.1, "education": 0.1, "environment": 0.1,
}  # fmt: skip
DEPTH = {"declaratory": 0.1, "institution": 0.4, "binding": 0.4, "deep": 1.0}


def expit(x: float) -> float:
    """Logistic function of a number."""
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


class Agreement:
    """One policy of the scenario in one world: what each state adopted and delivered, and its history."""

    def __init__(self, model: OracleModel, policy: Any) -> None:
        """Put a policy of the scenario before the council."""
        self.model = model
        self.policy = policy
        self.kind: str = policy.key()
        self.name: str = policy.label
        self.start: int = model.first_year if policy.start is None else policy.start
        self.adopted = dict.fromkeys(model.graph.nodes, 0.0)
        self.delivered = dict.fromkeys(model.graph.nodes, 0.0)
        self.adopted_year: int | None = None
        self.tabled_years = 0
        self.hold_out: str | None = None

    # --- who and when -----------------------------------------------------------------------------

    def in_time(self) -> bool:
        """Whether the year lies between its start and its end."""
        year, end = self.model.year, self.policy.end
        return self.start <= year and (end is None or year <= end)

    def participants(self) -> list[str]:
        """Codes of those who take part, by the membership as it stands."""
        chosen = self.policy.participants
        if chosen == "members":
            return [s.iso for s in self.model.states if s.member]
        if chosen == "all":
            return [s.iso for s in self.model.states]
        return [s.iso for s in self.model.states if s.iso in chosen]

    def voters(self) -> list[str]:
        """Codes of those who decide."""
        if self.policy.decided_by == "participants":
            return self.participants()
        return [s.iso for s in self.model.states if s.member]

    def legs(self) -> list[tuple[str, str]]:
        """Legs of the corridor it builds, those of the table or those of its own; none for other policies."""
        if self.kind != "trade_corridor":
            return []
        if self.policy.corridor is not None:
            return list(self.model.facts.corridors[self.policy.corridor])
        return list(self.policy.legs)

    def corridor_states(self) -> list[str]:
        """Simulated states at an end of a leg."""
        ends = {iso for leg in self.legs() for iso in leg}
        return [s.iso for s in self.model.states if s.iso in ends]

    # --- equations 3 to 5 -------------------------------------------------------------------------

    def gainers(self) -> dict[str, float]:
        """Equation 3: who is seen to gain, summing to one."""
        if self.legs():
            weights = {s.iso: 0.0 for s in self.model.states}
            for leg in self.legs():
                for iso in leg:
                    if iso in weights:
                        weights[iso] += 1.0
        else:
            takes_part = self.participants()
            weights = {s.iso: math.exp(s.log_gdp) * (s.iso in takes_part) for s in self.model.states}
        total = sum(weights.values())
        shares = {iso: (w / total if total > 0 else 0.0) for iso, w in weights.items()}
        if self.policy.proposer is None:
            return shares
        return {iso: 0.5 * q + 0.5 * (iso == self.policy.proposer) for iso, q in shares.items()}

    def weight(self) -> float:
        """Equation 4: depth times distributive weight."""
        return DEPTH[self.policy.depth] * DISTRIBUTIVE[self.policy.field]

    def conflicts_claim(self, iso: str) -> bool:
        """Equation 4: whether a leg joins two states with both of which the state disputes the same claim."""
        for a, b in self.legs():
            if iso in (a, b):
                continue
            for disputed in self.model.claims():
                if {frozenset((iso, a)), frozenset((iso, b))} <= disputed:
                    return True
        return False

    # --- equations 6 and 7 ------------------------------------------------------------------------

    def decide(self) -> None:
        """One summit: give, table, adopt or fail."""
        if self.adopted_year is not None or not self.in_time():
            return
        if self.policy.decided_by == "given":
            self.adopt(dict.fromkeys(self.participants(), 1.0))
            return
        q = self.gainers()
        ambition = {s.iso: s.ambition(self, q) for s in self.model.states}
        voters = self.voters()
        if voters:
            self.hold_out = min(voters, key=lambda iso: ambition[iso])
        text = self.text({iso: ambition[iso] for iso in voters})
        if text:
            self.adopt(text)
        else:
            self.tabled_years += 1

    def text(self, ambition: dict[str, float]) -> dict[str, float]:
        """What each participant adopts given the ambitions of the voters; empty if it fails."""
        rule = self.model.scenario.decision_rule
        kind = "consensus" if self.policy.decided_by == "participants" else rule.key()
        if not ambition:
            return {}
        takers = [iso for iso in self.participants() if iso in ambition]
        if kind == "opt_in":
            willing = [iso for iso, a in ambition.items() if a >= 0.5]
            if len(willing) < rule.minimum:
                return {}
            return {iso: ambition[iso] for iso in takers if iso in willing}
        level = min(ambition.values()) if kind == "consensus" else self.majority_level(ambition, rule)
        if level < 0.5:
            return {}
        if kind == "consensus" and self.model.scenario.rivals.consensus == "delays":
            if not self.model.uniform(f"council.{self.name}.luck", 1)[0] < 2.0 * level - 1.0:
                return {}
            level = 1.0
        return dict.fromkeys(takers, level)

    def majority_level(self, ambition: dict[str, float], rule: Any) -> float:
        """Highest level that the required shares of states and of population support; 0 if none."""
        people = {iso: math.exp(self.model.state_of[iso].log_population) for iso in ambition}
        for level in sorted(ambition.values(), reverse=True):
            behind = [iso for iso, a in ambition.items() if a >= level]
            states = len(behind) / len(ambition)
            population = sum(people[iso] for iso in behind) / sum(people.values())
            if states >= rule.states and population >= rule.population:
                return level
        return 0.0

    def adopt(self, text: dict[str, float]) -> None:
        """Fix what each state has adopted."""
        if text:
            self.adopted.update(text)
            self.adopted_year = self.model.year

    def welcome(self, newcomers: list[str]) -> None:
        """Equation 18: new members take over what the members have adopted, at the lowest level in force."""
        levels = [level for level in self.adopted.values() if level > 0]
        if self.policy.participants == "members" and levels and self.in_time():
            self.adopted.update(dict.fromkeys(newcomers, min(levels)))

    # --- equations 8 and 9 ------------------------------------------------------------------------

    def deliver(self) -> None:
        """Equation 8: delivery moves towards what was adopted while in force, and falls off afterwards."""
        active = self.in_time()
        for s in self.model.states:
            rate = s.delivery_rate() * (1.0 if active else self.fade())
            aim = self.model.p["delivery.ceiling"] * self.adopted[s.iso] if active else 0.0
            self.delivered[s.iso] += rate * (aim - self.delivered[s.iso])

    def fade(self) -> float:
        """Factor on the decline after the end."""
        if self.kind != "people_to_people":
            return 1.0
        return 1.0 - self.policy.unofficial_share * self.model.p["people_to_people.unofficial_persistence"]

    def strength(self, a: str, b: str) -> float:
        """Equation 9: strength on the tie between two states."""
        if self.adopted_year is None:
            return 0.0
        ramp = min(1.0, (self.model.year - self.adopted_year + 1) / self.policy.ramp_years)
        return float(self.policy.intensity * ramp * min(self.delivered[a], self.delivered[b]))

    def act(self) -> float:
        """Section 8: add to the effects on the ties; returns the outlay of the year, million USD of 2015."""
        outlay: float = getattr(self, "act_" + self.kind)()
        return outlay

    def act_people_to_people(self) -> float:
        """Visits become easier, most where borders are open, and trust grows with them."""
        p, share, outlay = self.model.p, self.policy.unofficial_share, 0.0
        floor, unofficial = p["visas.floor"], p["people_to_people.unofficial_yield"]
        for a, b, tie in self.model.graph.edges(data=True):
            s = self.strength(a, b)
            openness = floor + (1.0 - floor) * tie["openness"]
            tie["effect_people"] += p["people_to_people.people"] * s * openness
            tie["effect_trust"] += p["people_to_people.trust"] * s * (1.0 - share + share * unofficial)
            outlay += self.policy.cost_per_tie_musd * s
        return outlay

    def act_sister_cities(self) -> float:
        """New twinned places are spread over the ties it works on by the root of their populations."""
        root, outlay = {}, 0.0
        for a, b in self.model.graph.edges:
            if self.strength(a, b) > 0:
                one, two = self.model.state_of[a], self.model.state_of[b]
                root[a, b] = math.sqrt(math.exp(one.log_population) * math.exp(two.log_population))
        for (a, b), part in root.items():
            arrivals = self.policy.new_pairs_per_year * self.strength(a, b) * part / sum(root.values())
            self.model.graph.edges[a, b]["effect_cities"] += arrivals
            outlay += self.policy.cost_per_pair_musd * arrivals
        return outlay

    def act_trade_corridor(self) -> float:
        """Trade gets faster and cheaper along the route; states that are bypassed lose some of theirs."""
        p, stations = self.model.p, self.corridor_states()
        saved = p["corridor.day_elasticity"] * self.of_route("days_saved")
        saved += p["corridor.cost_elasticity"] * self.of_route("cost_saved")
        gain = p["corridor.share_using"] * saved
        route = [(a, b) for a, b in self.model.graph.edges if a in stations and b in stations]
        if not route or self.adopted_year is None:
            return 0.0
        for a, b in route:
            self.model.graph.edges[a, b]["effect_trade"] += gain * self.strength(a, b)
        mean = sum(self.strength(a, b) for a, b in route) / len(route)
        bypassed = [iso for iso in self.policy.bypasses if iso not in stations]
        for a, b, tie in self.model.graph.edges(data=True):
            if (a in bypassed and b in stations) or (b in bypassed and a in stations):
                tie["effect_trade"] -= p["corridor.diversion"] * gain * mean
        if self.model.year >= self.adopted_year + self.policy.ramp_years:
            return 0.0
        return float(self.of_route("outlay") / self.policy.ramp_years * mean)

    def of_route(self, name: str) -> float:
        """A ledger value of its corridor."""
        return self.model.p[f"corridor.{self.policy.corridor or 'other'}.{name}"]
