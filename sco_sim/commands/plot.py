"""`sco-sim plot`: draw the figures of a stored comparison, or of a stored run, again."""

from __future__ import annotations

from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder, is_run
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.output import emit, say
from sco_sim.plots.figures import plot_all
from sco_sim.store.stored_run import StoredRun, open_run
from sco_sim.studies.comparison.compare import read_comparison


def main(folder: Path, out: Path | None, as_json: bool) -> int:
    """Draw and name the files; the exit code."""
    check_folder(str(folder), "run", "comparison")
    source = open_run(folder) if is_run(str(folder)) else read_comparison(folder)
    runs = (source,) if isinstance(source, StoredRun) else source.runs
    say_half_done(*runs)
    say_stored_observed(*runs, aside=True)  # standard output names the files and nothing else
    written = plot_all(folder if isinstance(source, StoredRun) else source, out)
    if as_json:
        emit({"figures": written, "evidence": {run.scenario.name: stored_observed(run) for run in runs}})
    else:
        for path in written:
            say(str(path))
    return 0
