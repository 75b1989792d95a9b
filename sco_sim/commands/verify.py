"""`sco-sim verify`: whether everything in a stored run, sweep or comparison is as it was stored."""

from __future__ import annotations

from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder, is_run
from sco_sim.commands.screen.output import emit, note, say
from sco_sim.errors import StoreError
from sco_sim.store.folder import read_manifest
from sco_sim.store.manifest import is_sweep
from sco_sim.store.verify import Damage, Report, verify
from sco_sim.studies.sweep.stored_sweep import open_stored, open_sweep
from sco_sim.studies.wording import counted

REMEDY = "give the command that stored it again: it simulates what is damaged once more, and keeps the rest"


def main(folder: Path, as_json: bool) -> int:
    """Say what is damaged; the exit code: 4 if anything is."""
    if not is_run(str(folder)) and (folder / "runs").is_dir():
        folders = sorted(path for path in (folder / "runs").iterdir() if path.is_dir())
    else:
        check_folder(str(folder), "run", "sweep", "comparison")
        folders = [folder]
    reports = {one: _checked(one) for one in folders}
    bad = any(report.damages for report in reports.values())
    if as_json:
        emit([{"path": one, "worlds": report.worlds, "batches": report.batches,
               "damages": [vars(damage) for damage in report.damages]} for one, report in reports.items()])  # fmt: skip
        return 4 if bad else 0
    for one, report in reports.items():
        if not report.damages:
            batches = counted(report.batches, "batch", "batches")
            say(f"{one}: {counted(report.worlds, 'world')} in {batches}, every bit as it was stored")
            say_half_done(open_stored(one))
        for damage in report.damages:
            note(f"error: {damage}")
    if bad:
        note(f"    {REMEDY}")
    return 4 if bad else 0


def _checked(folder: Path) -> Report:
    """A folder checked, the points of a sweep too."""
    report = verify(folder)
    if report.damages:
        return report
    try:
        sweep = open_sweep(folder) if is_sweep(read_manifest(folder)) else None
        if sweep is not None:
            sweep.rows()
    except StoreError as error:
        damages = tuple(Damage(Path(one.file or folder), one.message) for one in error.problems)
        return Report(report.worlds, report.batches, damages)
    return report
