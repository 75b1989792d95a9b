"""The same agenda under every decision rule, and one comparison under every rival view."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, get_args

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.components.base import Rule, find, keys
from sco_sim.engine.build import simulate
from sco_sim.engine.record import Block
from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.schema import Rivals, Scenario
from sco_sim.studies.comparison.tables import metric
from sco_sim.studies.effects.effects import example
from sco_sim.studies.statistics import paired
from sco_sim.world.state import Array

Progress = Callable[[int, int], None]

#: Columns of the table of rules that tell of the agreements; all else are metrics.
AGREEMENT = ("adopted", "ambition", "delay", "delivered", "lost_to_veto", "lost_to_delivery")
#: Chance of a sign from which on a difference is called a finding.
CHANCE = 0.9


def rules_of(scenario: Scenario) -> dict[str, Rule]:
    """Every rule found, as its manual's example writes it; the scenario's own as the scenario has it.

    A rule that names states which the scenario does not simulate is left out.
    """
    found: dict[str, Rule] = {}
    for key in keys("rules"):
        rule = find("rules", key).model_validate(example("rules", key)[1])
        assert isinstance(rule, Rule)  # find() promises it; this tells the type checker
        named = {iso for value in rule.model_dump().values() if isinstance(value, tuple) for iso in value}
        if key == scenario.decision_rule.key():
            rule = scenario.decision_rule
        elif named - set(scenario.states):
            continue
        found[key] = rule
    return found


def side_by_side(
    scenario: Scenario,
    case: Case,
    outcomes: Sequence[str],
    *,
    worlds: int = 200,
    progress: Progress | None = None,
    **how: Any,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The scenario under every rule, on the same worlds.

    Args:
        scenario: Needs at least one agreement that the council decides.
        case: Tables and ledger.
        outcomes: Keys of metrics with one value a world.
        worlds: Worlds under each rule.
        progress: Called with worlds done and wanted.
        how: Seed, replicates, fixed_parameters, for `build_model`.

    Returns:
        One row per rule: the columns of AGREEMENT as means over worlds and agreements of the council, and each
        outcome in the last year with its 5-95 % interval (`<key>`, `<key>_low`, `<key>_high`); and one row per rule
        and agreement: adopted, delay, ambition where adopted, delivered, hold_out, hold_out_share.

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
    chosen = rules_of(scenario)
    rows, agreements = [], []
    for place, (key, rule) in enumerate(chosen.items()):
        block = _run(scenario.model_copy(update={"decision_rule": rule}), case, worlds, how)
        told = [_agreement(block, label) for label in council]
        agreements += [{"rule": key, "agreement": label, **record} for label, record in zip(council, told, strict=True)]
        row: dict[str, Any] = {"rule": key}
        row |= {name: float(np.mean([record[name] for record in told])) for name in AGREEMENT if name != "ambition"}
        row["ambition"] = (
            float(np.nanmean([np.nan, *(record["ambition"] for record in told)])) if row["adopted"] else np.nan
        )
        for outcome in outcomes:
            last = block.metrics[outcome][:, -1]
            low, high = np.nanquantile(last, [0.05, 0.95])
            row |= {outcome: float(np.nanmean(last)), f"{outcome}_low": float(low), f"{outcome}_high": float(high)}
        rows.append(row)
        if progress is not None:
            progress((place + 1) * worlds, len(chosen) * worlds)
    return pd.DataFrame(rows), pd.DataFrame(agreements)


def _run(scenario: Scenario, case: Case, worlds: int, how: dict[str, Any]) -> Block:
    return simulate(scenario, case=case, worlds=range(worlds), **how)


def _agreement(block: Block, label: str) -> dict[str, Any]:
    """What became of one agreement, over worlds."""
    place = block.agreement_names.index(label)
    column: dict[str, Array] = {name: values[:, place] for name, values in block.agreements.items()}
    adopted = ~np.isnan(column["adopted_year"])
    least = column["hold_out"][column["hold_out"] >= 0.0].astype(int)
    count = np.bincount(least, minlength=len(block.state_codes))
    return {
        "adopted": float(adopted.mean()),
        "delay": float(column["tabled_years"].mean()),
        "ambition": float(column["ambition"][adopted].mean()) if adopted.any() else float("nan"),
        "delivered": float(column["delivered"].mean()),
        "lost_to_veto": float(column["lost_to_veto"].mean()),
        "lost_to_delivery": float(column["lost_to_delivery"].mean()),
        "hold_out": block.state_codes[int(count.argmax())] if count.any() else "",
        "hold_out_share": float(count.max() / len(adopted)) if count.any() else float("nan"),
    }


def rival_views() -> list[Rivals]:
    """Every combination of the rival views."""
    names = list(Rivals.model_fields)
    choices = [get_args(Rivals.model_fields[name].annotation) for name in names]
    return [Rivals.model_validate(dict(zip(names, values, strict=True))) for values in product(*choices)]


def under_rivals(
    reference: Scenario,
    scenario: Scenario,
    case: Case,
    outcomes: Sequence[str],
    *,
    worlds: int = 200,
    progress: Progress | None = None,
    **how: Any,
) -> pd.DataFrame:
    """One comparison under every combination of rival views, in the last year that both have.

    Returns:
        One row per outcome and combination: outcome, contact, consensus, difference, low_05, high_95 and
        chance, the share of worlds with the sign of the mean difference (half of exact zeros counts).

    Raises:
        ScenarioError: The two have other states or another start, so no world can be paired.
    """
    if reference.states != scenario.states or reference.horizon.start != scenario.horizon.start:
        raise ScenarioError(
            Problem(
                f"{reference.name} and {scenario.name} have other states or another start",
                "worlds are paired: give both the same `states` and `horizon.start`",
            )
        )
    last = min(reference.horizon.end, scenario.horizon.end) - reference.horizon.start
    rows, views = [], rival_views()
    for place, view in enumerate(views):
        blocks = [_run(one.model_copy(update={"rivals": view}), case, worlds, how) for one in (reference, scenario)]
        for outcome in outcomes:
            before, after = (block.metrics[outcome][:, last] for block in blocks)
            found = paired(before, after, blocks[0].settings, metric(outcome).better)
            moved = np.sign(found.difference) * (after - before)
            known = moved[~np.isnan(moved)]
            chance = float((known > 0.0).mean() + 0.5 * (known == 0.0).mean()) if known.size else float("nan")
            rows.append(
                {"outcome": outcome, **view.model_dump(), "difference": found.difference, "low_05": found.low_05,
                 "high_95": found.high_95, "chance": chance}
            )  # fmt: skip
        if progress is not None:
            progress((place + 1) * worlds, len(views) * worlds)
    return pd.DataFrame(rows)


def survives(rows: pd.DataFrame) -> str:
    """What is left of one outcome over all rival views.

    `survives`: the same sign with a chance of at least 0.9 under each; `depends`: that sure under some only, or with
    both signs; `never sure`: under none; `no effect`: the same in every world.
    """
    moved = rows["difference"].to_numpy(dtype=float)
    if not (rows[["difference", "low_05", "high_95"]].to_numpy(dtype=float) != 0.0).any():
        return "no effect"
    sure = rows["chance"].to_numpy(dtype=float) >= CHANCE
    if sure.all() and (np.sign(moved) == np.sign(moved[0])).all():
        return "survives"
    return "depends" if sure.any() else "never sure"
