"""Texts and packages: how ready each state is, what passes together, and what a clause less would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import TwoSlopeNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sco_sim.plots.style import COLOURS, INK, QUIET, RULE, head
from sco_sim.studies.packages.clauses import helps
from sco_sim.studies.packages.words import clause, records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.studies.packages.study import Packages

TOP = 6
"""Packages and clauses that are drawn."""
FAR = 1.5
"""Readiness at which the colours end."""
DARK = 1.0
"""Readiness, either way, from which on a cell is so dark that its words are white."""
WIDEST = 30
"""Letters of a label, at most."""


def packages_figure(result: Packages, about: str) -> Figure:
    """Above, readiness of states for texts and packages, hold-outs framed; below, packages and clauses by settings."""
    matrix = result.states.pivot(index="of", columns="iso3", values="readiness")
    order = [*result.alone["text"], *result.packages["package"][result.packages["gained"] > 0.0].head(TOP)]
    matrix = matrix.loc[[name for name in order if name in matrix.index]]
    rows = min(max(len(result.packages), 1), TOP)
    figure = plt.figure(figsize=(11.5, 2.2 + 0.3 * len(matrix) + 0.42 * rows))
    grid = figure.add_gridspec(2, 2, height_ratios=(0.3 * len(matrix) + 0.4, 0.42 * rows + 0.6))
    _matrix(figure.add_subplot(grid[0, :]), matrix)
    _packages(figure.add_subplot(grid[1, 0]), result)
    _clauses(figure.add_subplot(grid[1, 1]), result)
    lines = [
        Patch(color=COLOURS[0], label="texts voted on as one"),
        Line2D([], [], color=INK, marker="|", ms=11, mew=2.0, linestyle="", label="all alone, or the whole text"),
        Line2D([], [], color=COLOURS[1], marker="o", linestyle="", label="text with its clause cut"),
    ]
    figure.legend(handles=lines, loc="outside lower center", ncols=3)
    head(figure, about)
    return figure


def _short(label: str) -> str:
    text = label.replace("_", " ")
    if len(text) <= WIDEST:
        return text
    return "\n".join(part if number == 0 else f"+ {part}" for number, part in enumerate(text.split(" + ")))


def _matrix(axis: Axes, matrix: pd.DataFrame) -> None:
    values = matrix.to_numpy(dtype=float)
    axis.imshow(values, cmap="RdBu", norm=TwoSlopeNorm(0.0, -FAR, FAR), aspect="auto")
    axis.set_xticks(range(len(matrix.columns)), list(matrix.columns))
    axis.set_yticks(range(len(matrix)), [label.replace("_", " ") for label in matrix.index])
    axis.tick_params(length=0)
    for row, column in np.ndindex(values.shape):
        z = values[row, column]
        if np.isnan(z):
            continue
        colour = "white" if abs(z) > DARK else INK
        axis.text(column, row, f"{z:.2f}", ha="center", va="center", color=colour, fontsize=8)
        if z < 0.0:
            axis.add_patch(Rectangle((column - 0.47, row - 0.45), 0.94, 0.9, fill=False, edgecolor=INK, linewidth=1.1))
    axis.spines[:].set_visible(False)
    axis.set_title("Readiness at the centre of the ledger; who holds out is framed, empty: no vote")


def _packages(axis: Axes, result: Packages) -> None:
    most = result.packages[result.packages["gained"] > 0.0].head(TOP // 2)
    worst = result.packages.sort_values(["lost", "size"], ascending=[False, True], kind="stable").head(TOP - len(most))
    rows = pd.concat([most, worst]).drop_duplicates("package").iloc[::-1]
    at = np.arange(len(rows))
    axis.barh(at, 100.0 * rows["share"], color=COLOURS[0], height=0.6)
    axis.plot(100.0 * rows["share_parts"], at, "|", color=INK, markersize=14, mew=2, linestyle="")
    axis.set_yticks(at, [_short(name) for name in rows["package"]], fontsize=7.5)
    _percent(axis, "Packages: those that gain by being one, then those that lose most")


def _clauses(axis: Axes, result: Packages) -> None:
    rows = helps(result.clauses).drop_duplicates("text").head(TOP).iloc[::-1]
    at = np.arange(len(rows))
    axis.hlines(at, 100.0 * rows["share_whole"], 100.0 * rows["share"], color=RULE, linewidth=3, zorder=1)
    axis.plot(100.0 * rows["share_whole"], at, "|", color=INK, markersize=14, mew=2, linestyle="")
    axis.plot(100.0 * rows["share"], at, "o", color=COLOURS[1], linestyle="")
    names = [f"{row['text'].replace('_', ' ')}\n{clause(row)}" for row in records(rows)]
    axis.set_yticks(at, names, fontsize=7.5)
    axis.set_ylim(-0.6, max(len(rows), 1) - 0.4)
    _percent(axis, "The clause of each text whose cut helps most")


def _percent(axis: Axes, title: str) -> None:
    axis.set_xlim(0.0, 103.0)
    axis.set_xlabel("% of settings in which it passes", color=QUIET)
    axis.set_title(title)
