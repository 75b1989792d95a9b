"""What a command writes, a file or a folder: whether it can be is known before anything is simulated."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sco_sim.errors import Problem, StoreError

REMEDY = "choose another --out"


def check_out(out: Path | None) -> None:
    """Raises StoreError for a file that cannot be written where it is asked for."""
    if out is None:
        return
    folder = out.parent
    try:
        why = (
            "it is a folder" if out.is_dir()
            else f"there is no folder {folder}" if not folder.is_dir()
            else "" if os.access(out if out.exists() else folder, os.W_OK)
            else "no permission"
        )  # fmt: skip
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
    if why:
        raise StoreError(Problem(f"cannot write {out}: {why}", REMEDY, "--out"))


def check_out_folder(out: Path | None) -> None:
    """Raises StoreError for a folder that cannot be made or written into; nothing is made."""
    if out is None:
        return
    try:
        there = next((one for one in (out, *out.absolute().parents) if one.exists()), Path("/"))
        why = (
            f"{there} is no folder" if not there.is_dir()
            else "" if os.access(there, os.W_OK | os.X_OK)
            else "no permission"
        )  # fmt: skip
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
    if why:
        raise StoreError(Problem(f"cannot write into {out}: {why}", REMEDY, "--out"))


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Raises StoreError if what is inside cannot write the file."""
    try:
        yield
    except OSError as error:
        raise StoreError(Problem(f"cannot write {out}: {error.strerror or error}", REMEDY)) from error
