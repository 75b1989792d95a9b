"""Posterior draws by importance sampling around the mode; every density takes many parameter vectors at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from sco_sim.numerics.arrays import Array

LogDensity = Callable[[Array], Array]
"""(draw, parameter) -> log density (draw,)."""

DRAWS = 1000
PROPOSALS = 4000
FREEDOM = 7.0
"""Degrees of freedom of the proposal, heavier in the tails than the posterior should be."""
STEP = 1e-3


@dataclass(frozen=True)
class Posterior:
    """Draws (draw, parameter) on the free scale, the mode, and the effective number of proposals behind them."""

    draws: Array
    mode: Array
    effective: float


def posterior(
    density: LogDensity, start: Array, seed: int = 1, draws: int = DRAWS, proposals: int = PROPOSALS
) -> Posterior:
    """Mode by L-BFGS, then a Student proposal of the mode's curvature, resampled by weight (seeded, so repeatable)."""
    # rounded, so that another machine's last bits do not move the proposals; the weights make up for it
    mode = np.round(_mode(density, start), 3)
    factor = np.linalg.cholesky(_covariance(density, mode))
    rng = np.random.default_rng(seed)
    count = max(proposals, 4 * draws)
    normal = rng.standard_normal((count, len(mode)))
    chi = rng.chisquare(FREEDOM, size=(count, 1)) / FREEDOM
    z = normal / np.sqrt(chi)
    proposed = mode + z @ factor.T
    target = np.concatenate([density(part) for part in np.array_split(proposed, 8)])
    proposal = -0.5 * (FREEDOM + len(mode)) * np.log1p((z**2).sum(axis=1) / FREEDOM)
    log = target - proposal
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    # systematic resampling: one uniform, evenly spaced
    places = np.minimum(np.searchsorted(weight.cumsum(), (np.arange(draws) + rng.random()) / draws), count - 1)
    return Posterior(proposed[places], mode, float(1.0 / (weight**2).sum()))


def _mode(density: LogDensity, start: Array) -> Array:
    size = len(start)
    steps = STEP * np.vstack([np.zeros(size), np.eye(size), -np.eye(size)])

    def loss(x: Array) -> tuple[float, Array]:
        values = -density(x + steps)
        return float(values[0]), (values[1 : size + 1] - values[size + 1 :]) / (2.0 * STEP)

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x, dtype=float)


def _covariance(density: LogDensity, mode: Array) -> Array:
    """Inverse of the curvature at the mode; directions in which the density does not bend get a wide spread."""
    size, h = len(mode), 0.02
    eye = h * np.eye(size)
    grid = np.array([mode + a * eye[i] + b * eye[j] for i in range(size) for j in range(size) for a, b in _SIGNS])
    values = density(grid).reshape(size, size, 4)
    curvature = -(values[..., 0] - values[..., 1] - values[..., 2] + values[..., 3]) / (4.0 * h * h)
    roots, vectors = np.linalg.eigh(0.5 * (curvature + curvature.T))
    out: Array = (vectors / np.maximum(roots, 0.05)) @ vectors.T
    return out


_SIGNS = ((1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0))


@dataclass(frozen=True)
class Prior:
    """Independent normals on the free scale, (parameter,) each."""

    mean: Array
    sd: Array

    def log(self, x: Array) -> Array:
        """Log density up to a constant, (draw,)."""
        out: Array = -0.5 * (((x - self.mean) / self.sd) ** 2).sum(axis=1)
        return out
