"""The same agenda under every decision rule: what each adopts, dilutes, delays, whom it leaves out, what it costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.components.registry import example, find, keys
from sco_sim.components.rule import Rule
from sco_sim.engine.build import simulated
from sco_sim.engine.model import CooperationModel
from sco_sim.engine.record import Block, Progress
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.silent import silent, silent_metrics
from sco_sim.studies.statistics import paired

RULES, RULE_AGREEMENTS, RULE_LEFT_OUT = "rules.csv", "rule_agreements.csv", "rule_left_out.csv"
"""Files of the three tables."""
AGREEMENT = ("adopted", "ambition", "diluted", "delay", "delivered", "left_out", "lost_to_veto", "lost_to_delivery")
"""Columns of the table of rules that are means over agreements; all else are metrics."""
COST = "cost_musd"
"""The metric that every table of rules has."""


@dataclass(frozen=True)
class UnderRules:
    """Three tables; `own` is the rule that the scenario has, with which the others are compared."""

    own: str
    rules: pd.DataFrame
    """A row per rule: the columns of AGREEMENT as means over worlds and agreements of the council, and each outcome in
    the last year with its 5-95 % interval (`<key>`, `<key>_low`, `<key>_high`)."""
    agreements: pd.DataFrame
    """A row per rule and agreement: AGREEMENT, the least willing with its share of worlds, and `adopted_change`, the
    share of worlds more than under the own rule, with its 95 % half-width `adopted_change_error`."""
    off: tuple[str, ...]
    """Mechanisms that are switched off and whose figures are therefore NaN, or not among the outcomes."""
    left_out: pd.DataFrame
    """A row per rule, agreement and participant: share of the worlds that adopt it in which it is not bound."""


@dataclass(frozen=True)
class _Trial:
    """One rule: its record, and who takes part in and who is bound by each agreement at the end."""

    block: Block
    part: Bools
    """Shape (world, agreement, state)."""
    bound: Bools
    """Shape (world, agreement, state)."""


def rules_of(scenario: Scenario) -> dict[str, Rule]:
    """Every rule, as its manual's example writes it; the scenario's own as the scenario has it.

    A rule that names states which the scenario does not simulate is left out.
    """
    variants: dict[str, Rule] = {}
    for key in keys("rules"):
        rule = find("rules", key).model_validate(example("rules", key)[1])
        assert isinstance(rule, Rule)  # find() promises it; this is for the type checker
        named = {iso for value in rule.model_dump().values() if isinstance(value, tuple) for iso in value}
        if key == scenario.decision_rule.key():
            rule = scenario.decision_rule
        elif named - set(scenario.states):
            continue
        variants[key] = rule
    return variants


def side_by_side(
    scenario: Scenario,
    case: Case,
    outcomes: Sequence[str],
    *,
    worlds: int = 200,
    progress: Progress | None = None,
    **how: Any,
) -> UnderRules:
    """The scenario under every rule, on the same worlds.

    Args:
        scenario: Needs at least one agreement that the council decides.
        case: Tables and ledger.
        outcomes: Keys of metrics with one value a world; the cost comes with them.
        worlds: Worlds under each rule.
        progress: Called with worlds done and wanted.
        how: Seed, replicates, fixed_parameters, for `build_model`.

    Raises:
        ScenarioError: The council has nothing to decide.
    """
    council = [p.label for p in scenario.policies if p.decided_by == "council" and p.intensity > 0.0]
    if not council:
        raise ScenarioError(
            Problem(
                "the council decides nothing here", "use a scenario with policies `decided_by: council`", scenario.name
            )
        )
    chosen, own, end = rules_of(scenario), scenario.decision_rule.key(), scenario.horizon.end
    quiet = silent(scenario)
    still = silent_metrics(outcomes, quiet)
    wanted, trials = list(dict.fromkeys([*(one for one in outcomes if one not in still), COST])), {}
    for number, (key, rule) in enumerate(chosen.items()):
        variant = scenario.model_copy(update={"decision_rule": rule})
        with simulated(variant, years=[end], metrics=wanted, case=case, worlds=range(worlds), **how) as (model, block):
            trials[key] = _Trial(block, *_bound(model))
        if progress is not None:
            progress((number + 1) * worlds, len(chosen) * worlds)
    agreements = pd.DataFrame(
        [
            {"rule": key, "agreement": label, **_agreement(trial, trials[own], label)}
            for key, trial in trials.items()
            for label in council
        ]
    )
    rows = [_rule(key, trial.block, agreements[agreements["rule"] == key], wanted) for key, trial in trials.items()]
    missing = [row for key, trial in trials.items() for label in council for row in _left_out(key, trial, label)]
    columns = ["rule", "agreement", "iso3", "left_out"]
    table = pd.DataFrame(rows)
    off = {quiet[name] for name in _hush(agreements, table, quiet)} | set(still.values())
    return UnderRules(own, table, agreements, tuple(sorted(off)), pd.DataFrame(missing, columns=columns))


def _hush(agreements: pd.DataFrame, table: pd.DataFrame, quiet: Mapping[str, str]) -> list[str]:
    """Make NaN of columns that no mechanism moves; the variables of those columns."""
    names = [name for name in (*AGREEMENT, "cost") if name in quiet]
    for name in names:
        column = COST if name == "cost" else name
        for frame in (agreements, table):
            own = [str(one) for one in frame if one == column or str(one).startswith(f"{column}_")]
            frame[own] = float("nan")
    return names


def _bound(model: CooperationModel) -> tuple[Bools, Bools]:
    """Who takes part in each agreement in the last year, and who is bound by it, shape (world, agreement, state)."""
    part = np.stack([model.year.participants(policy) > 0.0 for policy in model.agreements], axis=1)
    return part, model.state.adopted > 0.0


def _rule(key: str, block: Block, agreements: pd.DataFrame, outcomes: Sequence[str]) -> dict[str, Any]:
    """A rule: means over its agreements, where they have a value, and outcomes over worlds."""
    row: dict[str, Any] = {"rule": key, **{name: float(agreements[name].mean()) for name in AGREEMENT}}
    for outcome in outcomes:
        last = block.metrics[outcome][:, -1]
        low, high = np.nanquantile(last, [0.05, 0.95])
        row |= {outcome: float(np.nanmean(last)), f"{outcome}_low": float(low), f"{outcome}_high": float(high)}
    return row


def _agreement(trial: _Trial, reference: _Trial, label: str) -> dict[str, Any]:
    """What became of one agreement, over worlds, and against the scenario's own rule on the same worlds.

    `diluted` is over the worlds that adopt it under both rules, since a rule that adopts more adopts harder texts.
    """
    block = trial.block
    index = block.agreement_names.index(label)
    column: dict[str, Array] = {name: values[:, index] for name, values in block.agreements.items()}
    before = {name: values[:, index] for name, values in reference.block.agreements.items()}
    adopted, earlier = ~np.isnan(column["adopted_year"]), ~np.isnan(before["adopted_year"])
    change = paired(earlier.astype(float), adopted.astype(float), block.settings)
    both = adopted & earlier
    least = column["hold_out"][column["hold_out"] >= 0.0].astype(int)
    count = np.bincount(least, minlength=len(block.state_codes))
    part, bound = trial.part[adopted, index], trial.bound[adopted, index]
    return {
        "adopted": float(adopted.mean()),
        "adopted_change": change.difference,
        "adopted_change_error": 1.96 * change.mean_se,
        "ambition": _mean(column["ambition"][adopted]),
        "diluted": _mean((before["ambition"] - column["ambition"])[both]),
        "delay": float(column["tabled_years"].mean()),
        "delivered": float(column["delivered"].mean()),
        "left_out": _mean((part & ~bound).sum(axis=1) / np.maximum(part.sum(axis=1), 1)),
        "lost_to_veto": float(column["lost_to_veto"].mean()),
        "lost_to_delivery": float(column["lost_to_delivery"].mean()),
        "hold_out": block.state_codes[int(count.argmax())] if count.any() else "",
        "hold_out_share": float(count.max() / len(adopted)) if count.any() else float("nan"),
    }


def _mean(values: Array) -> float:
    """Mean, NaN of nothing, shape of the values (world,)."""
    return float(values.mean()) if len(values) else float("nan")


def _left_out(rule: str, trial: _Trial, label: str) -> list[dict[str, Any]]:
    """Participants that are not bound by an agreement in some of the worlds that adopt it, the most often first."""
    index = trial.block.agreement_names.index(label)
    adopted = trial.bound[:, index].any(axis=1)
    if not adopted.any():
        return []
    part = trial.part[adopted, index]
    without = part & ~trial.bound[adopted, index]
    shares = without.sum(axis=0) / np.maximum(part.sum(axis=0), 1)
    return [
        {"rule": rule, "agreement": label, "iso3": trial.block.state_codes[row], "left_out": float(shares[row])}
        for row in np.argsort(-shares, kind="stable")
        if shares[row] > 0.0
    ]
