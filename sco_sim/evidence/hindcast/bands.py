"""The error band of a point forecast, fitted on errors it made at earlier origins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

from sco_sim.evidence.hindcast.panel import Past
from sco_sim.evidence.hindcast.scores import Distribution
from sco_sim.numerics.arrays import Array

INNER = 8
"""Earlier origins whose errors make the band."""
Banded = Callable[[Past], tuple[Array, Array]]
"""A point forecast and the features of the log of its spread, (horizon, column, feature)."""

CENTRE = np.array([-1.0, 0.5, -0.1, -2.0, 0.5])
"""Prior mean of: log spread, slopes (two), log odds of the wide part, log of how much wider less one."""
SHARE_CENTRE = np.array([-1.5, 0.0, 1.0, -2.0, 0.5])
"""The same for shares."""
LOOSE = np.array([1.0, 0.5, 0.2, 1.0, 0.7])
"""Prior spread of the same."""


def by_size_and_horizon(point: Callable[[Past], Array]) -> Banded:
    """A naive forecast's band: its spread goes with the horizon and with the size of the flow."""

    def banded(past: Past) -> tuple[Array, Array]:
        mean = point(past)
        ahead = np.log(np.arange(1.0, past.horizon + 1.0))[:, None]
        size = np.clip(np.nan_to_num(past.last, nan=18.0), 12.0, 26.0) - 18.0
        return mean, np.stack(np.broadcast_arrays(ahead + 0.0 * size, size + 0.0 * ahead), axis=-1)

    return banded


def by_share(point: Callable[[Past], Array]) -> Banded:
    """The band of a share: its spread goes with the horizon and with the standard deviation of one event."""

    def banded(past: Past) -> tuple[Array, Array]:
        mean = point(past)
        inside = np.clip(mean, 0.05, 0.99)
        ahead = np.log(np.arange(1.0, past.horizon + 1.0))[:, None]
        return mean, np.stack(np.broadcast_arrays(ahead, 0.5 * np.log(inside * (1.0 - inside))), axis=-1)

    return banded


def distribution(forecast: Banded, past: Past, centre: Array = CENTRE) -> Distribution:
    """The forecast with a band fitted on the errors of the last eight inner origins, all before the origin."""
    features, errors = [], []
    for origin in inner_origins(past):
        earlier = past.cut(origin, min(past.horizon, past.origin - origin))
        mean, traits = forecast(earlier)
        row = len(earlier.y)
        error = past.y[row : row + earlier.horizon] - mean
        ok = np.isfinite(error)
        features.append(traits[ok])
        errors.append(error[ok])
    return with_band(*forecast(past), fit_band(np.concatenate(features), np.concatenate(errors), centre))


def with_band(mean: Array, features: Array, band: Array) -> Distribution:
    """A point forecast (horizon, column) with a fitted band; `features` are (horizon, column, feature)."""
    sd = np.exp(band[0] + features @ band[1:3])
    return Distribution(mean, sd, sd * (1.0 + np.exp(band[4])), float(1.0 / (1.0 + np.exp(-band[3]))))


def inner_origins(past: Past) -> list[int]:
    """Origins before the origin whose later years are known by then."""
    first = past.years[0] + min(6, len(past.years) // 3)
    return [year for year in past.years[:-1] if year >= max(past.origin - INNER, first)]


def fit_band(features: Array, error: Array, centre: Array) -> Array:
    """Band of largest posterior density."""
    zero = np.zeros_like(error)

    def loss(x: Array) -> float:
        sd = np.exp(x[0] + features @ x[1:3])
        parts = Distribution(zero, sd, sd * (1.0 + np.exp(x[4])), float(1.0 / (1.0 + np.exp(-x[3]))))
        prior = 0.5 * (((x - centre) / LOOSE) ** 2).sum()
        return float(prior - parts.log_density(error).sum())

    return np.asarray(minimize(loss, centre, method="L-BFGS-B").x, dtype=float)
