"""Policies and events that move nothing in a scenario, found by running it with and without what they do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sco_sim.case.case import Case
from sco_sim.components.base import Component
from sco_sim.components.policy import Policy
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.scenario.idle import idle
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.effects.responses import silenced

WORLDS = 4


def moving_nothing(scenario: Scenario, among: Sequence[Component], case: Case) -> list[str]:
    """A sentence for every policy and event among those given that moves no variable of the state in this scenario.

    A policy is taken as given, so that a text that is never adopted is no name on nothing. The model is run with it and
    with the same component doing nothing, and left at the first difference.
    """
    names = [component.label if isinstance(component, Policy) else component.key() for component in among]
    said = [line for line in idle(scenario) if line.split(" ", 1)[0] in names]
    for component, name in zip(among, names, strict=True):
        if not any(line.startswith(f"{name} ") for line in said) and not _moves(scenario, component, case):
            sizes = [entry for entry in component.used() if entry.startswith(f"{component.key()}.")]
            why = f"its sizes ({', '.join(sizes)}) leave nothing of it" if sizes else "nothing here answers to it"
            said.append(f"{name} moves nothing here, adopted and delivered: {why}")
    return said


def _moves(scenario: Scenario, component: Component, case: Case) -> bool:
    given = component.model_copy(update={"decided_by": "given"}) if isinstance(component, Policy) else component
    policies = tuple(given if one == component else one for one in scenario.policies)
    whole = scenario.model_copy(update={"policies": policies})
    models = [
        build_model(one, case=case, worlds=WORLDS) for one in (whole, silenced(whole, lambda other: other == given))
    ]
    while models[0].year.year < scenario.horizon.end:
        for model in models:
            model.step()
        if _differ(*models):
            return True
    return False


def _differ(one: CooperationModel, other: CooperationModel) -> bool:
    """Whether any variable of the state differs."""
    pairs = ((values, other.state.arrays[name]) for name, values in one.state.arrays.items())
    return not all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)
