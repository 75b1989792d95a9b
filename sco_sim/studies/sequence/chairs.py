"""What the chair is worth: who sits in it when, and each state in it throughout, against nobody."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sco_sim.engine.council import comes_first, in_the_chair
from sco_sim.numerics.arrays import Array
from sco_sim.studies.sequence.orders import Orders
from sco_sim.studies.sequence.trials import Trials
from sco_sim.studies.statistics import mean_interval, standard_error

NOBODY = ""
"""In place of a code: nobody is in the chair."""


def rotations(orders: Orders) -> dict[str, tuple[str, ...]]:
    """The circle of chairs, turned so that each state sits when the first text is tabled; none without chairs."""
    scenario = orders.scenario
    if scenario.agenda is None or not scenario.agenda.chairs:
        return {}
    chairs = scenario.agenda.chairs
    index = orders.years[0] - scenario.horizon.start
    turned = [chairs[shift:] + chairs[:shift] for shift in range(len(chairs))]
    out: dict[str, tuple[str, ...]] = {}
    for circle in turned:
        out.setdefault(in_the_chair(scenario.agenda.model_copy(update={"chairs": circle}), index) or "", circle)
    return out


def chair_table(orders: Orders, trials: Trials) -> pd.DataFrame:
    """What each state in the chair makes of the scenario's own order, in all worlds.

    Returns:
        A row a state: chair, `first`, the texts that it puts first, and for each outcome `<key>_throughout`, the
        difference of it in the chair in every year to nobody in it, and `<key>_turn`, that of the circle turned so that
        it sits when the first text is tabled to the circle as the scenario has it; each with `_low` and `_high`, 95 %.
    """
    shipped = orders.shipped
    agenda = orders.scenario.agenda
    nobody = trials.everywhere(orders.scenario_of(shipped, ()))
    as_is = trials.everywhere(orders.scenario_of(shipped))
    policies = {policy.label: policy for policy in orders.scenario.policies}
    rows = []
    for chair, circle in rotations(orders).items():
        puts = [label for label in shipped if comes_first(agenda, chair, policies[label])]
        throughout = trials.everywhere(orders.scenario_of(shipped, (chair,))) - nobody
        turn = trials.everywhere(orders.scenario_of(shipped, circle)) - as_is
        rows.append(
            {"chair": chair, "first": " ".join(puts), **_means(throughout, trials, "throughout"),
             **_means(turn, trials, "turn")}
        )  # fmt: skip
    return pd.DataFrame(rows)


def _means(moved: Array, trials: Trials, name: str) -> dict[str, Any]:
    """Mean of each outcome with its 95 % interval, from (world, outcome)."""
    out: dict[str, Any] = {}
    for column, outcome in enumerate(trials.outcomes):
        values = moved[:, column]
        mean = float(values.mean())
        low, high = mean_interval(mean, standard_error(values, trials.settings), trials.settings)
        out |= {f"{outcome}_{name}": mean, f"{outcome}_{name}_low": low, f"{outcome}_{name}_high": high}
    return out
