"""Events of the oracle (equations 2, 20 and section 8): shocks, what is warded off of them, and disputes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import networkx as nx

from tests.oracle.oracle_math import clip, expit

if TYPE_CHECKING:
    from tests.oracle.oracle_state import StateAgent

SHOCKS = ("trade", "people", "students", "trust", "deviation", "energy")
"""Shocks on ties."""
STATE_SHOCKS = ("growth", "stability", "volatility", "acceptance")
"""Shocks on states."""
LASTING = ("outside_pressure", "rival_club", "identity_building", "trade_agreement")
"""Events that go on if they have no end."""


def crosses(a: str, b: str, some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether one end is among some and the other among the others."""
    return (a in some and b in others) or (b in some and a in others)


WARDED_OFF_BY = {
    "pandemic": ("health", "channels"), "heritage_loss": ("heritage",), "misinformation": ("talk",),
    "identity_building": ("talk",), "outside_pressure": ("talk",), "border_closing": ("talk", "channels"),
    "war_nearby": ("channels",),
}  # fmt: skip
"""The table of equation 20."""


class Events:
    """The phase of events as methods of a world."""

    graph: nx.Graph[str]
    states: list[StateAgent]
    state_of: dict[str, StateAgent]
    scenario: Any
    p: dict[str, float]
    year: int

    def ties(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Both ends and the attributes of every tie."""
        yield from self.graph.edges(data=True)

    def calm(self) -> None:
        """A year without events."""
        for s in self.states:
            s.pressure = 0.0
            for x in STATE_SHOCKS:
                setattr(s, f"shock_{x}", 0.0)
        for _, _, tie in self.ties():
            tie["dispute"] = 0.0
            for x in SHOCKS:
                tie[f"shock_{x}"] = 0.0
            tie["shock_border"] = 0.0

    def shock(self) -> None:
        """The sum of what the events of the year do."""
        self.calm()
        for event in self.scenario.events:
            if self.acts(event):
                before = [{x: tie[f"shock_{x}"] for x in SHOCKS} for _, _, tie in self.ties()]
                getattr(self, "apply_" + event.key())(event)
                self.ward_off(event, before)

    def ward_off(self, event: Any, before: list[dict[str, float]]) -> None:
        """Equation 20: last year's policies ward off a share of the harm that this event does."""
        for (_, _, tie), old in zip(self.ties(), before, strict=True):
            left = 1.0 - clip(sum(tie[f"effect_shield_{name}"] for name in WARDED_OFF_BY.get(event.key(), ())))
            for x in SHOCKS:
                added = tie[f"shock_{x}"] - old[x]
                tie[f"shock_{x}"] = old[x] + (left * added if added < 0.0 else added)

    def acts(self, event: Any) -> bool:
        """Whether an event is at work this year."""
        if event.key() in ("dispute", "settlement"):
            return bool(event.year == self.year)
        last = event.end
        if last is None:
            last = self.year if event.key() in LASTING else event.start
        return bool(event.start <= self.year <= last)

    def count_from_start(self) -> None:
        """Trade and trust were observed with the shocks of the initial year at work."""
        for _, _, tie in self.ties():
            tie["shock_trade"] -= tie["shock_trade_0"]
            tie["shock_trust"] -= tie["shock_trust_0"]

    # --- one method for each event ----------------------------------------------------------------

    def struck(self, event: Any) -> dict[str, float]:
        """Severity on every state: of the event where it strikes, else 0."""
        return {iso: event.severity * (event.states == "all" or iso in event.states) for iso in self.state_of}

    def inside(self, event: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Ties with both ends among the states of the event."""
        for a, b, tie in self.ties():
            if event.between == "all" or (a in event.between and b in event.between):
                yield a, b, tie

    def apply_dispute(self, event: Any) -> None:
        """A dispute breaks out."""
        tie = self.graph.edges[event.between]
        tie["dispute"] = max(tie["dispute"], event.severity)

    def apply_settlement(self, event: Any) -> None:
        """Earlier disputes are no longer recent, and trust gets a push."""
        tie = self.graph.edges[event.between]
        tie["years_since_dispute"] = 99.0
        tie["shock_deviation"] += self.p["settlement.deviation"]

    def apply_outside_pressure(self, event: Any) -> None:
        """Pressure on some states, and trust lost with the state they are pressed away from."""
        before = sum(float(self.facts.member[0, s.row]) for s in self.states)
        grown = math.log(max(sum(s.member for s in self.states), 1.0) / max(before, 1.0))
        grown += self.mean_over_tabled("delivered")
        size = event.intensity * max(0.0, 1.0 + self.p["outside_pressure.answer"] * grown)
        for iso in event.on:
            self.state_of[iso].pressure += size
        for a, b, tie in self.ties():
            if crosses(a, b, event.on, event.away_from):
                tie["shock_trust"] += self.p["outside_pressure.trust"] * size

    def apply_downturn(self, event: Any) -> None:
        """Less growth and less trade for the states named."""
        for iso, severity in self.struck(event).items():
            self.state_of[iso].shock_growth -= severity * self.p["downturn.growth"]
            for other in self.state_of[iso].others():
                self.graph.edges[iso, other.iso]["shock_trade"] -= severity * self.p["downturn.trade"]

    def apply_pandemic(self, event: Any) -> None:
        """Less exchange of every kind on every tie."""
        for _, _, tie in self.ties():
            for x in ("people", "students", "trade"):
                tie[f"shock_{x}"] -= event.severity * self.p[f"pandemic.{x}"]

    def apply_war_nearby(self, event: Any) -> None:
        """Ties with exactly one belligerent change."""
        for a, b, tie in self.ties():
            if (a in event.of) != (b in event.of):
                tie["shock_trust"] += event.severity * self.p["war_nearby.trust"]
                tie["shock_students"] -= event.severity * self.p["war_nearby.students"]
                tie["shock_trade"] -= event.severity * self.p["war_nearby.trade"]
        self.make_dearer(event, event.of)

    def make_dearer(self, event: Any, states: Any) -> None:
        """Freight of others through some states costs more, and trade falls by it."""
        rise, size = self.facts.detours.dearer(frozenset(states)), self.p[f"{event.key()}.transit"]
        for a, b, tie in self.ties():
            if a not in states and b not in states:
                more = size * min(1.0, event.severity) * float(rise[tie["row"]])
                tie["shock_trade"] -= self.p["routes.elasticity"] * more

    def apply_sanctions(self, event: Any) -> None:
        """Trade of the target is lost with those who sanction it and diverted to the others."""
        for other in self.state_of[event.target].others():
            tie = self.graph.edges[event.target, other.iso]
            if other.iso in event.senders:
                tie["shock_trade"] -= event.severity * self.p["sanctions.loss"]
                tie["shock_energy"] -= event.severity * self.p["sanctions.energy"]
            else:
                tie["shock_trade"] += event.severity * self.p["sanctions.diversion"]
        self.make_dearer(event, (event.target,))

    def apply_unrest(self, event: Any) -> None:
        """Unrest weakens the states it strikes, and calm neighbours by a spillover."""
        severity = self.struck(event)
        for s in self.states:
            near = [severity[o.iso] for o in s.others() if s.tie(o.iso)["border"]]
            spill = max(near, default=0.0) if severity[s.iso] == 0.0 else 0.0
            s.shock_stability -= self.p["unrest.stability"] * (severity[s.iso] + self.p["unrest.spillover"] * spill)
            s.shock_volatility += self.p["unrest.volatility"] * severity[s.iso]

    def apply_policy_volatility(self, event: Any) -> None:
        """Policies of some states turn about."""
        for iso, severity in self.struck(event).items():
            self.state_of[iso].shock_volatility += self.p["policy_volatility.volatility"] * severity

    def apply_afghanistan_shock(self, event: Any) -> None:
        """States near the danger are less stable and readier, or less ready, to agree."""
        for iso, severity in self.struck(event).items():
            self.state_of[iso].shock_stability -= self.p["afghanistan_shock.stability"] * severity
            self.state_of[iso].shock_acceptance += self.p["afghanistan_shock.acceptance"] * severity

    def apply_heritage_loss(self, event: Any) -> None:
        """Fewer visits and another trust with states that lost their heritage, once for each end."""
        severity = self.struck(event)
        for a, b, tie in self.ties():
            tie["shock_people"] -= self.p["heritage_loss.people"] * (severity[a] + severity[b])
            tie["shock_trust"] += self.p["heritage_loss.trust"] * (severity[a] + severity[b])

    def apply_accession_shock(self, event: Any) -> None:
        """Readiness shifts at once and comes back in equal steps."""
        end = event.start if event.end is None else event.end
        left = 1.0 - (self.year - event.start) / (end - event.start + 1)
        for iso, severity in self.struck(event).items():
            self.state_of[iso].shock_acceptance += self.p["accession_shock.acceptance"] * severity * left

    def apply_misinformation(self, event: Any) -> None:
        """Trust is pushed about, less where borders are open."""
        p = self.p
        for _, _, tie in self.inside(event):
            reach = event.severity * (1.0 - p["misinformation.openness"] * tie["openness"])
            tie["shock_deviation"] += p["misinformation.deviation"] * reach
            tie["shock_trust"] += p["misinformation.trust"] * reach

    def apply_border_closing(self, event: Any) -> None:
        """Less trade and fewer visits over a land border."""
        shut = [(a, b) for a, b, tie in self.inside(event) if tie["border"] and event.severity > 0.0]
        rise = self.facts.detours.rise(frozenset(shut))
        for a, b, tie in self.ties():
            if (a, b) not in shut:
                tie["shock_trade"] -= self.p["routes.elasticity"] * min(1.0, event.severity) * rise[tie["row"]]
        for _, _, tie in self.inside(event):
            if tie["border"]:
                tie["shock_border"] += event.severity
                for x in ("trade", "people"):
                    tie[f"shock_{x}"] -= self.p[f"border_closing.{x}"] * event.severity

    def apply_trade_agreement(self, event: Any) -> None:
        """More trade by equal steps between states without an agreement."""
        steps = min(event.ramp_years, self.year - event.start + 1) / event.ramp_years
        for _, _, tie in self.inside(event):
            if not tie["trade_agreement"]:
                tie["shock_trade"] += self.p["tariff_liberalisation.trade"] * event.severity * steps

    def apply_rival_club(self, event: Any) -> None:
        """A club draws its members away."""
        for iso in event.members:
            self.state_of[iso].shock_acceptance += self.p["rival_club.acceptance"] * event.intensity
        for a, b, tie in self.ties():
            if (a in event.members) != (b in event.members):
                tie["shock_trust"] += self.p["rival_club.trust"] * event.intensity

    def apply_identity_building(self, event: Any) -> None:
        """Some states turn away from others, year by year a little more."""
        size = event.intensity * min(1.0, (self.year - event.start + 1) / event.ramp_years)
        for iso in event.states:
            self.state_of[iso].shock_acceptance += self.p["identity_building.acceptance"] * size
        for a, b, tie in self.ties():
            if crosses(a, b, event.states, event.away_from):
                tie["shock_trust"] += self.p["identity_building.trust"] * size

    def mean_over_tabled(self, name: str, fields: tuple[str, ...] = ()) -> float:
        """Mean over the agreements tabled so far."""
        raise NotImplementedError

    # --- equation 2 -------------------------------------------------------------------------------

    def uniform(self, stream: str, size: int) -> list[float]:
        """This year's uniforms of a stream."""
        raise NotImplementedError

    def above_gravity(self, name: str, a: str, b: str, last_year: bool = False) -> float:
        """Equation 14: a channel above what gravity alone would have made of it."""
        raise NotImplementedError

    def break_out(self) -> None:
        """Equation 2: disputes, dated and drawn, by the trade and the policies of the year before."""
        p, luck = self.p, self.uniform("disputes", "tie")
        for a, b, tie in self.ties():
            one, two = self.state_of[a], self.state_of[b]
            x = p["dispute.base"] + p["dispute.border"] * tie["border"]
            x += p["dispute.rivalry"] * tie["rivalry"]
            x += p["dispute.recent"] * (tie["years_since_dispute"] < 5)
            x -= p["dispute.instability"] * (min(one.stability, two.stability) + 0.5)
            if self.scenario.hazard_on == "level":
                x -= p["dispute.trust"] * (tie["trust_level"] - tie["trust_level_0"])
            x += p["dispute.income_gap"] * (abs(one.income() - two.income()) - tie["income_gap_0"])
            x += p["dispute.trade"] * math.tanh(self.above_gravity("trade", a, b, last_year=True))
            x -= p["dispute.prosperity"] * min(one.prosperity(), two.prosperity())
            x += tie["effect_hazard"]
            if luck[tie["row"]] < expit(x):
                tie["dispute"] = max(tie["dispute"], 1.0)
            since = tie["years_since_dispute"]
            tie["years_since_dispute"] = 0.0 if tie["dispute"] > 0 else min(since + 1.0, 99.0)
            self.remember(tie)
        for a, b, tie in self.ties():
            tie["drawn"] = p["quarrel.drawn"] * self.taking_sides(a, b)
        for a, b, tie in self.ties():
            self.bear(tie)
            tie["shock_trust"] -= p["quarrel.spread"] * self.mistrust_around(a, b)

    def remember(self, tie: dict[str, Any]) -> None:
        """Equation 27: what is left of spats and wars."""
        p = self.p
        for name, now in (("spat", min(tie["dispute"], 1.0)), ("war", min(max(tie["dispute"] - 1.0, 0.0), 1.0))):
            tie[name] = max(tie[name] / 2.0 ** (1.0 / p[f"quarrel.{name}_half_life"]), now)

    def bear(self, tie: dict[str, Any]) -> None:
        """Equation 27, the mechanism quarrels: what spats and wars take."""
        p = self.p
        tie["shock_trade"] -= self.strain(tie)
        for name in ("people", "students", "trust"):
            left = 1.0 if name == "students" else (1.0 + tie["cities"]) ** -p["quarrel.cushion"]
            tie[f"shock_{name}"] -= p[f"quarrel.{name}"] * tie["war"] * left

    def strain(self, tie: dict[str, Any]) -> float:
        """Equation 27: trade that quarrels take."""
        spat = self.p["quarrel.trade_spat"] * max(tie["spat"], tie["drawn"])
        return float(spat + self.p["quarrel.trade_war"] * tie["war"])

    # --- equation 29 ------------------------------------------------------------------------------

    def quarrel_of(self, a: str, b: str) -> float:
        """What is left of a quarrel between two states."""
        tie = self.graph.edges[a, b]
        return float(max(tie["spat"], tie["war"]))

    def allied(self, a: str, b: str) -> bool:
        """Whether a trade agreement is in force between two states this year."""
        return bool(self.facts.trade_agreement[max(self.year - self.start, 0), self.graph.edges[a, b]["row"]])

    def mistrust_around(self, a: str, b: str) -> float:
        """Largest quarrel of one end with a neighbour or an ally of the other."""
        worst = 0.0
        for j in self.state_of:
            for one, other in ((a, b), (b, a)):
                if j not in (a, b) and (self.graph.edges[j, other]["border"] or self.allied(j, other)):
                    worst = max(worst, self.quarrel_of(one, j))
        return worst

    def taking_sides(self, a: str, b: str) -> float:
        """How far one end is drawn into a quarrel of the other."""
        view, worst = self.scenario.third_parties, 0.0
        if view == "none" or (view == "bloc" and self.allied(a, b)):
            return 0.0
        if view == "balance" and not self.graph.edges[a, b]["border"]:
            return 0.0
        for j in self.state_of:
            for one, other in ((a, b), (b, a)):
                if j in (a, b):
                    continue
                stronger = self.state_of[one].log_gdp >= self.state_of[j].log_gdp
                if self.allied(j, other) if view == "bloc" else stronger:
                    worst = max(worst, self.quarrel_of(one, j))
        return worst
