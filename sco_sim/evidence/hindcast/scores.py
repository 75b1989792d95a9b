"""Scores of forecast distributions: mixtures of two normals with one mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sco_sim.numerics.arrays import Array

LEVELS = (0.5, 0.8, 0.95)


@dataclass(frozen=True)
class Distribution:
    """A forecast: mean, standard deviation of an ordinary year, and of one with a break, each shaped alike.

    `chance` is the chance of the wide part.
    """

    mean: Array
    sd: Array
    wide: Array
    chance: float

    def cdf(self, x: Array) -> Array:
        """Distribution function at x."""
        gap = x - self.mean
        return (1.0 - self.chance) * ndtr(gap / self.sd) + self.chance * ndtr(gap / self.wide)

    def log_density(self, x: Array) -> Array:
        """Log density at x."""
        parts = []
        for share, sd in ((1.0 - self.chance, self.sd), (self.chance, self.wide)):
            scale = np.log(max(share, 1e-300)) - np.log(sd * np.sqrt(2.0 * np.pi))
            parts.append(scale - 0.5 * ((x - self.mean) / sd) ** 2)
        out: Array = np.logaddexp(*parts)
        return out

    def crps(self, x: Array) -> Array:
        """Continuous ranked probability score (Grimit et al. 2006, equation 5)."""
        a, b, p, q = self.sd, self.wide, 1.0 - self.chance, self.chance
        gap = x - self.mean
        first = p * _absolute(gap, a) + q * _absolute(gap, b)
        zero = np.zeros_like(a)
        within = (
            p * p * _absolute(zero, np.sqrt(2.0) * a)
            + q * q * _absolute(zero, np.sqrt(2.0) * b)
            + 2.0 * p * q * _absolute(zero, np.sqrt(a * a + b * b))
        )
        out: Array = first - 0.5 * within
        return out

    def quantile(self, level: float) -> Array:
        """Quantile by bisection."""
        low, high = self.mean - 12.0 * self.wide, self.mean + 12.0 * self.wide
        for _ in range(60):
            middle = 0.5 * (low + high)
            below = self.cdf(middle) < level
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        out: Array = 0.5 * (low + high)
        return out


def _absolute(mean: Array, sd: Array) -> Array:
    """Mean of |x| for x normal."""
    z = mean / sd
    out: Array = 2.0 * sd * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi) + mean * (2.0 * ndtr(z) - 1.0)
    return out


@dataclass(frozen=True)
class Scored:
    """Errors of one forecaster on the rows that every forecaster could forecast, each (row,)."""

    error: Array
    crps: Array
    log_score: Array
    pit: Array
    column: Array
    origin: Array
    horizon: Array
    weight: Array

    def keep(self, rows: Array) -> Scored:
        """Some of the rows."""
        return Scored(**{name: value[rows] for name, value in vars(self).items()})

    def summary(self, weighted: bool = False) -> dict[str, float]:
        """Every score over the rows; weighted by the size of the flow at the origin if asked."""
        w = self.weight if weighted else np.ones_like(self.error)
        w = w / w.sum()
        out = {
            "rmse": float(np.sqrt((w * self.error**2).sum())),
            "mae": float((w * np.abs(self.error)).sum()),
            "crps": float((w * self.crps).sum()),
            "log_score": float((w * self.log_score).sum()),
        }
        for level in LEVELS:
            inside = np.abs(self.pit - 0.5) <= level / 2.0
            out[f"coverage_{round(100 * level)}"] = float((w * inside).sum())
        return out | {"n": float(len(self.error))}


def score(forecast: Distribution, seen: Array, origin: int, weight: Array) -> Scored:
    """Score one origin: `seen` and the forecast are (horizon, column), `weight` (column,). Rows without data drop."""
    indices = np.indices(seen.shape)
    horizon, column = indices[0], indices[1]
    flat = np.isfinite(seen) & np.isfinite(forecast.mean) & np.isfinite(forecast.sd)
    safe = np.where(flat, seen, 0.0)
    with np.errstate(invalid="ignore"):
        crps, log, pit = forecast.crps(safe), forecast.log_density(safe), forecast.cdf(safe)
    return Scored(
        error=(seen - forecast.mean)[flat],
        crps=crps[flat],
        log_score=log[flat],
        pit=pit[flat],
        column=column[flat],
        origin=np.full(int(flat.sum()), origin),
        horizon=horizon[flat] + 1,
        weight=np.broadcast_to(weight, seen.shape)[flat],
    )


def joined(parts: list[Scored]) -> Scored:
    """Rows of several origins together."""
    return Scored(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0])})


def bootstrap(values: dict[str, Array], column: NDArray[Any], repeats: int = 2000, seed: int = 1) -> dict[str, Array]:
    """Means of row values over samples of columns with replacement, name -> (repeat,); the same samples for all."""
    ties = np.unique(column)
    member = (column[None] == ties[:, None]).astype(float)
    draws = np.random.default_rng(seed).multinomial(len(ties), np.full(len(ties), 1.0 / len(ties)), size=repeats)
    count = draws @ member.sum(axis=1)
    return {name: draws @ (member @ value) / count for name, value in values.items()}
