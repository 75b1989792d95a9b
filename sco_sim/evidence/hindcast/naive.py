"""Forecasts that know nothing of the model. Each takes a `Past` and returns ln of the channel, (horizon, column)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sco_sim.evidence.hindcast.panel import Past
from sco_sim.numerics.arrays import Array

Forecaster = Callable[[Past], Array]

CARRY = 0.5
"""Elasticity of the forecast that carries the last observation along with GDP."""
TREND_YEARS = 5
RECENT = 3
"""Observations of the recent mean."""
GRID = np.arange(0.0, 1.0001, 0.05)


def persistence(past: Past) -> Array:
    """The last observation."""
    return np.repeat(past.last[None], past.horizon, axis=0)


def gdp_scaled(past: Past) -> Array:
    """The last observation, moved by half the growth of the product of the GDPs."""
    out: Array = past.last + CARRY * past.growth
    return out


def trend(past: Past) -> Array:
    """The last observation and the mean yearly change of the five years before."""
    rows = len(past.y)
    back = min(TREND_YEARS, rows - 1)
    slope = np.nan_to_num((past.last - past.y[rows - 1 - back]) / max(back, 1))
    out: Array = past.last + _ahead(past) * slope
    return out


def gravity_ols(past: Past) -> Array:
    """Gravity with fixed effects of ties and one elasticity of GDP, by least squares."""
    seen = np.isfinite(past.y).any(axis=0)
    known = past.gravity[: len(past.y)]
    y, x = _demeaned(past.y[:, seen]), _demeaned(np.where(np.isfinite(past.y), known, np.nan)[:, seen])
    slope = np.nansum(x * y) / max(np.nansum(x * x), 1e-12)
    effect = _mean(past.y - slope * known)
    out: Array = effect + slope * past.gravity[len(past.y) :]
    return out


def gravity_ppml(past: Past) -> Array:
    """The same by Poisson pseudo-maximum likelihood on levels; the fixed effects are concentrated out."""
    known = past.gravity[: len(past.y)]
    ok = np.isfinite(past.y)
    flow = np.where(ok, np.exp(np.where(ok, past.y, 0.0) - 18.0), 0.0)
    slope = 0.6
    for _ in range(50):  # Newton on the one slope
        weight = np.where(ok, np.exp(slope * (known - known.mean(axis=0))), 0.0)
        share = weight / np.maximum(weight.sum(axis=0), 1e-300)
        mean = (share * known).sum(axis=0)
        gradient = (flow * (known - mean)).sum()
        curvature = (flow.sum(axis=0) * (share * (known - mean) ** 2).sum(axis=0)).sum()
        if not curvature > 1e-9:  # GDP did not move, or is not known
            break
        step = gradient / curvature
        slope += float(np.clip(step, -0.5, 0.5))
        if abs(step) < 1e-10:
            break
    size, base = np.where(ok, np.exp(past.y), 0.0).sum(axis=0), np.where(ok, np.exp(slope * known), 0.0).sum(axis=0)
    level = np.where(ok.any(axis=0), np.log(np.maximum(size, 1e-300)) - np.log(np.maximum(base, 1e-300)), np.nan)
    return level + slope * past.gravity[len(past.y) :]


def dyad_mean(past: Past) -> Array:
    """The mean of all observations of the tie."""
    return np.repeat(_mean(past.y)[None], past.horizon, axis=0)


def shrunk_mean(past: Past) -> Array:
    """Between the tie's mean and its last observation, by a share chosen on one-year-ahead errors of the past."""
    return _chosen(past, lambda y, share: _mean(y) + share * (_last(y) - _mean(y)))


def smoothing(past: Past) -> Array:
    """Exponential smoothing, its constant chosen on one-year-ahead errors of the past."""
    return _chosen(past, _smoothed)


def partial_adjustment(past: Past) -> Array:
    """Equation 10 without filter or pooling: a share of the gap to the tie's own mean path closes every year."""
    rows = len(past.y)
    slope, rate = _adjustment(past)
    known = past.gravity[:rows]
    target = _mean(past.y - slope * known)
    y, out = past.last, []
    for step in range(past.horizon):
        gap = target + slope * past.gravity[rows + step - 1] - y
        y = y + slope * (past.gravity[rows + step] - past.gravity[rows + step - 1]) + rate * gap
        out.append(y)
    return np.array(out)


def _adjustment(past: Past) -> tuple[float, float]:
    """Elasticity and rate by least squares on yearly changes, each rate's target built with its elasticity."""
    rows = len(past.y)
    y, known = past.y, past.gravity[:rows]
    change, growth = np.diff(y, axis=0), np.diff(known, axis=0)
    slope, rate = 0.6, 0.1
    for _ in range(20):
        gap = (_mean(y - slope * known) + slope * known - y)[:-1]
        ok = np.isfinite(change) & np.isfinite(gap)
        x = np.column_stack([growth[ok], gap[ok]])
        slope, rate = (float(v) for v in np.linalg.lstsq(x, change[ok], rcond=None)[0])
    return slope, rate


def _ahead(past: Past) -> Array:
    return np.arange(1.0, past.horizon + 1.0)[:, None]


def _mean(y: Array) -> Array:
    ok = np.isfinite(y)
    count = ok.sum(axis=0)
    return np.where(count > 0, np.where(ok, y, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def _demeaned(y: Array) -> Array:
    return y - _mean(y)


def _last(y: Array) -> Array:
    out: Array = y[0].copy()
    for row in y[1:]:
        out = np.where(np.isfinite(row), row, out)
    return out


def _smoothed(y: Array, alpha: float) -> Array:
    level: Array = y[0].copy()
    for row in y[1:]:
        moved = np.where(np.isnan(level), row, level + alpha * (row - level))
        level = np.where(np.isfinite(row), moved, level)
    return level


def _chosen(past: Past, rule: Callable[[Array, float], Array]) -> Array:
    """The rule with the constant of least squared one-year-ahead error over the second half of the past."""
    rows = len(past.y)
    errors = []
    for constant in GRID:
        gaps = [past.y[row] - rule(past.y[:row], float(constant)) for row in range(max(rows // 2, 2), rows)]
        squares = np.array(gaps) ** 2
        errors.append(squares[np.isfinite(squares)].mean() if np.isfinite(squares).any() else 0.0)
    best = float(GRID[int(np.argmin(errors))])
    return np.repeat(rule(past.y, best)[None], past.horizon, axis=0)


def recent_mean(past: Past) -> Array:
    """The mean of the last three observations of the tie."""
    seen = np.isfinite(past.y)
    recent = seen[::-1].cumsum(axis=0)[::-1] <= RECENT
    return np.repeat(_mean(np.where(recent, past.y, np.nan))[None], past.horizon, axis=0)


def pooled_mean(past: Past) -> Array:
    """The tie's mean drawn to the mean of all ties, by its years (two years' worth of the others)."""
    ok = np.isfinite(past.y)
    count, total = ok.sum(axis=0), np.where(ok, past.y, 0.0).sum(axis=0)
    overall = total.sum() / max(count.sum(), 1)
    mean = np.where(count > 0, (total + 2.0 * overall) / (count + 2.0), np.nan)
    return np.repeat(mean[None], past.horizon, axis=0)


FLOWS: dict[str, Forecaster] = {
    "persistence": persistence,
    "gdp_scaled": gdp_scaled,
    "trend": trend,
    "gravity_ols": gravity_ols,
    "gravity_ppml": gravity_ppml,
    "partial_adjustment": partial_adjustment,
    "dyad_mean": dyad_mean,
}
"""For a channel that follows GDP. Exponential smoothing and a mean drawn to the last value are persistence there: the
constants chosen on the past are those of the last value, so they are no rivals of their own."""
SHARES: dict[str, Forecaster] = {
    "persistence": persistence,
    "recent_mean": recent_mean,
    "dyad_mean": dyad_mean,
    "shrunk_mean": shrunk_mean,
    "pooled_mean": pooled_mean,
    "smoothing": smoothing,
}
"""For a share that follows nothing but itself."""
