"""What flows between the states of the oracle and what becomes of their trust (equations 10 to 17 and 22)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import networkx as nx

from tests.oracle.oracle_math import clip, mixture, mixture_mean, poisson

if TYPE_CHECKING:
    from tests.oracle.oracle_state import StateAgent


class Exchange:
    """The phases of exchange and trust of the oracle's model."""

    graph: nx.Graph[str]
    states: list[StateAgent]
    state_of: dict[str, StateAgent]
    scenario: Any
    p: dict[str, float]
    year: int
    start: int

    def uniform(self, stream: str, axis: str) -> list[float]:
        """This year's uniforms of a stream."""
        raise NotImplementedError

    def normal(self, stream: str, axis: str) -> list[float]:
        """This year's standard normals of a stream."""
        raise NotImplementedError

    # --- exchange ---------------------------------------------------------------------------------

    def gravity_since(self, stem: str, a: str, b: str, when: str) -> float:
        """The log of the product of the two GDPs less its value then; students follow GDP by volume."""
        size = "log_volume" if stem == "students" else "log_gdp"
        then = f"last_{size}" if when == "last" else f"{size}_0"
        return sum(float(getattr(self.state_of[x], size) - getattr(self.state_of[x], then)) for x in (a, b))

    def expected(self, name: str, a: str, b: str, last_year: bool = False) -> float:
        """Equation 14: what gravity alone would have made of a channel by now, or by the year before."""
        stem, start = name.split("_")[0], self.graph.edges[a, b][f"{name}_0"]
        since = self.p[f"{stem}.gdp_elasticity"] * self.gravity_since(stem, a, b, "start")
        if stem == "trade":
            mean = sum(s.log_gdp - s.log_gdp_0 for s in self.states) / len(self.states)
            since += 2.0 * self.p["trade.common_elasticity"] * mean
        return float(start + since - (self.by_gravity(stem, a, b) if last_year else 0.0))

    def by_gravity(self, stem: str, a: str, b: str) -> float:
        """Equation 10: change of a channel in the year that goes with GDP, its own two and, for trade, that of all."""
        grown = self.p[f"{stem}.gdp_elasticity"] * self.gravity_since(stem, a, b, "last")
        if stem == "trade":
            mean = sum(s.log_gdp - s.last_log_gdp for s in self.states) / len(self.states)
            grown += 2.0 * self.p["trade.common_elasticity"] * mean
        return grown

    def above_gravity(self, name: str, a: str, b: str, last_year: bool = False) -> float:
        """Equation 14: a channel above what gravity alone would have made of it."""
        return float(self.graph.edges[a, b][name]) - self.expected(name, a, b, last_year)

    def cities_above(self, tie: dict[str, Any], years: int) -> float:
        """Equation 13: log of one plus twinned places, less its expectation after so many years."""
        expected = tie["cities_0"] + self.p["cities.arrival_rate"] * years
        return math.log1p(tie["cities"]) - math.log1p(expected)

    def exchange(self) -> None:
        """The phase of exchange: every tie looks at the end of last year, then all move at once."""
        luck, drills = self.uniform("cities", "tie"), self.normal("security", "tie")
        drift, spread = self.normal("migrants", "tie"), self.p["migrants.noise"]
        invested, gas = self.normal("investment", "tie"), self.normal("energy", "tie")
        moves = []
        for a, b, tie in self.graph.edges(data=True):
            new = {"trade": self.next_trade(a, b, tie)}
            for name in ("people", "students_ab", "students_ba"):
                new[name] = self.next_contact(name, a, b, tie)
            arrivals = poisson(luck[tie["row"]], self.p["cities.arrival_rate"] + tie["effect_cities"])
            new["cities"] = tie["cities"] + arrivals
            gap = tie["security_0"] + tie["effect_security"] - tie["security"]
            new["security"] = tie["security"] + self.p["security.adjustment"] * gap
            new["security"] += self.p["security.noise"] * drills[tie["row"]]
            came = self.p["migrants.adjustment"] * (tie["effect_migrants"] - tie["settled"])
            new["settled"] = tie["settled"] + came
            new["migrants"] = tie["migrants"] + came + spread * drift[tie["row"]] - spread * spread / 2.0
            new |= self.next_investment(a, b, tie, invested[tie["row"]])
            new |= self.next_energy(tie, gas[tie["row"]])
            for name in ("trade", "people", "students"):
                wanted = tie[f"effect_{name}"]
                if name == "trade":
                    wanted += self.drawn_to_trade(tie)
                gap = wanted - tie[f"response_{name}"]
                new[f"response_{name}"] = tie[f"response_{name}"] + self.p[f"{name}.policy_response"] * gap
            waiting = math.tanh(new["response_students"]) - tie["graduates"]
            new["graduates"] = tie["graduates"] + waiting / self.p["students.trade_lag"]
            moves.append((tie, new))
        self.add_luck(moves)
        for tie, new in moves:
            tie.update(new)

    def drawn_to_trade(self, tie: dict[str, Any]) -> float:
        """What twinned places, graduates and migrants shift trade by, once it is taken up."""
        cities = self.p["cities.trade"] * self.cities_above(tie, self.year - 1 - self.start)
        moved = self.p["trade.migrants_elasticity"] * tie["settled"]
        return float(cities + self.p["trade.students_elasticity"] * tie["graduates"] + moved)

    def next_investment(self, a: str, b: str, tie: dict[str, Any], z: float) -> dict[str, float]:
        """Equation 35."""
        churn, spread = self.state_of[a].churn + self.state_of[b].churn, self.p["investment.noise"]
        wanted = tie["effect_investment"] - self.p["investment.churn"] * churn
        taken_up = self.p["investment.policy_response"] * (wanted - tie["response_investment"])
        grown = self.by_gravity("investment", a, b) + spread * z - spread * spread / 2.0
        response = tie["response_investment"] + taken_up
        return {"response_investment": response, "investment": tie["investment"] + taken_up + grown}

    def next_energy(self, tie: dict[str, Any], z: float) -> dict[str, float]:
        """Equation 37."""
        p, lines = self.p, [line for line in self.facts.lines if line.tie == tie["row"]]
        now = tie["effect_energy"] + sum(map(self.carries, lines))
        if not lines and not now and not tie["energy"]:
            return {}
        before = sum(line.capacity * self.ramped(line, self.start) for line in lines)
        used = max(math.exp(tie["energy_0"]) - 1.0, 0.0) / before if before > 0.0 else p["energy.utilisation"]
        luck = math.exp(p["energy.noise"] * z - p["energy.noise"] ** 2 / 2.0)
        return {"energy": math.log(1.0 + min(used * now * luck, max(used * now, now)))}

    def carries(self, line: Any) -> float:
        """What a line of the table in service can carry this year."""
        worst = min((self.let_through(self.leg(row)) for row in line.legs), default=1.0)
        return float(line.capacity * self.ramped(line, self.year) * worst)

    def ramped(self, line: Any, year: int) -> float:
        """Share of its capacity that a line has reached by the end of a year."""
        return clip((year + 1 - line.since) / self.p["energy.ramp"])

    def leg(self, row: int) -> dict[str, Any]:
        """The tie of a number."""
        return next(tie for _, _, tie in self.graph.edges(data=True) if tie["row"] == row)

    def let_through(self, tie: dict[str, Any]) -> float:
        """What a quarrel, a closed border and sanctions leave of the gas on a leg."""
        quarrel = 1.0 - self.p["energy.quarrel"] * min(1.0, max(tie["spat"], tie["war"], tie["drawn"]))
        border = 1.0 - self.p["energy.border"] * clip(tie["shock_border"])
        return float(quarrel * border * math.exp(tie["shock_energy"]))

    def next_trade(self, a: str, b: str, tie: dict[str, Any]) -> float:
        """Equation 10 without noise."""
        p = self.p
        target = self.expected("trade", a, b, last_year=True)
        target += p["trade.trust_elasticity"] * (tie["trust_level"] - tie["trust_level_0"])
        target += tie["response_trade"] + tie["last_shock_trade"]
        wanted = self.drawn_to_trade(tie) + tie["effect_trade"]
        taken_up = p["trade.policy_response"] * (wanted - tie["response_trade"])
        moved = self.returned("trade", tie["trade"], target) + self.by_gravity("trade", a, b)
        return moved + tie["shock_trade"] - tie["last_shock_trade"] + taken_up

    def next_contact(self, name: str, a: str, b: str, tie: dict[str, Any]) -> float:
        """Equations 11 and 12 without noise."""
        p, stem = self.p, name.split("_")[0]
        target = self.expected(name, a, b, last_year=True)
        target += p[f"{stem}.trust_elasticity"] * (tie["trust_level"] - tie["trust_level_0"])
        target += tie[f"response_{stem}"] + tie[f"last_shock_{stem}"]
        taken_up = p[f"{stem}.policy_response"] * (tie[f"effect_{stem}"] - tie[f"response_{stem}"])
        moved = self.returned(stem, tie[name], target) + self.by_gravity(stem, a, b)
        return moved + tie[f"shock_{stem}"] - tie[f"last_shock_{stem}"] + taken_up

    def returned(self, stem: str, level: float, target: float) -> float:
        """Equation 10: a share of the gap between the two flows is closed."""
        rate = self.p[f"{stem}.adjustment"]
        return math.log((1.0 - rate) * math.exp(level) + rate * math.exp(target))

    def scale(self, stem: str, pivot: float, level: float) -> float:
        """Equation 10: how wide the noise of a flow is by its size."""
        p = self.p
        size = max(level, p[f"{stem}.noise_floor"]) - pivot
        return math.exp(p[f"{stem}.noise_level"] + p[f"{stem}.noise_size"] * size)

    def add_luck(self, moves: list[tuple[dict[str, Any], dict[str, float]]]) -> None:
        """The noise of equations 10 to 12, added to what every tie would be without it."""
        p, people = self.p, self.normal("people", "tie")
        trade = self.uniform("trade", "tie")
        tail = p["trade.tail_share"], p["trade.tail_spread"]
        scales = [self.scale("trade", 18.0, tie["trade"]) for tie, _ in moves]
        means = [mixture_mean(scale, *tail) for scale in scales]
        total = sum(math.exp(new["trade"]) for _, new in moves)
        grown = sum(math.exp(new["trade"]) * mean for (_, new), mean in zip(moves, means, strict=True)) / total
        shared = p["trade.common_noise"] * self.normal("trade.common", "world")[0] - p["trade.common_noise"] ** 2 / 2.0
        for (tie, new), scale in zip(moves, scales, strict=True):
            new["trade"] += scale * mixture(trade[tie["row"]], *tail) + shared - math.log(grown)
            new["people"] += p["people.noise"] * people[tie["row"]] - p["people.noise"] ** 2 / 2.0
        tail = p["students.tail_share"], p["students.tail_spread"]
        ways = (("students_ab", "students.ab"), ("students_ba", "students.ba"))
        flows = [(tie, new, *way, self.scale("students", 7.0, tie[way[0]])) for way in ways for tie, new in moves]
        grown = sum(math.exp(new[name]) * mixture_mean(scale, *tail) for _, new, name, _, scale in flows)
        grown /= sum(math.exp(new[name]) for _, new, name, _, _ in flows)
        for tie, new, name, stream, scale in flows:
            uniform = self.uniform(stream, "tie")[tie["row"]]
            new[name] += scale * mixture(uniform, *tail) - math.log(grown)

    # --- trust ------------------------------------------------------------------------------------

    def trust(self) -> None:
        """The phase of trust: deviation and level of every tie, equations 15 and 16."""
        p = self.p
        passing, lasting = self.normal("trust.deviation", "tie"), self.normal("trust.level", "tie")
        rate, swing = p["trust.level_rate"], self.normal("trust.level.common", "world")[0]
        for a, b, tie in self.graph.edges(data=True):
            t, level = tie["row"], tie["trust_level"]
            deviation = p["trust.persistence"] * tie["trust_deviation"] + p["trust.noise"] * passing[t]
            deviation += tie["shock_deviation"] - p["trust.dispute_drop"] * tie["dispute"]
            tie["trust_deviation"] = deviation
            both = math.sqrt(p["trust.level_common"]) * swing + math.sqrt(1.0 - p["trust.level_common"]) * lasting[t]
            drift = p["trust.level_noise"] * math.sqrt(rate) * both
            tie["trust_level"] = level + rate * (self.trust_target(a, b, tie) - level) + drift

    def trust_target(self, a: str, b: str, tie: dict[str, Any]) -> float:
        """Equation 17, with exchange above expectation by equation 14."""
        p = self.p
        above = {name: self.above_gravity(name, a, b) for name in ("trade", "people", "students_ab", "students_ba")}
        students = (above["students_ab"] + above["students_ba"]) / 2.0
        contact = math.tanh(above["people"]) + math.tanh(students)
        contact += math.tanh(self.cities_above(tie, self.year - self.start))
        view = {"works": 1.0, "none": 0.0, "backlash": -1.0}[self.scenario.rivals.contact]
        one, two = self.state_of[a], self.state_of[b]
        community = (one.community + two.community) / 2.0 - (one.community_0 + two.community_0) / 2.0
        target = tie["trust_level_0"] + p["trust.trade_effect"] * math.tanh(above["trade"])
        target += view * p["trust.contact_effect"] * contact + tie["effect_trust"] + tie["shock_trust"]
        target += p["trust.migrants_effect"] * tie["settled"]
        target += p["trust.security_effect"] * math.tanh(tie["security"] - tie["security_0"])
        return float(target + p["trust.community_effect"] * community)
