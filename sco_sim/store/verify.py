"""What of a stored run is damaged: its files and rows are held beside the hashes taken when they were stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sco_sim.errors import StoreError
from sco_sim.store import parquet
from sco_sim.store.folder import DATABASE, PARTS, database, parquet_path, read_manifest
from sco_sim.store.index import KEYS, Entry, entry_rows, read_index
from sco_sim.store.seal import whole_file


@dataclass(frozen=True)
class Damage:
    """One thing that is not as it was stored."""

    path: Path
    """The file."""
    message: str
    """What is wrong with it."""
    worlds: tuple[int, ...] = ()
    """Worlds that it concerns."""
    first: int | None = None
    """First world of the batch it concerns; None if it concerns the database as a whole."""
    remedy: str = ""
    """What mends it, if simulating the damaged batches again does not."""

    def __str__(self) -> str:
        """File, what is wrong, and how many worlds it concerns."""
        which = f" (worlds {self.worlds[0]} to {self.worlds[-1]}, {len(self.worlds)} of them)" if self.worlds else ""
        return f"{self.path}: {self.message}{which}"


@dataclass(frozen=True)
class Report:
    """The result of the check of a folder."""

    worlds: int
    """Worlds in the batches that can be read."""
    batches: int
    """Batches."""
    damages: tuple[Damage, ...]
    """What is damaged."""
    unnamed: tuple[Path, ...] = ()
    """Files in the folder of the batches that no batch names: left by a killed run, or put there."""


def verify(folder: Path) -> Report:
    """Hold everything in the folder of a run or sweep beside its hashes; what cannot be read at all is damage too."""
    try:
        manifest = read_manifest(folder)
        with database(folder) as connection:
            connection.execute("BEGIN")
            damaged = damages(folder, manifest, connection)
            (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if state != "ok":
                damaged.append(Damage(folder / DATABASE, f"SQLite finds it damaged: {state}"))
            entries = read_index(connection, manifest).entries
    except StoreError as error:
        lost = (Damage(Path(one.file or folder), one.message, remedy=one.remedy) for one in error.problems)
        return Report(0, 0, tuple(lost))
    stored = {
        parquet_path(folder, name, entry.first) for entry in entries for name in manifest.get("kinds", parquet.KINDS)
    }
    unnamed = tuple(path for path in sorted((folder / PARTS).glob("*")) if path not in stored)
    return Report(sum(len(entry.worlds) for entry in entries), len(entries), tuple(damaged), unnamed)


def in_words(damaged: Sequence[Damage], most: int = 5) -> str:
    """The first damages, a line each, and how many more there are."""
    lines = [str(damage) for damage in damaged[:most]]
    return "\n".join([*lines, *([f"and {len(damaged) - most} more"] if len(damaged) > most else [])])


def damages(folder: Path, manifest: Mapping[str, Any], database: sqlite3.Connection) -> list[Damage]:
    """Everything that is damaged in a folder whose manifest and database can be read."""
    index = read_index(database, manifest)
    damaged = [Damage(folder / DATABASE, index.damage)] if index.damage else []
    for entry in index.entries:
        damaged += _of_entry(folder, manifest.get("kinds", parquet.KINDS), database, entry)
    return damaged


def _of_entry(folder: Path, kinds: Sequence[str], database: sqlite3.Connection, entry: Entry) -> Iterator[Damage]:
    if entry.damage:
        yield Damage(folder / DATABASE, entry.damage, entry.worlds, entry.first)
        return
    for table in KEYS:
        if entry_rows(database, table, entry) is None:
            yield Damage(
                folder / DATABASE,
                f"the rows of table {table} are not those that were stored",
                entry.worlds,
                entry.first,
            )
    for name in kinds:
        path = parquet_path(folder, name, entry.first)
        _, message = whole_file(path, entry.hashes.get(name))
        if message:
            yield Damage(path, message, entry.worlds, entry.first)
