"""Mixes of policies on two outcomes: the front, what they cost, and how sure they are to be better than nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D

from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.plots.style import COLOURS, INK, QUIET, head, named_axis
from sco_sim.studies.portfolio import NOTHING, Portfolio, heading
from sco_sim.studies.wording import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMED = 8
"""Mixes of the front that are named at most, the best in the first outcome first."""
WIDE = 1.96
"""Half width of a 95 % interval of a mean, in standard errors."""
NEAR = 0.03
"""Share of an axis within which points have one label between them."""


def portfolio_figure(result: Portfolio, about: str = "") -> Figure:
    """The front under the rule that is shown, under a heading of its own unless one is given."""
    return front(result, result.shown, about)


def front(result: Portfolio, rule: str, about: str = "") -> Figure:
    """Means of the first two outcomes as differences from doing nothing, with 95 % of the mean for the front's mixes.

    The bars are not the spread of worlds, which is wider and stands in the table: they show which mixes are better.
    """
    keys = result.outcomes[:2]
    rows = result.table[result.table["rule"] == rule]
    tables = [rows[rows["outcome"] == key].set_index("mix") for key in keys]
    factors = [scale(metric(key).unit) for key in keys]
    figure, axis = plt.subplots(figsize=(7.2, 5.2))
    x, y = (factor * table["difference"] for table, (factor, _) in zip(tables, factors, strict=True))
    half = [WIDE * factor * table["mean_se"].fillna(0.0) for table, (factor, _) in zip(tables, factors, strict=True)]
    on = tables[0]["front"].to_numpy(dtype=bool)
    for mix in tables[0].index[on]:
        for at, other, width, flat in ((x, y, half[0], True), (y, x, half[1], False)):
            ends, level = [at[mix] - width[mix], at[mix] + width[mix]], [other[mix], other[mix]]
            axis.plot(*((ends, level) if flat else (level, ends)), color=COLOURS[1], linewidth=0.8, alpha=0.6, zorder=2)
    for chosen, edge, order in ((~on, "none", 3), (on, COLOURS[1], 4)):
        dots = axis.scatter(
            x[chosen], y[chosen], c=tables[0]["planned_musd"][chosen], cmap="cividis", s=34, zorder=order,
            vmin=0.0, vmax=max(float(tables[0]["planned_musd"].max()), 1.0), linewidths=1.6, edgecolors=edge,
        )  # fmt: skip
    axis.axhline(0.0, color=QUIET, linewidth=0.8, zorder=1)
    axis.axvline(0.0, color=QUIET, linewidth=0.8, zorder=1)
    named = sorted((mix for mix in tables[0].index[on] if mix != NOTHING), key=lambda mix: -x[mix])[:NAMED]
    spots = [(x[mix], y[mix]) for mix in named]
    _label(axis, spots, [str(number) for number in range(1, len(named) + 1)])
    axis.annotate("doing nothing", (0.0, 0.0), xytext=(5, 5), textcoords="offset points", color=QUIET, fontsize=7.5)
    across, up = (
        f"{named_axis(metric(key).title, unit or metric(key).unit)} ({metric(key).better} is better)"
        for key, (_, unit) in zip(keys, factors, strict=True)
    )
    axis.set_xlabel(across)
    axis.set_ylabel(up)
    figure.colorbar(dots, ax=axis, label="planned cost, million USD of 2015", pad=0.02)
    lines = [Line2D([], [], linestyle="none", label=f"{n}  {mix.replace('_', ' ')}") for n, mix in enumerate(named, 1)]
    figure.legend(handles=lines, loc="outside lower left", fontsize=7.5, handlelength=0.0, labelspacing=0.3)
    head(figure, about or heading(result, rule))
    axis.set_title(_caption(result), loc="left", fontsize=7.5, fontweight="normal", color=QUIET)
    return figure


def _caption(result: Portfolio) -> str:
    more = f" of all {counted(len(result.outcomes), 'outcome')}" if len(result.outcomes) > 2 else ""
    return (
        f"ringed: the front{more}; bars: 95 % intervals of its means, each on its own (single worlds spread much wider)"
    )


def _label(axis: Axes, spots: Sequence[tuple[float, float]], words: Sequence[str]) -> None:
    """A label beside each spot; spots that lie on each other share one."""
    width, height = np.ptp(axis.get_xlim()), np.ptp(axis.get_ylim())
    groups: list[tuple[tuple[float, float], list[str]]] = []
    for (x, y), word in zip(spots, words, strict=True):
        for (left, low), there in groups:
            if abs(x - left) < NEAR * width and abs(y - low) < NEAR * height:
                there.append(word)
                break
        else:
            groups.append(((x, y), [word]))
    for spot, there in groups:
        axis.annotate(
            ", ".join(there), spot, xytext=(5, 4), textcoords="offset points", color=INK, fontsize=8, zorder=5
        )
