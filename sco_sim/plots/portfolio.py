"""Mixes of policies on two outcomes: the front, what they cost, and how sure they are to be better than nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D

from sco_sim.plots.style import COLOURS, INK, QUIET
from sco_sim.study.portfolio import ALL_RULES, NOTHING, Portfolio
from sco_sim.study.tables import metric
from sco_sim.study.verdict import scale

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Mixes of the front that are named at most, the best in the first outcome first.
NAMED = 8


def front(found: Portfolio, rule: str) -> Figure:
    """The first two outcomes as differences from doing nothing, with 5-95 % of worlds for the mixes of the front."""
    keys = found.outcomes[:2]
    rows = found.table[found.table["rule"] == rule]
    tables = [rows[rows["outcome"] == key].set_index("mix") for key in keys]
    factors = [scale(metric(key).unit) for key in keys]
    figure, axis = plt.subplots(figsize=(7.2, 5.0))
    x, y = (factor * table["difference"] for table, (factor, _) in zip(tables, factors, strict=True))
    on = tables[0]["front"].to_numpy(dtype=bool)
    dots = axis.scatter(
        x,
        y,
        c=tables[0]["planned_musd"],
        cmap="cividis",
        s=34,
        zorder=3,
        linewidths=(1.6 * on).tolist(),
        edgecolors=COLOURS[1],
    )
    for mix in tables[0].index[on]:
        for table, (factor, _), flat in zip(tables, factors, (True, False), strict=True):
            ends = [factor * table.loc[mix, "low_05"], factor * table.loc[mix, "high_95"]]
            at = [y[mix], y[mix]] if flat else [x[mix], x[mix]]
            axis.plot(*((ends, at) if flat else (at, ends)), color=COLOURS[1], linewidth=0.8, alpha=0.6, zorder=2)
    named = sorted((mix for mix in tables[0].index[on] if mix != NOTHING), key=lambda mix: -x[mix])[:NAMED]
    for number, mix in enumerate(named, 1):
        axis.annotate(str(number), (x[mix], y[mix]), xytext=(5, 4), textcoords="offset points", color=INK, fontsize=8)
    axis.axhline(0.0, color=QUIET, linewidth=0.8, zorder=1)
    axis.axvline(0.0, color=QUIET, linewidth=0.8, zorder=1)
    across, up = (
        f"{metric(key).title}, {unit or metric(key).unit} ({metric(key).better} is better)"
        for key, (_, unit) in zip(keys, factors, strict=True)
    )
    axis.set_xlabel(across)
    axis.set_ylabel(up)
    figure.colorbar(dots, ax=axis, label="planned cost, million USD of 2015", pad=0.02)
    lines = [Line2D([], [], linestyle="none", label=f"{n}  {mix.replace('_', ' ')}") for n, mix in enumerate(named, 1)]
    figure.legend(handles=lines, loc="outside lower left", fontsize=7.5, handlelength=0.0, labelspacing=0.3)
    rules = "over all rules" if rule == ALL_RULES else f"under {rule.replace('_', ' ')}"
    figure.suptitle(
        f"Mixes against doing nothing, {found.year}, {rules} (ringed: the front; bars: 5-95 % of worlds)",
        x=0.01, ha="left", fontsize=9, fontweight="bold",
    )  # fmt: skip
    return figure
