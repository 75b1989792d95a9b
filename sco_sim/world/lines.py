"""Gas pipelines: what carries energy from one state to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sco_sim.numerics.arrays import Array


@dataclass(frozen=True)
class Line:
    """A pipeline, or one state's part of it."""

    tie: int
    """Row of the tie between its two ends."""
    legs: tuple[int, ...]
    """Rows of the ties between neighbours on its way; those with an end outside the states simulated are left out."""
    capacity: float
    """Bcm a year."""
    since: float
    """When it came into service, as a decimal year."""
    crosses: bool = False
    """Whether it crosses a third state, simulated or not."""


def in_service(lines: Sequence[Line], year: float, ramp: Array, ties: int) -> Array:
    """Capacity in service at the end of a year, bcm a year, shape (world, tie).

    Args:
        lines: The pipelines.
        year: Calendar year.
        ramp: Years from the first gas to the full flow, (world, 1).
        ties: Number of ties.
    """
    out = np.zeros((len(ramp), ties))
    for line in lines:
        out[:, line.tie] += line.capacity * filled(line, year, ramp)
    return out


def filled(line: Line, year: float, ramp: Array) -> Array:
    """Share of its capacity that a line has reached by the end of a year, shape (world,)."""
    share: Array = np.clip((year + 1.0 - line.since) / ramp[:, 0], 0.0, 1.0)
    return share
