"""What a batch of worlds leaves behind: arrays, world axis first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sco_sim.numerics.arrays import Array


@dataclass(frozen=True)
class Block:
    """The record of a batch of worlds; W worlds, Y years, S states, T ties, P agreements."""

    worlds: tuple[int, ...]
    #: first to last year of the horizon, both included
    years: tuple[int, ...]
    #: metric key -> (W, Y)
    metrics: dict[str, Array]
    #: metric key -> (W, Y, S)
    states: dict[str, Array]
    #: metric key -> (W, Y, T)
    ties: dict[str, Array]
    #: adopted_year, tabled_years, hold_out (row of the state, -1 if none), ambition, delivered -> (W, P)
    agreements: dict[str, Array]
    state_codes: tuple[str, ...]
    tie_names: tuple[str, ...]
    agreement_names: tuple[str, ...]
    #: setting of each world, (W,)
    settings: NDArray[np.intp]
    #: ledger name -> the draw in force in each world, (W,)
    parameters: dict[str, Array]


@dataclass(frozen=True)
class Failure:
    """A world that could not be simulated: the last line of the error and its traceback."""

    world: int
    error: str
    traceback: str


#: Called with the worlds finished so far and the worlds wanted.
Progress = Callable[[int, int], None]


def interest(start: int, end: int) -> tuple[int, ...]:
    """Every fifth calendar year after the start, and the last."""
    return tuple(year for year in range(start + 1, end + 1) if year % 5 == 0 or year == end)
