"""The order in which the worlds of a sweep are simulated: whatever a kill leaves behind is balanced over the design."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sco_sim.engine.numbering import Numbering
from sco_sim.numerics.arrays import Ints

GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
WINDOW = 200
"""How far from the golden section a step is sought; numbers coprime to the size of any design lie closer."""


def ranks(rows: int, *, as_designed: bool) -> Ints:
    """The rank of each row of a design in the order of simulation, shape (row,).

    A grid runs through its factors like a clock, so its first half would lack half of the values of the first factor.
    Steps of the golden section through the rows, coprime to their number, spread any prefix evenly over the values of
    the slowest factor and of the fastest.

    Args:
        rows: Rows of the design.
        as_designed: Leave the order as it is: base points of Sobol and trajectories of Morris are balanced already, and
            only whole ones count.
    """
    if as_designed or rows < 3:
        return np.arange(rows, dtype=np.intp)
    middle = int(rows * GOLDEN)
    nearest = sorted(
        range(max(1, middle - WINDOW), min(rows, middle + WINDOW)), key=lambda step: abs(step - rows * GOLDEN)
    )
    step = next(step for step in nearest if math.gcd(step, rows) == 1)
    rank = np.empty(rows, dtype=np.intp)
    rank[np.arange(rows, dtype=np.intp) * step % rows] = np.arange(rows)
    return rank


def arranged(worlds: Sequence[int], of: Numbering, rank: Ints, structure: Ints, size: int) -> Ints:
    """Worlds in an order of which any prefix is balanced over rows and scenarios, and whose batches are quick.

    Point after point, each with all of its worlds, in the order of the ranks. Worlds of one structure make one model:
    they are gathered to batches of `size`, and the structures take turns.

    Args:
        worlds: World numbers.
        of: What they stand for.
        rank: From `ranks`.
        structure: Number of what the worlds of each point share to be simulated in one model, shape (point,).
        size: Worlds of a batch.

    Returns:
        World numbers, shape (world,).
    """
    numbers = np.asarray(worlds, dtype=np.intp)
    ordered = numbers[np.lexsort((numbers, of.scenario(numbers), rank[of.row(numbers)]))]
    groups, first, group = np.unique(structure[of.point(ordered)], return_index=True, return_inverse=True)
    position = np.empty(len(ordered), dtype=np.intp)  # of each world among those of its structure
    by_group = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[by_group], np.arange(len(groups)))
    position[by_group] = np.arange(len(ordered)) - np.repeat(starts, np.bincount(group, minlength=len(groups)))
    return ordered[np.lexsort((position, first[group], position // size))]
