"""What is known of a flow of students that no source lists: that it is not listed.

A source lists large flows. How large a flow is (gravity, with the two ends' rivalry) and whether it is listed are
fitted together (a selection model, Heckman 1979): the chance of being listed rises with the size, and with how many
other origins the destination lists, since an absence tells little of a destination that reports nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from sco_sim.numerics.arrays import Array

COVERED = 10.0
"""Origins listed by a destination of middling coverage."""
DIGITS = 3
"""Decimals of the coefficients, so that the last bits of a machine do not matter."""
PRIOR = ((0.0, 2.0), (4.0, 2.0), (0.7, 1.0), (0.0, 3.0))
"""Mean and spread of ln of the residual, of the size listed by half, of ln of its spread and of coverage: they matter
where a case lists little."""


@dataclass(frozen=True)
class Listing:
    """The fit: size and listing of directed flows."""

    slopes: Array
    """Of ln(1 + persons) on the regressors, (regressor,)."""
    residual: float
    """Standard deviation about them."""
    half: float
    """Ln(1 + persons) from which half of the flows are listed, at middling coverage."""
    spread: float
    """Spread of that threshold."""
    coverage: float
    """How far the threshold falls per ln of the destination's coverage."""

    def unlisted(self, x: Array, others: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of ln(1 + persons) of flows that are not listed, each of shape (flow,).

        Args:
            x: Regressors, (flow, regressor).
            others: Other origins that the destination lists, (flow,).
        """
        size = x @ self.slopes
        width = np.hypot(self.residual, self.spread)
        above = (size - self._threshold(others)) / width
        hazard = np.exp(-0.5 * above**2 - 0.5 * np.log(2.0 * np.pi) - log_ndtr(-above))
        pulled = self.residual**2 / width
        mean = size - pulled * hazard
        variance = self.residual**2 - pulled**2 * hazard * (hazard - above)
        return mean, np.sqrt(np.maximum(variance, 0.0))

    def _threshold(self, others: Array) -> Array:
        return self.half - self.coverage * np.log((1.0 + others) / (1.0 + COVERED))


def fit_listing(x: Array, y: Array, others: Array) -> Listing:
    """Maximum likelihood, with a faint prior on what is not a slope.

    Args:
        x: Regressors of all flows, listed or not, (flow, regressor); the first is 1.
        y: Ln(1 + persons), NaN where not listed, (flow,).
        others: Other origins that the destination lists, (flow,).
    """
    from scipy.optimize import minimize  # slow to load, and asked for once a case and start

    order = np.lexsort([np.nan_to_num(y, nan=-1.0), others, *x.T])  # the same fit for any order of the flows
    x, y, others = x[order], y[order], others[order]
    seen = np.isfinite(y)
    centre, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-9)
    constant = scale < 1e-8
    z = np.where(constant, x, (x - centre) / np.where(constant, 1.0, scale))
    count = z.shape[1]
    known = np.where(seen, y, 0.0)

    def loss(p: Array) -> float:
        fit = Listing(p[:count], float(np.exp(p[count])), p[count + 1], float(np.exp(p[count + 2])), p[count + 3])
        size, threshold = z @ fit.slopes, fit._threshold(others)
        listed = -np.log(fit.residual) - 0.5 * ((known - size) / fit.residual) ** 2
        listed += log_ndtr((known - threshold) / fit.spread)
        absent = log_ndtr((threshold - size) / np.hypot(fit.residual, fit.spread))
        away = sum(((value - mean) / sd) ** 2 for value, (mean, sd) in zip(p[count:], PRIOR, strict=True))
        return float(0.5 * away + 0.5e-4 * (p[:count] ** 2).sum() - np.where(seen, listed, absent).sum())

    start = np.linalg.lstsq(z[seen], y[seen], rcond=None)[0] if seen.any() else np.zeros(count)
    mode = minimize(loss, [*start, 0.7, 4.0, 0.7, 0.0], method="BFGS").x
    slopes = mode[:count] / np.where(constant, 1.0, scale)
    slopes[0] -= (slopes * centre)[~constant].sum()
    slopes, rest = np.round(slopes, DIGITS), np.round(mode[count:], DIGITS)
    return Listing(slopes, float(np.exp(rest[0])), float(rest[1]), float(np.exp(rest[2])), float(rest[3]))
