"""Figures of docs/evidence.md: forecasts beside what came, tie by tie, and how well the bands held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from sco_sim.errors import Problem, StoreError
from sco_sim.plots.style import COLOURS, INK, QUIET, REFERENCE, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.evidence.hindcast.rolling import Hindcast
    from sco_sim.numerics.arrays import Array

DPI, ACROSS = 85, 5
"""Pixels an inch of the shipped pictures, and panels in a row."""


def draw(figures: Mapping[str, Callable[[], Figure]], folder: Path) -> list[Path]:
    """Write every figure as a small PNG with a fixed palette of colours; raises StoreError if that fails."""
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in figures.items():
            with styled():
                figure = make()
                paths.append(folder / f"{name}.png")
                figure.savefig(paths[-1], dpi=DPI, metadata={"Software": None}, pil_kwargs={"optimize": True})
                plt.close(figure)
    except OSError as error:
        raise StoreError(Problem(f"cannot write {folder}: {error.strerror}", "choose another --report")) from error
    return paths


def by_tie(hindcast: Hindcast, first_year: int, unit: str, change: Callable[[Array], Array]) -> Figure:
    """A panel a tie: observed dots, and the engine's median and 80 % band from every origin."""
    panel = hindcast.panel
    scored = np.unique(hindcast.scored["engine"].column)
    columns = scored if len(scored) else np.arange(len(panel.columns))
    rows = -(-len(columns) // ACROSS)
    figure, grid = plt.subplots(rows, ACROSS, figsize=(11.0, 1.15 * rows + 0.6), sharex=True)
    for axis in grid.ravel()[len(columns) :]:
        axis.set_visible(False)
    for axis, column in zip(grid.ravel(), columns, strict=False):
        _forecasts(axis, hindcast, int(column), change)
        years = np.array(panel.years)
        seen = (years >= first_year) & np.isfinite(panel.y[:, column])
        axis.plot(years[seen], change(panel.y[seen, column]), ".", color=INK, markersize=3.5)
        axis.set_title(panel.names[column], fontsize=7.5, pad=2)
        axis.tick_params(labelsize=6, length=2)
        axis.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axis.yaxis.set_major_locator(MaxNLocator(3))
    origins = ", ".join(str(origin) for origin, _ in hindcast.origins)
    figure.suptitle(
        f"Dots: observed ({unit}). Lines and bands: the engine's median and 80 %, from {origins}",
        fontsize=9,
        x=0.01,
        ha="left",
    )
    return figure


def _forecasts(axis: Axes, hindcast: Hindcast, column: int, change: Callable[[Array], Array]) -> None:
    for number, (origin, end) in enumerate(hindcast.origins):
        forecast = hindcast.forecasts["engine"][origin]
        years = np.arange(origin + 1, end + 1)
        low, middle, high = (change(forecast.quantile(level)[:, column]) for level in (0.1, 0.5, 0.9))
        colour = COLOURS[number % len(COLOURS)]
        axis.fill_between(years, low, high, color=colour, alpha=0.22, linewidth=0)
        axis.plot(years, middle, color=colour, linewidth=1.1)


def calibration(hindcasts: Mapping[str, Hindcast]) -> Figure:
    """Where the observations fell among the engine's worlds (PIT), a panel a hindcast; flat is right."""
    figure, grid = plt.subplots(1, len(hindcasts), figsize=(9.0, 2.6), sharey=True)
    for axis, (title, hindcast) in zip(np.atleast_1d(grid), hindcasts.items(), strict=True):
        pit = hindcast.scored["engine"].pit
        axis.hist(
            pit, bins=10, range=(0.0, 1.0), weights=np.full(len(pit), 10.0 / len(pit)), color=COLOURS[0], alpha=0.8
        )
        axis.axhline(1.0, color=QUIET, linewidth=0.8)
        axis.set_title(title)
    np.atleast_1d(grid)[0].set_ylabel("density")
    figure.supxlabel("share of the worlds below the observation", fontsize=9)
    return figure


def posteriors(stages: Mapping[str, Mapping[str, Any]]) -> Figure:
    """Prior and posterior 5-95 % of every fitted parameter, in standard deviations of the prior about its mean."""
    rows = [(name, posterior) for stage in stages.values() for name, posterior in stage["parameters"].items()]
    figure, axis = plt.subplots(figsize=(7.5, 0.24 * len(rows) + 0.8))
    for height, (_, posterior) in enumerate(reversed(rows)):
        before, after = posterior["prior"], posterior["posterior"]
        for part, colour, width in ((before, REFERENCE, 1.0), (after, COLOURS[0], 3.2)):
            ends = [(part[end] - before["mean"]) / before["sd"] for end in ("low", "high")]
            axis.plot(ends, [height, height], color=colour, linewidth=width, solid_capstyle="butt")
    axis.set_yticks(range(len(rows)), [name for name, _ in reversed(rows)], fontsize=7)
    axis.set_xlabel("5-95 % in prior standard deviations; thin: prior, thick: posterior")
    return figure
