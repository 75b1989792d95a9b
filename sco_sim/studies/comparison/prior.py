"""Is this the prior? The chance of each sign that the ledger's priors alone imply."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Exchange
from sco_sim.components.mechanisms.trust import trust_target
from sco_sim.components.metric import unknown_channel
from sco_sim.components.registry import find, keys, metric
from sco_sim.engine.numbering import first_worlds
from sco_sim.errors import ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.studies.statistics import chance_better
from sco_sim.world.channels import CARRIED, CHANNELS
from sco_sim.world.state import EFFECTS, SHOCKS

if TYPE_CHECKING:
    from sco_sim.case.case import Case
    from sco_sim.engine.model import CooperationModel
    from sco_sim.scenario.schema import Scenario
    from sco_sim.world.year import Year

SETTINGS = 400
"""Settings the priors are drawn in."""

SCRATCH = (*EFFECTS, *SHOCKS, "dispute")
"""Arrays that policies and events add to, and that `shifts` uses as scratch."""


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
        outcome = metric(key)
        if problems := unknown_channel(outcome):
            raise ScenarioError(*problems)
        if not outcome.channel:
            chances[key] = float("nan")
            continue
        difference = outcome.sign * (scenario[outcome.channel] - reference[outcome.channel])
        chances[key] = chance_better(difference, outcome.better) if difference.any() else float("nan")
    return chances


def shifts(model: CooperationModel) -> dict[str, Array]:
    """Mean shift over ties of each target when every policy and event acts once at full strength.

    The targets are those of the mechanisms themselves: exchange goes to its target by policies and events (equations
    10 to 13 and 22, twinned places by the end of the horizon), trust to its own by them, by that exchange and by the
    sense of community that taking part brings (equation 17), and exchange once more by that trust. What wards off
    shocks, or acts on disputes, capacity, stability or the readiness to agree, shifts no target and counts for nothing.
    The model's state is spent: step it no more.

    Returns:
        `trust` and every channel to the shift in each world, shape (world,).
    """
    for name in SCRATCH:
        model.state.arrays[name][:] = 0.0
    parts = _policies(model)
    _events(model)
    state, year = model.state, model.year
    year.year = model.scenario.horizon.end
    for name in CARRIED:
        state.arrays[f"last_{name}"][:] = state.arrays[name]  # a lasting shock: the target has moved by it
    state.community[:] += 2.0 / 3.0 * parts  # adopted and delivered in full: two of three parts of it
    exchange = [component() for key in keys("mechanisms") if issubclass(component := find("mechanisms", key), Exchange)]
    _settle(exchange, year)
    state.trust_level[:] = trust_target(year)
    _settle(exchange, year)
    moved = {"trust": state.trust_level - year.reference.trust_level}
    moved |= {channel.name: year.above(channel.name) for channel in CHANNELS}
    return {target: shift.mean(axis=1) for target, shift in moved.items()}


def _settle(exchange: Sequence[Exchange], year: Year) -> None:
    """Every channel at its target; twice, since a target may depend on another channel."""
    for _ in range(2):
        for mechanism in exchange:
            mechanism.settle(year)


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
