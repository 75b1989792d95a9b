"""`sco-sim export`: a stored run or sweep in a format of other tools."""

from __future__ import annotations

from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.output import emit, say
from sco_sim.studies.export import export
from sco_sim.studies.sweep.stored_sweep import open_stored


def main(folder: Path, form: str, out: Path | None, as_json: bool) -> int:
    """Write the files and name them; the exit code."""
    check_folder(str(folder), "run", "sweep")
    stored = open_stored(folder)
    say_half_done(stored)
    say_stored_observed(stored, aside=True)  # standard output names the files and nothing else
    paths = export(stored, form, folder / "export" if out is None else out)
    if as_json:
        emit({"files": paths, "half_done": stored.half_done(), **stored_observed(stored)})
    else:
        for path in paths:
            say(str(path))
    return 0
