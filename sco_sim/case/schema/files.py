"""The files of a case folder: what is no file, and what is not read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sco_sim.case.schema.tables import BY_NAME
from sco_sim.errors import CaseError, Problem, did_you_mean


def require_files(folder: Path) -> None:
    """Raise CaseError for tables or a ledger that stand there and are no files: without them a fallback would hold."""
    paths = [*sorted((folder / "data").glob("*.csv")), folder / "parameters.yaml"]
    wrong = [path for path in paths if os.path.lexists(path) and not path.is_file()]
    if wrong:
        raise CaseError(*(Problem(_what(path), "put the file here, or take it away", str(path)) for path in wrong))


def _what(path: Path) -> str:
    if path.is_dir():
        return "is a folder, no file"
    return "is a link that leads nowhere" if path.is_symlink() else "is no ordinary file"


def not_read(folder: Path, missing: Iterable[str]) -> Iterator[Problem]:
    """Files that look like tables and are not read.

    Args:
        folder: The case.
        missing: Names of tables that the case does not have.
    """
    lacking = set(missing)
    for path in sorted((folder / "data").iterdir()):
        name = path.name.partition(".")[0].casefold()
        if path.suffix == ".csv" and path.stem not in BY_NAME:
            near = did_you_mean(path.stem, lacking)
            remedy = near if near.startswith("did") else "the tables of a case are in docs/case.md"
            yield Problem("no table of a case has this name: it is not read", remedy, str(path))
        elif path.suffix != ".csv" and name in lacking:
            yield Problem("it is not read", f"the table is read from {name}.csv, in UTF-8 with commas", str(path))
    for path in sorted(folder.glob("*.csv")):
        if path.stem in lacking:
            yield Problem("it is not read", f"put it into {folder / 'data'}", str(path))
