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
from scipy.special import ndtri

from sco_sim.case.case import Case
from sco_sim.components.registry import metric
from sco_sim.components.rule import Rule
from sco_sim.engine.build import plan, simulate
from sco_sim.engine.numbering import settings_of
from sco_sim.engine.record import Progress
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.runs.pool import choose_workers
from sco_sim.runs.workers import calls, pool
from sco_sim.scenario.schema import EVIDENCE, Scenario
from sco_sim.studies.council.rules import rules_of
from sco_sim.studies.statistics import HIGH, LOW, paired, standard_error

OUTCOMES = ("trade_total_busd", "conflict_share_observed_mean")
COST, NOTHING, ALL_RULES = "cost_musd", "nothing", "all"
MOST = 5000
"""Mixes times rules at most; more is a sweep, not a choice."""
BATCH = 128
STATE = "gain"
"""The outcome of states by which winners and losers are named."""
COLUMNS = (
    "rule", "mix", "planned_musd", "spent_musd", "outcome", "unit", "better", "difference", "low_05", "high_95",
    "mean_se", "chance_better", "per_bn", "regret_mean", "regret_95", "chance_best", "leads", "tied", "front",
)  # fmt: skip
WINNERS = ("rule", "mix", "iso3", "outcome", "difference", "low_05", "high_95")


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
    """Columns COLUMNS; a row per rule (and `all`), mix and outcome."""
    winners: pd.DataFrame
    """Columns WINNERS; a row per rule (and `all`), mix of some front, and state."""
    view: str = EVIDENCE
    """View of the ledger that it was simulated under."""


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
                f"{len(chosen):,} mixes under {len(rules)} rules are more than {MOST:,}",
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


def judged(
    values: Array, names: Sequence[str], planned: Sequence[float], rules: Sequence[str], keys: Sequence[str],
    settings: Ints,
) -> pd.DataFrame:  # fmt: skip
    """The table of a portfolio from numbers alone.

    Regret is what a mix lets go of in a world: the best that any mix does there under that rule, less its own. A mix
    leads if its mean is best; it is tied if its mean is not distinguishable from the leader's on the same worlds at
    95 % over all mixes together (Bonferroni). The front holds the mixes than which none is better in all outcomes
    on average.
    Under `all`, a mix is judged over the worlds of every rule.

    Args:
        values: Shape (rule, mix, world, outcome); the last outcome is the cost, and mix 0 does nothing.
        names: Of the mixes.
        planned: Planned cost of the mixes, million USD of 2015.
        rules: Names of the rules.
        keys: Outcomes, the cost last.
        settings: Setting of each world, shape (world,).
    """
    count = values.shape[0]
    blocks = [(rule, values[number], settings) for number, rule in enumerate(rules)]
    if count > 1:  # a rule is not a draw: the worlds of a setting stay one cluster over all rules
        blocks.append((ALL_RULES, np.concatenate(list(values), axis=1), np.tile(settings, count)))
    rows: list[dict[str, Any]] = []
    for rule, block, clusters in blocks:
        front = _front(block[..., :-1].mean(axis=1), [metric(key).better for key in keys[:-1]])
        spent = block[..., -1].mean(axis=1)
        for number, key in enumerate(keys[:-1]):
            figures = _outcome(block[..., number], key, clusters)
            rows += [
                {"rule": rule, "mix": names[m], "planned_musd": planned[m], "spent_musd": spent[m], "outcome": key,
                 "per_bn": 1000.0 * figures[m]["difference"] / spent[m] if spent[m] > 0.0 else np.nan,
                 "front": bool(front[m]), **figures[m]}
                for m in range(len(names))
            ]  # fmt: skip
    return pd.DataFrame(rows)[list(COLUMNS)]


def _outcome(block: Array, key: str, settings: Ints) -> list[dict[str, Any]]:
    """One outcome of every mix, (mix, world): against doing nothing, against the best, against the leader."""
    measure = metric(key)
    good = block if measure.better == "higher" else -block
    best = good.max(axis=0)
    wins = good == best
    leader = int(good.mean(axis=1).argmax())
    strict = float(ndtri(1.0 - 0.025 / max(len(block) - 1, 1)))
    rows = []
    for mix, mine in enumerate(good):
        effect = paired(block[0], block[mix], settings, measure.better)
        behind = good[leader] - mine
        error = standard_error(behind, settings)
        regret = best - mine
        rows.append(
            {"unit": measure.unit, "better": measure.better, "difference": effect.difference, "low_05": effect.low_05,
             "high_95": effect.high_95, "mean_se": effect.mean_se, "chance_better": effect.chance_better,
             "regret_mean": float(regret.mean()), "regret_95": float(np.quantile(regret, HIGH)),
             "chance_best": float((wins[mix] / wins.sum(axis=0)).mean()), "leads": mix == leader,
             "tied": not bool(behind.mean() > strict * error)}
        )  # fmt: skip
    return rows


def _front(means: Array, better: Sequence[str]) -> Array:
    """Which mixes no other beats in one outcome without losing in another, shape (mix,); means (mix, outcome)."""
    good = means * np.array([1.0 if side == "higher" else -1.0 for side in better])
    beaten = [bool(((good >= mine).all(axis=1) & (good > mine).any(axis=1)).any()) for mine in good]
    return ~np.array(beaten)


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
    if len(tied) == 0:
        said += ", and it is distinguishable from all others"
    elif (tied["mix"] == NOTHING).any():
        more = f", nor from {_others(len(tied) - 1)}" if len(tied) > 1 else ""
        said += f", but it is not distinguishable from doing nothing{more}"
    else:
        cheap = tied.nsmallest(1, "planned_musd").iloc[0]
        said += f", but it is not distinguishable from {_others(len(tied))}"
        if cheap["planned_musd"] < leader["planned_musd"]:
            said += f", the cheapest {cheap['mix']} ({cheap['planned_musd']:,.0f} million USD)"
    if idle:
        return f"{said}."
    return f"{said}; it is better than doing nothing in {100 * leader['chance_better']:.0f} % of worlds."


def _others(count: int) -> str:
    return counted(count, "other mix", "other mixes")
