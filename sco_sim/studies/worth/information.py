"""What it is worth to know an uncertain input before choosing: expected value of partial perfect information.

Regression on stored worlds (Strong, Oakley and Brennan 2014): what each option brings is regressed on the input, and
with the input known the option with the best prediction is chosen. The regression estimator by itself is biased
upwards, since the same worlds choose and judge, and gives pure noise a value. So the choice is made from other settings
than those it is judged on (cross-fitting, Chernozhukov et al. 2018): an input that says nothing is worth nothing, or a
trifle less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sco_sim.numerics.arrays import Array, Ints

FOLDS, REPEATS = 10, 5
"""Parts of the settings, each judged by what the others say, and how often they are drawn anew."""
DEGREE = 3
"""Highest degree of the polynomial in an input; the degree is that of the smallest error when left out, one by one."""
FEWEST = 40
"""Settings below which nothing is estimated."""


@dataclass(frozen=True)
class Worth:
    """What knowing one input is worth."""

    gain: float
    """Expected gain in the outcome, in its unit."""
    error: float
    """Its standard error over settings."""
    changes: float
    """Chance that knowing it changes the choice to an option that brings another thing."""
    to: int
    """The option that is then chosen most often instead; -1 if none ever is."""


@dataclass(frozen=True)
class Choice:
    """The options, judged on the same settings."""

    values: Array
    """What each option brings, higher is better: means over the worlds of each setting, (setting, option)."""

    @property
    def best(self) -> int:
        """The option that is chosen without knowing more."""
        return int(self.values.mean(axis=0).argmax())

    @property
    def alike(self) -> list[int]:
        """The other options that bring the same as the best in every setting."""
        own = self.values[:, [self.best]]
        return [int(option) for option in np.flatnonzero((self.values == own).all(axis=0)) if option != self.best]

    @property
    def everything(self) -> tuple[float, float, float]:
        """What knowing all inputs is worth, the chance of a setting's worlds too: gain, error, chance of a change.

        A ceiling: with few worlds a setting it holds chance that nobody can know.
        """
        gain = self.values.max(axis=1) - self.values[:, self.best]
        error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
        return float(gain.mean()), error, float((gain > 0.0).mean())


def folds(settings: int, seed: int) -> list[Ints]:
    """The part of each setting, one array a repeat, (setting,)."""
    order = np.random.default_rng(seed)
    return [order.permutation(np.arange(settings) % FOLDS) for _ in range(REPEATS)]


def worth(choice: Choice, inputs: Mapping[str, Array], seed: int = 1) -> dict[str, Worth]:
    """What each input is worth to know; inputs that do not vary are left out.

    Args:
        choice: The options.
        inputs: Name to the value of each setting, (setting,).
        seed: Of the parts.

    Raises:
        ValueError: Fewer than FEWEST settings.
    """
    settings = len(choice.values)
    if settings < FEWEST:
        raise ValueError(f"{settings} settings are too few: it takes {FEWEST}")
    varied = {name: values for name, values in inputs.items() if np.ptp(values) > 0.0}
    if not varied:
        return {}
    bases = np.stack([_basis(values) for values in varied.values()])
    shape = (REPEATS, len(varied), settings)
    gains, options = np.zeros(shape), np.zeros(shape, dtype=np.intp)
    for repeat, part in enumerate(folds(settings, seed)):
        for fold in range(FOLDS):
            rows, others = np.flatnonzero(part == fold), part != fold
            best = int(choice.values[others].mean(axis=0).argmax())
            gain = choice.values - choice.values[:, [best]]
            chosen = _chosen(bases[:, others], gain[others], bases[:, rows])
            options[repeat][:, rows] = chosen
            gains[repeat][:, rows] = gain[rows[None, :], chosen]
    ceiling = choice.everything[0]
    return {name: _worth(gains[:, number], options[:, number], ceiling) for number, name in enumerate(varied)}


def _basis(values: Array) -> Array:
    """Legendre polynomials of an input over its range, (setting, degree + 1)."""
    scaled = 2.0 * (values - values.min()) / np.ptp(values) - 1.0
    basis: Array = np.polynomial.legendre.legvander(scaled, DEGREE)
    return basis


def _worth(repeated: Array, options: Ints, ceiling: float) -> Worth:
    """From what the option chosen with knowing gains over the one without, and its number, both (repeat, setting).

    An option that brings the same there is no other choice: it has no gain. Where two options are about as good, the
    parts disagree on what is chosen without knowing, and the gain from that can come out above what knowing everything
    gains: that is the ceiling.
    """
    other, gains = repeated != 0.0, repeated.mean(axis=0)
    to = int(np.bincount(options[other]).argmax()) if other.any() else -1
    return Worth(
        min(float(gains.mean()), ceiling), float(gains.std(ddof=1) / np.sqrt(len(gains))), float(other.mean()), to
    )


def _chosen(known: Array, gain: Array, asked: Array) -> Ints:
    """The option that is predicted best, for every input by itself, (input, asked setting).

    The degree of each regression is that with the smallest error of settings left out one by one, which its leverages
    give at once. Orthogonal columns make the fits of all degrees from one factorisation.

    Args:
        known: Bases of the settings that decide, (input, setting, degree + 1).
        gain: What each option brings there over the usual one, (setting, option).
        asked: Bases of the settings to decide for, (input, asked setting, degree + 1).
    """
    q, r = np.linalg.qr(known)
    weights = np.einsum("esk,so->eko", q, gain)
    fitted, leverage = np.zeros((*q.shape[:2], gain.shape[1])), np.zeros(q.shape[:2])
    errors = []
    for degree in range(DEGREE + 1):
        fitted = fitted + q[:, :, degree, None] * weights[:, degree, None, :]
        leverage = leverage + q[:, :, degree] ** 2
        left_out = (gain[None] - fitted) / np.maximum(1.0 - leverage, 1e-3)[:, :, None]
        errors.append((left_out**2).mean(axis=1))
    degrees = np.array(errors).argmin(axis=0)  # (input, option)
    kept = np.arange(DEGREE + 1)[None, :, None] <= degrees[:, None, :]
    columns = np.linalg.solve(r.transpose(0, 2, 1), asked.transpose(0, 2, 1)).transpose(0, 2, 1)
    predicted: Array = columns @ (weights * kept)
    return np.asarray(predicted.argmax(axis=2), dtype=np.intp)
