"""The folder of a stored run or sweep: `manifest.json`, `worlds.sqlite`, `parts/*.parquet`, and a lock for each writer.

A batch of worlds counts once one SQLite commit says so; its Parquet files are in place before that. A Parquet file
without its rows in SQLite is a leftover of a killed run: it is ignored, and overwritten when another batch begins with
the same world.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sco_sim.errors import Problem, StoreError
from sco_sim.store import parquet
from sco_sim.store.disk import DAMAGED, guard
from sco_sim.store.lock import NAME as LOCK
from sco_sim.store.manifest import FORMAT, Manifest, checked, is_sweep

MANIFEST, DATABASE, PARTS = "manifest.json", "worlds.sqlite", "parts"

OWNED = re.compile(r"manifest\.json((\.\d+)?\.tmp)?|worlds\.sqlite(-wal|-shm|-journal)?|" + LOCK.pattern)
"""Everything a run folder owns; nothing else in it is ever deleted."""
OWNED_PARQUET = re.compile(rf"({'|'.join(parquet.KINDS)})-\d+\.parquet((\.\d+)?\.tmp)?")


def parquet_path(folder: Path, table: str, first: int) -> Path:
    """The Parquet file of one table of the batch that begins with a world."""
    return folder / PARTS / f"{table}-{first}.parquet"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a run folder; raises StoreError if there is none or it cannot be read."""
    path = folder / MANIFEST
    with guard(path, "read the stored run"):
        content = path.read_bytes()
    try:
        manifest = json.loads(content)
        if type(manifest["format"]) is int and manifest["format"] != FORMAT and "seal" not in manifest:
            raise StoreError(_of_another_format(manifest, path))
        return checked(manifest)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = "this is no manifest of a stored run, or it was changed by hand"
        raise StoreError(Problem(message, DAMAGED, str(path))) from error


def _of_another_format(manifest: Manifest, path: Path) -> Problem:
    """What to do with a run that other code has stored."""
    again = (
        f"sco-sim sweep {manifest.get('name')}.yaml"
        if is_sweep(manifest)
        else (
            f"sco-sim run {manifest.get('name')} --worlds N --seed {manifest.get('seed')} "
            f"--replicates {manifest.get('replicates')}"
        )
    )
    message = f"it was stored in format {manifest['format']} by another version; this one reads format {FORMAT}"
    return Problem(message, f"simulate it again: {again} --out {path.parent} --force", str(path))


@contextmanager
def database(folder: Path) -> Iterator[sqlite3.Connection]:
    """The SQLite file of a run that exists, for reading; raises StoreError."""
    path = folder / DATABASE
    with guard(path, "read the stored run"):
        if not path.is_file():
            raise FileNotFoundError(2, os.strerror(2))
        # A folder that may only be read cannot hold SQLite's working files; immutable does without them.
        mode = "rw" if os.access(folder, os.W_OK) else "ro&immutable=1"
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=60.0)) as connection:
            connection.execute("PRAGMA query_only = ON")
            yield connection
