"""How much of an outcome's level is parameters and how much chance: variance components over settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sco_sim.state import Array
from sco_sim.ties import Ints

if TYPE_CHECKING:
    from sco_sim.store import StoredRun


def one_way(values: Array, groups: Ints) -> tuple[Array, Array]:
    """Variance between and within groups, from the mean squares of the one-way random-effects model.

    With a groups of n_i values, N in all, and n_0 = (N - sum n_i^2 / N) / (a - 1):
    within = MSW, between = (MSB - MSW) / n_0 (Searle, Casella and McCulloch 1992, chapter 3). A negative
    estimate of the variance between groups is clipped at 0: chance alone accounts for what is seen. NaN with
    fewer than two groups, if no group has two values, and in columns that hold a NaN.

    Args:
        values: Shape (world, column).
        groups: Number of the group of each world, shape (world,).

    Returns:
        Between and within, each of shape (column,).
    """
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    total, number = len(values), len(sizes)
    nothing = np.full(values.shape[1:], np.nan)
    if number < 2 or total == number:
        return nothing, nothing.copy()
    sums = np.zeros((number, *values.shape[1:]))
    np.add.at(sums, group, values)
    means = sums / sizes[:, None]
    within = ((values - means[group]) ** 2).sum(axis=0) / (total - number)
    spread = (sizes[:, None] * (means - values.mean(axis=0)) ** 2).sum(axis=0) / (number - 1)
    size = (total - (sizes**2).sum() / total) / (number - 1)
    return np.maximum((spread - within) / size, 0.0), within


def components(run: StoredRun, years: Sequence[int] | None = None) -> pd.DataFrame:
    """Variance components of each metric and year over the worlds of a run.

    Returns:
        A frame with metric, year, parameters (variance between settings, clipped at 0) and chance (variance
        within settings), both in squared units of the metric, and parameter_share (NaN where both are 0).
    """
    frame = run.metrics(years)
    setting = frame["world"].to_numpy() // run.manifest["replicates"]
    keys = [str(name) for name in frame.columns if name not in ("world", "year")]
    rows = []
    for year in np.unique(frame["year"].to_numpy()):
        now = frame["year"].to_numpy() == year
        between, within = one_way(frame.loc[now, keys].to_numpy(dtype=float), setting[now])
        both = between + within
        share = np.divide(between, both, out=np.full(len(keys), np.nan), where=both > 0)
        rows.append(
            pd.DataFrame(
                {
                    "metric": keys,
                    "year": year,
                    "parameters": between,
                    "chance": within,
                    "parameter_share": share,
                }
            )
        )
    return pd.concat(rows, ignore_index=True).sort_values(["metric", "year"], ignore_index=True)
