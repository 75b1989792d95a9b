"""Plain functions of numbers that the oracle needs."""

from __future__ import annotations

import math

from scipy.special import ndtr, ndtri


def expit(x: float) -> float:
    """Logistic function of a number."""
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def clip(x: float, low: float = 0.0, high: float = 1.0) -> float:
    """The number, or the bound it passes."""
    return min(high, max(low, x))


def mixture(u: float, share: float, spread: float) -> float:
    """Below `share` of the uniform a normal `spread` times as wide, else a normal; 3.5 standard deviations at most."""
    below = float(ndtr(-3.5))
    level = u / share if u < share else (u - share) / (1.0 - share)
    z = float(ndtri(below + (1.0 - 2.0 * below) * clip(level)))
    return spread * z if u < share else z


def mixture_mean(scale: float, share: float, spread: float) -> float:
    """Mean of the exponential of a scale times such a draw, without the cut."""
    return (1.0 - share) * math.exp(scale**2 / 2.0) + share * math.exp((scale * spread) ** 2 / 2.0)


def poisson(u: float, mean: float) -> int:
    """Smallest count whose cumulative Poisson chance is at least u."""
    count, chance = 0, math.exp(-mean)
    total = chance
    while total < u and count < 10_000:
        count += 1
        chance *= mean / count
        total += chance
    return count
