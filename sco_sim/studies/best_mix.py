"""Which of several mixes does best: those that may be the best, and what the leader gains where it was not chosen.

The mix with the best mean of many owes part of it to chance. So a leader is chosen in a random half of the settings
and its gain is estimated in the other (data splitting, Cox 1975). Taking turns over ten parts instead covers 73 to
91 % where it should cover 95 %, since the parts share what they choose by. The mixes that may be the best are those
whose confidence set of ranks holds the first (Mogstad et al. 2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.components.registry import metric
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.studies.statistics import HIGH, chance_better, halves, mean_interval, paired, ranks, standard_error

ALL_RULES = "all"
SEED = 1
"""Of the half of the settings that leaders are chosen in."""
COLUMNS = (
    "rule", "mix", "planned_musd", "spent_musd", "outcome", "unit", "better", "difference", "low_05", "high_95",
    "mean_se", "low_05_se", "high_95_se", "chance_better", "chance_better_se", "per_bn", "regret_mean", "regret_95",
    "chance_best", "leads", "held_out", "held_out_low", "held_out_high", "held_out_better", "tied", "best_rank",
    "worst_rank", "front",
)  # fmt: skip
NOT_KNOWN = dict.fromkeys(("held_out", "held_out_low", "held_out_high", "held_out_better"), float("nan"))


def judged(
    values: Array, names: Sequence[str], planned: Sequence[float], rules: Sequence[str], keys: Sequence[str],
    settings: Ints,
) -> pd.DataFrame:  # fmt: skip
    """The table of a portfolio from numbers alone.

    Regret is what a mix lets go of in a world: the best that any mix does there under that rule, less its own; it is
    measured against hindsight, so it grows with the number of mixes. A mix leads if its mean is best in a random half
    of the settings; what it gains is that of the other half (`held_out`). It is tied if it may be the best over all
    worlds: no mix surely has a better mean (95 % for all pairs together). The front holds the mixes than which none is
    better in all outcomes on average.
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
    first = halves(settings, np.random.default_rng([SEED, 1]))
    if not first.any():
        first = ~first
    leader = int(good[:, first].mean(axis=1).argmax())
    best_rank, worst_rank = ranks(good.T, settings)
    rows = []
    for mix, mine in enumerate(good):
        effect = paired(block[0], block[mix], settings, measure.better)._asdict()
        figures = {name: effect[name] for name in COLUMNS if name in effect}
        regret = best - mine
        gain = _held_out((block[mix] - block[0])[~first], settings[~first], measure.better)
        rows.append(
            {"unit": measure.unit, "better": measure.better, **figures,
             "regret_mean": float(regret.mean()), "regret_95": float(np.quantile(regret, HIGH)),
             "chance_best": float((wins[mix] / wins.sum(axis=0)).mean()), "leads": mix == leader,
             "best_rank": int(best_rank[mix]), "worst_rank": int(worst_rank[mix]), "tied": bool(best_rank[mix] == 1),
             **(gain if mix == leader else NOT_KNOWN)}
        )  # fmt: skip
    return rows


def _held_out(moved: Array, settings: Ints, better: str) -> dict[str, float]:
    """Mean of the leader's paired differences with its 95 % interval, and the share that is better."""
    if len(np.unique(settings)) < 2:
        return NOT_KNOWN
    mean = float(moved.mean())
    low, high = mean_interval(mean, standard_error(moved, settings), settings)
    return dict(zip(NOT_KNOWN, (mean, low, high, chance_better(moved, better)), strict=True))


def _front(means: Array, better: Sequence[str]) -> Array:
    """Which mixes no other beats in one outcome without losing in another, shape (mix,); means (mix, outcome)."""
    good = means * np.array([1.0 if side == "higher" else -1.0 for side in better])
    beaten = [bool(((good >= mine).all(axis=1) & (good > mine).any(axis=1)).any()) for mine in good]
    return ~np.array(beaten)
