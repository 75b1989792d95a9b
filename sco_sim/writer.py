"""Writing a stored run: into a folder that is free or holds the same content, whole batches at a time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sco_sim import parts
from sco_sim.disk import disk, guard
from sco_sim.errors import Problem, StoreError
from sco_sim.manifest import Manifest, content_differences, versions
from sco_sim.record import Block
from sco_sim.state import Array
from sco_sim.store import DATABASE, MANIFEST, OWNED, OWNED_PART, PARTS, part_path, read_manifest

SCHEMA = """
CREATE TABLE IF NOT EXISTS worlds (
    world INTEGER PRIMARY KEY, point INTEGER NOT NULL, setting INTEGER NOT NULL, replicate INTEGER NOT NULL,
    seed INTEGER NOT NULL, status TEXT NOT NULL CHECK (status IN ('done', 'failed')), part INTEGER,
    error TEXT, traceback TEXT);
"""
#: Outcomes go to SQLite in calendar years that are multiples of this, and in the last year.
OUTCOME_YEARS = 5


@dataclass(frozen=True)
class Failure:
    """A world that could not be simulated: the last line of the error and its traceback."""

    world: int
    error: str
    traceback: str


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
    left = {f"{MANIFEST}.tmp"}
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
    """An open run folder; `commit` makes a batch count."""

    def __init__(self, folder: Path, manifest: Manifest, *, force: bool = False) -> None:
        """Prepare the folder and open it; raises StoreError if it is taken or cannot be written."""
        prepare(folder, manifest, force=force)
        self.folder = folder
        self.manifest = manifest
        with guard(folder / DATABASE, "open the stored run"):
            self.database = sqlite3.connect(folder / DATABASE, timeout=60.0, isolation_level=None)
            try:
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

    def _done_of(self, worlds: Sequence[int]) -> set[int]:
        """Those of some worlds that are committed by now."""
        return done_of(self.database, worlds)

    def commit(self, block: Block | None, failures: Sequence[Failure] = ()) -> None:
        """Store a batch: all of it or, after an error or a kill, none of it; raises StoreError.

        The transaction locks out other processes before it looks which worlds are new, so each counts once.
        """
        with guard(self.folder, "write to the stored run"):
            self.database.execute("BEGIN IMMEDIATE")
            try:
                done = self._done_of([*(block.worlds if block else ()), *(f.world for f in failures)])
                self._insert_failures([failure for failure in failures if failure.world not in done])
                fresh = block and _without(block, done)
                if fresh:
                    self._check_names(fresh)
                    self._put_parts(fresh)
                    self._insert(fresh)
                disk.commit(self.database)
            except BaseException:
                with suppress(sqlite3.Error):
                    self.database.execute("ROLLBACK")
                raise

    def _check_names(self, block: Block) -> None:
        """The manifest was written before the first block: their names have to agree."""
        for key, names in (
            ("states", block.state_codes), ("ties", block.tie_names), ("agreements", block.agreement_names),
        ):  # fmt: skip
            if list(names) != self.manifest[key]:
                raise ValueError(f"the block has other {key} than the manifest: {names}")

    def _put_parts(self, block: Block) -> None:
        for kind, table in parts.tables(block, self.manifest.get("kinds")).items():
            disk.put(part_path(self.folder, kind, block.worlds[0]), parts.to_bytes(table))
        disk.sync_folder(self.folder / PARTS)

    def _world(self, world: int) -> tuple[int, int, int, int, int]:
        """World, point, setting, replicate and seed: world w of point p of a sweep is w times the points plus p."""
        points, replicates = self.manifest.get("points", 1), self.manifest["replicates"]
        stream, point = divmod(world, points)
        scenarios = len(self.manifest.get("scenarios", (0,)))
        setting = stream // replicates * scenarios + point % scenarios
        return world, point, setting, stream % replicates, self.manifest["seed"]

    def _insert(self, block: Block) -> None:
        self.database.executemany(
            "INSERT OR REPLACE INTO worlds VALUES (?, ?, ?, ?, ?, 'done', ?, NULL, NULL)",
            [(*self._world(world), block.worlds[0]) for world in block.worlds],
        )
        settings, rows = np.unique(block.settings, return_index=True)
        self._insert_wide("settings", {"setting": settings}, {k: v[rows] for k, v in block.parameters.items()})
        chosen = self.manifest.get("kept_years")
        places = [
            place for place, year in enumerate(block.years)
            if (_kept(year, block.years[-1]) if chosen is None else year in chosen)
        ]  # fmt: skip
        keys = {
            "world": np.repeat(block.worlds, len(places)),
            "year": np.tile([block.years[place] for place in places], len(block.worlds)),
        }
        self._insert_wide("outcomes", keys, {key: v[:, places].ravel() for key, v in block.metrics.items()})

    def _insert_wide(self, table: str, keys: Mapping[str, NDArray[Any]], values: Mapping[str, Array]) -> None:
        """Insert a row per key and a column per name; the first batch names the columns."""
        names = sorted(values)
        columns = [f"{name} INTEGER" for name in keys] + [f'"{name}" REAL' for name in names]
        self.database.execute(
            f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(columns)}, PRIMARY KEY ({', '.join(keys)})) WITHOUT ROWID"
        )
        rows = zip(*(v.tolist() for v in keys.values()), *(values[name].tolist() for name in names), strict=True)
        self.database.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)

    def put_points(self, points: pd.DataFrame) -> None:
        """Store the points of a sweep, once: a row each, numbers and text as they are, other values as JSON."""
        with guard(self.folder, "write to the stored run"):
            self.database.execute("BEGIN IMMEDIATE")
            try:
                found = self.database.execute("SELECT 1 FROM sqlite_master WHERE name = 'points'").fetchone()
                if found is None:
                    names = ", ".join(f'"{name}"' for name in points.columns[1:])
                    self.database.execute(f"CREATE TABLE points (point INTEGER PRIMARY KEY, {names})")
                    marks = ", ".join("?" * len(points.columns))
                    cells = points.itertuples(index=False, name=None)
                    self.database.executemany(f"INSERT INTO points VALUES ({marks})", cells)
                disk.commit(self.database)
            except BaseException:
                with suppress(sqlite3.Error):
                    self.database.execute("ROLLBACK")
                raise

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


def _kept(year: int, last: int) -> bool:
    return year % OUTCOME_YEARS == 0 or year == last


def _without(block: Block, done: set[int]) -> Block | None:
    """A block without the worlds that are committed already, None if nothing is left."""
    rows = [row for row, world in enumerate(block.worlds) if world not in done]
    if len(rows) == len(block.worlds):
        return block
    return take(block, rows) if rows else None


def take(block: Block, rows: Sequence[int]) -> Block:
    """Some of the worlds of a block, by row."""
    which = list(rows)
    return replace(
        block,
        worlds=tuple(block.worlds[row] for row in which),
        metrics={key: values[which] for key, values in block.metrics.items()},
        states={key: values[which] for key, values in block.states.items()},
        ties={key: values[which] for key, values in block.ties.items()},
        agreements={key: values[which] for key, values in block.agreements.items()},
        settings=block.settings[which],
        parameters={key: values[which] for key, values in block.parameters.items()},
    )
