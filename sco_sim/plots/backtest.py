"""The figure of a backtest: totals over the years, and every tie's observation among its worlds in the last year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from sco_sim.plots.style import COLOURS, INK, QUIET, RULE, belief

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.evidence.backtest import Backtest, Predicted

TITLES = {
    "trade": "Trade, observed over median", "trust": "Odds of good days, observed over median"
}  # fmt: skip
FEWEST = 5
"""Fewest observations in the last year for a panel."""


def beside(result: Backtest) -> Figure:
    """A panel a variable: the worlds of each tie as a bar about their median, and what was observed as a dot."""
    shown = [one for one in result.tested if one.name in TITLES and one.seen[-1].sum() >= FEWEST]
    rows = max((int(one.seen[-1].sum()) for one in shown), default=1)
    figure, axes = plt.subplots(1, max(len(shown), 1), figsize=(4.8 * max(len(shown), 1), 0.17 * rows + 1.4))
    for axis, tested in zip(np.atleast_1d(axes), shown, strict=False):
        _panel(axis, tested)
    figure.suptitle(
        f"{belief(result.scenario, result.scenario.title)}: dots are observed, red outside the 95 %; bars are the "
        "central 80 and 95 % of worlds",
        fontsize=9, x=0.01, ha="left",
    )  # fmt: skip
    return figure


def _panel(axis: Axes, tested: Predicted) -> None:
    """The last year of one variable; the ties in the order of their observations against the median."""
    seen = np.flatnonzero(tested.seen[-1])
    worlds, observed = tested.predicted[:, -1][:, seen], tested.observed[-1, seen]
    centre = np.median(worlds, axis=0)
    order = np.argsort(observed - centre)
    height = np.arange(len(seen))
    for level, width in ((0.95, 1.6), (0.8, 4.0)):
        low, high = np.quantile(worlds, [0.5 - level / 2, 0.5 + level / 2], axis=0) - centre
        axis.hlines(height, low[order], high[order], color=COLOURS[0], linewidth=width, alpha=0.35)
    ratio = (observed - centre)[order]
    out = ~tested.inside(0.95)[-1, seen][order].astype(bool)
    axis.scatter(ratio[~out], height[~out], s=11, color=INK, zorder=3)
    axis.scatter(ratio[out], height[out], s=14, color=COLOURS[1], zorder=3)
    axis.axvline(0.0, color=QUIET, linewidth=0.7)
    axis.set_yticks(height, [tested.items[item] for item in seen[order]], fontsize=6)
    axis.set_ylim(-1, len(seen))
    ticks = np.array([0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0])
    within = (np.log(ticks) > axis.get_xlim()[0]) & (np.log(ticks) < axis.get_xlim()[1])
    axis.set_xticks(np.log(ticks[within]), [f"{tick:g}x" for tick in ticks[within]])
    axis.grid(axis="x", color=RULE, linewidth=0.5)
    axis.set_title(f"{TITLES[tested.name]}, {tested.years[-1]}", fontsize=9)
