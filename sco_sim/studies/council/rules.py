"""The same agenda under every decision rule, and one comparison under every rival view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.components.registry import example, find, keys
from sco_sim.components.rule import Rule
from sco_sim.engine.build import simulate
from sco_sim.engine.record import Block, Progress
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario

RULES, RULE_AGREEMENTS = "rules.csv", "rule_agreements.csv"
"""Files of the two tables."""
AGREEMENT = ("adopted", "ambition", "delay", "delivered", "lost_to_veto", "lost_to_delivery")
"""Columns of the table of rules that are about the agreements; all else are metrics."""


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
    for number, (key, rule) in enumerate(chosen.items()):
        block = simulate(scenario.model_copy(update={"decision_rule": rule}), case=case, worlds=range(worlds), **how)
        records = [_agreement(block, label) for label in council]
        agreements += [
            {"rule": key, "agreement": label, **record} for label, record in zip(council, records, strict=True)
        ]
        row: dict[str, Any] = {"rule": key}
        row |= {name: float(np.mean([record[name] for record in records])) for name in AGREEMENT if name != "ambition"}
        row["ambition"] = (
            float(np.nanmean([np.nan, *(record["ambition"] for record in records)])) if row["adopted"] else np.nan
        )
        for outcome in outcomes:
            last = block.metrics[outcome][:, -1]
            low, high = np.nanquantile(last, [0.05, 0.95])
            row |= {outcome: float(np.nanmean(last)), f"{outcome}_low": float(low), f"{outcome}_high": float(high)}
        rows.append(row)
        if progress is not None:
            progress((number + 1) * worlds, len(chosen) * worlds)
    return pd.DataFrame(rows), pd.DataFrame(agreements)


def _agreement(block: Block, label: str) -> dict[str, Any]:
    """What became of one agreement, over worlds."""
    index = block.agreement_names.index(label)
    column: dict[str, Array] = {name: values[:, index] for name, values in block.agreements.items()}
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
