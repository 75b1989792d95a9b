"""Every figure of a comparison or of one run, from what is stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sco_sim.case.opened import opened
from sco_sim.errors import Problem, ScenarioError
from sco_sim.plots.difference import difference
from sco_sim.plots.graph import graph
from sco_sim.plots.lines import differences, levels
from sco_sim.plots.owned import clear
from sco_sim.plots.style import save, styled, titles
from sco_sim.plots.winners import PANELS, typical_spread, winners
from sco_sim.store.folder import MANIFEST
from sco_sim.store.manifest import case_of
from sco_sim.store.stored_run import StoredRun, open_run
from sco_sim.studies.comparison.compare import Comparison, read_comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

OF_ALL, OF_ONE = ("difference", "outcomes_difference", "outcomes"), ("graph", "winners")
"""Names of the figures of a whole comparison, the first first, and of those of one of its scenarios."""


def plot_some(comparison: Comparison, names: Sequence[str], out: Path | None = None) -> list[Path]:
    """Write the figures of these names as PNG and SVG, those of one scenario for each; other figures stay.

    Raises ScenarioError for a name that is no figure, StoreError if the folder cannot be written.
    """
    target = (comparison.path or Path()) / "figures" if out is None else out
    scenarios = [run.scenario.name for run in comparison.runs]
    written: list[Path] = []
    for name in dict.fromkeys(names):
        ones = [None] if name not in OF_ONE else scenarios[name == "winners" :]
        for one in ones:
            drawn = figure(comparison, name, one)
            with styled():
                written += save(drawn, target, name if one is None else f"{name}_{one}")
    return written


def plot_all(source: Comparison | Path | str, out: Path | str | None = None) -> list[Path]:
    """Write the figures of a comparison, or of one stored run, as PNG and SVG.

    `outcomes` (levels over the years), `outcomes_difference`, `difference` (all outcomes on one axis, in the
    last year of interest), `graph_<scenario>` (ties as the scenario begins and at its end) and `winners_<scenario>`.
    Figures of an earlier call that are not among them are deleted from the folder; other files stay.

    Args:
        source: A comparison, its folder, or the folder of a stored run.
        out: Folder of the figures; `figures` inside the folder of the source if left out.

    Returns:
        The files written.

    Raises:
        StoreError: The folder holds neither, its runs are elsewhere, or `out` cannot be written.
    """
    if not isinstance(source, Comparison):
        folder = Path(source)
        target = Path(out) if out is not None else folder / "figures"
        if (folder / MANIFEST).exists():
            return _alone(target, plot_runs([open_run(folder)], target))
        source = read_comparison(folder)
    elif out is not None:
        target = Path(out)
    else:
        target = (source.path or Path()) / "figures"
    return _alone(target, plot_comparison(source, target))


def _alone(folder: Path, written: list[Path]) -> list[Path]:
    """The figures written, once no earlier one is left beside them."""
    clear(folder, written)
    return written


def figure(comparison: Comparison, name: str, scenario: str | None = None) -> Figure:
    """One figure of a comparison by its name, of one scenario if it needs one: the last if none is named.

    Raises ScenarioError for a name that is no figure, or no scenario of the comparison.
    """
    known = [run.scenario.name for run in comparison.runs]
    if name not in OF_ALL + OF_ONE:
        raise ScenarioError(Problem(f"no figure '{name}'", f"choose of {', '.join(OF_ALL + OF_ONE)}"))
    wanted = known[-1] if scenario is None else scenario
    if wanted not in known:
        raise ScenarioError(Problem(f"no scenario '{wanted}' in this comparison", f"choose of {', '.join(known)}"))
    with styled():
        return _draw(comparison, name, wanted)


def _draw(comparison: Comparison, name: str, scenario: str) -> Figure:
    runs, table = comparison.runs, comparison.table
    names = titles([run.scenario for run in runs])
    run = next(run for run in runs if run.scenario.name == scenario)
    drawing: dict[str, Callable[[], Figure]] = {
        "difference": lambda: difference(table, names, int(table["year"].max())),
        "outcomes": lambda: levels(runs),
        "outcomes_difference": lambda: differences(runs, together=comparison.paired),
        "graph": lambda: graph(run, opened(case_of(dict(run.manifest)))),
        "winners": lambda: winners(comparison.winners, scenario, names, _spreads(comparison)),
    }
    return drawing[name]()


def _spreads(comparison: Comparison) -> dict[str, float]:
    """The typical spread of each outcome of states and ties in the last year of the reference."""
    reference, last = comparison.runs[0], int(comparison.table["year"].max())
    frames = {"state": ("iso3", reference.states([last])), "tie": ("tie", reference.ties([last]))}
    return {key: typical_spread(frames[level][1], frames[level][0], key) for level, key in PANELS}


def plot_runs(runs: Sequence[StoredRun], target: Path) -> list[Path]:
    """Levels over the years, and the graph of each run."""
    with styled():
        written = save(levels(runs), target, "outcomes")
        for run in runs:
            case = opened(case_of(dict(run.manifest)))
            written += save(graph(run, case), target, f"graph_{run.scenario.name}")
    return written


def plot_comparison(comparison: Comparison, target: Path) -> list[Path]:
    """All figures of a comparison."""
    runs = comparison.runs
    written = plot_runs(runs, target)
    names = titles([run.scenario for run in runs])
    last = int(comparison.table["year"].max())
    spreads = _spreads(comparison)
    with styled():
        written += save(differences(runs, together=comparison.paired), target, "outcomes_difference")
        written += save(difference(comparison.table, names, last), target, "difference")
        for name in list(names)[1:]:
            if (comparison.winners["scenario"] == name).any():
                written += save(winners(comparison.winners, name, names, spreads), target, f"winners_{name}")
    return written
