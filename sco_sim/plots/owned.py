"""The names of the figures of stored things, so that those of an earlier command can go: draws nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sco_sim.errors import Problem, StoreError

OF_COMPARISON = ("difference", "outcomes_difference", "outcomes")
"""Figures of a whole comparison, the first first."""
OF_SCENARIO = ("graph", "agreements", "winners", "payers", "matrix")
"""Figures of one scenario; its name stands behind."""
OF_SWEEP = ("response",)
"""Figures of a sweep; the outcome stands behind."""
OWNED = re.compile(rf"({'|'.join(OF_COMPARISON)}|({'|'.join((*OF_SCENARIO, *OF_SWEEP))})_.+)\.(png|svg|pdf)")
"""Names of the files written here."""


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
