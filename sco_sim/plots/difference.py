"""Differences from the reference on one axis, in units of the spread between histories of the same parameters."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D

from sco_sim.components.registry import metric
from sco_sim.plots.style import QUIET, colours, folded, head, quoted
from sco_sim.studies.comparison.grades import GRADES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = (
    "conflict_share_observed_mean", "ties_below_090", "disputes", "trade_total_busd", "gains_gini",
    "people_index", "students_total", "cities_total",
)  # fmt: skip
"""Outcomes shown, from top to bottom. Conflict is shown with its passing noise, as one history would show it; the
sense of community is left out, since it restates the inputs."""

LINEAR = 1.0
"""Beyond this many spreads the axis is logarithmic."""


def standardised(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Differences of one year in spreads between histories of the same parameters, turned so that more is better.

    Args:
        table: Columns of comparison.csv.
        year: Year of the differences.

    Returns:
        scenario, outcome, middle, low, high; only outcomes that have a better side and differ between histories.
    """
    rows = []
    for row in table[(table["year"] == year) & table["outcome"].isin(SHOWN)].to_dict("records"):
        spread = row["spread"]
        if spread > 0.0 and row["better"] != "none":
            side = 1.0 if row["better"] == "higher" else -1.0
            low, high = sorted((side * row["low_05"] / spread, side * row["high_95"] / spread))
            rows.append((row["scenario"], row["outcome"], side * row["difference"] / spread, low, high))
    return pd.DataFrame(rows, columns=["scenario", "outcome", "middle", "low", "high"])


def difference(table: pd.DataFrame, names: Mapping[str, str], year: int) -> Figure:
    """Mean and 5-95 % interval of each difference, and the evidence grade of each outcome.

    Outcomes that no scenario moves are named below, without a row; if none moves, all have one.

    Args:
        table: Columns of comparison.csv.
        names: Title of each scenario by its name, the reference first.
        year: Year of the differences.
    """
    scenarios = list(names)
    rows = standardised(table, year)
    moving = set(rows[(rows[["low", "middle", "high"]] != 0.0).any(axis=1)]["outcome"])
    still = [key for key in SHOWN if key in set(rows["outcome"]) - moving] if moving else []
    rows = rows[~rows["outcome"].isin(still)]
    outcomes = [key for key in SHOWN if key in set(rows["outcome"])]
    others = scenarios[1:]
    step = 0.72 / max(len(others), 1)
    figure, axis = plt.subplots(figsize=(7.2, 1.5 + len(outcomes) * max(0.40, 0.15 * len(others))))
    axis.axvspan(-1.0, 1.0, color="#efefef", zorder=0)
    axis.axvline(0.0, color=QUIET, linewidth=0.9, zorder=1)
    hues = colours(scenarios)
    for row in rows.to_dict("records"):
        height = outcomes.index(row["outcome"]) + step * (others.index(row["scenario"]) - (len(others) - 1) / 2)
        hue = hues[row["scenario"]]
        axis.plot(
            [row["low"], row["high"]],
            [height, height],
            color=hue,
            linewidth=1.4,
            solid_capstyle="butt",
            zorder=2,
        )
        axis.plot(
            row["middle"],
            height,
            "o",
            color=hue,
            markersize=4.2,
            markeredgecolor="white",
            markeredgewidth=0.5,
            zorder=3,
        )
    graded = table[table["year"] == year].groupby("outcome")["evidence"].unique()
    evidence = [" / ".join(sorted(graded[key], key=GRADES.index)) for key in outcomes]
    _axes(axis, outcomes, evidence, float(rows[["low", "high"]].abs().max().max()) if len(rows) else 1.0)
    if still:
        lines = textwrap.fill(f"moved by none: {'; '.join(metric(key).title for key in still)}", 90)
        axis.set_xlabel(f"{axis.get_xlabel()}\n{lines}")
    handles = [
        Line2D([], [], color=hues[name], marker="o", markersize=4, label=folded(names[name], 26)) for name in others
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=min(4, len(handles)), columnspacing=1.8)
    head(figure, f"Difference from {quoted(names[scenarios[0]])} in {year}: mean and 5-95 % of worlds")
    return figure


def _axes(axis: Axes, outcomes: Sequence[str], evidence: Sequence[str], reach: float) -> None:
    labels = [
        f"{metric(key).title}{' (lower is better)' if metric(key).better == 'lower' else ''}\nevidence: {grade}"
        for key, grade in zip(outcomes, evidence, strict=True)
    ]
    axis.set_yticks(range(len(outcomes)), labels)
    axis.set_ylim(len(outcomes) - 0.45, -0.55)
    for number in range(1, len(outcomes)):
        axis.axhline(number - 0.5, color="#e6e6e6", linewidth=0.5, zorder=0)
    axis.tick_params(axis="y", length=0)
    axis.spines["left"].set_visible(False)
    reach = max(1.5, 1.15 * reach)
    if reach > 6.0:
        axis.set_xscale("symlog", linthresh=LINEAR, linscale=1.2)
        ticks = [t for t in (1, 3, 10, 30, 100, 300, 1000, 3000, 10000) if t <= reach]
        axis.set_xticks([-t for t in reversed(ticks)] + [0] + ticks)
        axis.minorticks_off()
    axis.set_xlim(-reach, reach)
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:+g}".replace("-", "\N{MINUS SIGN}") if value else "0")
    axis.set_xlabel("in units of the spread between histories of the same parameters")
    band = "shaded: one history may differ more from another by chance"
    axis.text(0.0, 1.015, "worse", transform=axis.transAxes, ha="left", color=QUIET)
    axis.text(0.5, 1.015, band, transform=axis.transAxes, ha="center", fontsize=7.5, color=QUIET)
    axis.text(1.0, 1.015, "better", transform=axis.transAxes, ha="right", color=QUIET)
