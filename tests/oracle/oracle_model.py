"""The oracle: the rules of docs/model.md as an ordinary Mesa model of one world on a networkx graph.

It is slow on purpose: states are agents, ties are edges, every number is a Python float, and every year is
a few loops. It shares no formula with the package. From a built model it takes the data, the parameters, the
initial state and the uniforms, so that both must arrive at the same numbers.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mesa
import networkx as nx
from mesa.datacollection import DataCollector
from scipy.special import ndtri

from sco_sim.numerics.streams import Draws
from tests.oracle.oracle_council import Agreement
from tests.oracle.oracle_events import SHOCKS, Events
from tests.oracle.oracle_exchange import Exchange
from tests.oracle.oracle_math import clip
from tests.oracle.oracle_metrics import METRICS, Metrics
from tests.oracle.oracle_state import StateAgent

LEVELS = (
    "trust_level",
    "trade",
    "people",
    "students_ab",
    "students_ba",
    "security",
    "cities",
    "migrants",
    "investment",
    "energy",
)
"""Variables of ties whose initial value is kept."""
TIE_STATE = (*LEVELS, "trust_deviation", "dispute", "years_since_dispute", "spat", "war", "drawn")
STATE_STATE = (
    "log_gdp", "last_log_gdp", "log_volume", "last_log_volume", "log_population", "stability", "capacity", "volatility",
    "member",
)  # fmt: skip
"""These two are taken over from the built model; all others start at zero."""
SHIELDS = ("shield_health", "shield_heritage", "shield_talk", "shield_channels")
EFFECTS = (
    "trade",
    "people",
    "students",
    "trust",
    "cities",
    "migrants",
    "investment",
    "energy",
    "security",
    "hazard",
    "claims",
    "rivalry",
    "contact",
    *SHIELDS,
)
STATE_EFFECTS = ("capacity", "delivery", "stability", "acceptance")


class OracleModel(Exchange, Metrics, Events, mesa.Model):
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
        self.stood: tuple[int, dict[tuple[str, str], float]] = (0, {})
        self._draws = Draws(year.draws.seed, [year.draws.replicates[row]], year.draws.years)
        self._streams: dict[str, list[list[float]]] = {}
        self.graph: nx.Graph[str] = nx.Graph()
        self._read_states(built, row)
        self._read_ties(built, row)
        self.agreements: list[Agreement] = []
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
            tie |= {f"response_{x}": 0.0 for x in ("trade", "people", "students")} | {
                "graduates": 0.0,
                "settled": 0.0,
                "response_investment": 0.0,
            }
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
                    tie["shock_trade_0"] = tie["shock_trade"] - self.strain(tie)
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
            tie["rivalry"] = float(self.facts.rivalry[k, tie["row"]]) * (1.0 - clip(tie["effect_rivalry"]))
            tie["trade_agreement"] = float(self.facts.trade_agreement[k, tie["row"]])
            tie["openness"] = float(self.facts.openness[k, tie["row"]])
            tie["arms"] = float(self.facts.arms[k, tie["row"]])
            for bond, in_force in self.facts.bonds.items():
                tie[bond] = float(in_force[k, tie["row"]])
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

    def signs(self) -> dict[tuple[str, str], float]:
        """Equation 30, S: how each state stands to each other when the council of the year meets."""
        year, signs = self.stood
        if year != self.year:
            levels = [tie["trust_level"] for _, _, tie in self.ties()]
            mean, claims = sum(levels) / len(levels), self.claims()
            signs = {(s.iso, other.iso): s.sign(other, mean, claims) for s in self.states for other in s.others()}
            self.stood = (self.year, signs)
        return signs

    def claims(self) -> list[set[frozenset[str]]]:
        """Pairs of states that dispute each numbered claim this year."""
        names = list(self.graph.edges)
        numbered = self.facts.claims[self.year - self.start]
        return [{frozenset(names[t]) for t in ties} for ties in numbered.values()]

    def deliver(self) -> None:
        """The phase of delivery: equations 8 and 9, and the accounts."""
        for agreement in self.agreements:
            agreement.ratify()
        for agreement in self.agreements:
            agreement.deliver()
        for s in self.states:
            for x in STATE_EFFECTS:
                setattr(s, f"effect_{x}", 0.0)
        for _, _, tie in self.ties():
            for x in EFFECTS:
                tie[f"effect_{x}"] = 0.0
        for agreement in self.agreements:
            agreement.pay_back()
        for agreement in self.agreements:
            self.cost += agreement.work()


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
