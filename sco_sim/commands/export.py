"""`sco-sim export`: a stored run, sweep or comparison in a format of other tools."""

from __future__ import annotations

from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder, is_run
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.output import emit, say
from sco_sim.studies.comparison.compare import Comparison, read_comparison
from sco_sim.studies.export import export
from sco_sim.studies.sweep.stored_sweep import open_stored


def main(folder: Path, form: str, out: Path | None, as_json: bool) -> int:
    """Write the files and name them; the exit code."""
    check_folder(str(folder), "run", "sweep", "comparison")
    stored = open_stored(folder) if is_run(str(folder)) else read_comparison(folder)
    runs = stored.runs if isinstance(stored, Comparison) else (stored,)
    say_half_done(*runs)
    say_stored_observed(*runs, aside=True)  # standard output names the files and nothing else
    paths = export(stored, form, folder / "export" if out is None else out)
    if as_json:
        half_done = "; ".join(filter(None, (one.half_done() for one in runs)))
        emit({"files": paths, "half_done": half_done, **stored_observed(runs[0])})
    else:
        for path in paths:
            say(str(path))
    return 0
