"""A batch ready for the store: Parquet files as bytes and rows for SQLite, encoded where the batch was simulated.

So encoding is done by as many processes as simulate, less travels, and the process that stores only writes and commits.

One batch has these forms on its way: a `Block` (engine.record) is the arrays of its worlds; a `Batch` (runs.workers) is
a block with the worlds that failed; a `Packed` is the block as files, rows and hashes, its rows for one table of SQLite
are a `Rows`; a `Finished` (runs.workers) is a packed batch with its failures, which `Writer.commit` stores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sco_sim.engine.record import Block
from sco_sim.numerics.arrays import Array
from sco_sim.store import parquet
from sco_sim.store.seal import file_hash, rows_hash

OUTCOME_YEARS = 5
"""Outcomes go to SQLite in calendar years that are multiples of this, and in the last year."""


@dataclass(frozen=True)
class Layout:
    """What a stored run keeps of a batch, as its manifest says."""

    kinds: tuple[str, ...]
    """Parquet tables."""
    years: tuple[int, ...] | None
    """Years whose outcomes go to SQLite; every fifth and the last if None."""
    names: Mapping[str, tuple[str, ...]]
    """States, ties and agreements by their names."""

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Layout:
        """The layout of the run that a manifest describes."""
        years = manifest.get("kept_years")
        names = {key: tuple(manifest[key]) for key in ("states", "ties", "agreements")}
        return cls(tuple(manifest.get("kinds", parquet.KINDS)), None if years is None else tuple(years), names)


@dataclass(frozen=True)
class Rows:
    """Rows of a table of SQLite: whole numbers that are its key, and a number for each name."""

    keys: Mapping[str, NDArray[np.intp]]
    """Name of each key to its numbers, (row,)."""
    names: tuple[str, ...]
    """Names of the numbers, in alphabetical order."""
    values: Array
    """The numbers, (row, name)."""

    @classmethod
    def of(cls, keys: Mapping[str, Sequence[int] | NDArray[np.intp]], columns: Mapping[str, Array]) -> Rows:
        """Columns side by side, in the order of their names."""
        names = tuple(sorted(columns))
        whole = {name: np.asarray(values, dtype=np.intp) for name, values in keys.items()}
        stacked = np.empty((len(next(iter(whole.values()))), len(names)))
        for number, name in enumerate(names):
            stacked[:, number] = columns[name]
        return cls(whole, names, stacked)

    def cells(self) -> list[list[float]]:
        """The rows as SQLite takes them, key first."""
        keys = zip(*(values.tolist() for values in self.keys.values()), strict=True)
        return [[*key, *row] for key, row in zip(keys, self.values.tolist(), strict=True)]

    def only(self, key: str, numbers: Sequence[int]) -> Rows:
        """The rows whose key is one of some numbers."""
        kept = np.isin(self.keys[key], numbers)
        return Rows({name: column[kept] for name, column in self.keys.items()}, self.names, self.values[kept])

    @property
    def hash(self) -> str:
        """SHA-256 over the rows, as a reader works it out again."""
        return rows_hash(self.keys, self.names, self.values)


@dataclass(frozen=True)
class Packed:
    """A batch as the store takes it."""

    worlds: tuple[int, ...]
    """The worlds."""
    settings: tuple[int, ...]
    """The setting of each."""
    files: Mapping[str, pa.Buffer]
    """Parquet table to its file."""
    tables: Mapping[str, Rows]
    """Table of SQLite to rows, which do no harm where they are stored already."""
    hashes: Mapping[str, str]
    """Hash of each file and of the rows of each table."""

    @classmethod
    def of(
        cls, worlds: Sequence[int], settings: Sequence[int], files: Mapping[str, pa.Buffer], tables: Mapping[str, Rows]
    ) -> Packed:
        """The batch with its hashes."""
        hashes = {table: file_hash(content) for table, content in files.items()}
        hashes |= {name: rows.hash for name, rows in tables.items()}
        return cls(tuple(worlds), tuple(settings), files, tables, hashes)

    def without(self, done: set[int]) -> Packed | None:
        """The batch without the worlds that are committed already, None if nothing is left."""
        kept = [
            (world, setting) for world, setting in zip(self.worlds, self.settings, strict=True) if world not in done
        ]
        if len(kept) == len(self.worlds):
            return self
        if not kept:
            return None
        worlds, settings = zip(*kept, strict=True)
        files = {table: parquet.only(content, worlds) for table, content in self.files.items()}
        chosen = {"settings": ("setting", settings), "outcomes": ("world", worlds)}
        return Packed.of(worlds, settings, files, {name: self.tables[name].only(*by) for name, by in chosen.items()})


def pack(block: Block, layout: Layout) -> Packed:
    """A block as the store takes it; raises ValueError if it is not what the manifest announced."""
    names = {"states": block.state_codes, "ties": block.tie_names, "agreements": block.agreement_names}
    for key, announced in layout.names.items():
        if names[key] != announced:
            raise ValueError(f"the block has other {key} than the manifest: {names[key]}")
    tables = parquet.tables(block, layout.kinds)
    return Packed.of(
        block.worlds,
        [int(setting) for setting in block.settings],
        {name: parquet.to_bytes(table) for name, table in tables.items()},
        {"settings": _settings(block), "outcomes": _outcomes(block, layout.years)},
    )


def _settings(block: Block) -> Rows:
    settings, rows = np.unique(block.settings, return_index=True)
    return Rows.of({"setting": settings}, {name: column[rows] for name, column in block.parameters.items()})


def _outcomes(block: Block, chosen: Sequence[int] | None) -> Rows:
    last = block.years[-1]
    columns = [
        column for column, year in enumerate(block.years)
        if (year % OUTCOME_YEARS == 0 or year == last if chosen is None else year in chosen)
    ]  # fmt: skip
    years = [block.years[column] for column in columns]
    keys = {"world": np.repeat(block.worlds, len(columns)), "year": np.tile(years, len(block.worlds))}
    return Rows.of(keys, {name: values[:, columns].ravel() for name, values in block.metrics.items()})
