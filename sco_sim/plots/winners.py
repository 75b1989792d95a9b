"""Winners and losers of one scenario: states and ties, with the intervals of their differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D

from sco_sim.components.registry import metric
from sco_sim.plots.style import COLOURS, QUIET, RULE, head, on_the_scale_of, quoted
from sco_sim.studies.wording import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = (("state", "gain"), ("tie", "trade"), ("tie", "trust"))
"""Panels from left to right: level, outcome."""
EACH = 6
"""Rows of a panel: so many of the best and of the worst."""
BETTER, WORSE, OPEN = COLOURS[0], COLOURS[1], "#8a8a8a"


def winners(
    table: pd.DataFrame,
    scenario: str,
    names: Mapping[str, str],
    spreads: Mapping[str, float],
    states: Mapping[str, str],
) -> Figure:
    """Mean difference and 5-95 % interval of states and ties in the year of the table.

    Args:
        table: Columns of winners.csv.
        scenario: Name of the scenario shown.
        names: Title of each scenario by its name, the reference first.
        spreads: Width of the 5-95 % range over worlds of each outcome in the reference, for a typical state or tie.
        states: Names of the states by their codes.
    """
    mine = table[table["scenario"] == scenario]
    panels = [p for p in PANELS if ((mine["kind"] == p[0]) & (mine["outcome"] == p[1])).any()]
    figure, axes = plt.subplots(1, len(panels), figsize=(3.6 * len(panels), 4.1), squeeze=False)
    for axis, (level, key) in zip(axes[0], panels, strict=True):
        rows = mine[(mine["kind"] == level) & (mine["outcome"] == key)]
        _panel(axis, rows, key, level, states)
        on_the_scale_of(axis, scale(metric(key).unit)[0] * spreads.get(key, 0.0), "x")
    year = int(mine["year"].iloc[0])
    handles = [
        Line2D([], [], color=hue, marker="o", markersize=4, label=label)
        for hue, label in ((BETTER, "up in 95 % of worlds"), (WORSE, "down in 95 % of worlds"), (OPEN, "either way"))
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, columnspacing=1.8)
    reference = quoted(next(iter(names.values())))
    head(figure, f"{names[scenario]}, against {reference}, {year}: mean difference and 5-95 % of worlds")
    return figure


def typical_spread(frame: pd.DataFrame, across: str, key: str) -> float:
    """Width of the 5-95 % range over worlds of an outcome: the median over states or ties.

    Args:
        frame: One year of a run's states or ties.
        across: Column that names them, iso3 or tie.
        key: Column of the outcome.
    """
    by_name = frame.groupby(across, observed=True)[key]
    return float((by_name.quantile(0.95) - by_name.quantile(0.05)).median())


def extremes(rows: pd.DataFrame, each: int = EACH) -> pd.DataFrame:
    """The best and the worst of some rows, best first; all of them if there are no more than that."""
    ordered = rows.sort_values("difference", ascending=False, kind="stable")
    return ordered if len(ordered) <= 2 * each else pd.concat([ordered.head(each), ordered.tail(each)])


def _panel(axis: Axes, rows: pd.DataFrame, key: str, level: str, states: Mapping[str, str]) -> None:
    shown = extremes(rows)
    factor, unit = scale(metric(key).unit)
    cut = len(shown) < len(rows)
    heights = [position + (0.6 if cut and position >= EACH else 0.0) for position in range(len(shown))]
    for height, row in zip(heights, shown.to_dict("records"), strict=True):
        low, middle, high = (factor * row[name] for name in ("low_05", "difference", "high_95"))
        hue = BETTER if low > 0 else WORSE if high < 0 else OPEN
        axis.plot([low, high], [height, height], color=hue, linewidth=1.4, solid_capstyle="butt")
        axis.plot(middle, height, "o", color=hue, markersize=4.2, markeredgecolor="white", markeredgewidth=0.5)
    names = [
        "\N{EN DASH}".join(states.get(iso, iso) for iso in ends if isinstance(iso, str) and iso)
        for ends in zip(shown["iso3_a"], shown["iso3_b"], strict=True)
    ]
    axis.set_yticks(heights, names, fontsize=7.5)
    axis.set_ylim(heights[-1] + 0.7, -0.7)
    if cut:
        axis.text(
            0.01, EACH - 0.2, f"{len(rows) - len(shown)} {level}s between these", va="center", fontsize=7,
            transform=axis.get_yaxis_transform(), bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            color=QUIET,
        )  # fmt: skip
    axis.axvline(0.0, color=QUIET, linewidth=0.9, zorder=0)
    axis.grid(axis="x", color=RULE, linewidth=0.5)
    axis.set_axisbelow(True)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    axis.set_title(f"{metric(key).title}, by {level}")
    axis.set_xlabel(f"difference{', ' + unit if unit else ''}")
