"""Which mix of a scenario's policies does best under a budget, and how sure is that?

Every mix of intensities that the budget allows is simulated under every decision rule on the same worlds, so mixes are
compared world by world. The reference is the scenario without any policy, which is the same under every rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.components.registry import metric
from sco_sim.components.rule import Rule
from sco_sim.engine.build import plan, simulate
from sco_sim.engine.numbering import settings_of
from sco_sim.engine.record import Progress
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.numerics.arrays import Array
from sco_sim.runs.pool import choose_workers
from sco_sim.runs.workers import calls, pool
from sco_sim.scenario.schema import EVIDENCE, Scenario
from sco_sim.studies.best_mix import ALL_RULES, judged
from sco_sim.studies.council.rules import rules_of
from sco_sim.studies.statistics import HIGH, LOW
from sco_sim.studies.wording import believed, change_of, decimals, percent, scale, signed

OUTCOMES = ("trade_total_busd", "conflict_share_observed_mean")
COST, NOTHING = "cost_musd", "nothing"
MOST = 5000
"""Mixes times rules at most; more is a sweep, not a choice."""
BATCH = 128
STATE = "gain"
"""The outcome of states by which winners and losers are named."""
WINNERS = ("rule", "mix", "iso3", "outcome", "difference", "low_05", "high_95")


TABLES = {"portfolio.csv": "table", "winners.csv": "winners"}
"""File to the table that it holds."""


@dataclass(frozen=True)
class Mix:
    """Intensities of the policies, and what they would cost in full, million USD of 2015."""

    intensities: dict[str, float]
    planned_musd: float

    @property
    def name(self) -> str:
        """Its policies joined by plus signs, with the intensity where it is not 1."""
        shown = [
            label if level == 1.0 else f"{label} {level:g}" for label, level in self.intensities.items() if level > 0.0
        ]
        return " + ".join(shown) or NOTHING


@dataclass(frozen=True)
class Portfolio:
    """What came of every mix under every rule: tables by mix and by state."""

    mixes: tuple[Mix, ...]
    rules: tuple[str, ...]
    outcomes: tuple[str, ...]
    year: int
    worlds: int
    table: pd.DataFrame
    """Columns `best_mix.COLUMNS`; a row per rule (and `all`), mix and outcome."""
    winners: pd.DataFrame
    """Columns WINNERS; a row per rule (and `all`), mix of some front, and state."""
    view: str = EVIDENCE
    """View of the ledger that it was simulated under."""

    @property
    def shown(self) -> str:
        """The rule that is shown: all of them together, or the only one."""
        return ALL_RULES if len(self.rules) > 1 else self.rules[0]


def mixes(costs: dict[str, dict[float, float]], budget: float) -> tuple[Mix, ...]:
    """Every combination of intensities that costs no more than the budget, the empty one first.

    Args:
        costs: Policy to intensity to planned cost, million USD of 2015, without the intensity 0.
        budget: Million USD of 2015; infinity for none.
    """
    choices = [
        [(label, 0.0, 0.0), *((label, level, cost) for level, cost in by.items())] for label, by in costs.items()
    ]
    within = []
    for chosen in product(*choices):
        cost = sum(part[2] for part in chosen)
        if cost <= budget:
            within.append(Mix({label: level for label, level, _ in chosen}, cost))
    return tuple(within)


def planned_costs(scenario: Scenario, case: Case, levels: Sequence[float]) -> dict[str, dict[float, float]]:
    """Planned cost of each policy at each level of its intensity; a level multiplies what the scenario says."""
    labels = [policy.label for policy in scenario.policies if policy.intensity > 0.0]
    at = {level: plan(variant(scenario, dict.fromkeys(labels, level)), case) for level in levels if level > 0.0}
    return {label: {level: cost[label] for level, cost in at.items()} for label in labels}


def variant(scenario: Scenario, intensities: dict[str, float], rule: Rule | None = None) -> Scenario:
    """The scenario with its policies at these shares of their intensity, and another rule if given; no budget."""
    kept = tuple(
        policy.model_copy(update={"intensity": policy.intensity * intensities[policy.label]})
        for policy in scenario.policies
        if intensities.get(policy.label, 0.0) > 0.0
    )
    changes: dict[str, Any] = {"policies": kept, "budget": None}
    return scenario.model_copy(update=changes | ({} if rule is None else {"decision_rule": rule}))


def portfolio(
    scenario: Scenario,
    case: Case,
    *,
    budget: float | None = None,
    outcomes: Sequence[str] = OUTCOMES,
    levels: Sequence[float] = (1.0,),
    every_rule: bool = True,
    worlds: int = 200,
    replicates: int = 1,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Portfolio:
    """Simulate every mix under every rule and judge them.

    Args:
        scenario: Its policies are the menu.
        case: Tables and ledger.
        budget: Million USD of 2015 over the horizon; the scenario's if left out, none if it has none.
        outcomes: At least two outcomes of the whole that have a better side.
        levels: Shares of a policy's intensity that it can be funded at.
        every_rule: Under all decision rules, else under the scenario's only.
        worlds: Worlds of each mix and rule.
        replicates: Worlds that share one draw of parameters.
        seed: Seed of all random streams.
        workers: Processes, chosen by the amount of work if left out; the results do not depend on it.
        progress: Called with worlds done and wanted.

    Raises:
        ScenarioError: No policy to choose from, unfit outcomes, or too many mixes.
    """
    limit = budget if budget is not None else scenario.budget.total_musd if scenario.budget is not None else np.inf
    _check(scenario, outcomes)
    chosen = mixes(planned_costs(scenario, case, levels), limit)
    rules = rules_of(scenario) if every_rule else {scenario.decision_rule.key(): scenario.decision_rule}
    if len(chosen) * len(rules) > MOST:
        raise ScenarioError(
            Problem(
                f"{counted(len(chosen), 'mix', 'mixes')} under {counted(len(rules), 'rule')} are more than {MOST:,}",
                "drop policies with `without`, take fewer --levels, a smaller --budget, or --own-rule",
                scenario.name,
            )
        )
    keys, how = (*dict.fromkeys(outcomes), COST), {"replicates": replicates, "seed": seed}
    empty = variant(scenario, {})
    tasks = [(empty, keys)] + [
        (variant(scenario, mix.intensities, rule), keys)
        for rule in rules.values()
        for mix in chosen
        if mix.planned_musd or any(mix.intensities.values())
    ]
    simulated = _simulated(tasks, case, worlds, how, workers, progress)
    settings = settings_of(range(worlds), replicates)
    values, gains = _stacked(simulated, chosen, len(rules), keys)
    names = tuple(rules)
    table = judged(values, [mix.name for mix in chosen], [mix.planned_musd for mix in chosen], names, keys, settings)
    winners = _winners(gains, table, [mix.name for mix in chosen], names, scenario.states)
    return Portfolio(chosen, names, tuple(outcomes), scenario.horizon.end, worlds, table, winners, scenario.view)


def _simulated(
    tasks: Sequence[tuple[Scenario, tuple[str, ...]]], case: Case, worlds: int, how: dict[str, Any],
    workers: int | None, progress: Progress | None,
) -> list[tuple[Array, Array]]:  # fmt: skip
    """Outcomes (world, outcome) and gains (world, state) in the last year of every task, in order."""
    finished: dict[int, tuple[Array, Array]] = {}

    def keep(task: int, result: tuple[Array, Array]) -> None:
        finished[task] = result
        if progress is not None:
            progress(len(finished) * worlds, len(tasks) * worlds)

    horizon = tasks[0][0].horizon
    with pool(choose_workers(workers, len(tasks) * worlds, horizon.end - horizon.start)) as where:
        if where is None:
            for task, (one, keys) in enumerate(tasks):
                keep(task, last_year(one, keys, case, worlds, how))
        else:
            work = (
                (task, one.resolved(), keys, str(case.folder), worlds, how) for task, (one, keys) in enumerate(tasks)
            )
            for task, result in calls(where, _resolved, work):
                keep(task, result)
    return [finished[task] for task in range(len(tasks))]


def _resolved(
    task: int, scenario: dict[str, Any], keys: tuple[str, ...], folder: str, worlds: int, how: dict[str, Any]
) -> tuple[int, tuple[Array, Array]]:
    """The index of a task and its results in another process, from what can travel."""
    from sco_sim.store.manifest import tables

    return task, last_year(Scenario.from_resolved(scenario, allow_code=True), keys, tables(folder, ""), worlds, how)


def last_year(
    scenario: Scenario, keys: Sequence[str], case: Case, worlds: int, how: dict[str, Any]
) -> tuple[Array, Array]:
    """Outcomes (world, outcome) and the gain of each state (world, state) in the last year."""
    outcomes, gains = [], []
    for first in range(0, worlds, BATCH):
        block = simulate(scenario, case=case, worlds=range(first, min(first + BATCH, worlds)), **how)
        outcomes.append(np.stack([block.metrics[key][:, -1] for key in keys], axis=1))
        gains.append(block.states[STATE][:, -1])
    return np.concatenate(outcomes), np.concatenate(gains)


def _stacked(
    finished: Sequence[tuple[Array, Array]], chosen: Sequence[Mix], rules: int, keys: Sequence[str]
) -> tuple[Array, Array]:
    """(rule, mix, world, outcome) and (rule, mix, world, state), doing nothing included under every rule."""
    nothing, rest = finished[0], iter(finished[1:])
    per_rule = [[nothing if mix.name == NOTHING else next(rest) for mix in chosen] for _ in range(rules)]
    values = np.array([[one[0] for one in row] for row in per_rule])
    for column, key in enumerate(keys):
        missing = int(np.isnan(values[..., column]).sum())
        if missing:
            raise ScenarioError(Problem(f"{key} has no value in {missing} worlds", "choose another --outcome"))
    return values, np.array([[one[1] for one in row] for row in per_rule])


def _winners(
    gains: Array, table: pd.DataFrame, names: Sequence[str], rules: Sequence[str], states: Sequence[str]
) -> pd.DataFrame:
    """What the mixes of the front bring each state against doing nothing."""
    rows = []
    codes = sorted(states)
    for rule in dict.fromkeys(table["rule"]):
        block = np.concatenate(list(gains), axis=1) if rule == ALL_RULES else gains[list(rules).index(rule)]
        front = set(table.loc[(table["rule"] == rule) & table["front"], "mix"])
        for column, name in enumerate(names):
            if name not in front or name == NOTHING:
                continue
            moved = block[column] - block[0]
            low, high = np.quantile(moved, [LOW, HIGH], axis=0)
            order = np.argsort(-moved.mean(axis=0), kind="stable")
            rows += [(rule, name, codes[s], STATE, moved[:, s].mean(), low[s], high[s]) for s in order]
    return pd.DataFrame(rows, columns=list(WINNERS))


def _check(scenario: Scenario, outcomes: Sequence[str]) -> None:
    if not any(policy.intensity > 0.0 for policy in scenario.policies):
        raise ScenarioError(
            Problem("there is no policy to choose from", "use a scenario with `policies`", scenario.name)
        )
    unfit = [key for key in outcomes if metric(key).axis != "world" or metric(key).better == "none"]
    if unfit or len(set(outcomes)) < 2 or COST in outcomes:
        wrong = f"{unfit[0]} is no outcome of the whole with a better side" if unfit else "name two outcomes at least"
        raise ScenarioError(Problem(wrong, f"for instance --outcome {' --outcome '.join(OUTCOMES)}", "--outcome"))


def heading(result: Portfolio, rule: str, scenario: str = "") -> str:
    """What the mixes under a rule are about; of whose policies, where the title of the scenario is given."""
    rules = (
        f"over {counted(len(result.rules), 'decision rule')}"
        if rule == ALL_RULES
        else f"under {rule.replace('_', ' ')}"
    )
    first = f"{scenario}: mixes" if scenario else "Mixes"
    return believed(f"{first} of policies against doing nothing in {result.year}, means {rules}", result.view)


def verdict(result: Portfolio, outcome: str, rule: str) -> str:
    """One sentence on which mix does best for an outcome under a rule, honest where they are not distinguishable."""
    rows = result.table[(result.table["rule"] == rule) & (result.table["outcome"] == outcome)]
    leader = rows[rows["leads"]].iloc[0]
    title, tied = metric(outcome).title, rows[rows["tied"] & ~rows["leads"]]
    if len(tied) == len(rows) - 1:
        said = "no mix is distinguishable from any other, nor from doing nothing"
        return f"{title}: {said}: there is no difference, or it takes more worlds to see it."
    idle = leader["mix"] == NOTHING
    said = f"{title}: {'doing nothing' if idle else leader['mix']} does best on average"
    if not leader["tied"]:
        said += f" in half of the worlds, but over all of them {tied.iloc[0]['mix']} does surely better"
    elif len(tied) == 0:
        said += ", and it is distinguishable from all others"
    elif (tied["mix"] == NOTHING).any():
        more = f", nor from {_others(len(tied) - 1)}" if len(tied) > 1 else ""
        said += f", but it is not distinguishable from doing nothing{more}"
    else:
        cheap = tied.nsmallest(1, "planned_musd").iloc[0]
        said += f", but it is not distinguishable from {_others(len(tied))}"
        if cheap["planned_musd"] < leader["planned_musd"]:
            said += f", the cheapest {cheap['mix']} ({cheap['planned_musd']:,.0f} million USD)"
    return f"{said}." if idle else f"{said}; {_gain(leader)}."


def _gain(leader: pd.Series) -> str:
    """What the leader gains over doing nothing in the worlds that it was not chosen in."""
    if np.isnan(leader["held_out"]):
        return "too few worlds to say by how much"
    factor, unit = scale(leader["unit"])
    low, high = factor * leader["held_out_low"], factor * leader["held_out_high"]
    digits = decimals(max(abs(low), abs(high)))
    return (
        f"in the half of the worlds that it was not chosen in, {change_of(factor * leader['held_out'], digits)} "
        f"{unit or leader['unit']} against doing nothing (95 %: {signed(low, digits)} to {signed(high, digits)}), and "
        f"better in {percent(leader['held_out_better'])} of them"
    )


def _others(count: int) -> str:
    return counted(count, "other mix", "other mixes")
