"""Metrics of the oracle (docs/model.md, section 9), read off the agents and the edges."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Any

import networkx as nx

from tests.oracle.oracle_council import Agreement, expit

if TYPE_CHECKING:
    from tests.oracle.oracle_state import StateAgent

#: Metrics that are one number a year.
METRICS = (
    "conflict_share_mean", "conflict_share_max", "conflict_share_noisy_mean", "trust_min", "trust_sd",
    "ties_below_050", "ties_below_090", "trade_total_busd", "students_total", "people_index", "cities_total",
    "community_mean", "community_min", "cohesion", "blocs", "disputes", "agreements_adopted", "ambition_mean",
    "delivered_mean", "delay_mean_years", "gains_gini", "cost_musd",
)  # fmt: skip


class Metrics:
    """The metrics of a world as methods of its model."""

    graph: nx.Graph[str]
    states: list[StateAgent]
    agreements: list[Agreement]
    p: dict[str, float]
    cost: float
    year: int

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

    def conflict_share_noisy_mean(self) -> float:
        """Mean conflictual share with the passing deviation."""
        noisy = [tie["trust_level"] + tie["trust_deviation"] for tie in self.edges()]
        return statistics.fmean(1.0 - expit(x) for x in noisy)

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

    def mean_over_tabled(self, name: str) -> float:
        """Mean over tabled agreements of the mean over participants of what was adopted or delivered."""
        means = []
        for agreement in self.tabled():
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

    def gain(self) -> list[float]:
        """Per state: trade realised over expected, minus one, in per cent."""
        return [100.0 * (x - 1.0) for x in self.realised_over_expected()]

    def realised_over_expected(self) -> list[float]:
        """Per state: trade over what gravity alone would have made of it."""
        out = []
        for s in self.states:
            realised = expected = 0.0
            for other in s.others():
                tie = s.tie(other.iso)
                since = s.log_gdp - s.log_gdp_0 + other.log_gdp - other.log_gdp_0
                realised += math.exp(tie["trade"])
                expected += math.exp(tie["trade_0"] + self.p["trade.gdp_elasticity"] * since)
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
