"""Every figure of a comparison, of one run or of a sweep, by its name, from what is stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sco_sim.case.opened import opened
from sco_sim.components.registry import metric
from sco_sim.errors import Problem, ScenarioError
from sco_sim.plots.agreements import agreements_figure
from sco_sim.plots.difference import difference
from sco_sim.plots.graph import graph
from sco_sim.plots.lines import differences, levels
from sco_sim.plots.matrix import matrix_figure
from sco_sim.plots.owned import OF_COMPARISON, OF_SCENARIO, OF_SWEEP, clear
from sco_sim.plots.payers import accounts, payers_figure, ratios
from sco_sim.plots.response import response, response_figure
from sco_sim.plots.style import BOTH, save, styled, titles
from sco_sim.plots.together import draw_each
from sco_sim.plots.winners import PANELS, typical_spread, winners
from sco_sim.store.manifest import case_of
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.comparison.compare import Comparison, read_comparison
from sco_sim.studies.comparison.tables import TwoRuns
from sco_sim.studies.sweep.stored_sweep import StoredSweep, open_stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

Source = Comparison | StoredRun | StoredSweep
OF_RUN = ("outcomes", "graph", "agreements")
"""Names of the figures of a single run."""
FROM_REFERENCE = ("winners", "payers", "matrix")
"""Figures of one scenario that show how it differs, so that the reference has none."""


def names_of(source: Source) -> tuple[str, ...]:
    """The names of the figures that a stored thing has."""
    if isinstance(source, StoredSweep):
        return OF_SWEEP
    return OF_RUN if isinstance(source, StoredRun) else (*OF_COMPARISON, *OF_SCENARIO)


def plot_some(
    source: Source, names: Sequence[str], out: Path | None = None, formats: Sequence[str] = BOTH,
    workers: int | None = None,
) -> list[Path]:  # fmt: skip
    """Write the figures of these names, those of one scenario for each, one of a sweep for each outcome.

    Other files stay.

    Args:
        source: A comparison, a stored run or a stored sweep.
        names: Of `names_of(source)`.
        out: Folder of the figures; `figures` inside the folder of the source if left out.
        formats: Kinds of files, of `style.FORMATS`.
        workers: Processes that draw; chosen by the number of figures if left out.

    Raises ScenarioError for a name that is no figure of it or has nothing to show; StoreError if the folder cannot be
    written.
    """
    target = _target(source, out)
    for name in names:
        _check(source, name)
    written = _write(source, tuple(dict.fromkeys(names)), target, formats, workers)
    for name, own in written.items():
        if not own:
            remedy = f"choose of {', '.join(one for one in names_of(source) if one != name)}"
            raise ScenarioError(Problem(f"there is nothing for a figure '{name}' here", remedy, "--figure"))
    return [path for own in written.values() for path in own]


def plot_all(
    source: Source | Path | str, out: Path | str | None = None, formats: Sequence[str] = BOTH,
    workers: int | None = None,
) -> list[Path]:  # fmt: skip
    """Write every figure of a comparison, of one stored run or of a stored sweep.

    `outcomes` (levels over the years), `outcomes_difference`, `difference` (all outcomes on one axis, in the last year
    of interest); of each scenario `graph` (ties as it begins and at its end), `agreements` (what becomes of each over
    the years), `winners` (states and ties), `payers` (who pays and who trades more) and `matrix` (every tie); of a
    sweep `response` (each outcome over one or two factors). A figure with nothing to show is left out. Figures of an
    earlier call that are not among them are deleted from the folder; other files stay.

    Args:
        source: A comparison, a run or a sweep, or its folder.
        out: Folder of the figures; `figures` inside the folder of the source if left out.
        formats: Kinds of files, of `style.FORMATS`.
        workers: Processes that draw; chosen by the number of figures if left out. The files are the same.

    Returns:
        The files written.

    Raises:
        StoreError: The folder holds none of them, its runs are elsewhere, or `out` cannot be written.
    """
    if isinstance(source, Path | str):
        folder = Path(source)
        source = open_stored(folder) if (folder / "manifest.json").exists() else read_comparison(folder)
    target = _target(source, None if out is None else Path(out))
    written = [path for own in _write(source, names_of(source), target, formats, workers).values() for path in own]
    clear(target, written)
    return written


def figure(comparison: Comparison, name: str, scenario: str | None = None) -> Figure:
    """One figure of a comparison by its name, of one scenario if it needs one: the last if none is named.

    Raises ScenarioError for a name that is no figure or has nothing to show, or no scenario of the comparison.
    """
    _check(comparison, name)
    known = [run.scenario.name for run in comparison.runs]
    wanted = known[-1] if scenario is None else scenario
    if wanted not in known:
        raise ScenarioError(Problem(f"no scenario '{wanted}' in this comparison", f"choose of {', '.join(known)}"))
    with styled():
        drawn = _draw(comparison, name, wanted)
    if drawn is None:
        raise ScenarioError(Problem(f"there is nothing for a figure '{name}' of {wanted}", "name another scenario"))
    return drawn


def _check(source: Source, name: str) -> None:
    known = names_of(source)
    if name not in known:
        raise ScenarioError(Problem(f"no figure '{name}' of this folder", f"choose of {', '.join(known)}", "--figure"))


def _target(source: Source, out: Path | None) -> Path:
    return (source.path or Path()) / "figures" if out is None else out


def _write(
    source: Source, names: Sequence[str], target: Path, formats: Sequence[str], workers: int | None
) -> dict[str, list[Path]]:
    """Name of each figure to its files."""
    parts = [(name, part) for name in names for part in _parts(source, name)]
    drawn = draw_each(_save, [(source, *one, target, formats) for one in parts], workers)
    written: dict[str, list[Path]] = {name: [] for name in names}
    for (name, _), paths in zip(parts, drawn, strict=True):
        written[name] += paths
    return written


def _parts(source: Source, name: str) -> list[str]:
    """Scenarios or outcomes that have a figure of this name each; an empty name for a figure of the whole."""
    if isinstance(source, StoredSweep):
        return [key for key in source.manifest["kept_outcomes"] if metric(key).axis == "world"]
    if name not in OF_SCENARIO:
        return [""]
    runs = (source,) if isinstance(source, StoredRun) else source.runs
    return [run.scenario.name for run in (runs[1:] if name in FROM_REFERENCE else runs)]


def _save(source: Source, name: str, part: str, target: Path, formats: Sequence[str]) -> list[Path]:
    """Draw one figure and write it; no file if there is nothing to show."""
    with styled():
        drawn = _response(source, part) if isinstance(source, StoredSweep) else _draw(source, name, part)
        return [] if drawn is None else save(drawn, target, f"{name}_{part}" if part else name, formats)


def _response(sweep: StoredSweep, outcome: str) -> Figure | None:
    year = max(sweep.manifest["kept_years"])
    shown = response(sweep, outcome, year)
    about = sweep.experiment.title or sweep.experiment.name
    return None if shown is None else response_figure(shown, outcome, year, about)


def _draw(source: Comparison | StoredRun, name: str, scenario: str) -> Figure | None:
    """One figure of a comparison or a run; none if there is nothing to show."""
    runs = (source,) if isinstance(source, StoredRun) else source.runs
    if name == "outcomes":
        return levels(runs)
    names = titles([run.scenario for run in runs])
    if name in OF_SCENARIO:
        run = next(run for run in runs if run.scenario.name == scenario)
        if name == "graph":
            return graph(run, opened(case_of(dict(run.manifest))))
        if name == "agreements":
            return agreements_figure(run, names[scenario], _states(run)) if run.scenario.policies else None
    return None if isinstance(source, StoredRun) else _against_reference(source, name, scenario)


def _against_reference(comparison: Comparison, name: str, scenario: str) -> Figure | None:
    runs, table = comparison.runs, comparison.table
    names, last = titles([run.scenario for run in runs]), int(table["year"].max())
    if name == "difference":
        return difference(table, names, last)
    if name == "outcomes_difference":
        return differences(runs, together=comparison.paired)
    if name == "winners":
        known = (comparison.winners["scenario"] == scenario).any()
        return winners(comparison.winners, scenario, names, _spreads(comparison), _states(runs[0])) if known else None
    run = next(run for run in runs if run.scenario.name == scenario)
    pair = TwoRuns(runs[0], run, together=comparison.paired)
    if run is runs[0] or not pair.together:
        return None
    about = names[scenario], names[runs[0].scenario.name], _states(run)
    if name == "matrix":
        return matrix_figure(pair, last, *about)
    shown = accounts(pair, last)
    return payers_figure(shown, ratios(pair, last), *about) if shown else None


def _states(run: StoredRun) -> dict[str, str]:
    """Names of the states of a run by their codes."""
    sites = opened(case_of(dict(run.manifest))).sites(tuple(run.manifest["states"]))
    return {iso: site.name for iso, site in sites.items()}


def _spreads(comparison: Comparison) -> dict[str, float]:
    """The typical spread of each outcome of states and ties in the last year of the reference."""
    reference, last = comparison.runs[0], int(comparison.table["year"].max())
    frames = {"state": ("iso3", reference.states([last])), "tie": ("tie", reference.ties([last]))}
    return {key: typical_spread(frames[level][1], frames[level][0], key) for level, key in PANELS}
