"""The rules of the baseline scenario in AgentPy: states and ties are agents, every number is a Python float.

Written as an AgentPy user would, with the same rules, data, parameters and random numbers as the engine, so that the
benchmark can check that both arrive at the same world. The baseline has no policies, so no council
sits.
"""

from __future__ import annotations

import math

import agentpy as ap
import numpy as np
from scipy.special import ndtri

from sco_sim.numerics.streams import Draws
from tests.oracle.oracle_math import expit, mixture, mixture_mean, poisson

CHANNELS = ("trade", "people", "students_ab", "students_ba")
MIXED = {"trade": ("trade", 18.0), "students_ab": ("students.ab", 7.0), "students_ba": ("students.ba", 7.0)}
"""Stream of the noise that goes with size, and the log size at which its level is quoted."""
LEVELS = (*CHANNELS, "cities", "security", "trust_level", "trust_deviation", "years_since_dispute")
SHOCKED = ("trade", "people", "students", "trust", "deviation")


class State(ap.Agent):  # type: ignore[misc]
    """A member state: its economy and its sense of community."""

    def setup(self) -> None:
        """Numbers are given by the model."""
        self.ties: list[Tie] = []

    def income(self) -> float:
        """Ln GDP per head."""
        return float(self.log_gdp - self.log_population)

    def prosperity(self) -> float:
        """Equation 28."""
        path = self.model.par[f"growth.mean.{self.iso}"] * self.model.t
        return math.tanh(self.log_volume - self.log_volume_0 - path)

    def grow(self, volume: float, prices: float) -> None:
        """Equation 1."""
        facts, k, m = self.model.facts, self.model.t, self.model
        known, grown = float(facts.log_gdp[k, self.row]), float(facts.volume_growth[k, self.row])
        self.last_log_gdp, self.last_log_volume = self.log_gdp, self.log_volume
        mean, trend = m.par[f"growth.mean.{self.iso}"], float(facts.volume_trend[self.row])
        moved = m.par[f"growth.spread.{self.iso}"] * volume
        at_rates = self.log_gdp + mean + moved + m.par[f"growth.prices.{self.iso}"] * prices
        self.log_gdp = at_rates if math.isnan(known) else known
        self.log_volume += ((mean if math.isnan(trend) else trend) + moved) if math.isnan(grown) else grown
        self.log_population = float(facts.log_population[k, self.row])
        self.stability = float(facts.stability[k, self.row])
        self.member = float(max(self.member, facts.member[k, self.row]))

    def feel(self) -> None:
        """Equation 19 without agreements."""
        trust = [expit(t.trust_level) for t in self.ties if t.other(self).member]
        self.community = (sum(trust) / len(trust) if trust else 0.0) / 3.0


class Tie(ap.Agent):  # type: ignore[misc]
    """A pair of states: exchange and trust between them."""

    def other(self, state: State) -> State:
        """The state at the other end."""
        return self.b if state is self.a else self.a  # type: ignore[no-any-return]

    def growth(self, stem: str, since_start: bool) -> float:
        """Change of the log of the product of the two GDPs, for students by volume, in the year or since the start."""
        size = "log_volume" if stem == "students" else "log_gdp"
        then = f"{size}_0" if since_start else f"last_{size}"
        return sum(float(getattr(end, size) - getattr(end, then)) for end in (self.a, self.b))

    def expected(self, name: str, last_year: bool = False) -> float:
        """Equation 14."""
        stem = name.split("_")[0]
        return float(self.start[name] + self.gravity(stem, True) - (self.gravity(stem, False) if last_year else 0.0))

    def gravity(self, stem: str, since_start: bool) -> float:
        """What growth does to a channel, in the year or since the start: that of its ends and, for trade, of all."""
        grown = self.model.par[f"{stem}.gdp_elasticity"] * self.growth(stem, since_start)
        if stem == "trade":
            grown += 2.0 * self.model.par["trade.common_elasticity"] * self.model.mean_growth[since_start]
        return float(grown)

    def cities_above(self, years: int) -> float:
        """Equation 13."""
        expected = self.start["cities"] + self.model.par["cities.arrival_rate"] * years
        return math.log1p(self.cities) - math.log1p(expected)

    def suffer(self) -> None:
        """The events of the year, counted from those of the start."""
        self.last = dict(self.shock)
        self.shock, self.dispute = self.hit(self.model.year)
        self.shock["trade"] -= self.shock_0["trade"]
        self.shock["trust"] -= self.shock_0["trust"]

    def hit(self, year: int) -> tuple[dict[str, float], float]:
        """Shocks and dated dispute of a year."""
        p, shock, dispute = self.model.par, dict.fromkeys(SHOCKED, 0.0), 0.0
        ends = {self.a.iso, self.b.iso}
        for event in self.model.events:
            first, last = event.years()
            if not first <= year <= last:
                continue
            size, key = getattr(event, "severity", 1.0), event.key()
            through = {"war_nearby": getattr(event, "of", ()), "sanctions": (getattr(event, "target", ""),)}.get(key)
            if through is not None and not ends & set(through):
                dearer = min(1.0, size) * float(self.model.facts.detours.dearer(frozenset(through))[self.row])
                shock["trade"] -= p["routes.elasticity"] * p[f"{key}.transit"] * dearer
            if key == "pandemic":
                for name in ("trade", "people", "students"):
                    shock[name] -= size * p[f"pandemic.{name}"]
            elif key == "war_nearby" and len(ends & set(event.of)) == 1:
                shock["trust"] += size * p["war_nearby.trust"]
                shock["students"] -= size * p["war_nearby.students"]
                shock["trade"] -= size * p["war_nearby.trade"]
            elif key == "sanctions" and event.target in ends:
                sent = (ends - {event.target}) & set(event.senders)
                shock["trade"] += -size * p["sanctions.loss"] if sent else size * p["sanctions.diversion"]
            elif key == "border_closing" and ends <= set(event.between) and self.model.facts.border[self.row]:
                shock["trade"] -= size * p["border_closing.trade"]
                shock["people"] -= size * p["border_closing.people"]
            elif key == "trade_agreement" and ends <= set(event.between):
                steps = min(1.0, (year - event.start + 1) / event.ramp_years)
                without = 1.0 - self.model.facts.trade_agreement[self.model.t, self.row]
                shock["trade"] += size * p["tariff_liberalisation.trade"] * steps * without
            elif key == "settlement" and ends == set(event.between):
                shock["deviation"] += p["settlement.deviation"]
                self.years_since_dispute = 99
            elif key == "dispute" and ends == set(event.between):
                dispute = max(dispute, size)
        return shock, dispute

    def quarrel(self, u: float) -> None:
        """Equation 2."""
        p, facts, k = self.model.par, self.model.facts, self.model.t
        logit = p["dispute.base"] + p["dispute.border"] * facts.border[self.row]
        logit += p["dispute.rivalry"] * facts.rivalry[k, self.row] + p["dispute.recent"] * (
            self.years_since_dispute < 5
        )
        logit -= p["dispute.instability"] * (min(self.a.stability, self.b.stability) + 0.5)
        logit += p["dispute.income_gap"] * (abs(self.a.income() - self.b.income()) - self.gap_0)
        logit += p["dispute.trade"] * math.tanh(self.trade - self.expected("trade", last_year=True))
        logit -= p["dispute.prosperity"] * min(self.a.prosperity(), self.b.prosperity())
        if self.model.hazard_on_level:
            logit -= p["dispute.trust"] * (self.trust_level - self.start["trust_level"])
        self.dispute = max(self.dispute, float(u < expit(logit)))
        self.years_since_dispute = 0.0 if self.dispute > 0.0 else min(self.years_since_dispute + 1.0, 99.0)
        self.remember()

    def remember(self) -> None:
        """Equation 27: what is left of spats and wars."""
        p = self.model.par
        self.spat = max(self.spat * 0.5 ** (1.0 / p["quarrel.spat_half_life"]), min(self.dispute, 1.0))
        self.war = max(self.war * 0.5 ** (1.0 / p["quarrel.war_half_life"]), min(max(self.dispute - 1.0, 0.0), 1.0))

    def bear(self) -> None:
        """Equations 27 and 29, which draws nobody in where the scenario says nothing."""
        p = self.model.par
        self.shock["trade"] -= p["quarrel.trade_spat"] * self.spat + p["quarrel.trade_war"] * self.war
        cushion = (1.0 + self.cities) ** -p["quarrel.cushion"]
        for name, left in (("people", cushion), ("students", 1.0), ("trust", cushion)):
            self.shock[name] -= p[f"quarrel.{name}"] * self.war * left
        self.shock["trust"] -= p["quarrel.spread"] * max(self.around(self.a, self.b), self.around(self.b, self.a))

    def around(self, one: State, other: State) -> float:
        """Largest quarrel of one end with a neighbour or an ally of the other."""
        agreement, border = self.model.facts.trade_agreement[self.model.t], self.model.facts.border
        near = [tie for tie in other.ties if tie is not self and (border[tie.row] or agreement[tie.row])]
        theirs = {tie.a.iso if tie.b is other else tie.b.iso for tie in near}
        own = [tie for tie in one.ties if (tie.a.iso if tie.b is one else tie.b.iso) in theirs]
        return max((max(tie.spat, tie.war) for tie in own), default=0.0)

    def scale(self, name: str) -> float:
        """How wide the noise of a flow is by its size."""
        p, stem = self.model.par, name.split("_")[0]
        size = max(getattr(self, name), p[f"{stem}.noise_floor"]) - MIXED[name][1]
        return math.exp(p[f"{stem}.noise_level"] + p[f"{stem}.noise_size"] * size)

    def exchange(self, u: float, drill: float) -> None:
        """Equations 10 to 13 and 22, without the noise of 10 to 12."""
        p, years = self.model.par, self.model.t - 1
        moved = self.trust_level - self.start["trust_level"]
        above = self.cities_above(years)
        self.scales = {name: self.scale(name) for name in MIXED}
        for name in CHANNELS:
            stem, x = name.split("_")[0], getattr(self, name)
            target = self.expected(name, last_year=True) + p[f"{stem}.trust_elasticity"] * moved + self.last[stem]
            taken_up = 0.0
            if name == "trade":
                target += self.response
                taken_up = p["trade.policy_response"] * (p["cities.trade"] * above - self.response)
                self.response += taken_up
            rate = p[f"{stem}.adjustment"]
            x = math.log((1.0 - rate) * math.exp(x) + rate * math.exp(target)) + self.gravity(stem, False)
            setattr(self, name, x + taken_up + self.shock[stem] - self.last[stem])
        self.cities += poisson(u, p["cities.arrival_rate"])
        self.security += p["security.adjustment"] * (self.start["security"] - self.security)
        self.security += p["security.noise"] * drill

    def trust(self, passing: float, lasting: float) -> None:
        """Equations 15 to 17."""
        p, start = self.model.par, self.start
        deviation = p["trust.persistence"] * self.trust_deviation + p["trust.noise"] * passing + self.shock["deviation"]
        self.trust_deviation = deviation - p["trust.dispute_drop"] * self.dispute
        above = {name: getattr(self, name) - self.expected(name) for name in CHANNELS}
        students = (above["students_ab"] + above["students_ba"]) / 2.0
        contact = math.tanh(above["people"]) + math.tanh(students) + math.tanh(self.cities_above(self.model.t))
        community = (self.a.community - self.a.community_0 + self.b.community - self.b.community_0) / 2.0
        target = start["trust_level"] + p["trust.trade_effect"] * math.tanh(above["trade"]) + self.shock["trust"]
        target += self.model.sign * p["trust.contact_effect"] * contact + p["trust.community_effect"] * community
        target += p["trust.security_effect"] * math.tanh(self.security - start["security"])
        rate = p["trust.level_rate"]
        self.trust_level += rate * (target - self.trust_level) + p["trust.level_noise"] * math.sqrt(rate) * lasting


class World(ap.Model):  # type: ignore[misc]
    """One world of the baseline; parameters `built` (a model of the engine at its start), `row` and `steps`."""

    def setup(self) -> None:
        """Take over data, parameters, initial values and random numbers of one row of the built model."""
        built, row = self.p.built, self.p.row
        year = built.year
        self.facts, self.events, self.year = year.facts, built.scenario.events, year.start
        self.hazard_on_level, self.sign = year.hazard_on_level, year.contact_sign
        self.par = {name: float(column[row, 0]) for name, column in year.p.items()}
        self.luck = Draws(year.draws.seed, [year.draws.replicates[row]], year.draws.years)
        self.drawn: dict[str, list[list[float]]] = {}
        self.states, self.ties = ap.AgentList(self, len(built.ties.states), State), ap.AgentList(self)
        for i, state in enumerate(self.states):
            state.iso, state.row = built.ties.states[i], i
            sizes = ("log_gdp", "last_log_gdp", "log_volume", "last_log_volume")
            for name in (*sizes, "log_population", "stability", "member"):
                setattr(state, name, float(built.state.arrays[name][row, i]))
            state.log_gdp_0, state.log_volume_0 = state.log_gdp, state.log_volume
        for t, (i, j) in enumerate(zip(built.ties.first, built.ties.second, strict=True)):
            tie = Tie(self)
            tie.row, tie.a, tie.b = t, self.states[int(i)], self.states[int(j)]
            for name in LEVELS:
                setattr(tie, name, float(built.state.arrays[name][row, t]))
            tie.start, tie.response = {name: getattr(tie, name) for name in LEVELS}, 0.0
            tie.spat, tie.war = (float(built.state.arrays[name][row, t]) for name in ("spat", "war"))
            tie.gap_0 = abs(tie.a.income() - tie.b.income())
            since = tie.years_since_dispute
            tie.shock, tie.shock_0, tie.dispute = dict.fromkeys(SHOCKED, 0.0), tie.hit(self.year)[0], 0.0
            tie.shock_0["trust"] = tie.hit(int(year.observed["trust_level"][t]))[0]["trust"]
            tie.shock_0["trade"] -= self.par["quarrel.trade_spat"] * tie.spat + self.par["quarrel.trade_war"] * tie.war
            tie.years_since_dispute = since
            tie.a.ties.append(tie)
            tie.b.ties.append(tie)
            self.ties.append(tie)
        for state in self.states:
            state.feel()
            state.community_0 = state.community

    def uniform(self, stream: str, axis: str) -> list[float]:
        """This year's uniforms of a stream, one for every tie or state."""
        if stream not in self.drawn:
            units = {"tie": self.p.built.ties.names, "state": self.p.built.ties.states, "world": ("",)}[axis]
            self.drawn[stream] = self.luck.uniforms(stream, units)[0].tolist()
        return self.drawn[stream][self.t - 1]

    def normal(self, stream: str, axis: str) -> list[float]:
        """This year's standard normals of a stream."""
        found: list[float] = ndtri(np.array(self.uniform(stream, axis))).tolist()
        return found

    def shared(self, stream: str, share: str, axis: str) -> list[float]:
        """Standard normals of the states or ties, of whose variance a share is common to all."""
        common = self.normal(f"{stream}.common", "world")[0]
        return [
            math.sqrt(self.par[share]) * common + math.sqrt(1.0 - self.par[share]) * z
            for z in self.normal(stream, axis)
        ]

    def add_luck(self) -> None:
        """The noise of equations 10 to 12."""
        p, people = self.par, self.normal("people", "tie")
        common = p["trade.common_noise"] * self.normal("trade.common", "world")[0] - p["trade.common_noise"] ** 2 / 2.0
        for stem in ("trade", "students"):
            tail = p[f"{stem}.tail_share"], p[f"{stem}.tail_spread"]
            flows = [(tie, name) for name in MIXED if name.split("_")[0] == stem for tie in self.ties]
            grown = sum(math.exp(getattr(tie, name)) * mixture_mean(tie.scales[name], *tail) for tie, name in flows)
            grown /= sum(math.exp(getattr(tie, name)) for tie, name in flows)
            for tie, name in flows:
                uniform = self.uniform(MIXED[name][0], "tie")[tie.row]
                luck = tie.scales[name] * mixture(uniform, *tail) - math.log(grown)
                setattr(tie, name, getattr(tie, name) + luck + (common if stem == "trade" else 0.0))
        for tie in self.ties:
            tie.people += p["people.noise"] * people[tie.row] - p["people.noise"] ** 2 / 2.0

    def step(self) -> None:
        """One calendar year."""
        self.year += 1
        self.ties.suffer()
        streams = (
            self.shared("growth", "growth.common_volume", "state"),
            self.shared("growth.prices", "growth.common_prices", "state"),
        )
        for state, volume, prices in zip(self.states, *streams, strict=True):
            state.grow(volume, prices)
        size = len(self.states)
        self.mean_growth = [
            sum(s.log_gdp - before for s, before in zip(self.states, at, strict=True)) / size
            for at in ([s.last_log_gdp for s in self.states], [s.log_gdp_0 for s in self.states])
        ]
        for tie, u in zip(self.ties, self.uniform("disputes", "tie"), strict=True):
            tie.quarrel(u)
        self.ties.bear()
        arrivals, drills = self.uniform("cities", "tie"), self.normal("security", "tie")
        for t, tie in enumerate(self.ties):
            tie.exchange(arrivals[t], drills[t])
        self.add_luck()
        passing, lasting = (
            self.normal("trust.deviation", "tie"),
            self.shared("trust.level", "trust.level_common", "tie"),
        )
        for t, tie in enumerate(self.ties):
            tie.trust(passing[t], lasting[t])
        self.states.feel()

    def update(self) -> None:
        """Record the outcomes of the year."""
        trust = [expit(tie.trust_level) for tie in self.ties]
        size = len(self.states)
        weight = np.zeros((size, size))
        for tie, tau in zip(self.ties, trust, strict=True):
            weight[tie.a.row, tie.b.row] = weight[tie.b.row, tie.a.row] = tau
        laplacian = np.diag(weight.sum(axis=1)) - weight
        self.record("cohesion", float(np.linalg.eigvalsh(laplacian)[1]) / size)
        self.record("conflict_share_mean", 1.0 - sum(trust) / len(trust))
        self.record("trust_min", min(trust))
        self.record("trade_total_busd", sum(math.exp(tie.trade) for tie in self.ties) / 1e9)
        self.record("cities_total", sum(tie.cities for tie in self.ties))
        self.record("disputes", sum(tie.dispute > 0.0 for tie in self.ties))
        self.record("community_mean", sum(state.community for state in self.states) / size)
