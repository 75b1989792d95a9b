"""Statistics of histories, the same for the record (one history, with gaps) and for simulated worlds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sco_sim.numerics.arrays import Array

History = Array
"""Logs of a quantity, (world, year, unit), NaN where it is not known."""
Statistic = Callable[[History], Array]
"""A history to one number a world, (world,); NaN where there is too little."""

FEWEST = 6
"""Fewest yearly changes for a correlation, and fewest changes in a class for its spread."""
LARGEST = 12
FALL = np.log(0.9)


def changes(x: History, years: int = 1) -> Array:
    """Changes over so many years, (world, year - years, unit)."""
    return x[:, years:] - x[:, :-years]


def total_changes(x: History, years: int = 1) -> Array:
    """Change of the log of the total over the units known at both ends, (world, year - years)."""
    both = np.isfinite(x[:, years:]) & np.isfinite(x[:, :-years])
    later, earlier = (np.where(both, np.exp(part), 0.0).sum(axis=2) for part in (x[:, years:], x[:, :-years]))
    out: Array = np.log(later) - np.log(earlier)
    return out


def total_change(x: History) -> Array:
    """Mean yearly change of the log of the total."""
    out: Array = total_changes(x).mean(axis=1)
    return out


def total_spread(x: History) -> Array:
    """Standard deviation of the yearly changes of the log of the total."""
    out: Array = total_changes(x).std(axis=1, ddof=1)
    return out


def spread_in_time(x: History) -> Array:
    """Standard deviation over the years, mean over units."""
    out: Array = x.std(axis=1, ddof=1).mean(axis=1)
    return out


def whole_change(x: History) -> Array:
    """Size of the change from the first year to the last, mean over units."""
    out: Array = np.abs(x[:, -1] - x[:, 0]).mean(axis=1)
    return out


def falls(x: History) -> Array:
    """Share of the years in which the total falls by over a tenth."""
    out: Array = (total_changes(x) < FALL).mean(axis=1)
    return out


def total_variance_ratio(x: History) -> Array:
    """Variance of changes of the total over five years against five times that of one (Lo and MacKinlay 1988)."""
    one, five = total_changes(x), np.cumsum(np.pad(total_changes(x), ((0, 0), (1, 0))), axis=1)
    mean = one.mean(axis=1, keepdims=True)
    ratio: Array = ((five[:, 5:] - five[:, :-5] - 5.0 * mean) ** 2).mean(axis=1) / (
        5.0 * ((one - mean) ** 2).mean(axis=1)
    )
    return ratio


def mean_correlation(x: History) -> Array:
    """Mean over pairs of units of the correlation of their yearly changes."""
    return np.array([_correlation(one) for one in changes(x)])


def of_largest(x: History) -> Array:
    """The same between the units that are the largest on average."""
    order = np.argsort(-np.nan_to_num(np.nanmean(np.where(np.isfinite(x), x, np.nan), axis=1), nan=-np.inf), axis=1)
    return np.array([_correlation(one[:, at[:LARGEST]]) for one, at in zip(changes(x), order, strict=True)])


def _correlation(moves: Array) -> float:
    matrix = pd.DataFrame(moves).corr(min_periods=FEWEST).to_numpy()
    return float(np.nanmean(matrix[np.triu_indices(len(matrix), 1)]))


def largest_change(x: History) -> Array:
    """Largest absolute yearly change of a unit."""
    out: Array = np.nanmax(np.abs(changes(x)), axis=(1, 2))
    return out


def yearly_spread(x: History) -> Array:
    """Mean over units of the standard deviation of their yearly changes."""
    out: Array = np.nanmean(np.nanstd(changes(x), axis=1, ddof=1), axis=1)
    return out


def spread_over(years: int) -> Statistic:
    """Standard deviation between units of their changes over so many years, all starts together."""

    def spread(x: History) -> Array:
        moves = changes(x, years)
        out: Array = np.sqrt(np.nanmean((moves - np.nanmean(moves, axis=2, keepdims=True)) ** 2, axis=(1, 2)))
        return out

    return spread


def _moves_of_class(x: History, low: float, high: float) -> Array:
    moves, before = changes(x), x[:, :-1]
    return np.where((before >= low) & (before < high), moves, np.nan).reshape(len(x), -1)


def spread_of_class(low: float, high: float) -> Statistic:
    """Standard deviation of the yearly changes of the units whose log lies in a range the year before."""

    def spread(x: History) -> Array:
        moves = _moves_of_class(x, low, high)
        many = np.isfinite(moves).sum(axis=1) >= FEWEST
        return np.array([np.nanstd(one, ddof=1) if enough else np.nan for one, enough in zip(moves, many, strict=True)])

    return spread


def growth_of_class(low: float, high: float) -> Statistic:
    """Median yearly change of the units whose log lies in a range the year before."""

    def growth(x: History) -> Array:
        moves = _moves_of_class(x, low, high)
        many = np.isfinite(moves).sum(axis=1) >= FEWEST
        return np.array([np.nanmedian(one) if enough else np.nan for one, enough in zip(moves, many, strict=True)])

    return growth


def constant_panel(x: History) -> Array:
    """Yearly growth of the total of the units known in every year, from logs of one more than the number."""
    return _of_panel(x, np.asarray(np.isfinite(x).all(axis=(0, 1))))


def panel_of_ends(x: History) -> Array:
    """The same of the units known in the first and in the last year, which are more."""
    return _of_panel(x, np.asarray(np.isfinite(x[:, [0, -1]]).all(axis=(0, 1))))


def _of_panel(x: History, known: NDArray[np.bool_]) -> Array:
    if not known.any():
        return np.full(len(x), np.nan)
    first, last = (np.maximum(np.expm1(x[:, year, known]), 0.0).sum(axis=1) for year in (0, -1))
    out: Array = np.log(last / first) / (x.shape[1] - 1)
    return out
