"""Plain functions of numbers that the oracle needs."""

from __future__ import annotations

import math


def expit(x: float) -> float:
    """Logistic function of a number."""
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


def clip(x: float, low: float = 0.0, high: float = 1.0) -> float:
    """The number, or the bound it passes."""
    return min(high, max(low, x))


def student(z: float, v: float) -> float:
    """Student quantile from the normal one, four terms (Abramowitz and Stegun 26.7.5)."""
    g1 = (z**3 + z) / 4.0
    g2 = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    g3 = (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0
    g4 = (79.0 * z**9 + 776.0 * z**7 + 1482.0 * z**5 - 1920.0 * z**3 - 945.0 * z) / 92160.0
    return z + g1 / v + g2 / v**2 + g3 / v**3 + g4 / v**4


def poisson(u: float, mean: float) -> int:
    """Smallest count whose cumulative Poisson chance is at least u."""
    count, chance = 0, math.exp(-mean)
    total = chance
    while total < u and count < 10_000:
        count += 1
        chance *= mean / count
        total += chance
    return count
