"""Noise of a flow: how wide it is by the size of the flow, and the mixture of two normals that it is drawn from.

Most years are normal; in a share of them the same normal is several times as wide. That is what the likelihood of the
fit has (`evidence/calibration/exchange.py`), what the filters age by and what is simulated. Its exponential has a
mean, unlike that of a Student draw.
"""

from __future__ import annotations

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import to_normal

CUT = 3.5
"""Draws beyond so many standard deviations of their own normal, one in 2,000, are not made: a flow never moves by
more than CUT times the widest scale, whatever the uniform."""
_BEYOND = 0.00023262907903552502
"""Share of a normal above CUT."""


def noise_scale(x: Array, level: Array | float, size: Array | float, floor: Array | float, pivot: float) -> Array:
    """Scale of the noise of a flow of log size x: exp(level + size (max(x, floor) - pivot)), in the shape of x."""
    out: Array = np.maximum(x, floor)
    out -= pivot
    out *= size
    out += level
    np.exp(out, out=out)
    return out


def mixture_draws(u: Array, share: Array, spread: Array) -> Array:
    """Draws of scale 1 from uniforms in (0, 1), same shape: a share of them is `spread` times as wide.

    Which normal it is and where in it come from the same uniform: below `share` it is the wide one.
    """
    wide = u < share
    level = np.where(wide, u, u - share)  # in place from here on: all years of a stream are drawn at once
    level /= np.where(wide, share, 1.0 - share)
    np.clip(level, 0.0, 1.0, out=level)
    level *= 1.0 - 2.0 * _BEYOND
    level += _BEYOND
    z = to_normal(level)
    z *= np.where(wide, spread, 1.0)
    return z


def mixture_variance(scale: Array, share: Array | float, spread: Array | float) -> Array:
    """Variance of the noise of a scale, in its shape."""
    out: Array = scale**2 * (1.0 - share + share * spread**2)
    return out


def mixture_mean(scale: Array, share: Array | float, spread: Array | float) -> Array:
    """Mean of the exponential of the noise, in the shape of `scale`, but for the draws beyond CUT."""
    narrow: Array = scale * scale  # in place from here on, as it is asked for every flow and year
    narrow *= 0.5
    wide: Array = narrow * spread**2
    np.exp(narrow, out=narrow)
    np.exp(wide, out=wide)
    narrow *= 1.0 - share
    wide *= share
    narrow += wide
    return narrow
