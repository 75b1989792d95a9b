"""The figures of stored studies, always drawn from what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sco_sim.errors import Problem, ScenarioError, StoreError
from sco_sim.plots.aims import aims_figure
from sco_sim.plots.cascade import Cascade, cascade_figure
from sco_sim.plots.enlargement import enlargement_figure
from sco_sim.plots.packages import packages_figure
from sco_sim.plots.portfolio import portfolio_figure
from sco_sim.plots.routes import RouteMap, route_map
from sco_sim.plots.rules import rules_figure
from sco_sim.plots.sequence import sequence_figure
from sco_sim.plots.style import BOTH, save, styled
from sco_sim.plots.threshold import Thresholds, threshold_figure
from sco_sim.store.study_file import NAME
from sco_sim.studies.kept import AGAIN, Form, keep, name_of_study, read, read_table
from sco_sim.studies.kept import FORMS as KEPT

HINDCAST, AIMS = "hindcast", "evidence_aims.csv"
"""Name of the figure of what `hindcast --report` writes, and its table, which has no hash."""

FORMS: Mapping[str, Form] = {
    **KEPT,
    "routes": Form(RouteMap, {}),
    "threshold": Form(Thresholds, {"thresholds.csv": "needed", "curves.csv": "curves"}),
    "cascade": Form(Cascade, {"years.csv": "paths", "ranking.csv": "ranking"}),
}
"""Name of a study, of its command and of its figure, to how it is stored."""
DRAWN: Mapping[str, Callable[[Any, str], Figure]] = {
    "rules": rules_figure, "portfolio": portfolio_figure, "packages": packages_figure, "sequence": sequence_figure,
    "enlargement": enlargement_figure, "routes": route_map, "threshold": threshold_figure, "cascade": cascade_figure,
}  # fmt: skip
"""The figure of each, from its result and a heading."""


def write_study(
    folder: Path, name: str, result: Any, about: str, command: str, tables: Mapping[str, pd.DataFrame] | None = None
) -> list[Path]:
    """Write the tables of a study, what it takes to draw it again, and its figure; see `keep`."""
    return keep(folder, name, FORMS[name], result, about, command, tables) + draw_study(folder)


def study_in(folder: Path) -> str:
    """The name of the study whose figure a folder can have; empty if there is none."""
    if (folder / AIMS).is_file():
        return HINDCAST
    name = name_of_study(folder)
    return name if name in FORMS else ""


def draw_study(
    folder: Path, names: Sequence[str] = (), out: Path | None = None, formats: Sequence[str] = BOTH
) -> list[Path]:
    """Draw the figure of a stored study.

    Args:
        folder: Of `write_study`.
        names: Figures asked for: the name of the study, or none.
        out: Folder of the figure; that of the tables if left out.
        formats: Kinds of files.

    Raises:
        ScenarioError: It has no such figure.
        StoreError: The tables are not as they were written, or the figure cannot be.
    """
    name = study_in(folder)
    for one in names:
        if one != name:
            raise ScenarioError(Problem(f"no figure '{one}' of this folder", f"choose of {name}", "--figure"))
    try:
        with styled():
            return save(_figure(folder, name), folder if out is None else out, name, formats)
    except (LookupError, TypeError, ValueError) as error:  # a record that somebody has changed
        raise StoreError(Problem(f"it cannot be drawn: {error!r}"[:200], AGAIN, str(folder / NAME))) from error


def _figure(folder: Path, name: str) -> Figure:
    if name == HINDCAST:
        return aims_figure(read_table(folder / AIMS))
    result, about = read(folder, FORMS[name])
    return DRAWN[name](result, about)
