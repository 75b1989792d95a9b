"""The graph of ties before and after: conflict share as colour, trade as width, GDP as size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from sco_sim.case.age_words import observed_to, of_records
from sco_sim.errors import Problem, StoreError
from sco_sim.plots.layout import spread
from sco_sim.plots.style import INK, QUIET, head, titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.case.case import Case
    from sco_sim.numerics.arrays import Array
    from sco_sim.store.stored_run import StoredRun

    Point = tuple[float, float]

CONFLICT = LinearSegmentedColormap.from_list("conflict", ["#d3dde3", "#c9bfb6", "#e08a5b", "#c2402a", "#67001f"])
"""Pale where nearly all interactions are cooperative, dark red where many are not; it darkens all the way."""
SCALE = LogNorm(0.01, 0.5, clip=True)
SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
KEY_TRADE = (1.0, 10.0, 100.0)
"""Trade of the ties in the key, bn USD of 2015."""


def graph(run: StoredRun, case: Case) -> Figure:
    """The ties of one scenario as it begins (`Horizon.edge`) and in the last year: means over worlds.

    Args:
        run: The stored run.
        case: Its tables give the capitals, and the GDP of the start year or of the last year known before it.
    """
    horizon = run.scenario.horizon
    states = tuple(sorted(run.scenario.states))
    capitals = case.sites(states)
    where = spread(capitals)
    log_gdp, _ = case.last_gdp(states, horizon.start)
    sizes = dict(zip(states, np.nan_to_num(np.exp(log_gdp)).tolist(), strict=True))
    seen = observed_to(of_records(run.manifest, horizon.start), horizon.start)
    figure, axes = plt.subplots(1, 2, figsize=(9.6, 4.6))
    for axis, year in zip(axes, (horizon.edge, horizon.end), strict=True):
        frame = _means(run, year)
        ties = [(str(tie).split("-")[0], str(tie).split("-")[1]) for tie in frame.index]
        _edges(axis, ties, where, frame["conflict_share_observed"].to_numpy(float), frame["trade"].to_numpy(float))
        _nodes(axis, where, sizes, {iso: site.name for iso, site in capitals.items()})
        axis.set_title(f"{year} (nowcast)" if seen < year == horizon.edge else str(year))
    _keys(figure, list(axes), horizon.start)
    title = titles([run.scenario])[run.scenario.name]
    head(figure, f"{title}: trust and trade between the states, means over worlds")
    return figure


def _means(run: StoredRun, year: int) -> pd.DataFrame:
    """Conflict share and trade of each tie in a year, means over worlds; raises StoreError if they were not kept."""
    frame, drawn = run.ties([year]), ["conflict_share_observed", "trade"]
    lacking = [key for key in drawn if key not in frame]
    if lacking:
        raise StoreError(Problem(f"{run.path} holds no {lacking[0]}", "simulate it again with this version"))
    return frame.groupby("tie", observed=True)[drawn].mean()


def width(trade: Array | float) -> Array:
    """Width of an edge in points: a tenfold trade is about one and a half times as wide."""
    out: Array = 0.45 + 0.8 * np.asarray(trade) ** 0.33
    return out


def _edges(axis: Axes, ties: list[tuple[str, str]], where: dict[str, Point], share: Array, trade: Array) -> None:
    """Edges from the most trusting to the least, so that the low-trust ties lie on top."""
    order = np.argsort(share, kind="stable")
    lines = [(where[ties[t][0]], where[ties[t][1]]) for t in order]
    edges = LineCollection(
        lines,
        linewidths=width(trade[order]),
        colors=CONFLICT(SCALE(share[order])),
        capstyle="round",
        zorder=1,
    )
    axis.add_collection(edges)


def _nodes(axis: Axes, where: dict[str, Point], sizes: dict[str, float], names: dict[str, str]) -> None:
    lowest = min(where, key=lambda iso: where[iso][1])
    for iso, (x, y) in where.items():
        radius, side = _radius(sizes[iso]), -1 if iso == lowest else 1
        axis.plot(
            x,
            y,
            "o",
            markersize=radius,
            color="#34495e",
            markeredgecolor="white",
            markeredgewidth=0.8,
            zorder=3,
        )
        text = axis.annotate(
            names[iso], (x, y), xytext=(0, (radius / 2 + 2.5) * side), textcoords="offset points",
            ha="center", va="top" if side < 0 else "bottom", fontsize=7.5, color=INK, zorder=4,
        )  # fmt: skip
        text.set_path_effects([withStroke(linewidth=2.4, foreground="white")])
    across, up = (np.array([point[k] for point in where.values()]) for k in (0, 1))
    axis.set_xlim(across.min() - 0.16, across.max() + 0.16)
    axis.set_ylim(up.min() - 0.16, up.max() + 0.16)
    axis.set_aspect("equal")
    axis.set_axis_off()


def _radius(usd: float) -> float:
    """Diameter of a state's marker in points; its area is in proportion to GDP, but for a smallest size."""
    return max(3.5, 5.6 * float(np.sqrt(usd / 1e12)))


def _keys(figure: Figure, axes: list[Axes], start: int) -> None:
    bar = figure.colorbar(
        ScalarMappable(SCALE, CONFLICT),
        ax=axes,
        location="bottom",
        fraction=0.035,
        pad=0.02,
        aspect=50,
        shrink=0.62,
    )
    bar.set_ticks(list(SHARES), labels=[f"{100 * share:g} %" for share in SHARES])
    bar.ax.minorticks_off()
    bar.outline.set_visible(False)
    bar.set_label("conflict share of the tie: share of interactions that are conflictual")
    handles = [
        Line2D(
            [],
            [],
            color=QUIET,
            linewidth=float(width(trade)),
            solid_capstyle="round",
            label=f"{trade:g} bn USD",
        )
        for trade in KEY_TRADE
    ]
    handles += [
        Line2D(
            [],
            [],
            linestyle="",
            marker="o",
            color="#34495e",
            markersize=_radius(trillions * 1e12),
            label=label,
        )
        for trillions, label in ((0.1, "0.1 tn USD"), (1.0, "1 tn USD"), (10.0, "10 tn USD"))
    ]
    figure.legend(
        handles=handles, loc="outside lower center", ncols=6, columnspacing=1.6, handletextpad=0.8, labelspacing=0.9,
        title=f"width: trade in a year; disc: GDP at the start ({start}); both in USD of 2015", title_fontsize=8,
    )  # fmt: skip
