"""Gas pipelines: what carries energy from one state to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from sco_sim.numerics.arrays import Array, Ints


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


@cache
def legs_of(lines: tuple[Line, ...]) -> tuple[Ints, tuple[tuple[int, ...], ...]]:
    """Rows of the legs of some lines, shape (leg,), and for each line the numbers of its legs among them."""
    legs = sorted({leg for line in lines for leg in line.legs})
    number = {leg: column for column, leg in enumerate(legs)}
    return np.array(legs, dtype=np.intp), tuple(tuple(number[leg] for leg in line.legs) for line in lines)


@cache
def _numbers(lines: tuple[Line, ...]) -> tuple[Array, Array]:
    """Capacity and first day of each line, (line,) each."""
    return np.array([line.capacity for line in lines]), np.array([line.since for line in lines])


def carried(lines: tuple[Line, ...], year: float, ramp: Array) -> Array:
    """Capacity of each line in service at the end of a year, as far as it has filled, bcm a year, (world, line).

    Args:
        lines: The pipelines.
        year: Calendar year.
        ramp: Years from the first gas to the full flow, (world, 1).
    """
    capacity, since = _numbers(lines)
    share = np.minimum(np.maximum((year + 1.0 - since) / ramp, 0.0), 1.0)
    share *= capacity
    return share


def by_tie(lines: Sequence[Line], values: Array, rows: Ints) -> Array:
    """Sum of the values of the lines of each tie, (world, line) -> (world, row).

    Args:
        lines: The pipelines.
        values: What is summed, (world, line).
        rows: Ties wanted, the ties of all the lines among them, (row,).
    """
    column = {tie: number for number, tie in enumerate(rows.tolist())}
    out = np.zeros((len(values), len(rows)))
    for number, line in enumerate(lines):
        out[:, column[line.tie]] += values[:, number]
    return out


def in_service(lines: tuple[Line, ...], year: float, ramp: Array, rows: Ints) -> Array:
    """Capacity in service on some ties at the end of a year, bcm a year, (world, row); arguments as above."""
    return by_tie(lines, carried(lines, year, ramp), rows)
