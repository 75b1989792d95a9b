"""How much of what was asked for is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sco_sim.errors import counted
from sco_sim.numerics.arrays import Ints

Stretch = tuple[int, int]
"""First and last of numbers that follow each other."""


@dataclass(frozen=True)
class Extent:
    """Worlds asked for, and what became of them."""

    wanted: int
    """Worlds that were asked for."""
    done: int
    """Those of them that are stored."""
    failed: int
    """Those of them that failed."""

    @property
    def missing(self) -> int:
        """Those that are not simulated yet."""
        return self.wanted - self.done - self.failed

    @property
    def whole(self) -> bool:
        """Whether all are stored."""
        return self.done == self.wanted

    def __str__(self) -> str:
        """In words."""
        if self.whole:
            return f"all {self.wanted:,} worlds are stored"
        why = [f"{self.missing:,} not simulated yet"] if self.missing else []
        why += [f"{self.failed:,} failed"] if self.failed else []
        wanted = counted(self.wanted, "world")
        return f"{self.done:,} of {wanted} are stored ({', '.join(why)}; the same command goes on)"


def extent(wanted: Sequence[Stretch], done: Ints, failed: Ints) -> Extent:
    """How much of the worlds asked for is stored."""
    asked = numbers(wanted)
    return Extent(len(asked), int(np.isin(asked, done).sum()), int(np.isin(asked, failed).sum()))


def numbers(stretches: Sequence[Stretch]) -> Ints:
    """All numbers of stretches, shape (number,)."""
    pieces = [np.arange(first, last + 1, dtype=np.intp) for first, last in stretches]
    return np.concatenate(pieces) if pieces else np.empty(0, dtype=np.intp)


def merged(stretches: Sequence[Stretch]) -> list[Stretch]:
    """As few stretches as cover the same numbers, in order."""
    joined: list[Stretch] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(joined[-1][1], last)
        else:
            joined.append((first, last))
    return joined
