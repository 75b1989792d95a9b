"""Small functions of arrays that several components share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.compiled import compiled


def expit(x: Array) -> Array:
    """Inverse logit; exponentiates only negative numbers, so nothing overflows; same shape."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def product(matrix: Array, weights: Array) -> Array:
    """Sum over j of matrix[..., i, j] weights[w, j], shape (world, i): one small product a world.

    So no bit of a world depends on the batch, as it would in a product with all worlds at once.
    """
    out: Array = np.matmul(matrix, weights[:, :, None])[:, :, 0]
    return out


def total(parts: Array) -> Array:
    """Sum over the last, short axis, (world, i, j) -> (world, i): `sum` takes five times as long there."""
    out: Array = np.matmul(parts, np.ones((parts.shape[2], 1)))[:, :, 0]
    return out


def to_normal(u: Array) -> Array:
    """Standard normal quantiles of uniforms in (0, 1); same shape; the uniforms are spent."""
    fast = compiled()
    if fast is None:
        from scipy.special import ndtri  # what checks a scenario file needs no scipy

        return np.asarray(ndtri(u, out=u))
    z = np.ascontiguousarray(u)
    fast.to_normal(z.reshape(-1))
    return z


def second_eigenvalue(matrices: Array) -> Array:
    """Second smallest eigenvalue of symmetric matrices (world, state, state), shape (world,); they may be spent."""
    fast = compiled()
    if fast is None:
        return np.array(np.linalg.eigvalsh(matrices)[:, 1], dtype=np.float64)
    out = np.empty(len(matrices))
    fast.fill_second(matrices, out)
    return out


def poisson_quantile(u: Array, mean: Array) -> Array:
    """Smallest count whose Poisson distribution function reaches u; shape of u.

    Counts stop at mean + 12 sqrt(mean) + 24.
    """
    mean = np.broadcast_to(mean, u.shape)
    term = np.exp(-mean)
    total = term.copy()
    count = np.zeros_like(u)
    most = int(np.max(mean + 12.0 * np.sqrt(mean) + 24.0, initial=24.0))
    for k in range(1, most + 1):
        above = u > total
        if not above.any():
            break
        count += above
        term = term * mean / k
        total = total + term
    return count


def mean_where(values: Array, chosen: Array | NDArray[np.bool_]) -> Array:
    """Mean of each row over the columns chosen (0/1), shape (..., 1); 0 where there are none."""
    total = (values * chosen).sum(axis=-1, keepdims=True)
    out: Array = total / np.maximum(chosen.sum(axis=-1, keepdims=True), 1.0)
    return out


def gini(x: Array) -> Array:
    """Gini coefficient along the last axis of non-negative values, shape (...)."""
    n = x.shape[-1]
    ranks = np.arange(1, n + 1)
    ordered = np.sort(x, axis=-1)
    weighted = (ordered * (2.0 * ranks - n - 1.0)).sum(axis=-1)
    total = ordered.sum(axis=-1)
    out: Array = np.divide(weighted, n * total, out=np.zeros_like(total), where=total > 0)
    return out


def with_common(common: Array, own: Array, share: Array) -> Array:
    """Standard normals of whose variance a share is common to all units, (draw, unit).

    Args:
        common: One standard normal a draw, (draw, 1).
        own: Standard normals of the units, (draw, unit).
        share: Share of the variance, 0-1, (draw, 1) or (unit,).
    """
    out: Array = np.sqrt(share) * common + np.sqrt(1.0 - share) * own
    return out
