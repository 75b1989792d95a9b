"""Gas in pipelines: what they can carry, which the mechanism, the policy and the metrics of energy share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.world.lines import Line, filled

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array, Ints
    from sco_sim.world.year import Year

PARAMETERS = ("energy.ramp", "energy.quarrel", "energy.border")
"""Ledger entries on which it hangs how much gas a pipeline can carry."""
READS = ("shock_energy", "shock_border", "spat", "war", "drawn")
"""State variables on which it hangs."""


def let_through(year: Year, legs: Sequence[int]) -> Array:
    """Equation 37: share of the gas that a quarrel, a closed border and sanctions leave on some ties, (world, leg)."""
    state, p = year.state, year.p
    rows = np.asarray(legs, dtype=np.intp)
    quarrel = np.maximum(np.maximum(state.spat[:, rows], state.war[:, rows]), state.drawn[:, rows])
    out: Array = 1.0 - p["energy.quarrel"] * np.minimum(quarrel, 1.0)
    out *= np.exp(state.shock_energy[:, rows])
    out *= 1.0 - p["energy.border"] * np.clip(state.shock_border[:, rows], 0.0, 1.0)
    return out


def with_gas(year: Year) -> Ints:
    """Rows of the ties that have a line or gas in some world, or get a line by policy, shape (row,)."""
    lined = {line.tie for line in year.facts.lines}
    moved = (year.state.effect_energy > 0.0) | (year.state.energy > 0.0)
    return np.array(sorted(lined | set(np.flatnonzero(moved.any(axis=0)).tolist())), dtype=np.intp)


def of_lines(year: Year, lines: Sequence[Line], rows: Ints) -> Array:
    """Equation 37: what some lines of the case in service can carry on some ties, bcm a year, shape (world, row)."""
    out = np.zeros((year.state.worlds, len(rows)))
    legs = sorted({leg for line in lines for leg in line.legs})
    through, of_leg = let_through(year, legs), {leg: number for number, leg in enumerate(legs)}
    of_tie = {tie: number for number, tie in enumerate(rows.tolist())}
    for line in lines:
        worst = through[:, [of_leg[leg] for leg in line.legs]].min(axis=1) if line.legs else 1.0
        out[:, of_tie[line.tie]] += line.capacity * filled(line, year.year, year.p["energy.ramp"]) * worst
    return out


def room(year: Year, rows: Ints) -> Array:
    """What the lines on some ties can carry, those that policies have built too, bcm a year, shape (world, row)."""
    return of_lines(year, year.facts.lines, rows) + year.state.effect_energy[:, rows]


def at_rest(year: Year) -> tuple[Ints, Array]:
    """Rows with gas, (row,), and what the lines there can carry, bcm a year, (world, row); for metrics, once a year."""
    return year.once("gas", lambda: (rows := with_gas(year), room(year, rows)))
