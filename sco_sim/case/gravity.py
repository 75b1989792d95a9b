"""What size, distance, language and border let expect of a flow that was never observed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.numerics.arrays import Array
from sco_sim.world.ties import Ties


def without_direction(regressors: Array) -> Array:
    """The sizes of the two ends as one regressor behind the constant, shape (tie, 5)."""
    return np.column_stack([regressors[:, 0], regressors[:, 1:3].sum(axis=1), regressors[:, 3:]])


EACH = 3
"""Fewest observations for each coefficient of a fit that has to say how far it errs, too."""


def enough(y: Array, x: Array, each: int = 1) -> bool:
    """Whether there are more than `each` observations a coefficient; else a fit borrows those of the shipped case."""
    return len(y) > each * int(x.shape[1])


def all_ties(case: Case) -> Ties:
    """All ties of a case."""
    return Ties(sorted(case.table("states")["iso3"]))


def gravity_regressors(case: Case, ties: Ties, year: int) -> Array:
    """Constant, size of the first and of the second end, distance, language and border, shape (tie, 6)."""
    years = range(case.first_year("state_years", year), year + 1)
    gdp = pd.DataFrame(case.gdp(ties.states, years)).ffill().bfill().to_numpy(dtype=float)[-1]
    return np.column_stack(
        [
            np.ones(len(ties)),
            gdp[ties.first],
            gdp[ties.second],
            np.log(case.tie_column("ties", "distance_km", ties, np.nan)),
            case.tie_column("ties", "common_official_language", ties, 0.0),
            case.tie_column("ties", "land_border", ties, 0.0),
        ]
    )


def regress(x: Array, y: Array, at: Array) -> tuple[Array, float]:
    """Ordinary least squares: predictions at the rows `at` (row, regressor), shape (row,), and the residual sd.

    A faint ridge keeps the answer finite when there are few rows.
    """
    ridge = 1e-6 * np.eye(x.shape[1])
    slope = np.linalg.solve(x.T @ x + ridge, x.T @ y)
    spare = max(len(y) - x.shape[1], 1)
    return at @ slope, float(np.sqrt(np.sum((y - x @ slope) ** 2) / spare))


def expected_flows(x: Array, y: Array, at: Array) -> tuple[Array, Array]:
    """Ln of flows that were never observed, by gravity: mean and standard deviation, each (row,) of `at`.

    Poisson pseudo-maximum likelihood fits the flows themselves and not their logs, so that the mean of the flows drawn
    is what the large flows imply (Santos Silva and Tenreyro 2006). A fit of logs, with one residual for all ties, gives
    the total of the ten members nine times too high: half the square of what tiny flows scatter by goes into the mean
    of every large one. The spread goes with the expected size (Harvey 1976); the median of a flow lies below its mean
    by half its square.
    """
    slope = _poisson_slope(x, y)
    size, ahead = x @ slope, at @ slope
    middle = float(size.mean())
    line = np.column_stack([np.ones(len(size)), size - middle])
    residual = y - size - line @ np.linalg.lstsq(line, y - size, rcond=None)[0]
    level, tilt = np.linalg.lstsq(line, np.log(np.maximum(residual**2, 1e-6)) + LOG_SQUARE, rcond=None)[0]
    within = np.clip(ahead, size.min(), size.max()) - middle
    variance = np.exp(level + tilt * within)
    return ahead - 0.5 * variance, np.sqrt(variance)


LOG_SQUARE = 1.2704
"""What the mean log of a squared standard normal lies below the log of its mean."""


def _poisson_slope(x: Array, y: Array) -> Array:
    """Coefficients of ln mean flow at which flows exp(y) would be likeliest as Poisson counts, (regressor,).

    The constant is the first regressor.

    Iteratively reweighted least squares; a faint ridge keeps the answer finite where a regressor does not vary.
    """
    unit = float(np.log(np.mean(np.exp(y - y.max())))) + float(y.max())
    flow = np.exp(y - unit)
    size: Array = np.log(0.5 * (flow + 1.0))
    slope: Array = np.zeros(x.shape[1:])
    ridge = 1e-6 * np.eye(x.shape[1])
    for _ in range(200):
        weight = np.exp(size)
        working = size + flow / weight - 1.0
        before = slope
        slope = np.asarray(np.linalg.solve(x.T @ (weight[:, None] * x) + ridge, x.T @ (weight * working)))
        size = np.clip(x @ slope, -50.0, 50.0)
        if np.abs(slope - before).max() < 1e-9:
            break
    out: Array = slope + unit * (np.arange(x.shape[1]) == 0)
    return out
