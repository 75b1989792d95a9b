"""Which conclusions change sign from world to world, and which judgement of the ledger they hang on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sco_sim.case.drawn import of_simulated
from sco_sim.components.deciders.stakes import BY_STAKES
from sco_sim.components.registry import find, keys
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.statistics import common

if TYPE_CHECKING:
    from sco_sim.studies.comparison.compare import Comparison

COLUMNS = ("scenario", "outcome", "year", "other_sign", "parameter", "kind", "rank_correlation")
FRAGILE = 0.05
"""Share of settings with the other sign from which on a conclusion counts as fragile."""
SHUFFLES, LEVEL = 999, 0.05
"""Shuffles of the settings, and the chance of naming a parameter where none has any effect."""


def fragile(comparison: Comparison) -> pd.DataFrame:
    """One row per scenario and outcome of the last year whose difference changes sign between draws of the ledger.

    `other_sign` is the share of settings (draws of the parameters) whose mean over replicates has the sign opposite to
    that of the whole, by the parameters or by chance; `parameter` is the judgement entry with the largest rank
    correlation with the difference, so what the sign hangs on most, if it stands out of what chance makes of the
    largest of them all (5 %). Empty for an unpaired comparison, and for fixed parameters, which have no ranges.
    """
    rows: list[dict[str, object]] = []
    for run, year, differing in _differing(comparison):
        draws, kinds = _judgements(run)
        ranks = JudgementRanks(draws)
        for outcome, means, other in differing:
            name, correlation = ranks.strongest(means)
            row = {"scenario": run.manifest["name"], "outcome": outcome, "year": year, "other_sign": other}
            rows.append({**row, "parameter": name, "kind": kinds.get(name, ""), "rank_correlation": correlation})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def fragile_signs(comparison: Comparison) -> int:
    """How many rows `fragile` has, without looking for what they depend on."""
    return sum(len(list(differing)) for _, _, differing in _differing(comparison))


def _differing(
    comparison: Comparison,
) -> Iterator[tuple[StoredRun, int, Iterator[tuple[str, pd.Series[float], float]]]]:
    """Each run, the last year, and the outcomes whose difference changes sign: means by setting, share of the other."""
    if not comparison.paired or comparison.runs[0].manifest["fixed_parameters"]:
        return
    reference, *others = comparison.runs
    year = int(comparison.table["year"].max())
    outcomes = [str(outcome) for outcome in comparison.table["outcome"].unique()]
    base = reference.metrics(years=[year]).set_index("world")
    for run in others:
        frame = run.metrics(years=[year]).set_index("world")
        yield run, year, _changing(run, base, frame, outcomes)


def _changing(
    run: StoredRun, base: pd.DataFrame, frame: pd.DataFrame, outcomes: Sequence[str]
) -> Iterator[tuple[str, pd.Series[float], float]]:
    worlds = common([base.index.to_numpy(), frame.index.to_numpy()])
    settings = run.numbering.setting(worlds)
    differences = frame.loc[worlds, outcomes] - base.loc[worlds, outcomes]
    by_setting = differences.groupby(settings).mean()
    for outcome in outcomes:
        means = by_setting[outcome]
        other = float((np.sign(means) == -np.sign(means.mean())).mean()) if means.mean() else 0.0
        if other >= FRAGILE:
            yield outcome, means, other


def _judgements(run: StoredRun) -> tuple[pd.DataFrame, dict[str, str]]:
    """The draws by setting of the judgement entries its components use, and the kind of every entry in force."""
    scenario = run.scenario
    mechanisms = (find("mechanisms", key) for key in keys("mechanisms"))
    used = {name for mechanism in mechanisms for name in mechanism.parameters}
    deciders = (BY_STAKES, *scenario.decides.values())
    used |= {name for one in (*scenario.policies, *scenario.events, *deciders) for name in one.used()}
    kinds = {str(entry["parameter"]): str(entry["kind"]) for entry in run.manifest["parameters"]}
    draws = run.settings().set_index("setting")
    stems = ("council.", *(name.removesuffix("*") for name in used if name.endswith(".*")))
    judged = [name for name in map(str, draws) if kinds.get(name) == "judgement"]
    chosen = [name for name in of_simulated(judged, scenario.states) if name in used or name.startswith(stems)]
    return draws[chosen], kinds


class JudgementRanks:
    """The draws of the judgements by rank, which many outcomes are held against."""

    def __init__(self, draws: pd.DataFrame) -> None:
        """Take the draws by setting, a column a judgement; ranks are made when they are asked for."""
        self.draws = draws
        self.ranked: tuple[pd.Index[int] | None, list[str], Array] = (None, [], np.empty((0, 0)))

    def strongest(self, means: pd.Series[float]) -> tuple[str, float]:
        """The judgement most strongly rank-correlated with the means, and how strongly; "" if none is beyond chance.

        The largest correlation is set against the largest of all columns where the settings are shuffled, so that many
        columns do not make one stand out: the maximum of Westfall and Young (1993), at 5 %.
        """
        ranks = _standardised(np.asarray(means.rank(), dtype=np.float64)[:, None])
        names, columns = self._of(means.index)
        if not names or not ranks.any():
            return "", float("nan")
        correlations = (columns.T @ ranks)[:, 0]
        largest = np.abs(columns.T @ ranks[:, 0][_shuffles(len(ranks))]).max(axis=0)
        best = int(np.abs(correlations).argmax())
        if (1 + (largest >= abs(correlations[best])).sum()) / (1 + SHUFFLES) > LEVEL:
            return "", float("nan")
        return names[best], float(correlations[best])

    def _of(self, settings: pd.Index[int]) -> tuple[list[str], Array]:
        """Names and standardised ranks, shape (setting, column), of the judgements that differ between settings."""
        if self.ranked[0] is None or not self.ranked[0].equals(settings):
            values = self.draws.loc[settings].astype(float).rank()
            values = values.loc[:, values.nunique() > 1]
            self.ranked = (settings, [str(name) for name in values], _standardised(values.to_numpy(dtype=float)))
        return self.ranked[1:]


@cache
def _shuffles(settings: int) -> Ints:
    """Orders of so many settings, shape (setting, shuffle): the same for every outcome."""
    generator = np.random.default_rng(1)
    return np.stack([generator.permutation(settings) for _ in range(SHUFFLES)], axis=1)


def _standardised(columns: Array) -> Array:
    """Columns with mean 0 and length 1, zeros where all values are the same; the same shape (setting, column)."""
    centred = columns - columns.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    out: Array = np.divide(centred, length, out=np.zeros_like(centred), where=length > 0.0)
    return out
