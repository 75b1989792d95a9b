"""Which findings survive every rival view of contact and consensus."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any, get_args

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.components.registry import metric
from sco_sim.engine.build import simulate
from sco_sim.engine.record import Progress
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.scenario.schema import Rivals, Scenario
from sco_sim.studies.statistics import paired, share_error, standard_error

CHANCE = 0.9
"""Chance of a sign from which on a difference is called a finding."""


DECIDED = frozenset(
    {"adopted", "adopted_year", "tabled_years", "delivered", "lost_to_veto", "lost_to_delivery", "cost", "community",
     "log_gdp", "log_volume", "member"}
)  # fmt: skip
"""State variables that say what was decided and paid, or restate it."""


def is_decided(outcome: str) -> bool:
    """Whether an outcome only says what was decided and paid, or restates it, so that its sign is not a finding."""
    return set(metric(outcome).reads) <= DECIDED


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
        chance, the share of worlds with the sign of the mean difference (half of exact zeros counts), and the
        standard errors chance_se, mean_se, low_05_se and high_95_se.

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
    for done, view in enumerate(views, start=1):
        both = (one.model_copy(update={"rivals": view}) for one in (reference, scenario))
        blocks = [simulate(one, case=case, worlds=range(worlds), **how) for one in both]
        for outcome in outcomes:
            before, after = (block.metrics[outcome][:, last] for block in blocks)
            effect = paired(before, after, blocks[0].settings, metric(outcome).better)
            moved = np.sign(effect.difference) * (after - before)
            known = moved[~np.isnan(moved)]
            chance, error = _share(0.5 * (1.0 + np.sign(known)), blocks[0].settings[~np.isnan(moved)])
            rows.append(
                {"outcome": outcome, **view.model_dump(), "difference": effect.difference, "low_05": effect.low_05,
                 "high_95": effect.high_95, "chance": chance, "chance_se": error,
                 **{name: getattr(effect, name) for name in ("mean_se", "low_05_se", "high_95_se")}}
            )  # fmt: skip
        if progress is not None:
            progress(done * worlds, len(views) * worlds)
    return pd.DataFrame(rows)


def _share(hits: Array, settings: Ints) -> tuple[float, float]:
    """A share and its standard error; NaN where there is no world."""
    if not hits.size:
        return float("nan"), float("nan")
    return float(hits.mean()), share_error(hits, lambda part: standard_error(part, settings))


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
