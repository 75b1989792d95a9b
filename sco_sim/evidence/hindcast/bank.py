"""A bank of filters of equation 10: every tie is followed by many filters at once, and its record weighs them.

A filter is one guess of a tie's yearly noise, of the noise of its reports and of the rate at which it returns to its
gravity path. Each knows that a level can break for good and that a report can be wrong for a year. How common each
guess is among ties of a size is estimated over all ties (partial pooling by EM), so a short or noisy record borrows
from its like.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from sco_sim.evidence.hindcast.panel import Ints, Past
from sco_sim.numerics.arrays import Array

PROCESS = (0.08, 0.15, 0.25, 0.4, 0.7, 1.1)
"""Guesses at the yearly noise (ln)."""
REPORT = (0.05, 0.15, 0.35, 0.8)
"""Guesses at the noise of a report (ln)."""
RATE = (0.0, 0.1, 0.25)
"""Guesses at the share of the gap to the gravity path that closes in a year."""
HAZARD, BREAK = 0.03, 1.0
"""Chance a year of a lasting break, and of a report wrong for a year; standard deviation of either (ln)."""
SPREAD = 1.3
"""Spread of ties about the gravity path before anything is seen (ln)."""
CLASSES = (16.5, 19.5)
"""Ends of the size classes, ln current USD."""
EM_ROUNDS = 25
PATH_YEARS, RIDGE = 10, 0.5
"""Years of a tie's record behind its place on the gravity path, and ridge on the effects of states."""

_GRID = np.array(list(product(PROCESS, REPORT, RATE)))
Q, R, LAM = (_GRID[:, k, None] for k in range(3))


@dataclass(frozen=True)
class Bank:
    """Filtered levels (filter, column), their variances and weights, and the gravity path they return to."""

    level: Array
    variance: Array
    weight: Array
    path: Array
    likelihood: float

    def ahead(self, past: Past, drive: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the coming observations, each (horizon, column); breaks to come left out."""
        rows = len(past.y)
        reference = self.path + drive - drive[0]
        level, variance, means, spreads = self.level, self.variance, [], []
        for row in range(rows, rows + past.horizon):
            level = level + drive[row] - drive[row - 1] + LAM * (reference[row - 1] - level)
            variance = (1.0 - LAM) ** 2 * variance + Q**2
            mean = (self.weight * level).sum(axis=0)
            spread = (self.weight * (variance + R**2 + (level - mean) ** 2)).sum(axis=0)
            means.append(mean)
            spreads.append(np.sqrt(spread))
        return np.array(means), np.array(spreads)


def gravity_path(past: Past, drive: Array) -> Array:
    """Each column's place on the gravity path, at the GDP of the first year: effects of states, distance and such."""
    moved = past.y - (drive[: len(past.y)] - drive[0])
    x = design(past)
    mean = recent_mean(moved, PATH_YEARS)
    seen = np.isfinite(mean)
    gram = x[seen].T @ x[seen] + RIDGE * np.eye(x.shape[1])
    path: Array = x @ np.linalg.solve(gram, x[seen].T @ mean[seen])
    return path


def design(past: Past) -> Array:
    """Dummies of the two states and the traits of the tie, (column, state + trait)."""
    states = past.gdp.shape[1]
    dummies = np.eye(states)[past.first] + np.eye(states)[past.second]
    return np.column_stack([dummies, past.traits])


def recent_mean(y: Array, count: int) -> Array:
    """Mean of the last `count` observations of each column, NaN where there is none."""
    seen = np.isfinite(y)
    place = seen[::-1].cumsum(axis=0)[::-1]
    used = seen & (place <= count)
    number = used.sum(axis=0)
    return np.where(number > 0, np.where(used, y, 0.0).sum(axis=0) / np.maximum(number, 1), np.nan)


def fit_bank(past: Past, drive: Array) -> Bank:
    """Filter all columns; `drive` is what GDP does to the channel, (year + horizon, column)."""
    path = gravity_path(past, drive)
    reference = path + drive - drive[0]
    level = np.repeat(path[None], len(Q), axis=0)
    variance = np.full_like(level, SPREAD**2)
    score = np.zeros_like(level)
    for row, seen in enumerate(past.y):
        if row:
            level = level + drive[row] - drive[row - 1] + LAM * (reference[row - 1] - level)
            variance = (1.0 - LAM) ** 2 * variance + Q**2
        new = np.isfinite(seen)
        surprise = np.where(new, seen - level, 0.0)
        gained, moved, left = _update(variance, surprise)
        score += np.where(new, gained, 0.0)
        level = np.where(new, level + moved, level)
        variance = np.where(new, left, variance)
    weight, likelihood = _weigh(score, _classes(past, reference[len(past.y) - 1]))
    return Bank(level, variance, weight, path, likelihood)


def _update(variance: Array, surprise: Array) -> tuple[Array, Array, Array]:
    """One observation: ordinary, after a lasting break, or wrong. Log density, move of the level, variance left."""
    cases = ((1.0 - 2.0 * HAZARD, 0.0, 0.0), (HAZARD, BREAK**2, 0.0), (HAZARD, 0.0, BREAK**2))
    logs, gains, lefts = [], [], []
    for chance, broken, wrong in cases:
        total = variance + broken + R**2 + wrong
        gain = (variance + broken) / total
        logs.append(np.log(chance) - 0.5 * np.log(2.0 * np.pi * total) - 0.5 * surprise**2 / total)
        gains.append(gain)
        lefts.append((1.0 - gain) * (variance + broken))
    log, gain, left = np.array(logs), np.array(gains), np.array(lefts)
    top = log.max(axis=0)
    odds = np.exp(log - top)
    total = odds.sum(axis=0)
    odds /= total
    mean = (odds * gain).sum(axis=0)
    spread = ((odds * gain**2).sum(axis=0) - mean**2) * surprise**2
    return top + np.log(total), mean * surprise, (odds * left).sum(axis=0) + spread


def _classes(past: Past, expected: Array) -> Ints:
    mean = recent_mean(past.y, len(past.y))
    return np.digitize(np.where(np.isfinite(mean), mean, expected), CLASSES)


def _weigh(score: Array, classes: Ints) -> tuple[Array, float]:
    """Weights of the filters on each column, and the log likelihood: EM over how common each guess is in a class."""
    filters = len(score)
    common = np.full((filters, len(CLASSES) + 1), 1.0 / filters)
    member = np.eye(len(CLASSES) + 1)[classes]
    top = score.max(axis=0)
    odds = np.exp(score - top)
    weight = odds / odds.sum(axis=0)
    for _ in range(EM_ROUNDS):
        weight = odds * common[:, classes]
        weight /= weight.sum(axis=0)
        common = (weight @ member + 0.05) / (member.sum(axis=0) + 0.05 * filters)
    likelihood = top + np.log((odds * common[:, classes]).sum(axis=0))
    return weight, float(likelihood.sum())
