"""`sco-sim report`: a stored folder as one page that can be forwarded."""

from __future__ import annotations

from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder, is_run
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.output import emit, say
from sco_sim.report.files import write_report
from sco_sim.report.others import has_tables
from sco_sim.store.stored import Stored
from sco_sim.studies.comparison.compare import read_comparison
from sco_sim.studies.sweep.stored_sweep import open_stored


def main(folder: Path, out: Path | None, *, markdown: bool, year: int | None, as_json: bool) -> int:
    """Write the page and name it; the exit code."""
    stored: list[Stored] = []
    if not has_tables(folder):
        check_folder(str(folder), "comparison", "run", "sweep")
        stored = [open_stored(folder)] if is_run(str(folder)) else list(read_comparison(folder).runs)
        say_half_done(*stored)
        say_stored_observed(*stored, aside=True)
    path = write_report(folder, out, form="md" if markdown else "html", year=year)
    size = path.stat().st_size
    if as_json:
        evidence = {str(one.manifest["name"]): stored_observed(one) for one in stored}
        emit({"report": path, "bytes": size, "evidence": evidence})
    else:
        say(f"{path} ({size / 1000:,.0f} kB)")
    return 0
