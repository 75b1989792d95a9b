"""Metrics of the oracle (docs/model.md, section 9), read off the agents and the edges."""

from __future__ import annotations

import itertools
import math
import statistics
from typing import TYPE_CHECKING, Any

import networkx as nx

from tests.oracle.oracle_math import expit

if TYPE_CHECKING:
    from tests.oracle.oracle_council import Agreement
    from tests.oracle.oracle_state import StateAgent

METRICS = (
    "conflict_share_mean", "conflict_share_max", "conflict_share_observed_mean", "conflict_share_observed_max",
    "trust_min", "trust_sd",
    "ties_below_050", "ties_below_090", "trade_total_busd", "students_total", "people_index", "cities_total",
    "migrants_total", "investment_total_busd", "energy_total_bcm", "energy_capacity_bcm", "energy_transit_share",
    "community_mean", "community_min", "cohesion", "blocs", "disputes", "agreements_adopted", "ambition_mean",
    "delivered_mean", "delay_mean_years", "gains_gini", "cost_musd",
    "gdp_total_busd", "leader_concert", "lost_to_veto_mean", "lost_to_delivery_mean", "community_economic",
    "community_security", "community_peace", "community_civilisation", "community_ecological",
)  # fmt: skip
"""Metrics that are one number a year."""


class Metrics:
    """The metrics of a world as methods of its model."""

    graph: nx.Graph[str]
    states: list[StateAgent]
    agreements: list[Agreement]
    p: dict[str, float]
    cost: float
    year: int
    start: int
    first_year: int
    leaders: list[str]
    scenario: Any
    facts: Any

    def carries(self, line: Any) -> float:
        """What a pipeline of the table can carry this year."""
        raise NotImplementedError

    def edges(self) -> list[dict[str, Any]]:
        """Attributes of all ties."""
        return [tie for _, _, tie in self.graph.edges(data=True)]

    def trust_values(self) -> list[float]:
        """Trust of every tie, 0 to 1."""
        return [expit(tie["trust_level"]) for tie in self.edges()]

    def conflict_share_mean(self) -> float:
        """Mean share of interactions that are conflictual."""
        return statistics.fmean(1.0 - x for x in self.trust_values())

    def conflict_share_max(self) -> float:
        """Largest share of interactions that are conflictual."""
        return max(1.0 - x for x in self.trust_values())

    def observed_shares(self) -> list[float]:
        """Conflictual share of every tie with the passing deviation."""
        return [1.0 - expit(tie["trust_level"] + tie["trust_deviation"]) for tie in self.edges()]

    def conflict_share_observed_mean(self) -> float:
        """Mean conflictual share of the year."""
        return statistics.fmean(self.observed_shares())

    def conflict_share_observed_max(self) -> float:
        """Largest conflictual share of the year."""
        return max(self.observed_shares())

    def trust_min(self) -> float:
        """Lowest trust."""
        return min(self.trust_values())

    def trust_sd(self) -> float:
        """Standard deviation of trust over ties."""
        return statistics.pstdev(self.trust_values())

    def ties_below_050(self) -> float:
        """Ties with trust under 0.5."""
        return float(sum(x < 0.5 for x in self.trust_values()))

    def ties_below_090(self) -> float:
        """Ties with trust under 0.9."""
        return float(sum(x < 0.9 for x in self.trust_values()))

    def trade_total_busd(self) -> float:
        """Trade of all ties, bn USD of 2015."""
        return sum(math.exp(tie["trade"]) for tie in self.edges()) / 1e9

    def students_total(self) -> float:
        """Students in both directions."""
        return sum(max(math.expm1(tie[way]), 0.0) for tie in self.edges() for way in ("students_ab", "students_ba"))

    def people_index(self) -> float:
        """Airport pairs."""
        return sum(max(math.expm1(tie["people"]), 0.0) for tie in self.edges())

    def cities_total(self) -> float:
        """Twinned places."""
        return float(sum(tie["cities"] for tie in self.edges()))

    def migrants_total(self) -> float:
        """People who live in another state."""
        return sum(max(math.expm1(tie["migrants"]), 0.0) for tie in self.edges())

    def investment_total_busd(self) -> float:
        """Direct investment of all ties, bn USD of 2015."""
        return sum(max(math.expm1(tie["investment"]), 0.0) for tie in self.edges()) / 1e3

    def energy_total_bcm(self) -> float:
        """Gas through the pipelines of all ties, bcm a year."""
        return sum(max(math.expm1(tie["energy"]), 0.0) for tie in self.edges())

    def carried(self, tie: dict[str, Any], crossing: bool) -> float:
        """What the lines on a tie can carry, bcm a year: all of them, or those that cross a third state."""
        lines = [line for line in self.facts.lines if line.tie == tie["row"] and (line.crosses or not crossing)]
        by_table = sum(map(self.carries, lines))
        if not crossing:
            return float(by_table + tie["effect_energy"])
        built = [one for one in self.agreements if one.kind == "gas_pipeline" and len(one.policy.route) > 2]
        here = [one for one in built if self.graph.edges[one.policy.route[0], one.policy.route[-1]] is tie]
        return float(by_table + sum(one.gas_room() for one in here))

    def energy_capacity_bcm(self) -> float:
        """What the lines of all ties can carry, bcm a year."""
        return sum(self.carried(tie, crossing=False) for tie in self.edges())

    def energy_transit_share(self) -> float:
        """Share of the gas that crosses a third state, %, the lines of a tie being equally full."""
        over = 0.0
        for tie in self.edges():
            whole = self.carried(tie, crossing=False)
            if whole > 0.0:
                share = min(1.0, self.carried(tie, crossing=True) / whole)
                over += share * max(math.expm1(tie["energy"]), 0.0)
        gas = self.energy_total_bcm()
        return 100.0 * over / gas if gas > 0.0 else 0.0

    def community_mean(self) -> float:
        """Mean sense of community."""
        return statistics.fmean(s.community for s in self.states)

    def community_min(self) -> float:
        """Lowest sense of community."""
        return min(s.community for s in self.states)

    def weighted(self) -> nx.Graph[str]:
        """The graph with trust as the weight of its edges."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(self.graph.nodes)
        for a, b, tie in self.graph.edges(data=True):
            graph.add_edge(a, b, weight=expit(tie["trust_level"]))
        return graph

    def cohesion(self) -> float:
        """Second smallest eigenvalue of the Laplacian, over the number of states."""
        return float(sorted(nx.laplacian_spectrum(self.weighted(), weight="weight"))[1]) / len(self.states)

    def blocs(self) -> float:
        """Connected components of the ties with trust of at least 0.9."""
        graph = self.weighted()
        graph.remove_edges_from([(a, b) for a, b, trust in graph.edges(data="weight") if trust < 0.9])
        return float(nx.number_connected_components(graph))

    def disputes(self) -> float:
        """Ties on which a dispute broke out this year."""
        return float(sum(tie["dispute"] > 0 for tie in self.edges()))

    def agreements_adopted(self) -> float:
        """Agreements adopted so far."""
        return float(sum(a.adopted_year is not None for a in self.agreements))

    def tabled(self) -> list[Agreement]:
        """Agreements whose start year has come."""
        return [a for a in self.agreements if a.start <= self.year]

    def mean_over_tabled(self, name: str, fields: tuple[str, ...] = ()) -> float:
        """Mean over tabled agreements (of some fields) of the mean of what participants adopted or delivered."""
        means = []
        for agreement in self.tabled():
            if not fields or agreement.policy.field in fields:
                values = [getattr(agreement, name)[iso] for iso in agreement.participants()]
                means.append(statistics.fmean(values) if values else 0.0)
        return statistics.fmean(means) if means else 0.0

    def ambition_mean(self) -> float:
        """Mean ambition adopted."""
        return self.mean_over_tabled("adopted")

    def delivered_mean(self) -> float:
        """Mean delivery."""
        return self.mean_over_tabled("delivered")

    def delay_mean_years(self) -> float:
        """Mean number of summits at which a tabled agreement failed."""
        waits = [float(a.tabled_years) for a in self.tabled()]
        return statistics.fmean(waits) if waits else 0.0

    def gdp(self) -> list[float]:
        """Per state: bn USD of 2015."""
        return [math.exp(s.log_gdp) / 1e9 for s in self.states]

    def gdp_total_busd(self) -> float:
        """Of all states."""
        return sum(self.gdp())

    def trade_gdp_share(self) -> list[float]:
        """Per state: trade with the others over GDP, %."""
        flows = [sum(math.exp(s.tie(other.iso)["trade"]) for other in s.others()) for s in self.states]
        return [100.0 * flow / math.exp(s.log_gdp) for flow, s in zip(flows, self.states, strict=True)]

    def gain(self) -> list[float]:
        """Per state: trade realised over expected, minus one, in per cent."""
        return [100.0 * (x - 1.0) for x in self.realised_over_expected()]

    def realised_over_expected(self) -> list[float]:
        """Per state: trade to be expected over luck, over what gravity alone would have made of it."""
        out = []
        for s in self.states:
            realised = expected = 0.0
            for other in s.others():
                tie = s.tie(other.iso)
                by_gravity = math.exp(self.expected("trade", s.iso, other.iso))
                shift = self.p["trade.trust_elasticity"] * (tie["trust_level"] - tie["trust_level_0"])
                realised += by_gravity * math.exp(shift + tie["response_trade"] + tie["shock_trade"])
                expected += by_gravity
            out.append(realised / expected)
        return out

    def gains_gini(self) -> float:
        """Gini coefficient over states of trade realised over expected."""
        values = self.realised_over_expected()
        gaps = sum(abs(x - y) for x in values for y in values)
        return gaps / (2.0 * len(values) * sum(values))

    def cost_musd(self) -> float:
        """Outlays so far, million USD of 2015."""
        return self.cost

    def trust_of_ties(self) -> list[float]:
        """Per tie: trust."""
        return self.trust_values()

    def trade_of_ties(self) -> list[float]:
        """Per tie: trade, bn USD of 2015."""
        return [math.exp(tie["trade"]) / 1e9 for tie in self.edges()]

    def community_of_states(self) -> list[float]:
        """Per state: sense of community."""
        return [s.community for s in self.states]

    def trust_parts(self) -> list[float]:
        """Per state: trust in the members."""
        return [s.community_parts()[0] for s in self.states]

    def participation_parts(self) -> list[float]:
        """Per state: share of agreements adopted."""
        return [s.community_parts()[1] for s in self.states]

    def delivery_parts(self) -> list[float]:
        """Per state: mean share delivered."""
        return [s.community_parts()[2] for s in self.states]

    def contributions(self) -> list[float]:
        """Per state: what it has paid."""
        return [s.paid for s in self.states]

    def receipts(self) -> list[float]:
        """Per state: what it was paid."""
        return [s.received for s in self.states]

    def debts(self) -> list[float]:
        """Per state: what it owes, per cent of its GDP."""
        owed = {s.iso: 0.0 for s in self.states}
        for agreement in self.agreements:
            if agreement.owed:
                for iso, share in agreement.pay_shares().items():
                    owed[iso] += agreement.owed * share
        return [100.0 * 1e6 * owed[s.iso] / math.exp(s.log_gdp) for s in self.states]

    # --- leaders and losses -----------------------------------------------------------------------

    def leader_concert(self) -> float:
        """Mean trust among the leaders."""
        pairs = itertools.combinations(self.leaders, 2)
        return statistics.fmean(expit(self.graph.edges[pair]["trust_level"]) for pair in pairs)

    def lost_a_year(self, name: str) -> float:
        """Mean over agreements of an account over the years it was kept."""
        means = []
        for a in self.agreements:
            last = self.year if a.policy.end is None else min(a.policy.end, self.year)
            years = last - max(a.start, self.first_year) + 1
            if years > 0:
                means.append(getattr(a, name) / years)
        return statistics.fmean(means) if means else 0.0

    def lost_to_veto_mean(self) -> float:
        """Ambition not adopted, a year."""
        return self.lost_a_year("lost_to_veto")

    def lost_to_delivery_mean(self) -> float:
        """Adopted but not delivered, a year."""
        return self.lost_a_year("lost_to_delivery")

    # --- five communities -------------------------------------------------------------------------

    def community_economic(self) -> float:
        """Trade above expectation, and delivery in economy and transport."""
        trade = statistics.fmean(r / (1.0 + r) for r in self.realised_over_expected())
        return (trade + self.mean_over_tabled("delivered", ("economy", "transport"))) / 2.0

    def community_security(self) -> float:
        """Exercises, stability, and delivery in security."""
        exercises = statistics.fmean(1.0 - math.exp(-max(tie["security"], 0.0)) for tie in self.edges())
        stability = statistics.fmean(expit(s.stability) for s in self.states)
        return (exercises + stability + self.mean_over_tabled("delivered", ("security",))) / 3.0

    def community_peace(self) -> float:
        """Trust, quiet ties, and delivery in politics."""
        quiet = statistics.fmean(float(tie["years_since_dispute"] >= 5) for tie in self.edges())
        trust = statistics.fmean(self.trust_values())
        return (trust + quiet + self.mean_over_tabled("delivered", ("political",))) / 3.0

    def community_civilisation(self) -> float:
        """Visits, students and twinned places, and delivery in culture and education."""
        years = self.year - self.start
        expected = sum(tie["cities_0"] + self.p["cities.arrival_rate"] * years for tie in self.edges())
        parts = [self.against_expected("people"), self.against_expected("students_ab", "students_ba")]
        parts.append(against(sum(tie["cities"] for tie in self.edges()), expected))
        return (sum(parts) + self.mean_over_tabled("delivered", ("culture", "education"))) / 4.0

    def against_expected(self, *names: str) -> float:
        """A total over its sum with what gravity alone would have made of it."""
        total = sum(max(math.expm1(tie[name]), 0.0) for tie in self.edges() for name in names)
        pairs = [(name, a, b) for a, b in self.graph.edges for name in names]
        return against(total, sum(math.expm1(max(self.expected(*pair), 0.0)) for pair in pairs))

    def community_ecological(self) -> float:
        """Delivery in environment."""
        return self.mean_over_tabled("delivered", ("environment",))

    def expected(self, name: str, a: str, b: str, last_year: bool = False) -> float:
        """Equation 14: what gravity alone would have made of a channel."""
        raise NotImplementedError


def against(total: float, expected: float) -> float:
    """Share of the total in its sum with what was expected; a half where there is neither."""
    return total / (total + expected) if total + expected > 0.0 else 0.5
