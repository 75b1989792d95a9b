"""`sco-sim export`: a stored run, sweep or comparison, or one under each of several views, for other tools."""

from __future__ import annotations

import csv
from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder, is_run
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.output import emit, say
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.comparison.compare import Comparison, read_comparison
from sco_sim.studies.export import export, export_views
from sco_sim.studies.sweep.stored_sweep import StoredSweep, open_stored


def main(folder: Path, form: str, out: Path | None, as_json: bool) -> int:
    """Write the files and name them; the exit code."""
    views = _views(folder)
    for each in views.values() or (folder,):
        check_folder(str(each), "run", "sweep", "comparison")
    stored = {view: _read(path) for view, path in (views or {"": folder}).items()}
    runs = [run for one in stored.values() for run in (one.runs if isinstance(one, Comparison) else (one,))]
    say_half_done(*runs)
    say_stored_observed(*runs, aside=True)  # standard output names the files and nothing else
    target = folder / "export" if out is None else out
    paths = export_views(stored, form, target) if views else export(stored[""], form, target)
    if as_json:
        half_done = "; ".join(filter(None, (one.half_done() for one in runs)))
        emit({"files": paths, "half_done": half_done, **stored_observed(runs[0])})
    else:
        for path in paths:
            say(str(path))
    return 0


def _views(folder: Path) -> dict[str, Path]:
    """View to its folder, where a folder holds one each of several; none for another folder."""
    table = folder / "views.csv"
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8", newline="") as file:
        names = dict.fromkeys(row.get("view") or "" for row in csv.DictReader(file))
    return {name: folder / name for name in names if name and (folder / name).is_dir()}


def _read(folder: Path) -> StoredRun | StoredSweep | Comparison:
    return open_stored(folder) if is_run(str(folder)) else read_comparison(folder)
