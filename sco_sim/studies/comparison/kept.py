"""What the tables of a comparison were made from, so that the same command reads them instead of making them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sco_sim.store.manifest import code_hash, data_hash

if TYPE_CHECKING:
    from sco_sim.store.stored_run import StoredRun

NAME = "inputs.json"


def inputs(runs: Sequence[StoredRun], case: Path, years: Sequence[int] | None, *, unpaired: bool) -> str:
    """Hashes of the code, the case and the stored worlds, and the options, as JSON: the same text, the same tables.

    Args:
        runs: The runs compared, the reference first.
        case: Folder of the case that is read beside them.
        years: Years of interest, if they were given.
        unpaired: Whether every world is compared with every other.
    """
    stored = [
        {
            "name": run.manifest["name"],
            "content": run.manifest["content"],
            "worlds": _digest([[entry.first, sorted(entry.hashes.items())] for entry in run.index().entries]),
        }
        for run in runs
    ]
    record = {"code": code_hash(), "case": data_hash(case), "years": years and list(years), "unpaired": unpaired}
    return json.dumps(record | {"runs": stored}, indent=2) + "\n"


def is_kept(folder: Path, wanted: str) -> bool:
    """Whether the tables in a folder were made from just these inputs."""
    try:
        return (folder / NAME).read_text(encoding="utf-8") == wanted
    except (OSError, UnicodeDecodeError):
        return False


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
