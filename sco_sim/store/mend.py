"""Forgetting what is damaged in a stored run, so that the command that stored it simulates that again."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from sco_sim.store.index import KEYS, failed_rows, put_total, read_index, sealed_rows
from sco_sim.store.seal import total
from sco_sim.store.verify import Damage

SOURCES = {"outcomes": "world", "settings": "setting"}
"""Table of SQLite to the column of the table of worlds that says which of its rows are needed."""


def forget(database: sqlite3.Connection, manifest: Mapping[str, Any], damages: Sequence[Damage]) -> None:
    """Take damaged batches out of the database, in a transaction of the caller; all of them if that does not help."""
    firsts = {(damage.first,) for damage in damages if damage.first is not None}
    database.executemany("DELETE FROM worlds WHERE first_world = ?", firsts)
    database.executemany("DELETE FROM batches WHERE first_world = ?", firsts)
    if any(damage.first is None for damage in damages):  # nothing says which of these records is wrong
        database.execute("DELETE FROM worlds WHERE status <> 'done'")
        database.execute("DELETE FROM worlds WHERE first_world NOT IN (SELECT first_world FROM batches)")
        database.execute("DELETE FROM wanted")
    _tidy(database, manifest)
    index = read_index(database, manifest)
    if index.damage or any(entry.damage for entry in index.entries):
        for table in ("worlds", "batches", "wanted"):
            database.execute(f"DELETE FROM {table}")
        _tidy(database, manifest)


def _tidy(database: sqlite3.Connection, manifest: Mapping[str, Any]) -> None:
    """Delete the rows that no world needs, and count the total anew."""
    batches = database.execute("SELECT first_world, hashes FROM batches").fetchall()
    for table, column in SOURCES.items():
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
            continue
        if batches:
            needed = f"SELECT {column} FROM worlds WHERE status = 'done'"
            database.execute(f"DELETE FROM {table} WHERE {KEYS[table][0]} NOT IN ({needed})")
        else:  # its columns may be damaged: the next batch names them again
            database.execute(f"DROP TABLE {table}")
    wanted = database.execute("SELECT first, last FROM wanted").fetchall()
    put_total(database, total(str(manifest["content"]), sealed_rows(batches, failed_rows(database), wanted)))
