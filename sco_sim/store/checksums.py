"""Tables that commands write, and their hashes in `SHA256SUMS` of the same folder, for `sha256sum --check` too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sco_sim.errors import Problem, StoreError
from sco_sim.store.disk import disk, guard, under_its_name
from sco_sim.store.folder import MANIFEST, OWNED, OWNED_PARQUET, PARTS
from sco_sim.store.seal import file_hash, whole_file
from sco_sim.store.verify import Damage

if TYPE_CHECKING:
    import pandas as pd

NAME = "SHA256SUMS"
LINE = re.compile(r"([0-9a-f]{64})  ([^/\\\0]+)")


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame | str]) -> list[Path]:
    """Write tables as CSV, file name to table, and their hashes; the files, in the same order. Text goes as it is.

    A table has no hash while it is being written, so that one command killed in the middle leaves no false alarm.

    Raises:
        StoreError: A file cannot be written.
    """
    with guard(folder, "write the tables"):
        folder.mkdir(parents=True, exist_ok=True)
        before, _ = _read(folder)
        kept = {name: hashed for name, hashed in before.items() if name not in tables}
        if before:
            _write(folder, kept)
        for name, table in tables.items():
            with under_its_name(folder / name) as temporary:
                if isinstance(table, str):
                    temporary.write_bytes(table.encode())
                else:
                    table.to_csv(temporary, index=False, float_format="%.10g", lineterminator="\n")
        _write(folder, kept | {name: file_hash((folder / name).read_bytes()) for name in tables})
    return [folder / name for name in tables]


def names(folder: Path) -> frozenset[str]:
    """Names of the files of a folder that have a hash."""
    with guard(folder / NAME, "read the hashes"):
        return frozenset(_read(folder)[0])


def damaged_tables(folder: Path) -> tuple[int, list[Damage]]:
    """How many files of a folder have a hash, and which of them are no longer as they were written."""
    with guard(folder / NAME, "read the hashes"):
        hashes, odd = _read(folder)
        damages = [Damage(folder / NAME, f"line {number} is no hash with a file name") for number in odd]
        for name, hashed in hashes.items():
            _, message = whole_file(folder / name, hashed)
            if message:
                damages.append(Damage(folder / name, message))
    return len(hashes), damages


def check_tables(folder: Path, names: Iterable[str], remedy: str, *, bound: bool = True) -> None:
    """Raises StoreError if some of these tables are no longer as they were written.

    Without a hash nobody can tell: that is an error too, unless the command that writes them gives none (not `bound`).
    """
    names = tuple(names)
    paths = {folder / NAME, *(folder / name for name in names)}
    _, damages = damaged_tables(folder)
    problems = [Problem(one.message, remedy, str(one.path)) for one in damages if one.path in paths]
    with guard(folder / NAME, "read the hashes"):
        hashes, _ = _read(folder)
    message = f"it has no hash in {NAME}, so nobody can tell whether it is as it was written"
    unknown = [folder / name for name in names if bound and name not in hashes and (folder / name).is_file()]
    problems += [Problem(message, remedy, str(path)) for path in unknown]
    if problems:
        raise StoreError(*problems)


def unchecked(folder: Path) -> dict[Path, int]:
    """How many files without a hash each folder holds, this one and those below: figures, exports, a user's own."""
    counts: dict[Path, int] = {}
    for path in sorted(folder.rglob("*")):
        owner = path.parent.parent if path.parent.name == PARTS else path.parent
        pattern = OWNED_PARQUET if path.parent.name == PARTS else OWNED
        if not path.is_file() or path.name == NAME or (pattern.fullmatch(path.name) and _is_stored(owner)):
            continue
        if path.name not in _read(path.parent)[0]:
            counts[path.parent] = counts.get(path.parent, 0) + 1
    return counts


def _is_stored(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def _read(folder: Path) -> tuple[dict[str, str], list[int]]:
    """File name to hash, and the numbers of lines that cannot be read; nothing if there are no hashes."""
    path = folder / NAME
    if not path.is_file():
        return {}, []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    matches = [LINE.fullmatch(line) for line in lines]
    hashes = {match[2]: match[1] for match in matches if match}
    return hashes, [number for number, match in enumerate(matches, 1) if not match]


def _write(folder: Path, hashes: Mapping[str, str]) -> None:
    text = "".join(f"{hashed}  {name}\n" for name, hashed in sorted(hashes.items()))
    disk.put(folder / NAME, text.encode())
