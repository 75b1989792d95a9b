"""Hashes that bind a stored run to its files, so that a flipped bit, a lost file or one from another run is noticed.

Every batch has a record of hashes: of its rows in SQLite (worlds, settings, outcomes) and of each of its Parquet files.
The total adds the hashes of all batches, of the failed worlds and of the worlds asked for: a commit only adds its own,
and a lost record shows. The manifest has a hash of all it says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sco_sim.numerics.arrays import Array
from sco_sim.store.disk import Buffer

Row = Sequence[int | str | None]

MODULUS = 1 << 256


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces, so that equal content has equal text; NaN is refused."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def text_hash(value: object) -> str:
    """SHA-256 of a value that JSON can hold."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def file_hash(content: Buffer) -> str:
    """SHA-256 of the bytes of a file."""
    return hashlib.sha256(content).hexdigest()


def whole_file(path: Path, hashed: str | None) -> tuple[bytes, str]:
    """The bytes of a file, and what is wrong with them: nothing if they are those that were stored.

    Raises:
        OSError: The file is there and cannot be read.
    """
    if path.is_dir():
        return b"", "a folder stands where the file was"
    if not path.exists():
        return b"", "the file is gone"
    content = path.read_bytes()
    return content, "" if file_hash(content) == hashed else "its bytes are not those that were stored"


def rows_hash(keys: Mapping[str, Sequence[int] | NDArray[np.intp]], names: Sequence[str], values: Array) -> str:
    """SHA-256 over rows of numbers, in the order of their keys.

    Args:
        keys: Name of each key to its numbers, (row,).
        names: Names of the columns.
        values: The numbers, (row, name). SQLite knows neither NaN nor minus zero: all NaN are one, and zeros too.
    """
    columns = [np.asarray(numbers, dtype=np.int64) for numbers in keys.values()]
    order = np.lexsort(columns[::-1])
    numbers = np.asarray(values, dtype="<f8").reshape(len(order), len(names))[order] + 0.0
    numbers[np.isnan(numbers)] = np.nan
    digest = hashlib.sha256(canonical([list(keys), list(names), len(order)]).encode())
    for column in columns:
        digest.update(column[order].astype("<i8").tobytes())
    digest.update(np.ascontiguousarray(numbers).tobytes())
    return digest.hexdigest()


def worlds_hash(rows: Sequence[Sequence[int]] | NDArray[np.int64]) -> str:
    """SHA-256 over the numbers of worlds, setting, seed and so on, (world, number), in the order of the worlds."""
    numbers = np.asarray(rows, dtype=np.int64)
    return hashlib.sha256(numbers[np.argsort(numbers[:, 0], kind="stable")].astype("<i8").tobytes()).hexdigest()


def total(content: str, rows: Iterable[Row], start: int = 0, sign: int = 1) -> int:
    """The total with the hashes of some rows added, or taken away.

    Args:
        content: Hash of what the run is, from its manifest: rows of another run do not fit.
        rows: What each row is and its values.
        start: The total so far.
        sign: -1 to take away.
    """
    summed = start
    for row in rows:
        summed += sign * int(text_hash([content, *row]), 16)
    return summed % MODULUS
