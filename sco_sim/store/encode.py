"""A batch ready for the store: Parquet files as bytes and rows for SQLite, made where the batch was simulated.

So encoding is done by as many processes as simulate, less travels, and the process that stores only writes and commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sco_sim.engine.record import Block
from sco_sim.numerics.arrays import Array
from sco_sim.store import parquet as parts

#: Outcomes go to SQLite in calendar years that are multiples of this, and in the last year.
OUTCOME_YEARS = 5


@dataclass(frozen=True)
class Layout:
    """What a stored run keeps of a batch, as its manifest says."""

    #: kinds of parts
    kinds: tuple[str, ...]
    #: years whose outcomes go to SQLite; every fifth and the last if None
    years: tuple[int, ...] | None
    #: states, ties and agreements by their names
    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Layout:
        """The layout of the run that a manifest describes."""
        years = manifest.get("kept_years")
        names = {key: tuple(manifest[key]) for key in ("states", "ties", "agreements")}
        return cls(tuple(manifest.get("kinds", parts.KINDS)), None if years is None else tuple(years), names)


@dataclass(frozen=True)
class Wide:
    """Rows of a table of SQLite: whole numbers that are its key, and a number for each name."""

    keys: Mapping[str, NDArray[np.intp]]
    names: tuple[str, ...]
    #: (row, name)
    values: Array

    @classmethod
    def of(cls, keys: Mapping[str, Sequence[int] | NDArray[np.intp]], columns: Mapping[str, Array]) -> Wide:
        """Columns side by side, in the order of their names."""
        names = tuple(sorted(columns))
        whole = {name: np.asarray(values, dtype=np.intp) for name, values in keys.items()}
        rows = len(next(iter(whole.values())))
        stacked = np.empty((rows, len(names)))
        for place, name in enumerate(names):
            stacked[:, place] = columns[name]
        return cls(whole, names, stacked)

    def rows(self) -> list[list[float]]:
        """The rows, key first."""
        keys = zip(*(values.tolist() for values in self.keys.values()), strict=True)
        return [[*key, *row] for key, row in zip(keys, self.values.tolist(), strict=True)]


@dataclass(frozen=True)
class Packed:
    """A batch as the store takes it."""

    worlds: tuple[int, ...]
    #: kind -> Parquet file
    files: Mapping[str, pa.Buffer]
    #: table of SQLite -> rows, which do no harm where they are stored already
    tables: Mapping[str, Wide]

    def without(self, done: set[int]) -> Packed | None:
        """The batch without the worlds that are committed already, None if nothing is left."""
        worlds = tuple(world for world in self.worlds if world not in done)
        if len(worlds) == len(self.worlds):
            return self
        if not worlds:
            return None
        files = {kind: parts.only(content, worlds) for kind, content in self.files.items()}
        return replace(self, worlds=worlds, files=files)


def pack(block: Block, layout: Layout) -> Packed:
    """A block as the store takes it; raises ValueError if it is not what the manifest announced."""
    found = {"states": block.state_codes, "ties": block.tie_names, "agreements": block.agreement_names}
    for key, names in layout.names.items():
        if found[key] != names:
            raise ValueError(f"the block has other {key} than the manifest: {found[key]}")
    tables = parts.tables(block, layout.kinds)
    return Packed(
        worlds=block.worlds,
        files={kind: parts.to_bytes(table) for kind, table in tables.items()},
        tables={"settings": _settings(block), "outcomes": _outcomes(block, layout.years)},
    )


def _settings(block: Block) -> Wide:
    settings, rows = np.unique(block.settings, return_index=True)
    return Wide.of({"setting": settings}, {name: column[rows] for name, column in block.parameters.items()})


def _outcomes(block: Block, chosen: Sequence[int] | None) -> Wide:
    last = block.years[-1]
    places = [
        place for place, year in enumerate(block.years)
        if (year % OUTCOME_YEARS == 0 or year == last if chosen is None else year in chosen)
    ]  # fmt: skip
    years = [block.years[place] for place in places]
    keys = {"world": np.repeat(block.worlds, len(places)), "year": np.tile(years, len(block.worlds))}
    return Wide.of(keys, {name: values[:, places].ravel() for name, values in block.metrics.items()})
