"""`sco-sim plot`: draw the figures of a stored comparison, or of a stored run, again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder, is_run
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.output import emit, say
from sco_sim.errors import Problem, ScenarioError
from sco_sim.plots.figures import plot_all, plot_some
from sco_sim.store.stored_run import StoredRun, open_run
from sco_sim.studies.comparison.compare import read_comparison


def main(folder: Path, out: Path | None, figures: Sequence[str], as_json: bool) -> int:
    """Draw and name the files; the exit code."""
    check_folder(str(folder), "run", "comparison")
    source = open_run(folder) if is_run(str(folder)) else read_comparison(folder)
    runs = (source,) if isinstance(source, StoredRun) else source.runs
    say_half_done(*runs)
    say_stored_observed(*runs, aside=True)  # standard output names the files and nothing else
    if not figures:
        written = plot_all(folder if isinstance(source, StoredRun) else source, out)
    elif isinstance(source, StoredRun):
        remedy = "leave --figure out, or give the folder of a comparison"
        raise ScenarioError(Problem("the figures of a single run are drawn together", remedy, "--figure"))
    else:
        written = plot_some(source, figures, out)
    if as_json:
        emit({"figures": written, "evidence": {run.scenario.name: stored_observed(run) for run in runs}})
    else:
        for path in written:
            say(str(path))
    return 0
