"""Writing a stored run: into a folder that is free or holds the same content, whole batches at a time."""

from __future__ import annotations

import json
import os
import sqlite3
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import zip_longest
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sco_sim.engine.numbering import Numbering
from sco_sim.engine.record import Failure
from sco_sim.errors import MendedWarning, Problem, StoreError
from sco_sim.store.disk import disk, guard
from sco_sim.store.encode import Layout, Packed
from sco_sim.store.extent import merged
from sco_sim.store.folder import DATABASE, MANIFEST, OWNED, OWNED_PARQUET, PARTS, parquet_path, read_manifest
from sco_sim.store.index import failed_rows, put_total, sealed_rows, stored_total
from sco_sim.store.lock import Lock, refuse_writers, writers
from sco_sim.store.manifest import Manifest, content_differences, sealed, versions
from sco_sim.store.mend import forget
from sco_sim.store.seal import Row, canonical, total, worlds_hash
from sco_sim.store.verify import damages, in_words

SCHEMA = """
BEGIN;
CREATE TABLE IF NOT EXISTS worlds (
    world INTEGER PRIMARY KEY, point INTEGER NOT NULL, setting INTEGER NOT NULL, replicate INTEGER NOT NULL,
    seed INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('done', 'failed')), first_world INTEGER,
    error TEXT, traceback TEXT);
CREATE TABLE IF NOT EXISTS batches (first_world INTEGER PRIMARY KEY, hashes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS wanted (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS seal (one INTEGER PRIMARY KEY CHECK (one = 1), total TEXT NOT NULL);
COMMIT;
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
            refuse_writers(folder)
            clear(folder)
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        plain = json.loads(json.dumps(manifest, allow_nan=False))
        disk.put(folder / MANIFEST, json.dumps(sealed(plain), indent=1).encode())
        disk.sync_folder(folder)


def _in_the_way(folder: Path) -> list[str]:
    """What a folder without a manifest holds, but for what a run killed before its manifest leaves."""
    if not folder.exists():
        return []
    left = {
        path.name for name in (f"{MANIFEST}.*", "lock-*") for path in folder.glob(name) if OWNED.fullmatch(path.name)
    }
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
        if OWNED_PARQUET.fullmatch(path.name):
            path.unlink()


class Writer:
    """An open run folder; `commit` makes batches count."""

    def __init__(self, folder: Path, manifest: Manifest, *, force: bool = False) -> None:
        """Prepare the folder and open it; raises StoreError if it is taken or cannot be written.

        Batches that are damaged are forgotten, with a MendedWarning, so that they are simulated again.
        """
        prepare(folder, manifest, force=force)
        self.folder = folder
        self.manifest = manifest
        self.layout = Layout.of(manifest)
        self.numbering = Numbering.of(manifest)
        self._kept = False
        """Whether finished worlds are known to be stored."""
        with guard(folder, "write to the results folder"):
            self.lock = Lock(folder)
        try:
            with guard(folder / DATABASE, "open the stored run"):
                self.database = disk.connect(folder / DATABASE)
                try:
                    self.database.execute("PRAGMA page_size = 16384")
                    self.database.execute("PRAGMA journal_mode = WAL")
                    self.database.execute("PRAGMA synchronous = FULL")
                    self.database.executescript(SCHEMA)
                    self.identity = _identity(folder)
                    self._mend()
                except BaseException:
                    self.database.close()
                    raise
        except BaseException:
            self.lock.leave()
            raise

    def __enter__(self) -> Self:
        """Open already."""
        return self

    def __exit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the database; raises StoreError if the folder has been replaced meanwhile."""
        self.database.close()
        self.lock.leave()
        if error is None:
            self._look()

    def _look(self) -> None:
        """Raises StoreError if the folder is not the one that was opened."""
        try:
            if _identity(self.folder) == self.identity:
                return
        except OSError:
            pass
        message = "the run in this folder was deleted or replaced while it was being written"
        remedy = "what this command stored there is gone: give it again with another --out"
        raise StoreError(Problem(message, remedy, str(self.folder)))

    def alone(self) -> bool:
        """Whether no other process writes to this folder just now."""
        return all(owner.pid == os.getpid() for owner in writers(self.folder))

    def done(self) -> set[int]:
        """Worlds that are committed; failed ones are not, so that they are tried again."""
        with guard(self.folder / DATABASE, "read the stored run"):
            worlds = {world for (world,) in self.database.execute("SELECT world FROM worlds WHERE status = 'done'")}
        self._kept = bool(worlds)
        return worlds

    def done_of(self, worlds: Sequence[int]) -> set[int]:
        """Those of some worlds that are committed by now, by other processes too; raises StoreError."""
        with guard(self.folder / DATABASE, "read the stored run", kept=self._kept):
            return done_of(self.database, worlds)

    def want(self, worlds: Sequence[int]) -> None:
        """Keep which worlds were asked for, so that readers can say how many are missing; raises StoreError."""
        stretches = [worlds] if isinstance(worlds, range) and worlds.step == 1 else [[world] for world in worlds]
        asked = [(stretch[0], stretch[-1]) for stretch in stretches if len(stretch)]
        with self._transaction():
            before = self.database.execute("SELECT first, last FROM wanted ORDER BY first").fetchall()
            after = merged([*before, *asked])
            if after != before:
                self.database.execute("DELETE FROM wanted")
                self.database.executemany("INSERT INTO wanted VALUES (?, ?)", after)
                self._seal(sealed_rows((), (), after), sealed_rows((), (), before))

    def commit(self, batches: Sequence[Packed], failures: Sequence[Failure] = ()) -> None:
        """Store batches: all of them or, after an error or a kill, none; raises StoreError.

        The transaction locks out other processes before it looks which worlds are new, so each counts once, and
        whether the folder is still the one that was opened.
        """
        with self._transaction():
            worlds = [world for batch in batches for world in batch.worlds]
            worlds += [failure.world for failure in failures]
            done = done_of(self.database, worlds)
            again = set(worlds) - done
            lost = [row for row in failed_rows(self.database) if row[0] in again]
            new = [failure for failure in failures if failure.world not in done]
            failed = [(*self._world(failure.world), failure.error, failure.traceback) for failure in new]
            self._insert_failures(failed)
            fresh = [batch for batch in (batch.without(done) for batch in batches) if batch]
            records = []
            for batch in fresh:
                for table, content in batch.files.items():
                    disk.put(parquet_path(self.folder, table, batch.worlds[0]), content)
                records.append((batch.worlds[0], self._insert(batch)))
            if fresh:
                disk.sync_folder(self.folder / PARTS)
            self._seal(sealed_rows(records, failed, ()), sealed_rows((), lost, ()))
        self._kept = self._kept or bool(batches)
        self.lock.touch()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """What is written to SQLite counts at the end, or not at all; raises StoreError."""
        with guard(self.folder, "write to the stored run", kept=self._kept):
            self.database.execute("BEGIN IMMEDIATE")
            try:
                self._look()
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

    def _insert(self, batch: Packed) -> str:
        """Insert the rows of a batch; its hashes as they are stored."""
        rows = [self._world(world) for world in batch.worlds]
        first = batch.worlds[0]
        self.database.executemany(
            "INSERT OR REPLACE INTO worlds VALUES (?, ?, ?, ?, ?, 'done', ?, NULL, NULL)",
            [(*row, first) for row in rows],
        )
        for name, table in batch.tables.items():  # the first batch names the columns
            columns = [f"{key} INTEGER" for key in table.keys] + [f'"{column}" REAL' for column in table.names]
            key = f"PRIMARY KEY ({', '.join(table.keys)})"
            self.database.execute(f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(columns)}, {key}) WITHOUT ROWID")
            marks = ", ".join("?" * len(columns))
            self.database.executemany(f"INSERT OR REPLACE INTO {name} VALUES ({marks})", table.cells())
        hashes = canonical({**batch.hashes, "worlds": worlds_hash(rows)})
        self.database.execute("INSERT INTO batches VALUES (?, ?)", (first, hashes))
        return hashes

    def _insert_failures(self, failed: Sequence[Row]) -> None:
        self.database.executemany(
            "INSERT OR REPLACE INTO worlds VALUES (?, ?, ?, ?, ?, 'failed', NULL, ?, ?)", [tuple(row) for row in failed]
        )

    def _seal(self, new: Iterable[Row], lost: Iterable[Row]) -> None:
        """Add what is new to the total and take away what is lost."""
        content = str(self.manifest["content"])
        before = int(stored_total(self.database) or "0", 16)
        put_total(self.database, total(content, new, total(content, lost, before, -1)))

    def _mend(self) -> None:
        """Forget the batches that are damaged, and what is in the way of their files."""
        self.database.execute("BEGIN")
        damaged = damages(self.folder, self.manifest, self.database)
        self.database.execute("ROLLBACK")
        if not damaged:
            return
        with self._transaction():
            damaged = damages(self.folder, self.manifest, self.database)  # another process may have mended it meanwhile
            forget(self.database, self.manifest, damaged)
        for damage in damaged:
            if damage.path.is_dir():
                disk.rename(damage.path, damage.path.with_name(f"{damage.path.name}.moved-{time.time_ns()}"))
        if damaged:
            warnings.warn(f"simulated again since it was damaged:\n{in_words(damaged)}", MendedWarning, stacklevel=3)

    def put_points(self, names: Sequence[str], cells: Callable[[], Iterable[tuple[Any, ...]]]) -> None:
        """Store the points of a sweep, once.

        Args:
            names: Names of the columns, the number of the point first.
            cells: Gives a row for each point, in order, of numbers and text; called again to compare.
        """
        with self._transaction():
            if self.database.execute("SELECT 1 FROM sqlite_master WHERE name = 'points'").fetchone():
                with closing(self.database.execute("SELECT * FROM points ORDER BY point")) as stored:
                    if all(old == new for old, new in zip_longest(stored, cells())):
                        return
                self.database.execute("DROP TABLE points")
            others = ", ".join(f'"{name}"' for name in names[1:])
            self.database.execute(f"CREATE TABLE points (point INTEGER PRIMARY KEY, {others})")
            self.database.executemany(f"INSERT INTO points VALUES ({', '.join('?' * len(names))})", cells())


def _identity(folder: Path) -> tuple[int, int]:
    """What distinguishes a database from another that takes its name."""
    status = (folder / DATABASE).stat()
    return status.st_dev, status.st_ino


def done_of(database: sqlite3.Connection, worlds: Sequence[int]) -> set[int]:
    """Those of some worlds that are committed by now."""
    if not worlds:
        return set()
    question = "SELECT world FROM worlds WHERE status = 'done' AND world BETWEEN ? AND ?"
    return {world for (world,) in database.execute(question, (min(worlds), max(worlds)))} & set(worlds)
