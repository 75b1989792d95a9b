"""`sco-sim plot`: draw the figures of a stored comparison, or of a stored run, again."""

from __future__ import annotations

from pathlib import Path

from sco_sim.commands.screen.output import emit, say
from sco_sim.plots.figures import plot_all


def main(folder: Path, out: Path | None, as_json: bool) -> int:
    """Draw and name the files; the exit code."""
    written = plot_all(folder, out)
    if as_json:
        emit({"figures": written})
    else:
        for path in written:
            say(str(path))
    return 0
