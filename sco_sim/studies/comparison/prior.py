"""Is this the prior? The chance of each sign that the ledger's priors alone imply."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.registry import metric
from sco_sim.engine.numbering import first_worlds
from sco_sim.numerics.arrays import Array
from sco_sim.studies.statistics import chance_better
from sco_sim.world.state import BY_NAME

if TYPE_CHECKING:
    from sco_sim.case.case import Case
    from sco_sim.engine.model import CooperationModel
    from sco_sim.scenario.schema import Scenario

#: Settings the priors are drawn in.
SETTINGS = 400

#: Arrays that policies and events add to, and that `shifts` uses as scratch.
SCRATCH = (*(name for name in BY_NAME if name.startswith(("effect_", "shock_"))), "dispute", "pressure")


def prior_shifts(
    scenario: Scenario, case: Case, *, seed: int = 1, replicates: int = 4, settings: int = SETTINGS
) -> dict[str, Array]:
    """The shift of each target, (setting,), under the ledger's draws alone; a model is built but not run."""
    from sco_sim.engine.build import build_model

    worlds = first_worlds(settings, replicates)
    return shifts(build_model(scenario, case=case, worlds=worlds, seed=seed, replicates=replicates))


def prior_chances(reference: dict[str, Array], scenario: dict[str, Array], outcomes: Iterable[str]) -> dict[str, float]:
    """The chance that each outcome is better in the scenario, by the sign of the shift of its channel alone.

    Args:
        reference: Channel to shift (setting,) in the reference, from `prior_shifts`.
        scenario: The same in the scenario.
        outcomes: Keys of metrics.

    Returns:
        Outcome to the share of settings; half of exact zeros counts. NaN where the metric has no channel or
        no better side, or where the shifts of the two are the same in every setting.
    """
    chances = {}
    for key in outcomes:
        kind = metric(key)
        if not kind.channel:
            chances[key] = float("nan")
            continue
        difference = kind.sign * (scenario[kind.channel] - reference[kind.channel])
        chances[key] = chance_better(difference, kind.better) if difference.any() else float("nan")
    return chances


def shifts(model: CooperationModel) -> dict[str, Array]:
    """Mean shift over ties of each target when every policy and event acts once at full strength.

    One pass of the targets: exchange by policies and events (equations 10 to 13, twinned places by the end of the
    horizon), trust by them, by that exchange and by the sense of community that taking part brings (equation 17),
    and exchange once more by that trust. What wards off shocks, or acts on disputes, capacity, stability or the
    readiness to agree, shifts no target and counts for nothing. The model's scratch arrays are spent: step it no more.

    Returns:
        Channel (trade, people, students, cities, trust) to the shift in each world, shape (world,).
    """
    for name in SCRATCH:
        model.state.arrays[name][:] = 0.0
    parts = _policies(model)
    _events(model)
    state, year = model.state, model.year
    p = year.p
    years = model.scenario.horizon.end - model.scenario.horizon.start
    expected = year.reference.cities + p["cities.arrival_rate"] * years
    cities = np.log1p(expected + years * state.effect_cities) - np.log1p(expected)
    trade = state.effect_trade + state.shock_trade + p["cities.trade"] * cities
    people = state.effect_people + state.shock_people
    students = state.effect_students + state.shock_students
    contact = np.tanh(people) + np.tanh(students) + np.tanh(cities)
    community = 2.0 / 3.0 * 0.5 * year.both(parts)  # adopted and delivered in full: two of three parts of it
    trust = (
        state.effect_trust
        + state.shock_trust
        + p["trust.trade_effect"] * np.tanh(trade)
        + year.contact_sign * p["trust.contact_effect"] * contact
        + p["trust.security_effect"] * np.tanh(state.effect_security)
        + p["trust.community_effect"] * community
    )
    found = {
        "trust": trust,
        "trade": trade + p["trade.trust_elasticity"] * trust,
        "people": people + p["people.trust_elasticity"] * trust,
        "students": students + p["students.trust_elasticity"] * trust,
        "cities": cities,
    }
    return {channel: shift.mean(axis=1) for channel, shift in found.items()}


def _policies(model: CooperationModel) -> Array:
    """Every agreement at its intensity on the ties whose ends both take part, in the last year.

    Returns:
        Share of the scenario's agreements that each state takes part in, shape (world, state).
    """
    year, parts = model.year, np.zeros_like(model.state.member)
    year.year = model.scenario.horizon.end
    model.state.member[:] = year.facts.member[-1]
    for policy in model.agreements:
        part = year.participants(policy)
        policy.act(year, policy.intensity * part[:, year.ties.first] * part[:, year.ties.second])
        parts += part / len(model.agreements)
    return parts


def _events(model: CooperationModel) -> None:
    """Every event that falls within the horizon, in the first year it acts."""
    horizon = model.scenario.horizon
    for event in model.scenario.events:
        first, last = event.years()
        if last > horizon.start and first <= horizon.end:
            model.year.year = max(first, horizon.start + 1)
            event.act(model.year)
