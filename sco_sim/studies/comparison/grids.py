"""Outcomes of a stored run as grids: a row a world, and a column a year, state or tie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array, Ints
    from sco_sim.store.stored_run import StoredRun

KEYS = ("world", "year", "tie", "iso3", "iso3_a", "iso3_b")
"""Columns that say where a number belongs and are not outcomes."""

ACROSS = {"metrics": "year", "states": "iso3", "ties": "tie"}
"""Tables of a stored run, and what has a column each in a grid of theirs."""
NUMBERS = 2_000_000
"""Of outcomes that are read together, 16 MB: fewer take less memory, and each reading of the files takes time."""
FEWEST = {"metrics": 16, "states": 8, "ties": 2}
"""Outcomes that are read together, however many worlds there are."""


def outcomes_of(frame: pd.DataFrame) -> list[str]:
    """The columns of a frame that hold outcomes."""
    return [str(column) for column in frame.columns if column not in KEYS]


class Cells(NamedTuple):
    """Where the rows of a frame belong in a grid, which all of its outcomes share."""

    worlds: pd.Index
    columns: pd.Index
    row: Ints
    column_of: Ints

    @classmethod
    def of(cls, frame: pd.DataFrame, across: str) -> Cells:
        """The cells of a frame; worlds and columns are sorted."""
        worlds, names = (frame[key].to_numpy() for key in ("world", across))
        rows, row = np.unique(worlds, return_inverse=True)
        numbers, first = pd.factorize(names)  # quicker than to sort every row by its name
        kinds, order = np.unique(np.asarray(first).astype(str) if names.dtype == object else first, return_inverse=True)
        return cls(pd.Index(rows), pd.Index(kinds), row, order[numbers])

    def grid(self, values: Array) -> pd.DataFrame:
        """One outcome; NaN where the frame has no row."""
        wide = np.full((len(self.worlds), len(self.columns)), np.nan)
        wide[self.row, self.column_of] = values
        return pd.DataFrame(wide, index=self.worlds, columns=self.columns)


def grid(frame: pd.DataFrame, column: str, across: str = "year") -> pd.DataFrame:
    """One outcome as a table with a row per world and a column per year (or tie, or state), both sorted."""
    return Cells.of(frame, across).grid(frame[column].to_numpy(dtype=float))


def wide(
    run: StoredRun, table: str, keys: Sequence[str], years: Sequence[int] | None = None
) -> dict[str, pd.DataFrame]:
    """Some outcomes of a stored run as grids, put together batch by batch: no more than they is in memory."""
    parts: dict[str, list[pd.DataFrame]] = {key: [] for key in keys}
    for frame in run.parts(table, years, keys):  # those of batches in which all worlds failed are empty
        cells = Cells.of(frame, ACROSS[table])
        for key, own in parts.items():
            own += [cells.grid(frame[key].to_numpy(dtype=float))] if len(frame) or not own else []
    return {key: own[0] if len(own) == 1 else pd.concat(own).sort_index() for key, own in parts.items()}


class Grids:
    """The outcomes of one stored run, a few at a time.

    The last few of each table are kept, since each scenario is held against the same ones of the reference.
    """

    def __init__(self, run: StoredRun) -> None:
        self.run = run
        self._kept: dict[str, tuple[object, dict[str, pd.DataFrame]]] = {}
        self._names: dict[str, list[str]] = {}

    @cached_property
    def extent(self) -> tuple[Ints, Ints]:
        """The worlds and the years that the run has, each in ascending order."""
        parts = self.run.parts("metrics", None, ())
        frames = [(np.unique(frame["world"]), np.unique(frame["year"])) for frame in parts]
        worlds, years = (np.unique(np.concatenate(own)) for own in zip(*frames, strict=True))
        return worlds.astype(np.intp), years.astype(np.intp)

    def names(self, table: str) -> list[str]:
        """The outcomes of a table: metrics, states or ties."""
        if table not in self._names:
            self._names[table] = outcomes_of(next(self.run.parts(table, [int(self.extent[1][-1])])))
        return self._names[table]

    def batches(self, table: str, keys: Sequence[str], years: Sequence[int] | None = None) -> Iterator[Sequence[str]]:
        """The outcomes cut into what is read together."""
        worlds, all_years = self.extent
        states = len(self.run.manifest["states"])
        columns = {"metrics": len(all_years if years is None else years), "states": states, "ties": states * states / 2}
        size = max(int(NUMBERS / max(len(worlds) * columns[table], 1)), FEWEST[table])
        return (keys[first : first + size] for first in range(0, len(keys), size))

    def read(self, table: str, keys: Sequence[str], years: Sequence[int] | None = None) -> dict[str, pd.DataFrame]:
        """Some outcomes as grids; those of the same words as last time are not read again."""
        asked = (tuple(keys), None if years is None else tuple(years))
        known = self._kept.get(table)
        if known is None or known[0] != asked:
            self._kept.pop(table, None)  # before the others are read: both need not be in memory
            known = self._kept[table] = asked, wide(self.run, table, keys, years)
        return known[1]
