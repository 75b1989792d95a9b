"""The cascade of mistrust: what a quarrel changes year by year, and which ties' quarrels cost most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sco_sim.plots.style import INK, QUIET, RULE, head
from sco_sim.studies.plain_words import first_up, usual_names, with_names

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HUE = "#b5502a"
TOP = 15
"""Ties that are drawn of the ranking."""


@dataclass(frozen=True)
class Cascade:
    """What `sco-sim cascade` writes."""

    paths: pd.DataFrame
    ranking: pd.DataFrame


def cascade_figure(stored: Cascade, about: str) -> Figure:
    """Six outcomes over the years, with and without unofficial channels, and the dearest ties as bars."""
    paths, ranking = stored.paths, stored.ranking
    figure, axes = plt.subplot_mosaic(
        [["0", "1", "rank"], ["2", "3", "rank"], ["4", "5", "rank"]], figsize=(11.5, 7.2), width_ratios=(1.0, 1.0, 1.1)
    )
    for panel, (_, rows) in enumerate(paths.groupby("outcome", sort=False)):
        axis = axes[str(panel)]
        axis.axhline(0.0, color=RULE, linewidth=0.8, zorder=1)
        for channels, part in rows.groupby("channels"):
            style = (0, (3, 1.2)) if channels else "-"
            axis.plot(part["year"], part["mean"], color=QUIET if channels else HUE, linestyle=style, zorder=3)
            if not channels:
                axis.fill_between(part["year"], part["low_05"], part["high_95"], color=HUE, alpha=0.15, linewidth=0)
        axis.set_title(first_up(rows["title"].iloc[0]))
        axis.set_ylabel(rows["unit"].iloc[0])
        axis.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    bars = ranking.head(TOP).iloc[::-1]
    bars = bars.assign(tie=[with_names(tie, usual_names()) for tie in bars["tie"]])
    axes["rank"].barh(bars["tie"], bars["trade_busd"], color=HUE, height=0.62)
    axes["rank"].plot(bars["trade_busd_channels"], bars["tie"], "|", color=INK, markersize=9, linestyle="")
    axes["rank"].set_title("What a quarrel costs, by tie")
    axes["rank"].set_xlabel("bn USD of all trade a year, mean of ten years")
    lines = [
        Line2D([], [], color=HUE, label="as the scenario is, with 5-95 % of worlds"),
        Line2D([], [], color=QUIET, linestyle=(0, (3, 1.2)), label="with unofficial channels in place"),
        Line2D([], [], color=INK, marker="|", linestyle="", markersize=9, label="the same, ties ranked"),
    ]
    figure.legend(handles=lines, loc="outside lower center", ncols=3)
    head(figure, with_names(about, usual_names()))
    return figure
