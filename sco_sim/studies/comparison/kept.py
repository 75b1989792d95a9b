"""What the tables of a comparison were made from, so that the same command reads them instead of making them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sco_sim.errors import Problem, StoreError
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
    record = {"code": code_hash(), "case": data_hash(case), "years": years and list(years), "unpaired": unpaired}
    return json.dumps(record | {"runs": [_content(run) for run in runs]}, indent=2) + "\n"


def _content(run: StoredRun) -> dict[str, str]:
    """What a run is and which worlds it holds, as hashes."""
    return {
        "name": run.manifest["name"],
        "content": run.manifest["content"],
        "worlds": _digest([[entry.first, sorted(entry.hashes.items())] for entry in run.index().entries]),
    }


def is_kept(folder: Path, wanted: str) -> bool:
    """Whether the tables in a folder were made from just these inputs."""
    try:
        return (folder / NAME).read_text(encoding="utf-8") == wanted
    except (OSError, UnicodeDecodeError):
        return False


def check_runs(folder: Path, runs: Sequence[StoredRun]) -> None:
    """Raises StoreError for runs that are not those from which the tables in a folder were made."""
    try:
        recorded = json.loads((folder / NAME).read_text(encoding="utf-8"))
        known = {str(one["name"]): one for one in recorded["runs"]}
    except (OSError, ValueError, TypeError, KeyError):  # the hashes of the tables say what is wrong with the file
        known = {}
    folders = {run.path.name: run for run in runs}
    others = [run for name, run in folders.items() if name in known and known[name] != _content(run)]
    message = "this is not the run, or not all the worlds, from which the tables of the comparison were made"
    remedy = "give the command of the comparison again: it keeps the worlds and makes the tables anew"
    if others:
        raise StoreError(*(Problem(message, remedy, str(run.path)) for run in others))


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()
