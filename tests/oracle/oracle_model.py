"""The oracle: the rules of docs/model.md as an ordinary Mesa model of one world on a networkx graph.

It is slow on purpose: states are agents, ties are edges, every number is a Python float, and every year is
a few loops. It shares no formula with the package. From a built model it takes the data, the parameters, the
initial state and the uniforms, so that both must arrive at the same numbers.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import mesa
import networkx as nx
from mesa.datacollection import DataCollector
from scipy.special import ndtri

from sco_sim.numerics.streams import Draws
from tests.oracle.oracle_council import Agreement
from tests.oracle.oracle_events import SHOCKS, Events
from tests.oracle.oracle_math import mixture, mixture_mean, poisson
from tests.oracle.oracle_metrics import METRICS, Metrics
from tests.oracle.oracle_state import StateAgent

LEVELS = ("trust_level", "trade", "people", "students_ab", "students_ba", "security", "cities")
"""Variables of ties whose initial value is kept."""
TIE_STATE = (*LEVELS, "trust_deviation", "dispute", "years_since_dispute", "spat", "war")
STATE_STATE = (
    "log_gdp", "last_log_gdp", "log_volume", "last_log_volume", "log_population", "stability", "capacity", "volatility",
    "member",
)  # fmt: skip
"""These two are taken over from the built model; all others start at zero."""
SHIELDS = ("shield_health", "shield_heritage", "shield_talk", "shield_channels")
EFFECTS = ("trade", "people", "students", "trust", "cities", "security", "hazard", "contact", *SHIELDS)
STATE_EFFECTS = ("capacity", "delivery", "stability", "acceptance")


class OracleModel(Events, Metrics, mesa.Model):
    """One world of a scenario; `mesa.batch_run` makes it from `scenario`, `world`, `luck` (the seed), `replicates`."""

    scenario: Any = None  # later versions of Mesa have a property of this name, which a plain attribute hides

    def __init__(
        self,
        scenario: Any = None,
        world: int = 0,
        luck: int = 1,
        replicates: int = 4,
        rng: Any = None,
        *,
        built: Any = None,
        row: int = 0,
        collect: bool = False,
    ) -> None:
        """Build the world with that number, or take over one row of a model that is already built."""
        super().__init__(rng=rng)
        if built is None:
            built = _build(scenario, world, luck, replicates)
        year = built.year
        if year.year != year.start:
            raise ValueError(f"the oracle starts in {year.start}; the model it copies is already in {year.year}")
        self.scenario = built.scenario
        if self.scenario.without.mechanisms:
            raise ValueError("the oracle knows no scenario with a mechanism switched off")
        self.facts = year.facts
        self.start: int = year.start
        self.year: int = year.year
        self.first_year = self.start + 1
        self.end: int = self.scenario.horizon.end
        self.p: dict[str, float] = {name: float(values[row, 0]) for name, values in year.p.items()}
        self.cost = 0.0
        self._draws = Draws(year.draws.seed, [year.draws.replicates[row]], year.draws.years)
        self._streams: dict[str, list[list[float]]] = {}
        self.graph: nx.Graph[str] = nx.Graph()
        self._read_states(built, row)
        self._read_ties(built, row)
        self._read_shocks_of_start(year.observed)
        tabled = [policy for policy in self.scenario.policies if policy.intensity > 0]
        self.agreements = [Agreement(self, policy) for policy in tabled]
        for s in self.states:
            s.community = s.community_0 = s.sense_of_community()
        if collect:
            self.datacollector = DataCollector(model_reporters={key: _reader(key) for key in METRICS})

    @classmethod
    def from_model(cls, built: Any, row: int = 0) -> OracleModel:
        """The world in one row of a built model that has not been stepped yet."""
        return cls(built=built, row=row)

    def _read_states(self, built: Any, row: int) -> None:
        self.states: list[StateAgent] = []
        for i, iso in enumerate(built.ties.states):
            values = {name: float(getattr(built.state, name)[row, i]) for name in STATE_STATE}
            values |= {f"effect_{x}": 0.0 for x in STATE_EFFECTS}
            self.states.append(StateAgent(self, iso, i, values))
            self.graph.add_node(iso)
        self.state_of = {s.iso: s for s in self.states}
        largest = sorted(self.states, key=lambda s: (-s.log_gdp, s.iso))
        self.leaders = [s.iso for s in largest[:3]]

    def _read_ties(self, built: Any, row: int) -> None:
        for t, (a, b) in enumerate(built.ties.pairs):
            tie: dict[str, Any] = {name: float(getattr(built.state, name)[row, t]) for name in TIE_STATE}
            tie |= {f"{name}_0": tie[name] for name in LEVELS}
            tie |= {f"response_{x}": 0.0 for x in ("trade", "people", "students")} | {"graduates": 0.0}
            tie |= {f"effect_{x}": 0.0 for x in EFFECTS} | {f"last_shock_{x}": 0.0 for x in SHOCKS[:3]}
            for name in ("border", "common_language"):
                tie[name] = float(getattr(self.facts, name)[t])
            tie["openness"] = float(self.facts.openness[0, t])
            tie["trade_agreement"] = float(self.facts.trade_agreement[0, t])
            tie["income_gap_0"] = abs(self.state_of[a].income() - self.state_of[b].income())
            self.graph.add_edge(a, b, row=t, **tie)

    def _read_shocks_of_start(self, observed: dict[str, Any]) -> None:
        """Trade holds the events and quarrels of the initial year, trust those of the year it was observed in."""
        seen = [min(int(year), self.start) for year in observed["trust_level"]]
        for year in sorted({*seen, self.start}):
            self.year = year
            since = [(tie, tie["years_since_dispute"]) for _, _, tie in self.ties()]
            self.shock()
            for tie, years in since:
                tie["years_since_dispute"] = years
                if seen[tie["row"]] == year:
                    tie["shock_trust_0"] = tie["shock_trust"]
                if year == self.start:
                    strain = self.p["quarrel.trade_spat"] * tie["spat"] + self.p["quarrel.trade_war"] * tie["war"]
                    tie["shock_trade_0"] = tie["shock_trade"] - strain
            self.calm()

    # --- luck -------------------------------------------------------------------------------------

    def uniform(self, stream: str, axis: str) -> list[float]:
        """This year's uniforms of a stream, one for every tie or state, or one for the world."""
        if stream not in self._streams:
            names = {"tie": [f"{a}-{b}" for a, b in self.graph.edges], "state": [s.iso for s in self.states]}
            self._streams[stream] = self._draws.uniforms(stream, names.get(axis, [""]))[0].tolist()
        return self._streams[stream][self.year - self.first_year]

    def normal(self, stream: str, axis: str) -> list[float]:
        """This year's standard normals of a stream."""
        return [float(ndtri(u)) for u in self.uniform(stream, axis)]

    # --- the year ---------------------------------------------------------------------------------

    def step(self) -> None:
        """One calendar year: events, council, delivery, exchange, trust, membership, record."""
        self.year += 1
        self.happen()
        self.meet()
        self.deliver()
        self.exchange()
        self.trust()
        self.accede()
        for s in self.states:
            s.community = s.sense_of_community()
        for agreement in self.agreements:
            agreement.lose()
        if hasattr(self, "datacollector"):
            self.datacollector.collect(self)
        self.running = self.year < self.end

    def happen(self) -> None:
        """The phase of events: shocks, growth, disputes."""
        k = self.year - self.start
        for _, _, tie in self.ties():
            tie["rivalry"] = float(self.facts.rivalry[k, tie["row"]])
            tie["trade_agreement"] = float(self.facts.trade_agreement[k, tie["row"]])
            tie["openness"] = float(self.facts.openness[k, tie["row"]])
            for x in SHOCKS[:3]:
                tie[f"last_shock_{x}"] = tie[f"shock_{x}"]
        self.shock()
        self.count_from_start()
        for s in self.states:
            s.grow()
        self.break_out()

    def meet(self) -> None:
        """The phase of the council: what the agenda leaves out waits, all else is decided."""
        waiting = [a for a in self.agreements if a.waits()]
        heard = self.agenda([a for a in waiting if a.policy.decided_by == "council"])
        for agreement in waiting:
            if agreement in heard or agreement.policy.decided_by != "council":
                agreement.decide()
            else:
                agreement.put_off()

    def agenda(self, waiting: list[Agreement]) -> list[Agreement]:
        """Equation 23: what the summit gets to."""
        agenda = self.scenario.agenda
        if agenda is None:
            return waiting
        first: list[Agreement] = []
        if agenda.chairs:
            chair = agenda.chairs[(self.year - self.first_year) % len(agenda.chairs)]
            wanted = agenda.priorities.get(chair, ())
            first = [a for a in waiting if a.policy.proposer == chair or a.policy.field in wanted]
        return [*first, *(a for a in waiting if a not in first)][: agenda.per_summit]

    def accede(self) -> None:
        """Equation 18: accessions by date and by chance; newcomers take over what the members have adopted."""
        newcomers, luck = [], self.uniform("accession", "state")
        for s in self.states:
            wish = self.scenario.membership.get(s.iso)
            if hasattr(wish, "chance"):
                drawn = self.year >= wish.start and luck[s.row] < wish.chance
                member = float(s.member > 0 or drawn)
            else:
                member = float(self.facts.member[self.year - self.start, s.row])
            if member > s.member:
                newcomers.append(s.iso)
            s.member = member
        for agreement in self.agreements:
            agreement.welcome(newcomers)

    def claims(self) -> list[set[frozenset[str]]]:
        """Pairs of states that dispute each numbered claim this year."""
        names = list(self.graph.edges)
        numbered = self.facts.claims[self.year - self.start]
        return [{frozenset(names[t]) for t in ties} for ties in numbered.values()]

    def deliver(self) -> None:
        """The phase of delivery: equations 8 and 9, and the accounts."""
        for agreement in self.agreements:
            agreement.deliver()
        for s in self.states:
            for x in STATE_EFFECTS:
                setattr(s, f"effect_{x}", 0.0)
        for _, _, tie in self.ties():
            for x in EFFECTS:
                tie[f"effect_{x}"] = 0.0
        for agreement in self.agreements:
            self.cost += agreement.work()

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
        """What twinned places and graduates shift trade by, once it is taken up."""
        cities = self.p["cities.trade"] * self.cities_above(tie, self.year - 1 - self.start)
        return float(cities + self.p["trade.students_elasticity"] * tie["graduates"])

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
        target += p["trust.security_effect"] * math.tanh(tie["security"] - tie["security_0"])
        return float(target + p["trust.community_effect"] * community)


def _build(scenario: Any, world: int, seed: int, replicates: int) -> Any:
    """The package's own builder, for the data, the parameters and the draws of one world."""
    from sco_sim.engine.build import build_model
    from sco_sim.scenario.load import load_scenario

    if isinstance(scenario, str | Path):
        scenario = load_scenario(Path(scenario))
    return build_model(scenario, worlds=(world,), seed=seed, replicates=replicates)


def _reader(key: str) -> Any:
    """A reporter for mesa's data collector."""
    return lambda model: getattr(model, key)()
