"""States of the oracle: agents with a size, a condition and a will (equations 1, 4, 5, 8, 19, 21)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from tests.oracle.oracle_math import clip, expit

if TYPE_CHECKING:
    from tests.oracle.oracle_council import Agreement
    from tests.oracle.oracle_model import OracleModel


class StateAgent(mesa.Agent):
    """A member state: its size, its condition, and what it wants from an agreement."""

    model: OracleModel
    log_gdp: float
    last_log_gdp: float
    log_volume: float
    last_log_volume: float
    log_population: float
    stability: float
    capacity: float
    volatility: float
    member: float
    pressure: float
    community: float
    shock_growth: float
    shock_stability: float
    shock_volatility: float
    shock_acceptance: float
    effect_capacity: float
    effect_delivery: float
    effect_stability: float
    effect_acceptance: float

    def __init__(self, model: OracleModel, iso: str, row: int, start: dict[str, float]) -> None:
        """Take over the initial values of a state."""
        super().__init__(model)
        self.iso = iso
        self.row = row
        for name, value in start.items():
            setattr(self, name, value)
        self.log_gdp_0, self.log_volume_0 = self.log_gdp, self.log_volume
        self.member_0 = self.member
        self.capacity_datum, self.churn = self.capacity, 0.0
        self.paid = self.received = 0.0

    def tie(self, other: str) -> dict[str, Any]:
        """The edge to another state."""
        edge: dict[str, Any] = self.model.graph.edges[self.iso, other]
        return edge

    def others(self) -> list[StateAgent]:
        """All states but itself."""
        return [s for s in self.model.states if s is not self]

    def add(self, name: str, amount: float) -> None:
        """Add to one of its numbers."""
        setattr(self, name, getattr(self, name) + amount)

    def income(self) -> float:
        """Ln GDP per head."""
        return self.log_gdp - self.log_population

    def grow(self) -> None:
        """Equations 1 and 21, with last year's policies."""
        facts, k = self.model.facts, self.model.year - self.model.start
        self.last_log_gdp, self.last_log_volume = self.log_gdp, self.log_volume
        datum, growth, p = float(facts.log_gdp[k, self.row]), float(facts.volume_growth[k, self.row]), self.model.p
        volume = p[f"growth.spread.{self.iso}"] * self.shared("growth", p["growth.common_volume"])
        prices = p[f"growth.prices.{self.iso}"] * self.shared("growth.prices", p["growth.common_prices"])
        mean, trend = p[f"growth.mean.{self.iso}"], float(facts.volume_trend[self.row])
        moved = volume + self.shock_growth
        self.log_gdp = self.log_gdp + mean + moved + prices if math.isnan(datum) else datum
        drawn = (mean if math.isnan(trend) else trend) + moved
        self.log_volume += drawn if math.isnan(growth) else growth
        self.log_population = float(facts.log_population[k, self.row])
        self.capacity_datum = float(facts.capacity[k, self.row])
        self.stability = float(facts.stability[k, self.row]) + self.shock_stability + self.effect_stability
        self.capacity = self.capacity_datum + self.effect_capacity
        self.volatility = max(0.0, float(facts.volatility[k, self.row]) + self.shock_volatility)
        more = max(0.0, self.volatility - float(facts.volatility[0, self.row]))
        self.churn = more + (self.churn - more) * 0.5 ** (1.0 / p["council.memory"])

    def shared(self, stream: str, share: float) -> float:
        """Equation 1: a standard normal of whose variance a share is that of all states."""
        own, all_of_them = self.model.normal(stream, "state")[self.row], self.model.normal(f"{stream}.common", "world")
        return math.sqrt(share) * all_of_them[0] + math.sqrt(1.0 - share) * own

    def benefit(self, agreement: Agreement) -> float:
        """Equation 32, B: how much of what it wants a text brings it, its freedom from others left aside."""
        if agreement.policy.proposer == self.iso:
            return 1.0
        p, b = self.model.p, agreement.brings()[self.iso]
        money = p["gains.income"] * b["trade"] + p["gains.transit"] * b["transit"] + b["received"] - b["paid"]
        x = {
            "development": money * 1e6 / math.exp(self.log_gdp) / p["gains.half_income"]
            + b["capacity"] / p["gains.half_capacity"],
            "security": b["security"] / p["gains.half_security"],
            "regime": b["stability"] / p["gains.half_stability"],
            "status": b["people"] / p["gains.half_people"],
        }
        level = {want: value / (1.0 + abs(value)) for want, value in x.items()}
        return sum(self.wants()[want] * level[want] for want in level)

    def sovereignty(self, agreement: Agreement) -> float:
        """Equation 32, A: what a text leaves to others, by its want for freedom from them."""
        if agreement.policy.proposer == self.iso:
            return 0.0
        return self.wants()["autonomy"] * agreement.brings()[self.iso]["autonomy"]

    def wants(self) -> dict[str, float]:
        """Equation 32: the shares of its wants, which sum to 1."""
        names = ("development", "security", "regime", "status", "autonomy")
        raw = {want: self.model.p[f"wants.{want}.{self.iso}"] for want in names}
        return {want: weight / sum(raw.values()) for want, weight in raw.items()}

    def shut_out(self, q: dict[str, float]) -> float:
        """Equation 4, K: its weight in its trade club times the share of the gain that goes to outsiders."""
        club = [s for s in self.others() if self.tie(s.iso)["trade_agreement"]]
        if not club:
            return 0.0
        gdp = math.exp(self.log_gdp)
        share = gdp / (gdp + sum(math.exp(s.log_gdp) for s in club))
        return share * sum(q[s.iso] for s in self.others() if s not in club)

    def sign(self, other: Any, mean: float, claims: list[set[frozenset[str]]]) -> float:
        """Equation 30, S: how it stands to another state, by the mean level of trust and the open claims."""
        p, tie = self.model.p, self.tie(other.iso)
        s = tie["mutual_defence"] + p["ties.assistance"] * tie["assistance"]
        s += p["ties.consultation"] * tie["consultation"] + p["ties.arms"] * tie["arms"]
        s += p["ties.trust"] * math.tanh(tie["trust_level"] - mean)
        s -= tie["rivalry"] + tie["cut"] + 0.5 * tie["lowered"]
        if any(frozenset((self.iso, other.iso)) in claim for claim in claims):
            s -= p["ties.claim"] * (1.0 - clip(tie["effect_claims"]))
        return clip(s - max(tie["spat"], tie["war"], tie["drawn"]), -1.0, 1.0)

    def answer(self, agreement: Agreement, q: dict[str, float]) -> float:
        """Equation 25: how far it goes along, in the way the scenario gives it."""
        decider = self.model.scenario.decides.get(self.iso)
        kind = "stakes" if decider is None else decider.key()
        if kind == "fixed":
            return float(decider.level)
        if kind == "follower":
            led = self.model.state_of[decider.leader].answer(agreement, q)
            return float((1.0 - decider.weight) * self.ambition(agreement, q) + decider.weight * led)
        if kind == "red_lines":
            policy = agreement.policy
            crossed = policy.field in decider.fields or policy.depth in decider.depths
            if crossed or policy.proposer in decider.proposers:
                return 0.0
        if kind == "relative_gains":
            rivals = sum(self.tie(s.iso)["rivalry"] * q[s.iso] for s in self.others())
            return self.ambition(agreement, q, less=decider.sensitivity * max(0.0, rivals - q[self.iso]))
        assert kind in ("stakes", "red_lines"), kind
        return self.ambition(agreement, q)

    def ambition(self, agreement: Agreement, q: dict[str, float], less: float = 0.0) -> float:
        """Equation 5: how ambitious a text it would accept, 0 to 1, with so much readiness less."""
        p, field = self.model.p, agreement.policy.field
        rivals = warmer = odds = 0.0
        for s in self.others():
            tie = self.tie(s.iso)
            rivals += tie["rivalry"] * q[s.iso]
            odds += max(tie["spat"], tie["war"], tie["drawn"]) * q[s.iso]
            warmer += q[s.iso] * (tie["trust_level"] - tie["trust_level_0"])
        club = self.shut_out(q) if field in ("economy", "transport") else 0.0
        wobble = self.model.normal(f"council.{agreement.name}", "state")[self.row]
        weight = agreement.weight()
        z = p["council.base"] + p["council.benefit"] * self.benefit(agreement) + 2.0 * p["council.trust"] * warmer
        z += p["council.benefit"] * p["council.sovereignty"] * self.sovereignty(agreement)
        z += p["council.community"] * (self.community - self.community_0)
        texts = sum(
            q[s.iso] * min(other.delivered[self.iso], other.delivered[s.iso])
            for other in self.model.agreements if other is not agreement for s in self.others()
        )  # fmt: skip
        z += p["council.practice"] * texts / (1.0 + texts)
        z -= p["council.credibility"] * sum(q[s.iso] * s.churn for s in self.others())
        z -= p["council.depth"] * weight
        z -= p["council.rivals"] * weight * rivals
        z -= p["quarrel.votes"] * odds
        sides = agreement.sides()
        sign, me = self.model.signs(), self.iso
        z += p["council.balance"] * (sides[me] + sum(sign[me, s.iso] * sides[s.iso] for s in self.others()))
        z += p["council.friends"] * sum(
            clip(sum(sign[me, k.iso] * sign[k.iso, s.iso] for k in self.others() if k is not s), -1.0, 1.0)
            * sides[s.iso] for s in self.others()
        )  # fmt: skip
        z -= p["council.hub"] * weight * club
        z -= p["council.territory"] * agreement.conflicts_claim(self.iso)
        z -= p["council.pressure"] * self.pressure
        z += self.effect_acceptance + self.shock_acceptance
        z += p["council.wobble"] * wobble
        return expit(2.0 * (z - less))

    def prosperity(self) -> float:
        """Equation 28: GDP by volume above the path of its mean growth since the start, bounded."""
        path = self.model.p[f"growth.mean.{self.iso}"] * max(self.model.year - self.model.start, 0)
        return math.tanh(self.log_volume - self.log_volume_0 - path)

    def delivery_rate(self) -> float:
        """Equation 8: share of the gap to its promise that it closes in a year."""
        p = self.model.p
        return expit(p["delivery.rate"] + p["delivery.capacity"] * self.capacity
                     - p["delivery.volatility"] * self.volatility)  # fmt: skip

    def delivery_reach(self) -> float:
        """Equation 8: share of what it adopts that it can deliver at all."""
        p = self.model.p
        ceiling = p["delivery.ceiling"]
        reach = ceiling + (1.0 - ceiling) * clip(self.effect_delivery)
        gained = self.capacity - float(self.model.facts.capacity[0, self.row])
        return reach / (reach + (1.0 - reach) * math.exp(-p["delivery.reach"] * gained))

    def community_parts(self) -> tuple[float, float, float]:
        """Equation 19: mean trust in the other members, share of agreements adopted, mean share delivered."""
        trust = [expit(self.tie(s.iso)["trust_level"]) for s in self.others() if s.member]
        mean_trust = sum(trust) / len(trust) if trust else 0.0
        agreements = self.model.agreements
        if not agreements:
            return mean_trust, 0.0, 0.0
        adopted = sum(a.adopted[self.iso] > 0 for a in agreements) / len(agreements)
        delivered = sum(a.delivered[self.iso] for a in agreements) / len(agreements)
        return mean_trust, adopted, delivered

    def sense_of_community(self) -> float:
        """Equation 19: mean of the parts, less what the rivalry of the leaders takes off."""
        rivalry = self.model.p["community.leader_rivalry"] * (1.0 - self.model.leader_concert())
        return clip(sum(self.community_parts()) / 3.0 - rivalry)
