"""The names of the figures of a comparison or a run, so that those of an earlier command can go: draws nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sco_sim.errors import Problem, StoreError

OWNED = re.compile(r"(outcomes|outcomes_difference|difference|graph_.+|winners_.+)\.(png|svg)")
"""Names of the figures written here."""


def clear(folder: Path, keep: Sequence[Path] = ()) -> None:
    """Delete the figures that `plot_all` writes from a folder, of whatever scenarios, and nothing else.

    Raises StoreError if they cannot be deleted.
    """
    kept = {path.name for path in keep}
    try:
        for path in folder.glob("*") if folder.is_dir() else ():
            if OWNED.fullmatch(path.name) and path.name not in kept:
                path.unlink()
    except OSError as error:
        raise StoreError(Problem(f"cannot clear {folder}: {error.strerror}", "choose another --out")) from error
