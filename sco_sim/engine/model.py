"""The model: an ensemble of worlds as one Mesa model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sco_sim.components.deciders.stakes import BY_STAKES
from sco_sim.components.mechanism import Mechanism
from sco_sim.components.mechanisms.quarrels import Quarrels
from sco_sim.components.metric import Metric
from sco_sim.components.policy import Policy
from sco_sim.engine.council import Council
from sco_sim.engine.load_mesa import mesa
from sco_sim.engine.member import MemberState, ambitions
from sco_sim.engine.order import Action, order_of_the_year
from sco_sim.engine.record import Block
from sco_sim.engine.shocks import Shocks
from sco_sim.engine.since_observed import catch_up
from sco_sim.errors import counted
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.world.state import State
from sco_sim.world.ties import Ties
from sco_sim.world.year import Year

TOO_FAR = "a parameter or a horizon is too far out"


@dataclass(frozen=True)
class Window:
    """One world of the ensemble, for people and tools."""

    world: int
    """Number of the world."""
    year: int
    """Calendar year."""
    graph: nx.Graph[str]
    """States and ties with their numbers: see `Ties.window`."""
    metrics: Mapping[str, float]
    """Every metric that a world has one number of."""


class CooperationModel(mesa.Model):  # type: ignore[misc, unused-ignore]
    """States, ties, council and numbers of a batch of worlds; one `step` is a calendar year.

    It can be copied (`copy.deepcopy`) and pickled at any point: both go on with the same bits.
    """

    scenario: Scenario = None  # type: ignore[assignment, unused-ignore]
    """What is simulated. Later versions of Mesa have a property of this name, which a plain attribute hides."""
    states: dict[str, MemberState]
    """The agents by code, in the order of the codes; whether a state is a member is one of its attributes."""
    state: State
    """The numbers of all worlds, arrays with the world axis first."""
    order: tuple[Action, ...]
    """What a year consists of, in its order."""

    def __init__(
        self,
        scenario: Scenario,
        year: Year,
        agreements: Sequence[Policy],
        worlds: Sequence[int],
        settings: NDArray[np.intp],
        mechanisms: Sequence[Mechanism],
        metrics: Mapping[str, Metric],
        agents: Mapping[str, type[MemberState]] | None = None,
    ) -> None:
        super().__init__(rng=0)  # every random number comes from Draws; Mesa's own generator is never used
        self.scenario = scenario
        self.year = year
        self.agreements = tuple(agreements)
        self.state = year.state
        self.ties: Ties = year.ties
        self.worlds = tuple(worlds)
        self.settings = settings
        self.mechanisms = tuple(mechanisms)
        self.metrics = dict(metrics)
        self.rows_in_view: slice = slice(None)
        kinds, deciders = agents or {}, scenario.decides
        self.states = {
            iso: kinds.get(iso, MemberState)(self, iso, deciders.get(iso, BY_STAKES)) for iso in self.ties.states
        }
        getattr(mesa.Agent, "_ids", {}).pop(self, None)  # where Mesa 3.3 keeps every model for ever
        self.council = Council(
            partial(ambitions, tuple(self.states.values())),
            scenario.decision_rule,
            scenario.rivals.consensus == "delays",
            scenario.agenda,
        )
        quarrels = next((one for one in mechanisms if isinstance(one, Quarrels)), None)
        shocks = Shocks(catch_up(year, scenario.events, quarrels))
        self.order = order_of_the_year(shocks, scenario.events, self.council, self.agreements, self.mechanisms)
        for action in self.order:
            if action.phase == "record":
                action.call(year)

    @property
    def members(self) -> mesa.agent.AgentSet:
        """The states that are members of the organisation now, in more than half of the worlds in view."""
        return self.agents.select(lambda state: state.is_member)

    @property
    def graph(self) -> nx.Graph[str]:
        """States and ties with their numbers, means over the worlds in view: see `Ties.window`."""
        return self.ties.window(self.state, self.rows_in_view)

    @contextmanager
    def view(self, world: int) -> Iterator[None]:
        """While in it, agents, `members` and `graph` show this one world (its number) instead of means over worlds.

        Raises ValueError if the world is not here.
        """
        row, before = self._row(world), self.rows_in_view
        self.rows_in_view = slice(row, row + 1)
        try:
            yield
        finally:
            self.rows_in_view = before

    def _row(self, world: int) -> int:
        if world not in self.worlds:
            raise ValueError(f"world {world} is not among the {counted(len(self.worlds), 'world')} of this model")
        return self.worlds.index(world)

    def step(self) -> None:
        """Simulate the next calendar year, in the order of `plan`; raises ValueError at the end of the horizon."""
        if self.year.year >= self.scenario.horizon.end:
            raise ValueError(f"the horizon ends in {self.scenario.horizon.end}: there is no further year to simulate")
        self.year.year += 1
        for action in self.order:
            action.call(self.year)
        self.running = self.year.year < self.scenario.horizon.end

    def plan(self) -> list[tuple[str, str, str]]:
        """What happens in a year, in order: phase, component and what it does."""
        return [(action.phase, action.name, action.text) for action in self.order]

    def window(self, world: int = 0) -> Window:
        """One world (its number, not its row in the batch) as it stands now; raises ValueError if it is not here."""
        row = self._row(world)
        scalars = {k: float(m.measure(self.year)[row]) for k, m in self.metrics.items() if m.axis == "world"}
        return Window(world, self.year.year, self.ties.window(self.state, row), scalars)

    def run(self, years: Collection[int] | None = None, metrics: Collection[str] | None = None) -> Block:
        """Simulate to the end of the horizon and return the record, from the present year on.

        Only the years and metrics named are measured, all if left out; the numbers do not depend on it.
        Raises FloatingPointError, with the first variable and year, for a world that leaves the finite numbers.
        """
        rest = range(self.year.year, self.scenario.horizon.end + 1)
        kept = tuple(year for year in rest if years is None or year in years)
        chosen = {key: metric for key, metric in self.metrics.items() if metrics is None or key in metrics}
        tails = {"world": (), "state": (len(self.ties.states),), "tie": (len(self.ties),)}
        record = {key: np.empty((len(self.worlds), len(kept), *tails[metric.axis])) for key, metric in chosen.items()}
        for year in rest:
            if year > self.year.year:
                self.step()
            self._check_finite(year)
            if year in kept:
                with self.year.at_rest():
                    for key, metric in chosen.items():
                        record[key][:, kept.index(year)] = values = metric.measure(self.year)
                        if np.isinf(values).any():
                            raise FloatingPointError(f"{key} is infinite in {year}: {TOO_FAR}")
        by_axis = {axis: {key: record[key] for key, metric in chosen.items() if metric.axis == axis} for axis in tails}
        return Block(
            worlds=self.worlds,
            years=kept,
            metrics=by_axis["world"],
            states=by_axis["state"],
            ties=by_axis["tie"],
            agreements=self._agreements(),
            state_codes=self.ties.states,
            tie_names=self.ties.names,
            agreement_names=tuple(policy.label for policy in self.agreements),
            settings=self.settings,
            parameters={name: column[:, 0].copy() for name, column in self.year.p.items()},
        )

    def _check_finite(self, year: int) -> None:
        name = self.state.not_finite()
        if name is not None:
            raise FloatingPointError(f"{name} is no finite number in {year}: {TOO_FAR}")

    def _agreements(self) -> dict[str, Array]:
        state = self.state
        return {
            "adopted_year": state.adopted_year.copy(),
            "force_year": state.force_year.copy(),
            "delivered_year": state.delivered_year.copy(),
            "tabled_years": state.tabled_years.copy(),
            "hold_out": state.hold_out.copy(),
            "ambition": self.year.over_participants("adopted"),
            "delivered": self.year.over_participants("delivered"),
            "lost_to_veto": state.lost_to_veto.copy(),
            "lost_to_delivery": state.lost_to_delivery.copy(),
            **{f"ratified_{iso}": state.ratified[:, :, row].copy() for iso, row in self.ties.row.items()},
            **{f"delivered_{iso}": state.delivered[:, :, row].copy() for iso, row in self.ties.row.items()},
        }
