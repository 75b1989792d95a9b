"""What `worlds.sqlite` says is stored: the worlds of each batch with their hashes, the failed ones, those asked for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from sco_sim.engine.numbering import Numbering
from sco_sim.store.encode import Rows
from sco_sim.store.seal import Row, total, worlds_hash

NUMBERS = "world, point, setting, replicate, seed"
"""Columns of every world."""
KEYS = {"settings": ("setting",), "outcomes": ("world", "year")}
"""Tables whose columns are named by the first batch, and the keys of their rows."""
MOST_NUMBERS = 10_000
"""Numbers that one question to SQLite names at most."""


@dataclass(frozen=True)
class Entry:
    """A committed batch."""

    first: int
    """Its first world, which names its files."""
    worlds: tuple[int, ...]
    """Its worlds, in order."""
    settings: tuple[int, ...]
    """The stored settings of its worlds, each once."""
    hashes: Mapping[str, str]
    """Hash of its worlds, of its rows of each table of SQLite, and of each of its files."""
    damage: str
    """What is wrong with its record, in words; empty if nothing is."""


@dataclass(frozen=True)
class Index:
    """What is stored, as the database says."""

    entries: tuple[Entry, ...]
    """Committed batches, in the order of their first worlds."""
    failed: tuple[tuple[int, int, int, int, int, str, str], ...]
    """Failed worlds: NUMBERS, error and traceback."""
    wanted: tuple[tuple[int, int], ...]
    """First and last of each stretch of worlds that was asked for."""
    total: str
    """Total of all hashes, as stored."""
    damage: str
    """What is wrong with it as a whole, in words; empty if nothing is."""


def stored_total(database: sqlite3.Connection) -> str:
    """The total of all hashes as stored, empty before the first commit."""
    row = database.execute("SELECT total FROM seal").fetchone()
    return "" if row is None else str(row[0])


def put_total(database: sqlite3.Connection, value: int) -> None:
    """Store the total of all hashes."""
    database.execute("INSERT OR REPLACE INTO seal VALUES (1, ?)", (f"{value:064x}",))


def failed_rows(database: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Failed worlds, in order: NUMBERS, error and traceback."""
    question = f"SELECT {NUMBERS}, error, traceback FROM worlds WHERE status = 'failed' ORDER BY world"
    return database.execute(question).fetchall()


def read_index(database: sqlite3.Connection, manifest: Mapping[str, Any]) -> Index:
    """The index with what is wrong with it; raises sqlite3.Error if the file cannot be read at all.

    The connection is in a transaction, so that no other process commits between the questions.
    """
    done = database.execute(f"SELECT first_world, {NUMBERS} FROM worlds WHERE status = 'done'").fetchall()
    hashes = dict(database.execute("SELECT first_world, hashes FROM batches").fetchall())
    failed, kept = failed_rows(database), stored_total(database)
    wanted = database.execute("SELECT first, last FROM wanted ORDER BY first").fetchall()
    try:
        count = database.execute("SELECT count(*) FROM worlds").fetchone()[0]
        entries = tuple(_entries(done, hashes, manifest))
        expected = total(str(manifest["content"]), sealed_rows(hashes.items(), failed, wanted))
        whole = count == len(done) + len(failed) and all(type(n) is int for row in wanted for n in row)
        damage = "" if whole and f"{expected:064x}" == (kept or f"{0:064x}") else "records of it are lost or altered"
    except (ValueError, TypeError, OverflowError) as error:  # text where a number was, say
        entries, damage = (), f"its records cannot be read ({str(error).splitlines()[0]})"
    return Index(entries, tuple(failed), tuple(wanted), kept, damage)


def sealed_rows(batches: Any, failed: Sequence[Row], wanted: Sequence[Row]) -> Iterator[Row]:
    """The rows whose hashes make the total."""
    yield from (("batch", first, hashes) for first, hashes in batches)
    yield from (("failed", *row) for row in failed)
    yield from (("wanted", *row) for row in wanted)


def _entries(done: list[tuple[Any, ...]], hashes: Mapping[int, str], manifest: Mapping[str, Any]) -> Iterator[Entry]:
    of = Numbering.of(manifest)
    done.sort()
    groups = {first: np.array([row[1:] for row in rows], dtype=np.int64)
              for first, rows in groupby(done, key=itemgetter(0))}  # fmt: skip
    for first in sorted({*groups, *hashes}):
        text, rows = hashes.get(first), groups.get(first)
        if rows is None or text is None:
            worlds = () if rows is None else tuple(rows[:, 0].tolist())
            yield Entry(first, worlds, (), {}, f"the database lost {'its worlds' if text else 'its hashes'}")
            continue
        own = _hashes(text)
        settings = tuple(np.unique(rows[:, 2]).tolist())
        right = own.get("worlds") == worlds_hash(rows) and (rows[:, 4] == manifest["seed"]).all()
        right = right and (of.stored_setting(rows[:, 0].astype(np.intp)) == rows[:, 2]).all()
        yield Entry(
            first, tuple(rows[:, 0].tolist()), settings, own, "" if right else "the list of its worlds is altered"
        )


def _hashes(text: str) -> dict[str, str]:
    try:
        read = json.loads(text)
    except (ValueError, TypeError):
        return {}
    return {str(key): str(value) for key, value in read.items()} if isinstance(read, dict) else {}


def table_rows(database: sqlite3.Connection, table: str, numbers: Sequence[int]) -> Rows:
    """The rows of a table of SQLite whose first key is one of some numbers; none before the first batch.

    Raises:
        ValueError, TypeError: There is something else than numbers, or the table has other columns.
    """
    keys = KEYS[table]
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
        return Rows.of({key: [] for key in keys}, {})
    cells: list[tuple[Any, ...]] = []
    names: list[str] = []
    for start in range(0, len(numbers), MOST_NUMBERS):
        some = numbers[start : start + MOST_NUMBERS]
        marks = ", ".join("?" * len(some))
        cursor = database.execute(f"SELECT * FROM {table} WHERE {keys[0]} IN ({marks})", some)
        names = [column[0] for column in cursor.description]
        cells += cursor.fetchall()
    if tuple(names[: len(keys)]) != keys:
        raise ValueError(f"the table {table} has other columns")
    values = np.array(cells, dtype=np.float64).reshape(-1, len(names))  # SQLite's NULL becomes NaN
    whole = values[:, : len(keys)].astype(np.intp)
    if not np.array_equal(whole, values[:, : len(keys)]):
        raise ValueError(f"the table {table} has rows without a key")
    return Rows(dict(zip(keys, whole.T, strict=True)), tuple(names[len(keys) :]), values[:, len(keys) :])


def entry_rows(database: sqlite3.Connection, table: str, entry: Entry) -> Rows | None:
    """The rows of a batch in a table of SQLite, None if they are not what was stored."""
    try:
        rows = table_rows(database, table, entry.settings if table == "settings" else entry.worlds)
        return rows if rows.hash == entry.hashes.get(table) else None
    except (ValueError, TypeError, OverflowError):
        return None
