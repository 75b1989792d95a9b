"""Writing a stored run: into a folder that is free or holds the same content, whole batches at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sco_sim.engine.numbering import Numbering
from sco_sim.engine.record import Failure
from sco_sim.errors import Problem, StoreError
from sco_sim.store.disk import disk, guard
from sco_sim.store.encode import Layout, Packed
from sco_sim.store.folder import DATABASE, MANIFEST, OWNED, OWNED_PART, PARTS, part_path, read_manifest
from sco_sim.store.manifest import Manifest, content_differences, versions

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = """
CREATE TABLE IF NOT EXISTS worlds (
    world INTEGER PRIMARY KEY, point INTEGER NOT NULL, setting INTEGER NOT NULL, replicate INTEGER NOT NULL,
    seed INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('done', 'failed')), part INTEGER,
    error TEXT, traceback TEXT);
"""


def prepare(folder: Path, manifest: Manifest, *, force: bool = False) -> None:
    """Make a folder ready for a run; raises StoreError, nothing touched, if other content is in the way."""
    with guard(folder, "write to the results folder"):
        foreign = _in_the_way(folder)
    if (folder / MANIFEST).exists() and not force:
        old = read_manifest(folder)
        if old["content"] != manifest["content"]:
            why = "\n    ".join(content_differences(old, manifest))
            remedy = "choose another folder with --out, or replace the run with --force"
            raise StoreError(Problem(f"another run is stored here:\n    {why}", remedy, str(folder)))
        if versions() in (old["versions"], *old.get("resumed_with", [])):
            return
        manifest = {**old, "resumed_with": [*old.get("resumed_with", []), versions()]}
    elif foreign and not force:
        remedy = "choose another folder with --out, or write the run beside them with --force"
        message = f"the folder holds {', '.join(foreign[:3])} but no stored run"
        raise StoreError(Problem(message, remedy, str(folder)))
    with guard(folder, "write to the results folder"):
        if force:
            clear(folder)
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        disk.put(folder / MANIFEST, json.dumps(manifest, indent=1, allow_nan=False).encode())
        disk.sync_folder(folder)


def _in_the_way(folder: Path) -> list[str]:
    """What a folder without a manifest holds, but for what a run killed before its manifest leaves."""
    if not folder.exists():
        return []
    left = {path.name for path in folder.glob(f"{MANIFEST}.*") if OWNED.fullmatch(path.name)}
    if (folder / PARTS).is_dir() and not any((folder / PARTS).iterdir()):
        left.add(PARTS)
    return sorted(path.name for path in folder.iterdir() if path.name not in left)


def clear(folder: Path) -> None:
    """Delete the files that a run folder owns, and nothing else.

    The manifest goes last, when the new one replaces it, so that what a kill leaves behind is still a run.
    """
    names = sorted((path.name for path in folder.glob("*")), reverse=True)  # the -wal before its database
    for name in names:
        if OWNED.fullmatch(name) and name != MANIFEST:
            (folder / name).unlink()
    for path in (folder / PARTS).glob("*"):
        if OWNED_PART.fullmatch(path.name):
            path.unlink()


class Writer:
    """An open run folder; `commit` makes batches count."""

    def __init__(self, folder: Path, manifest: Manifest, *, force: bool = False) -> None:
        """Prepare the folder and open it; raises StoreError if it is taken or cannot be written."""
        prepare(folder, manifest, force=force)
        self.folder = folder
        self.manifest = manifest
        self.layout = Layout.of(manifest)
        self.numbering = Numbering.of(manifest)
        with guard(folder / DATABASE, "open the stored run"):
            self.database = disk.connect(folder / DATABASE)
            try:
                self.database.execute("PRAGMA page_size = 16384")
                self.database.execute("PRAGMA journal_mode = WAL")
                self.database.execute("PRAGMA synchronous = FULL")
                self.database.executescript(SCHEMA)
            except BaseException:
                self.database.close()
                raise

    def __enter__(self) -> Self:
        """Open already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database."""
        self.database.close()

    def done(self) -> set[int]:
        """Worlds that are committed; failed ones are not, so that they are tried again."""
        with guard(self.folder / DATABASE, "read the stored run"):
            return {world for (world,) in self.database.execute("SELECT world FROM worlds WHERE status = 'done'")}

    def commit(self, batches: Sequence[Packed], failures: Sequence[Failure] = ()) -> None:
        """Store batches: all of them or, after an error or a kill, none; raises StoreError.

        The transaction locks out other processes before it looks which worlds are new, so each counts once.
        """
        with self._transaction():
            worlds = [world for batch in batches for world in batch.worlds]
            done = done_of(self.database, [*worlds, *(failure.world for failure in failures)])
            self._insert_failures([failure for failure in failures if failure.world not in done])
            fresh = [batch for batch in (batch.without(done) for batch in batches) if batch]
            for batch in fresh:
                for kind, content in batch.files.items():
                    disk.put(part_path(self.folder, kind, batch.worlds[0]), content)
                self._insert(batch)
            if fresh:
                disk.sync_folder(self.folder / PARTS)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """What is written to SQLite counts at the end, or not at all; raises StoreError."""
        with guard(self.folder, "write to the stored run"):
            self.database.execute("BEGIN IMMEDIATE")
            try:
                yield
                disk.commit(self.database)
            except BaseException:
                with suppress(sqlite3.Error):
                    self.database.execute("ROLLBACK")
                raise

    def _world(self, world: int) -> tuple[int, int, int, int, int]:
        """World, point, setting, replicate and seed."""
        of = self.numbering
        return world, of.point(world), of.stored_setting(world), of.replicate(world), self.manifest["seed"]

    def _insert(self, batch: Packed) -> None:
        self.database.executemany(
            "INSERT OR REPLACE INTO worlds VALUES (?, ?, ?, ?, ?, 'done', ?, NULL, NULL)",
            [(*self._world(world), batch.worlds[0]) for world in batch.worlds],
        )
        for name, table in batch.tables.items():  # the first batch names the columns
            columns = [f"{key} INTEGER" for key in table.keys] + [f'"{column}" REAL' for column in table.names]
            key = f"PRIMARY KEY ({', '.join(table.keys)})"
            self.database.execute(f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(columns)}, {key}) WITHOUT ROWID")
            marks = ", ".join("?" * len(columns))
            self.database.executemany(f"INSERT OR IGNORE INTO {name} VALUES ({marks})", table.rows())

    def put_points(self, points: pd.DataFrame) -> None:
        """Store the points of a sweep, once: a row each, numbers and text as they are, other values as JSON."""
        with self._transaction():
            found = self.database.execute("SELECT 1 FROM sqlite_master WHERE name = 'points'").fetchone()
            if found is None:
                names = ", ".join(f'"{name}"' for name in points.columns[1:])
                self.database.execute(f"CREATE TABLE points (point INTEGER PRIMARY KEY, {names})")
                marks = ", ".join("?" * len(points.columns))
                cells = points.itertuples(index=False, name=None)
                self.database.executemany(f"INSERT INTO points VALUES ({marks})", cells)

    def _insert_failures(self, failures: Sequence[Failure]) -> None:
        self.database.executemany(
            "INSERT OR REPLACE INTO worlds VALUES (?, ?, ?, ?, ?, 'failed', NULL, ?, ?)",
            [(*self._world(f.world), f.error, f.traceback) for f in failures],
        )


def done_of(database: sqlite3.Connection, worlds: Sequence[int]) -> set[int]:
    """Those of some worlds that are committed by now."""
    if not worlds:
        return set()
    question = "SELECT world FROM worlds WHERE status = 'done' AND world BETWEEN ? AND ?"
    return {world for (world,) in database.execute(question, (min(worlds), max(worlds)))} & set(worlds)
