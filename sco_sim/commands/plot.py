"""`sco-sim plot`: draw the figures of a stored comparison, run, sweep or study again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder, is_run
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.output import emit, say
from sco_sim.plots.figures import plot_all, plot_some
from sco_sim.studies.comparison.compare import Comparison, read_comparison
from sco_sim.studies.sweep.stored_sweep import open_stored


def main(folder: Path, out: Path | None, figures: Sequence[str], formats: Sequence[str], as_json: bool) -> int:
    """Draw and name the files; the exit code."""
    from sco_sim.plots.studies import draw_study, study_in

    if study_in(folder):
        return _say(draw_study(folder, figures, out, formats), {}, as_json)
    check_folder(str(folder), "comparison", "run", "sweep")
    source = open_stored(folder) if is_run(str(folder)) else read_comparison(folder)
    stored = source.runs if isinstance(source, Comparison) else (source,)
    say_half_done(*stored)
    say_stored_observed(*stored, aside=True)  # standard output names the files and nothing else
    written = plot_some(source, figures, out, formats) if figures else plot_all(source, out, formats)
    return _say(written, {str(one.manifest["name"]): stored_observed(one) for one in stored}, as_json)


def _say(written: Sequence[Path], evidence: Mapping[str, object], as_json: bool) -> int:
    if as_json:
        emit({"figures": written, "evidence": evidence})
    else:
        for path in written:
            say(str(path))
    return 0
