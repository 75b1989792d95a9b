"""The figure of the posterior predictive checks: the worlds as a histogram, the record as lines."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from sco_sim.plots.style import COLOURS, QUIET, belief

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.evidence.predictive import Check, Checked

ACROSS = 4
BINS = 30
STYLES = ("-", "--")


def histograms(done: Checked) -> Figure:
    """A panel a check: where the record of each window lies among the worlds."""
    down = -(-len(done.checks) // ACROSS)
    figure, axes = plt.subplots(down, ACROSS, figsize=(3.0 * ACROSS, 1.75 * down + 0.5))
    for axis, check in zip(axes.flat, done.checks, strict=False):
        _panel(axis, check)
    for axis in axes.flat[len(done.checks) :]:
        axis.set_visible(False)
    figure.suptitle(
        belief(
            done.scenario,
            f"Grey: {done.worlds} worlds of ten years, the band is their central 90 %. Lines: the record, the earlier "
            "ten years solid, the later dashed, red where outside the band",
        ),
        fontsize=9, x=0.01, ha="left",
    )  # fmt: skip
    return figure


def _panel(axis: Axes, check: Check) -> None:
    worlds = check.simulated[np.isfinite(check.simulated)]
    low, _, high = check.interval()
    seen = [value for value in check.record.values() if value == value]
    ends = [np.quantile(worlds, 0.005), np.quantile(worlds, 0.995), *seen]
    reach = (min(ends), max(ends) + 1e-9)
    axis.hist(worlds, bins=BINS, range=reach, color="#c9c9c9")
    axis.axvspan(low, high, color=COLOURS[5], alpha=0.15, linewidth=0)
    for (window, value), style in zip(check.record.items(), STYLES, strict=False):
        if value == value:
            colour = COLOURS[0] if check.inside(window) else COLOURS[1]
            axis.axvline(value, color=colour, linestyle=style, linewidth=1.6)
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    axis.set_title(textwrap.fill(f"{check.channel}, {check.text}", 36), fontsize=7.5, fontweight="normal")
    axis.set_xlabel(check.unit, fontsize=7, color=QUIET, labelpad=1)
    axis.tick_params(labelsize=7)
