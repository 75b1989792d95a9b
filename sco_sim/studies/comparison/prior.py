"""Is this the prior? The chance of each sign that the ledger's priors alone imply, setting by setting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sco_sim.components.mechanism import Exchange
from sco_sim.components.mechanisms.trust import trust_target
from sco_sim.components.metric import unknown_channel
from sco_sim.components.registry import find, keys, metric
from sco_sim.engine.numbering import first_worlds
from sco_sim.errors import ScenarioError
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.studies.comparison.verdict import MARGIN
from sco_sim.studies.statistics import share_error, standard_error
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


class BesidePrior(NamedTuple):
    """One outcome in the run beside the priors, over the worlds in which it moves; NaN where nothing can be said.

    A world in which the two scenarios are the same to the bit is one in which nothing was adopted, so its sign says
    nothing about the priors: how often the outcome moves, and which way if it does, are two figures.
    """

    moved: float
    """Share of worlds in which the outcome differs at all."""
    moved_se: float
    better_if_moved: float
    """Share of those in which the scenario is better."""
    better_if_moved_se: float
    prior_chance_better: float
    """Share of the same worlds in which the priors alone imply that it is better, half of exact zeros counted."""
    prior_gap_se: float
    """Standard error of the difference of the two shares, paired by setting, no smaller than at a gap of MARGIN."""


def beside_prior(difference: Array, settings: Ints, prior: Array | None, better: str) -> BesidePrior:
    """The run beside the priors in the same settings: the difference of two paired shares (McNemar 1947), clustered.

    Args:
        difference: Scenario less reference, shape (world,).
        settings: Setting of each world, shape (world,).
        prior: Difference of the outcome that the priors alone imply in each setting from 0 on, shape (setting,);
            None where they imply none.
        better: higher, lower or none.
    """
    known = ~np.isnan(difference)
    difference, settings = difference[known], settings[known]
    nan = float("nan")
    if not len(difference) or better == "none":
        return BesidePrior(*[nan] * len(BesidePrior._fields))

    moves = difference != 0.0
    moved = float(moves.mean()), share_error(moves.astype(float), lambda part: standard_error(part, settings))
    if not moves.any():
        return BesidePrior(*moved, nan, nan, nan, nan)
    difference, settings = difference[moves], settings[moves]
    hits = _better(difference, better)
    ahead = float(hits.mean()), share_error(hits, lambda part: standard_error(part, settings))
    if prior is None:
        return BesidePrior(*moved, *ahead, nan, nan)
    drawn = settings < len(prior)
    implied = _better(prior[settings[drawn]], better)
    chance = float(implied.mean()) if drawn.any() else nan
    error = standard_error(hits[drawn] - implied, settings[drawn])
    least = least_gap_error(len(np.unique(settings[drawn])))
    return BesidePrior(*moved, *ahead, chance, max(error, least) if drawn.any() else nan)


def least_gap_error(settings: int) -> float:
    """Standard error of a gap of MARGIN between two paired shares, where all that differ do so one way.

    A small gap comes with a small error of its own, so that a test by that error calls too many gaps none; at the
    margin it is at least this (the error under the hypothesis tested, as in the score test of Tango 1998).

    Args:
        settings: Number of settings compared.
    """
    return float(np.sqrt(MARGIN * (1.0 - MARGIN) / settings)) if settings else float("nan")


def _better(difference: Array, better: str) -> Array:
    """1 where it is better, 0 where it is worse, 0.5 where it is the same; the shape of the differences."""
    side: Array = 0.5 * (1.0 + np.sign(difference if better == "higher" else -difference))
    return side


def prior_shifts(
    scenario: Scenario, case: Case, *, seed: int = 1, replicates: int = 1, settings: int = SETTINGS,
    fixed_parameters: bool = False,
) -> dict[str, Array]:  # fmt: skip
    """The shift of each target, (setting,), under the ledger's draws alone; a model is built but not run.

    The draws of a setting are those of the run of the same seed.
    """
    from sco_sim.engine.build import build_model

    worlds = first_worlds(settings, replicates)
    how: dict[str, Any] = {"seed": seed, "replicates": replicates, "fixed_parameters": fixed_parameters}
    return shifts(build_model(scenario, case=case, worlds=worlds, **how))


def prior_differences(
    reference: dict[str, Array], scenario: dict[str, Array], outcomes: Iterable[str]
) -> dict[str, Array]:
    """The difference of each outcome that the priors imply in each setting, up to a factor, (setting,).

    Args:
        reference: Channel to shift (setting,) in the reference, from `prior_shifts`.
        scenario: The same in the scenario.
        outcomes: Keys of metrics.

    Returns:
        Outcome to the shift of its channel in the scenario less that in the reference, by the sign of the metric's
        response. Without outcomes that have no channel, or whose shifts are the same in every setting.
    """
    differences = {}
    for key in outcomes:
        outcome = metric(key)
        if problems := unknown_channel(outcome):
            raise ScenarioError(*problems)
        if outcome.channel:
            after, before = scenario[outcome.channel], reference[outcome.channel]
            both = min(len(after), len(before))  # the settings that both runs have
            difference = outcome.sign * (after[:both] - before[:both])
            if difference.any():
                differences[key] = difference
    return differences


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
