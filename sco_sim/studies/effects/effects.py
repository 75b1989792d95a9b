"""What each policy and event does on its own, how sure that is, and whether it is what the documents promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.ledger import Ledger
from sco_sim.components.base import Component
from sco_sim.components.registry import example, find, keys
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import CaseError, Problem, ScenarioError, did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.overrides import Overrides
from sco_sim.scenario.schema import Scenario
from sco_sim.shipped import shipped_scenarios
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.effects.documents import promised
from sco_sim.studies.statistics import mean_interval, paired
from sco_sim.world.channels import CHANNELS, Channel
from sco_sim.world.scales import both_ways
from sco_sim.world.shields import SHIELDS

REFERENCE = "no_events"
YEARS = 10
KINDS = ("policies", "events")
VERDICTS = ("shown", "assumed", "not shown", "nothing", "opposite")
"""What became of a promise, from the best to the worst."""


@dataclass(frozen=True)
class Outcome:
    """What is read off a model in the last year, (world,); what has the unit % is in per cent of the reference."""

    title: str
    unit: str
    measure: Callable[[CooperationModel], Array]

    def change(self, before: Array, after: Array) -> Array:
        """Difference, or per cent of what was before, (world,): of nothing that becomes something there is none."""
        if self.unit != "%":
            return after - before
        none = np.where(after == before, 0.0, np.nan)
        return 100.0 * np.divide(after - before, before, out=none, where=before != 0.0)


def _total(channel: Channel) -> Callable[[CooperationModel], Array]:
    def measure(model: CooperationModel) -> Array:
        total: Array = both_ways(channel, model.state.arrays).sum(axis=1)
        return total

    return measure


def _mean(name: str, factor: float = 1.0) -> Callable[[CooperationModel], Array]:
    def measure(model: CooperationModel) -> Array:
        mean: Array = factor * model.state.arrays[name].mean(axis=1)
        return mean

    return measure


def _trust(model: CooperationModel) -> Array:
    """With the passing deviation, which a dispute of the year moves."""
    mean: Array = 100.0 * expit(model.state.trust_level + model.state.trust_deviation).mean(axis=1)
    return mean


def _gdp(model: CooperationModel) -> Array:
    total: Array = np.exp(model.state.log_gdp).sum(axis=1)
    return total


def _disputes(model: CooperationModel) -> Array:
    """Disputes of the last year; `measure` replaces them by the sum over all years."""
    count: Array = (model.state.dispute > 0.0).sum(axis=1).astype(float)
    return count


def _readiness(model: CooperationModel) -> Array:
    state, p = model.state, model.year.p
    ready = state.effect_acceptance + state.shock_acceptance - p["council.pressure"] * state.pressure
    mean: Array = ready.mean(axis=1)
    return mean


def _shields(model: CooperationModel) -> Array:
    """Points of harm warded off, over all shields: each has events of its own kinds."""
    total: Array = 100.0 * sum(model.state.arrays[f"effect_shield_{name}"].mean(axis=1) for name in SHIELDS)
    return total


OUTCOMES = {
    "trust": Outcome("mean trust", "points", _trust),
    **{c.name: Outcome(c.name, "" if c.scale == "count" else "%", _total(c)) for c in CHANNELS},
    "disputes": Outcome("disputes in ten years", "", _disputes),
    "gdp": Outcome("GDP", "%", _gdp),
    "readiness": Outcome("readiness to agree", "z", _readiness),
    "capacity": Outcome("capacity to deliver", "WGI", _mean("capacity")),
    "delivery": Outcome("ceiling of delivery", "points", _mean("effect_delivery", 100.0)),
    "stability": Outcome("stability", "WGI", _mean("stability")),
    "volatility": Outcome("policy volatility", "WUI", _mean("volatility")),
    "shield": Outcome("harm warded off", "points", _shields),
}
"""Key to outcome; the keys are those of the promises in mechanism_rows.csv."""


def at_full_strength(component_kind: str, key: str, start: int) -> Component:
    """The component of its manual's example, given at full strength from the first year to the tenth.

    Who takes part, and on whom an event falls, is as in the example; members are all states. What happens in a
    single year happens in the tenth.
    """
    component = find(component_kind, key)
    _, fields = example(component_kind, key)
    known = component.model_fields
    full: dict[str, Any] = {"start": start + 1, "intensity": 1.0, "severity": 1.0, "year": start + YEARS}
    if component_kind == "policies":
        fields.pop("end", None)
        full |= {"decided_by": "given"}
        fields["participants"] = "all" if fields.get("participants") == "members" else fields.get("participants", "all")
    else:
        full["end"] = start + YEARS
    return component.model_validate(fields | {name: value for name, value in full.items() if name in known})


def measure(scenario: Scenario, case: Case, worlds: int, replicates: int, seed: int) -> dict[str, Array]:
    """Every outcome after ten years, (world,)."""
    model = build_model(scenario, case=case, worlds=range(worlds), replicates=replicates, seed=seed)
    disputes = np.zeros(worlds)
    for _ in range(YEARS):
        model.step()
        disputes += _disputes(model)
    return {key: outcome.measure(model) for key, outcome in OUTCOMES.items()} | {"disputes": disputes}


def effects(
    case: Case,
    *,
    overrides: Overrides = (),
    only: Sequence[str] = (),
    worlds: int = 200,
    replicates: int = 1,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """One row per component and outcome that moves or was promised to: kind, component, outcome, unit, difference,
    mean_low and mean_high (interval of the mean over settings, 95 % for as many outcomes together as an answer of
    `compare` has), low_05 and high_95 (of a single world), mean_se, evidence, promised (+, -, 0 or
    empty) and verdict (one of VERDICTS, or empty).

    Every component is added alone to the scenario without events, on the same worlds; those whose example the case
    cannot hold are left out (`possible`). Raises ScenarioError for a component that is unknown, or named and left out,
    CaseError where the case lacks a parameter.
    """  # noqa: D205
    reference = load_scenario(shipped_scenarios() / f"{REFERENCE}.yaml", overrides, case.folder)
    chosen, _ = possible(case, reference, only)
    start = reference.horizon.start
    settings = settings_of(range(worlds), replicates)
    before = measure(reference, case, worlds, replicates, seed)
    records: list[dict[str, Any]] = []
    for number, (component_kind, key) in enumerate(chosen):
        component = at_full_strength(component_kind, key, start)
        with_it = reference.model_copy(update={component_kind: (component,)})
        after = measure(with_it, case, worlds, replicates, seed)
        promise = promised(component_kind, type(component))
        evidence = "belief" if reference.is_belief else kinds_of_evidence(component, case.ledger)
        for name, outcome in OUTCOMES.items():
            moved = outcome.change(before[name], after[name])
            effect = paired(np.zeros(worlds), moved, settings)
            if name in promise or effect.low_05 or effect.high_95 or effect.difference:
                sign = promise.get(name)
                mean = mean_interval(effect.difference, effect.mean_se, settings, len(IMPORTANT))
                records.append(
                    {"kind": component_kind, "component": key, "outcome": name, "unit": outcome.unit,
                     "difference": effect.difference, "mean_low": mean[0], "mean_high": mean[1],
                     "low_05": effect.low_05, "high_95": effect.high_95,
                     "mean_se": effect.mean_se, "evidence": evidence,
                     "promised": "" if sign is None else "-0+"[sign + 1],
                     "verdict": "" if sign is None else verdict(sign, *mean, evidence)}
                )  # fmt: skip
        if progress is not None:
            progress((number + 1) * worlds, len(chosen) * worlds)
    return pd.DataFrame(records)


def possible(
    case: Case, reference: Scenario, only: Sequence[str] = (), kinds: Sequence[str] = KINDS
) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Kind and key of the components that can be tried on the states of a scenario, and why the others cannot.

    A component is tried as in the example of its manual, which may name states or a corridor of the shipped case.
    Raises ScenarioError for one in `only` that is unknown or cannot be tried.
    """
    chosen, left_out = [], {}
    for component_kind, key in _chosen(only, kinds):
        one = at_full_strength(component_kind, key, reference.horizon.start)
        complaint = next(one.complaints(case.catalog, reference.states), None)
        if complaint is None:
            chosen.append((component_kind, key))
        elif only:
            remedy = "name another, or write it into a scenario with states of your own"
            message = f"{key} is tried as in its example, which is not of these states: {complaint.message}"
            raise ScenarioError(Problem(message, remedy))
        else:
            left_out[key] = complaint.message
    return chosen, left_out


def _chosen(only: Sequence[str], kinds: Sequence[str]) -> list[tuple[str, str]]:
    there = [(component_kind, key) for component_kind in kinds for key in keys(component_kind)]
    names = [key for _, key in there]
    for key in only:
        if key not in names:
            what = " or ".join({"policies": "policy", "events": "event"}[component_kind] for component_kind in kinds)
            raise ScenarioError(Problem(f"no {what} '{key}'", did_you_mean(key, names)))
    return [(component_kind, key) for component_kind, key in there if not only or key in only]


def verdict(promised: int, low: float, high: float, evidence: str) -> str:
    """What became of a promise: `shown` and `assumed` if the sign of the mean is settled and the promised one.

    A sign is settled where the interval of the mean leaves out zero: at 95 % for all outcomes of an answer together,
    the rule of `compare`. It is assumed where a parameter of the component's own is judgement, and under a view that is
    belief: then the side is what we put in. `nothing` is no effect in any world, `opposite` the other side, `not shown`
    a sign that is not settled. What a single world does is another question: a mean can be sure and most worlds on the
    other side.
    """
    if low == high == 0.0:
        return "shown" if promised == 0 else "nothing"
    if promised == 0:
        return "not shown" if low <= 0.0 <= high else "opposite"
    there, away = (low > 0.0, high < 0.0) if promised > 0 else (high < 0.0, low > 0.0)
    if there:
        return "assumed" if "judgement" in evidence or evidence == "belief" else "shown"
    return "opposite" if away else "not shown"


def kinds_of_evidence(component: Component, ledger: Ledger) -> str:
    """Kinds of the ledger entries it uses, with their number, for example `literature 2, judgement 1`."""
    count = {"measured": 0, "literature": 0, "judgement": 0}
    for name in component.used():
        stem = name.removesuffix("*")
        entries = [e for n, e in ledger.entries.items() if (n.startswith(stem) if name.endswith(".*") else n == name)]
        if not entries:
            raise CaseError(f"the ledger lacks '{name}', which {component.key()} needs")
        for entry in entries:
            count[entry.kind] += 1
    return ", ".join(f"{evidence} {number}" for evidence, number in count.items() if number) or "none"
