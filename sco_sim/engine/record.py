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
    """Numbers of the worlds."""
    years: tuple[int, ...]
    """Calendar years that were measured, in order; the first may be the initial year."""
    metrics: dict[str, Array]
    """Metric key -> (W, Y)."""
    states: dict[str, Array]
    """Metric key -> (W, Y, S)."""
    ties: dict[str, Array]
    """Metric key -> (W, Y, T)."""
    agreements: dict[str, Array]
    """adopted_year, force_year, delivered_year, tabled_years, hold_out (row of the state, -1 if none), ambition,
    delivered, losses, and by state ratified_ISO (0 before) and delivered_ISO -> (W, P)."""
    state_codes: tuple[str, ...]
    """Codes of the states, in the order of their rows."""
    tie_names: tuple[str, ...]
    """Names of the ties, such as CHN-RUS."""
    agreement_names: tuple[str, ...]
    """Labels of the agreements."""
    settings: NDArray[np.intp]
    """Setting of each world, (W,)."""
    parameters: dict[str, Array]
    """Ledger name -> the draw in force in each world, (W,)."""


@dataclass(frozen=True)
class Failure:
    """A world that could not be simulated."""

    world: int
    """Its number."""
    error: str
    """Last line of the error."""
    traceback: str
    """The whole traceback."""


Progress = Callable[[int, int], None]
"""Called with the worlds finished so far and the worlds wanted."""


def interest(start: int, end: int) -> tuple[int, ...]:
    """Every fifth calendar year after the start, and the last."""
    return tuple(year for year in range(start + 1, end + 1) if year % 5 == 0 or year == end)
