"""What the simulations with a known truth share: how often, and how near the stated level a share has to be."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

FULL = bool(os.environ.get("SCO_SIM_FULL"))
"""Set by .ci/full."""
REPETITIONS = 1000 if FULL else 400
SETTINGS = 200
"""The default number of worlds, one a setting."""


def share(wins: Callable[[np.random.Generator], bool], repetitions: int = REPETITIONS, seed: int = 1) -> float:
    """The share of repetitions in which something holds, each with random numbers of its own."""
    return float(np.mean([wins(np.random.default_rng([seed, number])) for number in range(repetitions)]))


def monte_carlo_error(level: float, repetitions: int = REPETITIONS) -> float:
    """Three standard errors of a share of so many repetitions that is at a level."""
    return 3.0 * float(np.sqrt(level * (1.0 - level) / repetitions))


def covers(name: str, got: float, level: float = 0.95, repetitions: int = REPETITIONS) -> None:
    """Whether the coverage of a 95 % interval is 90 to 97 %, up to the error of the simulation."""
    error = monte_carlo_error(level, repetitions)
    print(f"{name}: covers {100 * got:.1f} % in {repetitions} repetitions (+- {100 * error:.1f})")
    assert 0.90 - error / 3 <= got <= 0.97 + error, name


def seldom(name: str, got: float, level: float = 0.05, repetitions: int = REPETITIONS) -> None:
    """Whether a false verdict is no more frequent than its level, up to the error of the simulation."""
    error = monte_carlo_error(level, repetitions)
    print(f"{name}: false in {100 * got:.1f} % of {repetitions} repetitions (+- {100 * error:.1f})")
    assert got <= level + error, name
