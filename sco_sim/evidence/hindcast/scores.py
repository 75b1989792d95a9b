"""Forecast distributions and their scores: the worlds of the engine, and mixtures of two normals with one mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sco_sim.numerics.arrays import Array

LEVELS = (0.5, 0.8, 0.95)
INTERVAL = 0.8
"""Level of the interval that the interval score is of."""
NARROWEST = 1e-3
"""Least width of a kernel."""


class Forecast(Protocol):
    """A forecast distribution of every cell, (horizon, column)."""

    @property
    def mean(self) -> Array:
        """Its mean."""

    def cdf(self, x: Array) -> Array:
        """Distribution function at x."""

    def log_density(self, x: Array) -> Array:
        """Log density at x."""

    def crps(self, x: Array) -> Array:
        """Continuous ranked probability score of x."""

    def quantile(self, level: float) -> Array:
        """Quantile."""


@dataclass(frozen=True)
class Sample:
    """Worlds of the engine as a forecast."""

    values: Array
    """(world, horizon, column)."""

    @cached_property
    def mean(self) -> Array:
        """Mean over worlds."""
        mean: Array = self.values.mean(axis=0)
        return mean

    @cached_property
    def _ordered(self) -> Array:
        return np.sort(self.values, axis=0)

    def cdf(self, x: Array) -> Array:
        """Share of the worlds below x, a world at x counted half; never 0 or 1."""
        below = (self.values < x).sum(axis=0) + 0.5 * (self.values == x).sum(axis=0)
        out: Array = (below + 0.5) / (len(self.values) + 1.0)
        return out

    def log_density(self, x: Array) -> Array:
        """Log of a kernel density (Silverman's width).

        One pseudo-world is spread five times as wide, so that what no world came near costs much, but not everything.
        """
        count, sd = len(self.values), self.values.std(axis=0)
        low, middle, high = np.quantile(self._ordered, [0.25, 0.5, 0.75], axis=0)
        width = np.maximum(0.9 * np.minimum(sd, (high - low) / 1.349) * count**-0.2, NARROWEST)
        kernels = np.exp(-0.5 * ((x - self.values) / width) ** 2).sum(axis=0) / width
        wide = 5.0 * np.maximum(sd, NARROWEST)
        pseudo = np.exp(-0.5 * ((x - middle) / wide) ** 2) / wide
        log: Array = np.log((kernels + pseudo) / ((count + 1.0) * np.sqrt(2.0 * np.pi)) + 1e-300)
        return log

    def crps(self, x: Array) -> Array:
        """The estimate without bias in the number of worlds (Ferro 2014)."""
        count = len(self.values)
        rank = 2.0 * np.arange(1, count + 1)[:, None, None] - count - 1.0
        within = (rank * self._ordered).sum(axis=0) / (count * (count - 1.0))
        out: Array = np.abs(self.values - x).mean(axis=0) - within
        return out

    def quantile(self, level: float) -> Array:
        """Quantile over worlds."""
        out: Array = np.quantile(self._ordered, level, axis=0)
        return out


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
    """Errors of one forecast on the rows that every forecast was made for, each (row,)."""

    error: Array
    crps: Array
    ignorance: Array
    """Minus the log density of what came (nats)."""
    interval: Array
    """Interval score of the central 80 % (Gneiting and Raftery 2007): its width, and ten times what it is missed by."""
    pit: Array
    column: Array
    origin: Array
    horizon: Array
    weight: Array

    def keep(self, rows: Array) -> Scored:
        """Some of the rows."""
        return Scored(**{name: value[rows] for name, value in vars(self).items()})

    def inside(self, level: float) -> Array:
        """1 where what came lies in the central interval, else 0."""
        out: Array = (np.abs(self.pit - 0.5) <= level / 2.0).astype(float)
        return out

    def weights(self, weighted: bool) -> Array:
        """Weights of the rows, of mean 1: by the size of the flow at the origin, or equal."""
        return self.weight / self.weight.mean() if weighted else np.ones_like(self.error)

    def summary(self, weighted: bool = False) -> dict[str, float]:
        """Every score over the rows; weighted by the size of the flow at the origin if asked."""
        w = self.weights(weighted) / max(len(self.error), 1)
        out = {
            "rmse": float(np.sqrt((w * self.error**2).sum())),
            "bias": float(-(w * self.error).sum()),
            "crps": float((w * self.crps).sum()),
            "ignorance": float((w * self.ignorance).sum()),
            "interval": float((w * self.interval).sum()),
        }
        for level in LEVELS:
            out[f"coverage_{round(100 * level)}"] = float((w * self.inside(level)).sum())
        return out | {"n": float(len(self.error))}


def score(forecast: Forecast, seen: Array, origin: int, weight: Array) -> Scored:
    """Score one origin: `seen` and the forecast are (horizon, column), `weight` (column,). Rows without data drop."""
    indices = np.indices(seen.shape)
    horizon, column = indices[0], indices[1]
    flat = np.isfinite(seen) & np.isfinite(forecast.mean)
    safe = np.where(flat, seen, 0.0)
    tail = 0.5 * (1.0 - INTERVAL)
    low, high = forecast.quantile(tail), forecast.quantile(1.0 - tail)
    missed = np.maximum(low - safe, 0.0) + np.maximum(safe - high, 0.0)
    with np.errstate(invalid="ignore"):
        crps, log, pit = forecast.crps(safe), forecast.log_density(safe), forecast.cdf(safe)
    return Scored(
        error=(seen - forecast.mean)[flat],
        crps=crps[flat],
        ignorance=-log[flat],
        interval=(high - low + missed / tail)[flat],
        pit=pit[flat],
        column=column[flat],
        origin=np.full(int(flat.sum()), origin),
        horizon=horizon[flat] + 1,
        weight=np.broadcast_to(weight, seen.shape)[flat],
    )


def joined(parts: list[Scored]) -> Scored:
    """Rows of several origins together."""
    return Scored(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0])})


REPEATS, SEED = 2000, 1
"""Samples of the bootstrap, and the seed of its draws."""


def resampled(*units: NDArray[Any]) -> Array:
    """Weights of the rows in each bootstrap sample, (repeat, row).

    Units are drawn with replacement, each sort on its own, and a row counts as often as all its units were drawn
    together: a tie as often as its one end times its other end (the bootstrap for dyads of Snijders and Borgatti
    1999), times its year (the two-way bootstrap of Owen 2007). So ties of a state and ties of a year, which share what
    happens to it, stay together: states alone cover 52 to 88 % for 90 % where years have luck that ties share.

    Args:
        units: Number of each unit of a row, (row, unit) for each sort: the two states of a tie, and its year.
    """
    generator = np.random.default_rng(SEED)
    weights: Array = np.ones((REPEATS, len(units[0])))
    for sort in units:
        names, index = np.unique(sort, return_inverse=True)
        count = len(names)
        draws = generator.multinomial(count, np.full(count, 1.0 / count), size=REPEATS).astype(float)
        weights = weights * draws[:, index.reshape(sort.shape)].prod(axis=2)
    usable: Array = weights[weights.sum(axis=1) > 0.0]
    return usable


def means(values: Mapping[str, Array], weights: Array) -> dict[str, Array]:
    """Means of row values in each bootstrap sample, name -> (repeat,); the same samples for all."""
    total = weights.sum(axis=1)
    return {name: weights @ value / total for name, value in values.items()}
