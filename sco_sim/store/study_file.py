"""What a command leaves beside its tables: how it was typed, and what it takes to draw them again; a hash binds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sco_sim.store.checksums import check_tables, names, write_tables
from sco_sim.store.seal import file_hash

NAME = "study.json"
Record = Mapping[str, Any]


def keep_study(folder: Path, table: str, command: str, **more: Any) -> None:
    """Write the record of a study.

    Args:
        folder: Of its tables, which are written.
        table: The file that the record belongs to: with another content of it the record says nothing.
        command: As it was typed; empty if the study came from Python.
        more: Plain data.

    Raises:
        StoreError: It cannot be written.
    """
    record = {"table": table, "content": _hash(folder / table), "command": command, **more}
    write_tables(folder, {NAME: json.dumps(record, indent=2, ensure_ascii=False) + "\n"})


def read_study(folder: Path | None, table: str = "") -> Record | None:
    """The record of a folder, or beside a table; none if there is none, or if its table has another content.

    Raises StoreError if it is not as it was written.
    """
    if folder is None:
        return None
    if NAME in names(folder):
        check_tables(folder, [NAME], "give the command that wrote it again")
    try:
        record = json.loads((folder / NAME).read_text(encoding="utf-8"))
        bound = table in ("", record["table"]) and record["content"] == _hash(folder / record["table"])
        return record if bound and isinstance(record["command"], str) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def typed_for(folder: Path | None, table: str) -> str:
    """The command that wrote a table, as it was typed; empty if nobody knows."""
    record = read_study(folder, table)
    return "" if record is None else str(record["command"])


def _hash(path: Path) -> str:
    return file_hash(path.read_bytes())
