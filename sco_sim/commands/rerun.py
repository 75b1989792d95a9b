"""`sco-sim rerun`: simulate a stored run again from its manifest and compare the bits."""

from __future__ import annotations

from pathlib import Path

from sco_sim.commands.folders import check_folder
from sco_sim.commands.screen.output import emit, note, say
from sco_sim.commands.screen.progress import progress
from sco_sim.errors import counted
from sco_sim.runs.rerun import rerun
from sco_sim.store.folder import read_manifest
from sco_sim.store.manifest import is_sweep
from sco_sim.studies.sweep.sweep import rerun_sweep


def main(folder: Path, *, world: int | None, workers: int | None, case: Path | None, as_json: bool) -> int:
    """Say whether every bit came out again; the exit code: 0 if so, 3 if worlds failed, else 4."""
    check_folder(str(folder), "run", "sweep")
    with progress(folder.name or str(folder), None) as tick:
        again = rerun_sweep if is_sweep(read_manifest(folder)) else rerun
        result = again(folder, world=world, workers=workers, case=case, progress=tick)
    amount = counted(len(result.worlds), "world")
    if as_json:
        emit({**vars(result), "same": result.same, "failures": [vars(failure) for failure in result.failures]})
    elif result.same:
        say(f"{amount} of {folder}: the same bits again ({result.after[:16]})")
    else:
        say(f"{amount} of {folder}: other bits ({result.before[:16]} then, {result.after[:16]} now)")
    for line in result.differs:
        note(f"not as it was: {line}")
    for failure in result.failures:
        note(f"error: world {failure.world} failed: {failure.error}")
    return 0 if result.same else 3 if result.failures else 4
