"""A model of any number of states, made of copies of the ten: to see what states cost, not what they do."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import combinations
from typing import Any

import numpy as np

from sco_sim.engine.build import _mechanisms, _metrics, build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.numerics.streams import Draws
from sco_sim.world.facts import Reference
from sco_sim.world.state import VARIABLES, State
from sco_sim.world.ties import Ties
from sco_sim.world.year import Year


def synthetic(scenario: Any, states: int, worlds: range) -> CooperationModel:
    """Worlds of a scenario without events or policies, with so many states: state i is a copy of i modulo the real.

    A tie between two copies of one state takes after the first tie.
    """
    real = build_model(scenario, worlds=worlds)
    count = len(real.ties.states)
    codes = [f"S{i:04d}" for i in range(states)]
    ties = Ties(codes)
    of_state = np.arange(states) % count
    pairs = [(of_state[i], of_state[j]) for i, j in combinations(range(states), 2)]
    of_tie = np.array([real.ties.matrix[a, b] if a != b else 0 for a, b in pairs])
    state = State(len(worlds), states, len(ties), 0)
    take = {"tie": of_tie, "state": of_state}
    for variable in VARIABLES:
        if variable.axis in take:
            state.arrays[variable.name][:] = real.state.arrays[variable.name][:, take[variable.axis]]
    facts, old = real.year.facts, len(real.ties)
    changed: dict[str, Any] = {"claims": tuple({} for _ in facts.claims), "corridors": {}}
    for field in fields(facts):
        values = getattr(facts, field.name)
        if isinstance(values, np.ndarray) and values.shape[-1] in (count, old):
            changed[field.name] = values[..., of_state if values.shape[-1] == count else of_tie]
    p = dict(real.year.p)
    for iso, copied in zip(codes, of_state, strict=True):
        for stem in ("growth.mean", "growth.spread", "growth.prices"):
            p[f"{stem}.{iso}"] = p[f"{stem}.{real.ties.states[copied]}"]
    year = Year(
        year=real.year.start, start=real.year.start, state=state, ties=ties, facts=replace(facts, **changed),
        reference=Reference.of(state, ties), p=p,
        draws=Draws(real.year.draws.seed, list(worlds), real.year.draws.years),
    )  # fmt: skip
    model = CooperationModel(scenario, year, (), worlds, real.settings, _mechanisms(scenario, year), _metrics())
    model.year.reference = Reference.of(state, ties)
    return model
