"""`sco-sim report`: a stored comparison as one page that can be forwarded."""

from __future__ import annotations

from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.output import emit, say
from sco_sim.report.files import write_report
from sco_sim.studies.comparison.compare import read_comparison


def main(folder: Path, out: Path | None, as_json: bool) -> int:
    """Write the page and name it; the exit code."""
    check_folder(str(folder), "comparison")
    comparison = read_comparison(folder)
    say_half_done(*comparison.runs)
    say_stored_observed(*comparison.runs, aside=True)
    path = write_report(comparison, out)
    size = path.stat().st_size
    if as_json:
        evidence = {run.scenario.name: stored_observed(run) for run in comparison.runs}
        emit({"report": path, "bytes": size, "evidence": evidence})
    else:
        say(f"{path} ({size / 1000:,.0f} kB)")
    return 0
