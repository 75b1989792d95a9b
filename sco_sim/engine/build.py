"""From a scenario to a model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sco_sim.case.age_words import start_problem, warn_of
from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.case.initial import Initial, gdp_normals, initial_normals, initial_state
from sco_sim.case.ledger import Ledger
from sco_sim.case.memo import Noted
from sco_sim.case.opened import opened
from sco_sim.components.deciders.stakes import BY_STAKES
from sco_sim.components.mechanism import Mechanism
from sco_sim.components.metric import Metric
from sco_sim.components.registry import find, keys
from sco_sim.engine.budget import check_budget, planned
from sco_sim.engine.member import MemberState
from sco_sim.engine.model import CooperationModel
from sco_sim.engine.numbering import settings_of
from sco_sim.engine.record import Block
from sco_sim.errors import CaseError, Problem, ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.streams import Draws
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from sco_sim.world.facts import Facts, Reference
from sco_sim.world.state import State
from sco_sim.world.ties import Ties
from sco_sim.world.year import Year

CONTACT = {"works": 1.0, "none": 0.0, "backlash": -1.0}


def build_model(
    scenario: Scenario | Path | str,
    *,
    case: Case | Path | str | None = None,
    worlds: int | Sequence[int] = 1,
    seed: int = 1,
    replicates: int = 1,
    fixed_parameters: bool = False,
    values: Mapping[str, Array] | None = None,
    drawn_as: Mapping[str, Array] | None = None,
    agents: Mapping[str, type[MemberState]] | None = None,
) -> CooperationModel:
    """A model of some worlds of a scenario, at the start of its horizon.

    The tables are those of `case`, else of the case that the scenario was loaded with, else the shipped ones.
    `worlds` is how many, counted from 0, or the numbers of the worlds.
    A world has its setting (`numbering`) and random streams of its own, so world 17 alone equals world 17 of 200.
    With `fixed_parameters` the ledger and the initial state stay at their centres. `values` fixes parameters world by
    world, name -> (world,), as if the scenario did; worlds of a sweep may then share a number, and with it their draws.
    `drawn_as` gives draws, name -> (world,), of parameters that `read_at_start` does not name.
    `agents` gives states, by code, a class of their own: a subclass of MemberState that answers the council otherwise.
    Raises ScenarioError or CaseError for what a user can get wrong, also for policies that cost more than the budget;
    warns (EvidenceWarning) where the evidence behind the start is too old, assumed or missing.
    """
    worlds, (scenario, tables) = _numbers(worlds), _loaded(scenario, case)
    ties, start, end = Ties(scenario.states), scenario.horizon.start, scenario.horizon.end
    facts = _facts(tables, scenario, ties, {*scenario.parameters, *(values or {})})
    points = _points(tables.ledger.in_force(scenario.parameters), values or {}, len(worlds))
    settings = settings_of(worlds, replicates)
    unique, row = np.unique(settings, return_inverse=True)
    drawn = _drawn(points[0][0], seed, unique.tolist(), ties.states, fixed_parameters)
    own = {name: column[row] for name, column in drawn.items()} | dict(values or {}) | dict(drawn_as or {})
    agreements = scenario.agreements
    state = State(len(worlds), len(ties.states), len(ties), len(agreements))
    normals = {name: z[row] for name, z in initial_normals(seed, unique.tolist(), ties, fixed_parameters).items()}
    for at, rows in points:
        initial = initial_state(start, tables, at, ties, facts.rivalry[0])
        _fill_start(state, initial, rows, normals, own["students.unseen_shift"])
    p, growth = _columns(own), gdp_normals(seed, unique.tolist(), ties, fixed_parameters)
    _fill_states(state, facts, p, ties, initial, {name: z[row] for name, z in growth.items()})
    year = Year(
        year=start,
        start=start,
        state=state,
        ties=ties,
        facts=facts,
        reference=Reference.of(state, ties),
        p=p,
        draws=Draws(seed, list(worlds), end - start),
        agreements=agreements,
        hazard_on_level=scenario.hazard_on == "level",
        third_parties=scenario.third_parties,
        contact_sign=CONTACT[scenario.rivals.contact],
        budget_key="gdp" if scenario.budget is None else scenario.budget.key,
        observed=initial.observed(start),
    )
    model = CooperationModel(scenario, year, agreements, worlds, settings, *_parts(scenario, year), agents)
    year.reference = Reference.of(state, ties)  # the first sense of community is known only now
    return model


def _drawn(ledger: Ledger, seed: int, settings: Sequence[int], states: Sequence[str], fixed: bool) -> dict[str, Array]:
    """Parameters that bear on these states, name -> (setting,): drawn, or at their centres."""
    return ledger.centre(settings, states) if fixed else ledger.draw(seed, settings, states)


def _columns(own: Mapping[str, Array]) -> dict[str, Array]:
    """Parameters as columns, (world,) -> (world, 1)."""
    return {name: column[:, None] for name, column in own.items()}


def read_at_start(scenario: Scenario, case: Case) -> frozenset[str]:
    """Entries of the ledger that the initial state and the data of the years depend on by more than their draws."""
    ties, noted = Ties(scenario.states), Noted(case.ledger.in_force(scenario.parameters))
    facts = _facts(case, scenario, ties, {*scenario.parameters})
    initial_state(scenario.horizon.start, case, noted, ties, facts.rivalry[0])
    return frozenset({*noted.seen, *(f"growth.mean.{iso}" for iso in ties.states)})


def _loaded(scenario: Scenario | Path | str, case: Case | Path | str | None) -> tuple[Scenario, Case]:
    """The scenario, read if it is a file, and its tables, which have to bear it."""
    if case is None and isinstance(scenario, Scenario):
        case = scenario.case
    tables = case if isinstance(case, Case) else opened(case)
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario, case=tables.folder)
    check(loaded, tables)
    return loaded, tables


def simulate(
    scenario: Scenario | Path | str,
    *,
    years: Collection[int] | None = None,
    metrics: Collection[str] | None = None,
    **how: Any,
) -> Block:
    """Build a model, run it to the end of its horizon and let it go: the record of its worlds.

    `years` and `metrics` are those of `CooperationModel.run`, `how` those of `build_model`.
    """
    with simulated(scenario, years=years, metrics=metrics, **how) as (_, block):
        return block


@contextmanager
def simulated(
    scenario: Scenario | Path | str,
    *,
    years: Collection[int] | None = None,
    metrics: Collection[str] | None = None,
    **how: Any,
) -> Iterator[tuple[CooperationModel, Block]]:
    """As `simulate`, with the model as the last year leaves it, for what the record does not hold.

    A model of Mesa refers to itself, so what it holds would stay until the garbage collector comes by: it is emptied.
    """
    with np.errstate(all="ignore"):  # `run` itself refuses what is not finite, and says where it began
        model = build_model(scenario, **how)
        block = model.run(years, metrics)
    yield model, block
    model.__dict__.clear()


def _numbers(worlds: int | Sequence[int]) -> Sequence[int]:
    """The numbers of the worlds; raises ScenarioError if there is none, or one below zero."""
    numbers = range(worlds) if isinstance(worlds, int) else worlds
    if len(numbers) == 0 or min(numbers) < 0:
        raise ScenarioError(Problem(f"worlds={worlds} are no worlds", "ask for at least 1, by numbers from 0 on"))
    return numbers


def _facts(case: Case, scenario: Scenario, ties: Ties, changed: Set[str]) -> Facts:
    """The data of the years; volumes follow the mean growth of a state for which the user gives one."""
    years = range(scenario.horizon.start, scenario.horizon.end + 1)
    facts = case.facts(years, scenario.membership, ties)
    own = np.array([f"growth.mean.{iso}" in changed for iso in ties.states])
    return replace(facts, volume_trend=np.where(own, np.nan, facts.volume_trend))


def _fill_start(
    state: State, initial: Initial, rows: NDArray[np.intp], normals: Mapping[str, Array], unseen: Array
) -> None:
    """What the tables say at the start, drawn in some rows of the worlds; `unseen` is the shift of unseen students."""
    drawn = initial.draw({name: z[rows] for name, z in normals.items()}, unseen[rows])
    for name, values in drawn.items():
        state.arrays[name][rows] = values


def _fill_states(
    state: State, facts: Facts, p: Mapping[str, Array], ties: Ties, initial: Initial, normals: Mapping[str, Array]
) -> None:
    """The numbers of the states at the start, as dated; GDP has grown since it was last known, and trade with it."""
    grown = initial.grown(ties.states, p, normals)
    for name in ("log_gdp", "last_log_gdp", "log_volume", "last_log_volume"):  # of volumes only the changes count
        state.arrays[name][:] = initial.log_gdp + grown
    both = grown[:, ties.first] + grown[:, ties.second]
    state.trade[:] += p["trade.gdp_elasticity"] * both
    state.trade[:] += 2.0 * p["trade.common_elasticity"] * grown.mean(axis=1, keepdims=True)
    for name in ("log_population", "stability", "capacity", "volatility", "member"):
        state.arrays[name][:] = getattr(facts, name)[0]


def _points(ledger: Ledger, values: Mapping[str, Array], worlds: int) -> list[tuple[Ledger, NDArray[np.intp]]]:
    """The ledger of each point among the worlds, and the rows of its worlds."""
    if not values:
        return [(ledger, np.arange(worlds))]
    free = ledger.in_force({name: Override(value=float(column[0])) for name, column in values.items()})
    stacked = np.column_stack(list(values.values()))
    unique, which = np.unique(stacked, axis=0, return_inverse=True)
    return [
        (free.at(dict(zip(values, point.tolist(), strict=True))), np.flatnonzero(which.ravel() == index))
        for index, point in enumerate(unique)
    ]


def plan(scenario: Scenario, case: Case) -> dict[str, float]:
    """What each policy would cost at the centre of the ledger, million USD of 2015, by label: see `planned`."""
    free = scenario.model_copy(update={"budget": None})
    model = build_model(free, case=case, fixed_parameters=True)
    return planned(model.year, model.agreements, scenario.horizon.end)


def check(scenario: Scenario, case: Case) -> None:
    """The start must be near what was observed, the budget bear the policies, and the ledger know the parameters."""
    ages = case.ages(scenario.states, scenario.horizon.start)
    problem = None if scenario.nowcast else start_problem(ages)
    if problem:
        raise ScenarioError(problem)
    warn_of(ages)
    if scenario.budget is not None:
        check_budget(scenario.budget, plan(scenario, case))
    deciders = (BY_STAKES, *scenario.decides.values())
    for component in (*scenario.policies, *scenario.events, scenario.decision_rule, *deciders):
        for name in component.used():
            stem = name.removesuffix("*")
            lacking = {f"{stem}{iso}" for iso in scenario.states} if name != stem else {name}
            for one in sorted(lacking - set(case.ledger.entries)):
                raise CaseError(f"{case.folder}: the ledger lacks '{one}', which {component.key()} needs")


def _parts(scenario: Scenario, year: Year) -> tuple[list[Mechanism], dict[str, Metric]]:
    return _mechanisms(scenario, year), _metrics()


def _mechanisms(scenario: Scenario, year: Year) -> list[Mechanism]:
    off = scenario.without.mechanisms
    chosen: list[Mechanism] = []
    for key in keys("mechanisms"):
        if off == "all" or key in off:
            continue
        mechanism = find("mechanisms", key)()
        assert isinstance(mechanism, Mechanism)  # find() promises it; this tells the type checker
        for stream in mechanism.streams:
            year.draws.claim(stream, key)
        chosen.append(mechanism)
    return chosen


def _metrics() -> dict[str, Metric]:
    metrics = {key: find("metrics", key)() for key in keys("metrics")}
    return {key: metric for key, metric in metrics.items() if isinstance(metric, Metric)}
