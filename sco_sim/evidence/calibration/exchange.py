"""Likelihood of equations 10 and 12: trade and students as filtered partial adjustment, all ties and draws at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit

TAIL = ((0.9, 1.0145), (0.1, 5.31))
"""Two normals with the variance and kurtosis of a Student of 6.5 degrees: shares, variances."""
REFERENCE_SPREAD = 2.5
"""Spread of the ties' references about their common mean (ln)."""
SLOWEST, FASTEST = 0.01, 0.25
"""The rate of adjustment stays inside this range."""
STEEPEST = 0.5
"""Ln of the steepest slope of the noise, beyond which a search for the mode only overflows."""


@dataclass(frozen=True)
class Series:
    """Observations of a channel, (year, tie) each: ln of the channel, standard error, ln GDP product, trust shift."""

    y: Array
    error: Array
    gravity: Array
    trust: Array
    floor: float = 14.0
    sized: bool = True
    """Noise goes with the size of the flow (trade) or is constant (students)."""

    def log_likelihood(self, x: Array) -> Array:
        """Log likelihood (draw,) of free parameters (draw, parameter): see `natural`."""
        p = natural(x, self.sized)
        growth = self.gravity - self.gravity[0]
        centre = np.nanmean(self.y - growth * 0.6)
        keep = 1.0 - p["adjustment"][:, None]
        shape = (len(x), self.y.shape[1])
        m, c = np.full(shape, centre), np.zeros(shape)
        p_mm, p_mc, p_cc = np.full(shape, REFERENCE_SPREAD**2), np.zeros(shape), np.full(shape, 1.0)
        total, drift = np.zeros(len(x)), np.zeros(shape)
        for row, seen in enumerate(self.y):
            before, drift = drift, p["elasticity"][:, None] * growth[row] + p["trust"][:, None] * self.trust[row]
            if row:
                size = np.maximum(m + c + before, self.floor) - 18.0 if self.sized else np.zeros(shape)
                noise = np.exp(2.0 * (p["level"][:, None] + p["size"][:, None] * size))
                c, p_mc, p_cc = keep * c, keep * p_mc, keep**2 * p_cc
            else:
                noise = np.zeros(shape)
            new = np.isfinite(seen)
            gap = np.where(new, np.where(new, seen, 0.0) - m - c - drift, 0.0)
            variance = np.where(new, self.error[row], 1.0) ** 2
            total += _step(m, c, p_mm, p_mc, p_cc, noise, gap, variance, new)
        return total


def _step(
    m: Array, c: Array, mm: Array, mc: Array, cc: Array, noise: Array, gap: Array, error: Array, new: Array
) -> Array:
    """One year in place: the noise of the year is one of two normals; what is left is matched to one. (draw,)."""
    logs, parts = [], []
    for share, width in TAIL:
        wide = cc + width * noise
        total = mm + 2.0 * mc + wide + error
        k_m, k_c = (mm + mc) / total, (mc + wide) / total
        logs.append(np.log(share) - 0.5 * np.log(2.0 * np.pi * total) - 0.5 * gap**2 / total)
        parts.append((k_m, k_c, mm - k_m * (mm + mc), mc - k_m * (mc + wide), wide - k_c * (mc + wide)))
    top = np.maximum(logs[0], logs[1])
    odds = [np.exp(log - top) for log in logs]
    whole = odds[0] + odds[1]
    a, b = odds[0] / whole, odds[1] / whole
    mean = [a * first + b * second for first, second in zip(*parts, strict=True)]
    d_m, d_c = (parts[0][0] - parts[1][0]) * gap, (parts[0][1] - parts[1][1]) * gap
    unseen = cc + noise * (TAIL[0][0] * TAIL[0][1] + TAIL[1][0] * TAIL[1][1])
    for target, value in (
        (m, m + mean[0] * gap),
        (c, c + mean[1] * gap),
        (mm, mean[2] + a * b * d_m**2),
        (mc, mean[3] + a * b * d_m * d_c),
    ):
        target[:] = np.where(new, value, target)
    cc[:] = np.where(new, mean[4] + a * b * d_c**2, unseen)
    out: Array = np.where(new, top + np.log(whole), 0.0).sum(axis=1)
    return out


def natural(x: Array, sized: bool) -> dict[str, Array]:
    """Free parameters (draw, 5 or 3) as the model's: elasticity, adjustment, noise and its slope, effect of trust.

    The slope is below zero: were large flows the noisier ones, they would run away.
    """
    zero = np.zeros(len(x))
    return {
        "elasticity": x[:, 0],
        "adjustment": SLOWEST + (FASTEST - SLOWEST) * expit(x[:, 1]),
        "level": x[:, 2],
        "size": -np.exp(np.minimum(x[:, 3], STEEPEST)) if sized else zero,
        "trust": x[:, 4] if sized else zero,
    }


def simulate(x: Array, shape: Series, rng: np.random.Generator) -> Series:
    """Observations of one parameter vector under the same GDP, errors and gaps; for tests of the method."""
    p = {name: float(value[0]) for name, value in natural(x[None], shape.sized).items()}
    growth = shape.gravity - shape.gravity[0]
    centre = np.nanmean(shape.y - growth * 0.6)
    ties = shape.y.shape[1]
    m, c = centre + REFERENCE_SPREAD * rng.standard_normal(ties), rng.standard_normal(ties)
    y, drift = np.full_like(shape.y, np.nan), np.zeros(ties)
    for row in range(len(y)):
        before, drift = drift, p["elasticity"] * growth[row] + p["trust"] * shape.trust[row]
        if row:
            size = np.maximum(m + c + before, shape.floor) - 18.0 if shape.sized else np.zeros_like(m)
            width = np.where(rng.random(ties) < TAIL[1][0], TAIL[1][1], TAIL[0][1])
            c = (1.0 - p["adjustment"]) * c + np.exp(p["level"] + p["size"] * size) * np.sqrt(
                width
            ) * rng.standard_normal(ties)
        y[row] = m + c + drift + np.nan_to_num(shape.error[row], nan=0.1) * rng.standard_normal(ties)
    return Series(
        np.where(np.isfinite(shape.y), y, np.nan), shape.error, shape.gravity, shape.trust, shape.floor, shape.sized
    )
