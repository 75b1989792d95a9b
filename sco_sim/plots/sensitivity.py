"""What an outcome depends on, ranked: a dot and an interval per factor, and how much of it all is chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from sco_sim.errors import counted
from sco_sim.plots.style import COLOURS, INK, QUIET, REFERENCE, RULE, words
from sco_sim.studies.sensitivity.indices import MEASURES, Chance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 20
"""Factors shown at most; the others are small and stand in the table."""
PARTS = (("the factors", COLOURS[0]), ("chance", REFERENCE), ("both together", COLOURS[4]))


def sensitivity(table: pd.DataFrame, title: str, unit: str, share: Chance, nothing: float = math.nan) -> Figure:
    """The factors of one outcome from the one that matters most to the one that matters least.

    Args:
        table: Rows of one method, as `studies.sensitivity.indices` gives them.
        title: Name of the outcome and its year.
        unit: Unit of the outcome, for Morris.
        share: Chance and factors, for the bar below; left out where it is NaN.
        nothing: What a random factor reaches, for PAWN.
    """
    shown, method = table.head(MOST), str(table["method"].iloc[0])
    has_bar = not math.isnan(share.factors)
    height = 1.5 + 0.26 * len(shown) + (0.7 if has_bar else 0.0)
    ratios = [0.26 * len(shown) + 0.4, 0.22] if has_bar else [1.0]
    figure, axes = plt.subplots(len(ratios), 1, figsize=(7.2, height), height_ratios=ratios, squeeze=False)
    _ranking(axes[0, 0], shown, method, unit, nothing)
    if has_bar:
        _shares(axes[1, 0], share)
    rest = len(table) - len(shown)
    more = f" (the first {MOST} of {counted(len(table), 'factor')})" if rest > 0 else ""
    figure.suptitle(f"What moves {title}{more}", x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    return figure


def _ranking(axis: Axes, rows: pd.DataFrame, method: str, unit: str, nothing: float) -> None:
    heights = np.arange(len(rows))
    main, other = MEASURES[method]
    axis.hlines(heights, rows[main.low], rows[main.high], color=COLOURS[0], linewidth=1.6, zorder=2)
    axis.plot(rows[main.column], heights, "o", color=COLOURS[0], markersize=5.5, label=main.title, zorder=3)
    values = rows[other.column]
    if method == "sobol":
        lower = heights + 0.22
        axis.hlines(lower, rows[other.low], rows[other.high], color=COLOURS[1], linewidth=1.1, zorder=2)
        axis.plot(values, lower, "D", color=COLOURS[1], markersize=3.8, label=other.title, zorder=3)
    elif method == "morris":
        axis.plot(values, heights, "D", mfc="white", color=COLOURS[1], markersize=4.2, label=other.title, zorder=3)
    if not math.isnan(nothing):
        axis.axvline(nothing, color=QUIET, linestyle="--", linewidth=1.0, label="a factor that does nothing", zorder=1)
    axis.axvline(0.0, color=QUIET, linewidth=0.8, zorder=1)
    axis.set_yticks(heights, [words(str(name)) for name in rows["factor"]])
    axis.set_ylim(len(rows) - 0.45, -0.55)
    axis.grid(axis="x", color=RULE, linewidth=0.5, zorder=0)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    labels = {
        "sobol": "share of the variance between points (bars: 95 % interval)",
        "morris": f"change of the outcome over the whole range of the factor{', ' + unit if unit else ''}",
        "pawn": "distance of distributions, 0 to 1 (bars: smallest to largest over slices)",
    }
    axis.set_xlabel(labels[method])
    axis.legend(loc="lower right", fontsize=7.5)


def _shares(axis: Axes, share: Chance) -> None:
    """One bar that says how much of the variance over all worlds is factors and how much is chance."""
    left = 0.0
    for value, (name, colour) in zip(share, PARTS, strict=True):
        axis.barh(0.0, value, left=left, height=0.8, color=colour, edgecolor="white", linewidth=0.8)
        if value > 0.12:
            axis.text(
                left + value / 2, 0.0, f"{name} {100.0 * value:.0f} %", ha="center", va="center", fontsize=7.5,
                color=INK if colour == COLOURS[4] else "white",
            )  # fmt: skip
        left += value
    parts = ", ".join(f"{name} {100.0 * value:.0f} %" for value, (name, _) in zip(share, PARTS, strict=True))
    axis.set_xlim(0.0, 1.0)
    axis.set_axis_off()
    axis.set_title(f"Variance over all worlds: {parts}", fontsize=8, fontweight="normal")
