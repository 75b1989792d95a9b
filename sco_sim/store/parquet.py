"""Trajectories as Parquet: the four tables of a block, their bytes, and a fingerprint of each world in them.

A file holds the worlds of one batch, world by world, each with the same rows in the same order (year, then
tie or state), so that a fingerprint does not depend on how the worlds were cut into batches.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sco_sim.engine.record import Block
from sco_sim.numerics.arrays import Array

PLACES = {
    "metrics": ("world", "year"),
    "ties": ("world", "year", "tie"),
    "states": ("world", "year", "iso3"),
    "agreements": ("world", "agreement"),
}
"""Columns of each table that say where a number belongs; all others are float64."""
KINDS = tuple(PLACES)


def tables(block: Block, kinds: Sequence[str] = KINDS) -> dict[str, pa.Table]:
    """The four tables of a block; a sweep keeps no agreements, and no ties or states unless it is asked to.

    `hold_out` stays the row of the state among the state codes of the manifest, -1 for none.
    """
    years = block.years
    every = {
        "metrics": _table(block.worlds, years, None, block.metrics),
        "ties": _table(block.worlds, years, ("tie", block.tie_names), block.ties),
        "states": _table(block.worlds, years, ("iso3", block.state_codes), block.states),
        "agreements": _table(block.worlds, None, ("agreement", block.agreement_names), block.agreements),
    }
    return {name: every[name] for name in kinds}


def _table(
    worlds: Sequence[int],
    years: Sequence[int] | None,
    names: tuple[str, Sequence[str]] | None,
    values: Mapping[str, Array],
) -> pa.Table:
    """One table with a row per world, then year, then name; without `years` or `names` if it has none."""
    axes = (len(worlds), len(years or (0,)), len(names[1]) if names else 1)
    per_world = axes[1] * axes[2]
    columns: dict[str, pa.Array] = {"world": pa.array(np.repeat(np.asarray(worlds, dtype=np.int32), per_world))}
    if years is not None:
        columns["year"] = _years(*axes, tuple(years))
    if names is not None:
        columns[names[0]] = _names(*axes, tuple(names[1]))
    for key in sorted(values):
        column = np.ascontiguousarray(values[key], dtype=np.float64).reshape(-1)
        if len(column) != len(worlds) * per_world:
            raise ValueError(f"'{key}' has shape {values[key].shape}, not {axes} (world, year, name)")
        columns[key] = pa.array(column)
    return pa.table(columns)


@lru_cache(maxsize=8)
def _years(worlds: int, years: int, names: int, which: tuple[int, ...]) -> pa.Array:
    """The column of years, the same for every batch of a size."""
    return pa.array(np.tile(np.repeat(np.asarray(which, dtype=np.int16), names), worlds))


@lru_cache(maxsize=8)
def _names(worlds: int, years: int, names: int, which: tuple[str, ...]) -> pa.Array:
    """The column of ties, states or agreements, the same for every batch of a size."""
    rows = pa.array(np.tile(np.arange(names, dtype=np.int16), worlds * years))
    return pa.DictionaryArray.from_arrays(rows, pa.array(which, pa.string()))


def to_bytes(table: pa.Table) -> pa.Buffer:
    """A table as a Parquet file with a checksum on each page.

    The bytes of the numbers are put side by side (byte stream split), which lets the cheap lz4 make smaller files than
    zstd would of whole numbers. No statistics: nothing asks for them, and they cost as much as a column of places.
    """
    sink = pa.BufferOutputStream()
    schema = table.schema
    pq.write_table(
        table, sink, compression="lz4", write_statistics=False, write_page_checksum=True,
        use_dictionary=[field.name for field in schema if pa.types.is_dictionary(field.type)],
        use_byte_stream_split=[field.name for field in schema if pa.types.is_floating(field.type)],
    )  # fmt: skip
    return sink.getvalue()


def only(content: pa.Buffer, worlds: Sequence[int]) -> pa.Buffer:
    """The Parquet file of some of the worlds of another."""
    table = pq.read_table(pa.BufferReader(content))
    return to_bytes(table.filter(np.isin(table.column("world").to_numpy(), worlds)))


def read(content: bytes, years: Sequence[int] | None = None, columns: Sequence[str] | None = None) -> pa.Table:
    """A file, of all years and columns or of those named; raises OSError or pyarrow.ArrowException if it is damaged."""
    filters = None if years is None else [("year", "in", [int(year) for year in years])]
    source = pa.BufferReader(content)
    return pq.read_table(source, columns=columns, filters=filters, page_checksum_verification=True)


def worlds_of(table: pa.Table) -> list[int]:
    """World numbers of a table, in its own order."""
    numbers = table.column("world").to_numpy()
    if not len(numbers):
        return []
    first = np.concatenate(([True], numbers[1:] != numbers[:-1]))
    return [int(world) for world in numbers[first]]


def fingerprints(table_name: str, table: pa.Table) -> dict[int, bytes]:
    """World -> 32 bytes that change with any bit of its rows, of its years or of the names of its columns."""
    worlds = worlds_of(table)
    if not worlds:
        return {}
    columns = [name for name in table.column_names if name not in PLACES[table_name]]
    header: list[object] = [table_name, columns]
    if "year" in table.column_names:
        header.append(np.unique(table.column("year").to_numpy()).tolist())
    start = hashlib.sha256(json.dumps(header).encode())
    stacked = np.array([table.column(name).to_numpy() for name in columns], dtype="<f8")
    per_world = np.ascontiguousarray(stacked.reshape(len(columns), len(worlds), -1).transpose(1, 0, 2))
    digests = {}
    for world, rows in zip(worlds, per_world, strict=True):
        digest = start.copy()
        digest.update(rows.tobytes())
        digests[world] = digest.digest()
    return digests
