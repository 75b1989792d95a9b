"""Where the states stand in a picture of their ties: by their capitals, moved apart until labels fit."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from sco_sim.case.case import Site
from sco_sim.numerics.arrays import Array


def spread(capitals: Mapping[str, Site], apart: float = 0.34, rounds: int = 400) -> dict[str, tuple[float, float]]:
    """Positions in a frame 2 wide and about 1.2 high, about `apart` from each other, near the true ones.

    Crowded states push each other away and are drawn back to their capitals.
    """
    states = sorted(capitals)
    if any(math.isnan(site.latitude) or math.isnan(site.longitude) for site in capitals.values()):
        turn = 2.0 * math.pi / len(states)  # no map without all capitals: the states stand on a ring
        return {iso: (math.sin(turn * i), 0.6 * math.cos(turn * i)) for i, iso in enumerate(states)}
    middle = math.radians(float(np.mean([capitals[iso].latitude for iso in states])))
    home = np.array([[capitals[iso].longitude * math.cos(middle), capitals[iso].latitude] for iso in states])
    home -= home.mean(axis=0)
    home *= np.array([1.0, 0.6]) / np.maximum(np.abs(home).max(axis=0), 1e-9)
    now = home.copy()
    for _ in range(rounds):
        now += 0.02 * (home - now) + 0.5 * _push(now, apart)
    return {iso: (float(x), float(y)) for iso, (x, y) in zip(states, now, strict=True)}


def _push(now: Array, apart: float) -> Array:
    """How far each state has to give way, shape (state, 2); labels are wide, so sideways room counts less."""
    step = now[:, None, :] - now[None, :, :]
    scaled = step * np.array([0.8, 1.25])
    distance = np.sqrt((scaled**2).sum(axis=-1))
    np.fill_diagonal(distance, np.inf)
    lack = np.maximum(apart - distance, 0.0) / np.maximum(distance, 1e-6)
    push: Array = (0.5 * lack[:, :, None] * step).sum(axis=1)
    return push
