"""`sco-sim verify`: whether everything in a stored run, sweep or comparison is as it was stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder, is_run
from sco_sim.commands.screen.output import emit, note, say
from sco_sim.errors import StoreError, counted
from sco_sim.store import checksums
from sco_sim.store.folder import MANIFEST, read_manifest
from sco_sim.store.manifest import is_sweep
from sco_sim.store.stored_run import open_run
from sco_sim.store.verify import Damage, verify
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.kept import check_runs
from sco_sim.studies.sweep.stored_sweep import REFERENCE, open_stored, open_sweep

REMEDY = "give the command that stored it again: it simulates what is damaged once more, and keeps the rest"


@dataclass(frozen=True)
class Checked:
    """What one folder holds and what of it is damaged."""

    path: Path
    damages: Sequence[Damage]
    worlds: int = 0
    """Worlds of a stored run or sweep."""
    batches: int = 0
    """Batches of a stored run or sweep."""
    tables: int = 0
    """Tables that a command has written, each with a hash."""
    unnamed: Sequence[Path] = ()
    """Files beside the batches of a stored run or sweep that none of them names."""


def main(folder: Path, as_json: bool) -> int:
    """Say what is damaged; the exit code: 4 if anything is."""
    if not (folder / checksums.NAME).is_file():
        check_folder(str(folder), "run", "sweep", "comparison")
    runs = [folder] if is_run(str(folder)) else sorted(p for p in (folder / "runs").glob("*") if p.is_dir())
    runs += [one / REFERENCE for one in runs if is_run(str(one / REFERENCE))]
    sums = sorted(path.parent for path in folder.rglob(checksums.NAME))
    checked = [*(_stored(one) for one in runs), *(_tables(one) for one in sums)]
    if not any(one.damages for one in checked) and (lost := _comparison(folder)):
        checked.append(Checked(folder, lost))
    bad = any(one.damages for one in checked)
    with_strangers = {path.parent for one in checked for path in one.unnamed}
    skipped = {path: count for path, count in checksums.unchecked(folder).items() if path not in with_strangers}
    if as_json:
        emit([vars(one) | {"damages": [vars(damage) for damage in one.damages]} for one in checked]
             + [{"path": path, "not_checked": count} for path, count in skipped.items()])  # fmt: skip
        return 4 if bad else 0
    for one in checked:
        if not one.damages:
            _say_fine(one)
        for damage in one.damages:
            note(f"error: {damage}")
        if one.unnamed:
            first, files = one.unnamed[0], counted(len(one.unnamed), "file")
            say(f"not read, since no batch names them: {files} in {first.parent}, the first is {first.name}", "dim")
    if skipped:
        files = "; ".join(f"{counted(count, 'file')} in {path}" for path, count in skipped.items())
        say(f"not checked, since nothing is stored about them: {files}", "dim")
    for remedy in dict.fromkeys(damage.remedy or REMEDY for one in checked for damage in one.damages):
        note(f"    {remedy}")
    return 4 if bad else 0


def _say_fine(one: Checked) -> None:
    if one.tables:
        say(f"{one.path}: {counted(one.tables, 'file')}, every bit as it was written")
        return
    batches = counted(one.batches, "batch", "batches")
    say(f"{one.path}: {counted(one.worlds, 'world')} in {batches}, every bit as it was stored")
    say_half_done(open_stored(one.path))


def _tables(folder: Path) -> Checked:
    """The tables of a folder held beside their hashes."""
    count, damages = checksums.damaged_tables(folder)
    return Checked(folder, damages, tables=count)


def _comparison(folder: Path) -> list[Damage]:
    """What does not fit together in the folder of a comparison: tables without a hash, or of other runs."""
    hashed = checksums.names(folder)
    damages = [Damage(folder / name, f"it has no hash in {checksums.NAME}")
             for name in FILES if (folder / name).is_file() and name not in hashed]  # fmt: skip
    runs = [path.parent for path in sorted(folder.glob(f"runs/*/{MANIFEST}"))]
    try:
        check_runs(folder, [open_run(path) for path in runs if not is_sweep(read_manifest(path))])
    except StoreError as error:
        damages += [Damage(Path(one.file or folder), one.message) for one in error.problems]
    return damages


def _stored(folder: Path) -> Checked:
    """A run or sweep checked, the points of a sweep too."""
    report = verify(folder)
    damages = list(report.damages)
    if not damages:
        try:
            if is_sweep(read_manifest(folder)):
                open_sweep(folder).rows()
        except StoreError as error:
            damages = [Damage(Path(one.file or folder), one.message) for one in error.problems]
    return Checked(folder, damages, worlds=report.worlds, batches=report.batches, unnamed=report.unnamed)
