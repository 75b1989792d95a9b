"""Likelihood of equations 10 and 12: trade and students as filtered partial adjustment, all ties and draws at once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit
from sco_sim.numerics.mixture import mixture_mean, mixture_variance, noise_scale

REFERENCE_SPREAD = 2.5
"""Spread of the ties' references about their common mean (ln)."""
SLOWEST, FASTEST = 0.01, 0.25
"""The rate of adjustment stays inside this range."""
STEEPEST = 0.5
"""Ln of the steepest slope of the noise, beyond which a search for the mode only overflows."""
FARTHEST = 20.0
"""Log deviation beyond which the return is held, so that a search for the mode does not overflow."""
WIDEST = 10.0
"""Scale of the noise beyond which its mean is held, for the same reason."""
STEPS = 3
"""Steps of the search for the luck of a year that all ties share; it is all but exact after two."""

Params = dict[str, Array]


@dataclass(frozen=True)
class Series:
    """Observations of a channel, (year, tie) each: ln of the channel, standard error, ln GDP product, trust shift."""

    y: Array
    error: Array
    gravity: Array
    trust: Array
    floor: float
    """Log size below which the noise grows no further."""
    pivot: float
    """Log size at which the level of the noise is quoted."""
    tail: tuple[float, float]
    """Share of the wide normal and how many times as wide it is."""
    common: bool = False
    """The ties share a luck of the year and follow mean growth too (trade), or each goes its own way (students)."""

    def log_likelihood(self, x: Array) -> Array:
        """Log likelihood (draw,) of free parameters (draw, 7 or 4): see `natural`.

        A tie stands at reference m plus deviation c plus drift. The deviation returns and its noise is centred as
        equations 10 and 12 have it.
        """
        p = {name: value[:, None] for name, value in natural(x, self.common).items()}
        drifts = self._drifts(p)
        state = _Belief.at(np.nanmean(self.y - 0.6 * (self.gravity - self.gravity[0])), (len(x), self.y.shape[1]))
        total = np.zeros(len(x))
        for row, seen in enumerate(self.y):
            scale = np.zeros(state.m.shape)
            if row:
                at = state.m + state.c + drifts[row - 1]
                scale = noise_scale(at, p["level"], p["size"], self.floor, self.pivot)
                state.age(p["adjustment"])
                log_mean = np.log(mixture_mean(np.minimum(scale, WIDEST), *self.tail))
                state.c = state.c - of_total(state.m + state.c + drifts[row], log_mean)
            new = np.isfinite(seen)
            gap = np.where(new, np.where(new, seen, 0.0) - state.m - state.c - drifts[row], 0.0)
            look = _Look(gap, np.where(new, self.error[row], 1.0) ** 2, scale**2, new, self.tail)
            if row and self.common:
                look, log = state.share(look, p["common"])
                total += log
            total += state.learn(look)
        return total

    def _drifts(self, p: Params) -> list[Array]:
        """Where gravity and trust have taken each tie by each year, (draw, tie) for each year."""
        growth = self.gravity - self.gravity[0]
        mean = growth.mean(axis=1)
        return [
            p["elasticity"] * growth[row] + p["common_elasticity"] * mean[row] + p["trust"] * self.trust[row]
            for row in range(len(growth))
        ]


@dataclass(frozen=True)
class _Look:
    """What a year shows: gap to the forecast, variance of the error, squared scale of the noise, and where it is new.

    (draw, tie) each, the last and the second (tie,).
    """

    gap: Array
    error: Array
    noise: Array
    new: Array
    tail: tuple[float, float]

    def parts(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Share and variance, in squared scales, of the narrow and the wide normal."""
        share, spread = self.tail
        return (1.0 - share, 1.0), (share, spread**2)


@dataclass
class _Belief:
    """Reference m and deviation c of every tie: means and covariances, (draw, tie) each."""

    m: Array
    c: Array
    mm: Array
    mc: Array
    cc: Array

    @classmethod
    def at(cls, centre: float, shape: tuple[int, int]) -> _Belief:
        """Before the first year: references about the mean of all observations, deviations of about one."""
        zero = np.zeros(shape)
        return cls(zero + centre, zero.copy(), zero + REFERENCE_SPREAD**2, zero.copy(), zero + 1.0)

    def age(self, adjustment: Array) -> None:
        """A year's return, linear in the flow and so bent in its log."""
        kept = (1.0 - adjustment) * np.exp(np.clip(self.c, -FARTHEST, FARTHEST))
        slope = kept / (adjustment + kept)
        self.c = np.log(adjustment + kept)
        self.mc, self.cc = slope * self.mc, slope**2 * self.cc

    def share(self, look: _Look, common: Array) -> tuple[_Look, Array]:
        """What is left of the gaps once the shared that all ties share is taken off, and its log weight (draw,).

        Laplace's approximation: the shared shock is normal with the standard deviation `common` (draw, 1) and the mean
        that keeps the mean of flows; its most likely value given all ties is searched by reweighted least squares.
        """
        mean = -0.5 * common**2
        widths = [self.mm + 2.0 * self.mc + self.cc + width * look.noise + look.error for _, width in look.parts()]
        shared = np.zeros_like(common)
        for _ in range(STEPS):
            odds = [
                share / np.sqrt(width) * np.exp(-0.5 * np.minimum((look.gap - shared) ** 2 / width, 700.0))
                for (share, _), width in zip(look.parts(), widths, strict=True)
            ]
            weight = (odds[0] / widths[0] + odds[1] / widths[1]) / np.maximum(odds[0] + odds[1], 1e-300)
            weight = np.where(look.new, weight, 0.0)
            precision = weight.sum(axis=1, keepdims=True) + 1.0 / common**2
            shared = ((weight * look.gap).sum(axis=1, keepdims=True) + mean / common**2) / precision
        log = -np.log(common) - 0.5 * ((shared - mean) / common) ** 2 - 0.5 * np.log(precision)
        self.c = self.c + shared
        self.cc = self.cc + np.where(look.new, 0.0, 1.0 / precision)
        return replace(look, gap=np.where(look.new, look.gap - shared, 0.0)), log[:, 0]

    def learn(self, look: _Look) -> Array:
        """The noise of the year is one of two normals; what is left is matched to one. Log likelihood (draw,)."""
        logs, parts = [], []
        for share, width in look.parts():
            wide = self.cc + width * look.noise
            total = self.mm + 2.0 * self.mc + wide + look.error
            k_m, k_c = (self.mm + self.mc) / total, (self.mc + wide) / total
            logs.append(np.log(share) - 0.5 * np.log(2.0 * np.pi * total) - 0.5 * look.gap**2 / total)
            parts.append(
                (k_m, k_c, self.mm - k_m * (self.mm + self.mc), self.mc - k_m * (self.mc + wide),
                 wide - k_c * (self.mc + wide))
            )  # fmt: skip
        top = np.maximum(logs[0], logs[1])
        odds = [np.exp(log - top) for log in logs]
        whole = odds[0] + odds[1]
        a, b = odds[0] / whole, odds[1] / whole
        mean = [a * first + b * second for first, second in zip(*parts, strict=True)]
        d_m, d_c = (parts[0][0] - parts[1][0]) * look.gap, (parts[0][1] - parts[1][1]) * look.gap
        new = look.new
        unseen = self.cc + look.noise * mixture_variance(np.ones(1), *look.tail)
        self.m, self.c = (
            self.m + np.where(new, mean[0] * look.gap, 0.0),
            self.c + np.where(new, mean[1] * look.gap, 0.0),
        )
        self.mm = np.where(new, mean[2] + a * b * d_m**2, self.mm)
        self.mc = np.where(new, mean[3] + a * b * d_m * d_c, self.mc)
        self.cc = np.where(new, mean[4] + a * b * d_c**2, unseen)
        out: Array = np.where(new, top + np.log(whole), 0.0).sum(axis=1)
        return out


def of_total(x: Array, log_mean: Array) -> Array:
    """Ln of what noise makes of the mean of the total of flows of log size x, (draw, tie) -> (draw, 1)."""
    weight = np.exp(x - x.max(axis=1, keepdims=True))
    grown: Array = (weight * np.exp(log_mean)).sum(axis=1, keepdims=True) / weight.sum(axis=1, keepdims=True)
    return np.log(grown)


def natural(x: Array, common: bool) -> Params:
    """Free parameters (draw, 7 or 4) as the model's, (draw,) each.

    In order: elasticity, adjustment, level and slope of the noise; for trade also the effect of trust, the standard
    deviation of the luck that ties share, and the elasticity to mean growth. The slope is below zero: were large flows
    the noisier ones, they would run away.
    """
    zero = np.zeros(len(x))
    return {
        "elasticity": x[:, 0],
        "adjustment": SLOWEST + (FASTEST - SLOWEST) * expit(x[:, 1]),
        "level": x[:, 2],
        "size": -np.exp(np.minimum(x[:, 3], STEEPEST)),
        "trust": x[:, 4] if common else zero,
        "common": np.exp(x[:, 5]) if common else zero,
        "common_elasticity": x[:, 6] if common else zero,
    }


def simulate(x: Array, shape: Series, rng: np.random.Generator) -> Series:
    """Observations of one parameter vector under the same GDP, errors and gaps; for tests of the method."""
    p = {name: float(value[0]) for name, value in natural(x[None], shape.common).items()}
    growth = shape.gravity - shape.gravity[0]
    drift = p["elasticity"] * growth + p["common_elasticity"] * growth.mean(axis=1, keepdims=True)
    drift += p["trust"] * shape.trust
    centre = np.nanmean(shape.y - growth * 0.6)
    ties, (share, spread) = shape.y.shape[1], shape.tail
    m, c = centre + REFERENCE_SPREAD * rng.standard_normal(ties), rng.standard_normal(ties)
    y = np.full_like(shape.y, np.nan)
    for row in range(len(y)):
        if row:
            scale = noise_scale(m + c + drift[row - 1], p["level"], p["size"], shape.floor, shape.pivot)
            c = np.log(p["adjustment"] + (1.0 - p["adjustment"]) * np.exp(c))
            log_mean = np.log(mixture_mean(scale, share, spread))
            c -= of_total((m + c + drift[row])[None], log_mean[None])[0]
            c += scale * np.where(rng.random(ties) < share, spread, 1.0) * rng.standard_normal(ties)
            c += p["common"] * rng.standard_normal() - 0.5 * p["common"] ** 2
        y[row] = m + c + drift[row] + np.nan_to_num(shape.error[row], nan=0.1) * rng.standard_normal(ties)
    return replace(shape, y=np.where(np.isfinite(shape.y), y, np.nan))
