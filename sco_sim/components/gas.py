"""Gas in pipelines: what they can carry, which the mechanism, the policy and the metrics of energy share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.world.lines import by_tie, carried, legs_of

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array, Ints
    from sco_sim.world.year import Year

PARAMETERS = ("energy.ramp", "energy.quarrel", "energy.border")
"""Ledger entries on which it hangs how much gas a pipeline can carry."""
READS = ("shock_energy", "shock_border", "spat", "war", "drawn")
"""State variables on which it hangs."""


def let_through(year: Year, legs: Sequence[int] | Ints) -> Array:
    """Equation 37: share of the gas that a quarrel, a closed border and sanctions leave on some ties, (world, leg)."""
    p, arrays = year.p, year.state.arrays
    shock, closed, spat, war, drawn = (arrays[name].take(legs, axis=1) for name in READS)
    out: Array = 1.0 - p["energy.quarrel"] * np.minimum(np.maximum(np.maximum(spat, war), drawn), 1.0)
    out *= np.exp(shock)
    out *= 1.0 - p["energy.border"] * np.minimum(closed, 1.0)
    return out


def with_gas(year: Year) -> Ints:
    """Rows of the ties that have a line or gas in some world, or get a line by policy, shape (row,)."""
    gas = np.flatnonzero((year.state.effect_energy + year.state.energy).any(axis=0)).tolist()
    return np.array(sorted({line.tie for line in year.facts.lines} | set(gas)), dtype=np.intp)


def of_lines(year: Year) -> Array:
    """Equation 37: what each line of the case can carry, as open as its worst leg, bcm a year, (world, line)."""
    lines = year.facts.lines
    out, (legs, ways) = carried(lines, year.year, year.p["energy.ramp"]), legs_of(lines)
    through = let_through(year, legs)
    for number, way in enumerate(ways):
        if way:
            out[:, number] *= reduce(np.minimum, (through[:, leg] for leg in way))
    return out


def room(year: Year, rows: Ints, each: Array) -> Array:
    """What the lines on some ties can carry, those that policies have built too, bcm a year, shape (world, row).

    Args:
        year: The year.
        rows: The ties, (row,).
        each: What each line of the case can carry, (world, line).
    """
    return by_tie(year.facts.lines, each, rows) + year.state.effect_energy[:, rows]


def total(year: Year, rows: Ints, values: Array) -> Array:
    """Sum over ties, (world, row) -> (world,); over all ties, since which have gas hangs on the worlds beside.

    Args:
        year: The year.
        rows: The ties that the values belong to, (row,).
        values: What is summed, (world, row).
    """
    everywhere = np.zeros((len(values), len(year.ties)))
    everywhere[:, rows] = values
    out: Array = everywhere.sum(axis=1)
    return out


def at_year_end(year: Year) -> tuple[Ints, Array, Array]:
    """Rows with gas, (row,), what each line can carry, (world, line), and all lines there, (world, row).

    Metrics share it.
    """

    def make() -> tuple[Ints, Array, Array]:
        rows, each = with_gas(year), of_lines(year)
        return rows, each, room(year, rows, each)

    return year.once("gas", make)
