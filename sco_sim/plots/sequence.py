"""Orders of texts: what each brings, which texts come when in the best and the worst, and what each chair is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from sco_sim.plots.style import COLOURS, INK, QUIET, RULE, head, words
from sco_sim.studies.sequence.sequence import BEST, SHIPPED, WORST, Sequences
from sco_sim.studies.sequence.trials import title_of, unit_of
from sco_sim.studies.wording import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARKS = {SHIPPED: (INK, "o"), BEST: (COLOURS[2], "^"), WORST: (COLOURS[1], "v")}
LINE = 0.17
"""Inches that a text needs in the table of turns."""
DARK = 0.45
"""Share of the turns, from the first on, whose colour is so dark that figures on it are white."""


def sequence_figure(result: Sequences, about: str) -> Figure:
    """A row of panels for each outcome: all orders by what they bring, turns of the texts, chairs if there are any."""
    columns = 2 + (not result.chairs.empty)
    widths = [1.0, 1.25, 1.0][:columns]
    high = max(3.0, 0.7 + LINE * len(result.texts))
    figure, axes = plt.subplots(
        len(result.outcomes), columns, figsize=(4.0 * columns, 0.9 + high * len(result.outcomes)), squeeze=False,
        width_ratios=widths,
    )  # fmt: skip
    for row, outcome in zip(axes, result.outcomes, strict=True):
        _all(row[0], result, outcome)
        _turns(row[1], result, outcome)
        if columns > 2:
            _chairs(row[2], result, outcome)
    head(figure, f"{about}, as read in {result.year}")
    return figure


def _all(axis: Axes, result: Sequences, outcome: str) -> None:
    """Orders by their mean less that of the scenario's own order, the least first, in the worlds that choose."""
    factor, unit = scale(unit_of(outcome))
    orders = result.orders["order"].to_numpy()
    own = result.orders[outcome].iloc[0]
    moved = factor * (result.orders[outcome].to_numpy(dtype=float) - own)
    rank = np.argsort(np.argsort(moved, kind="stable"), kind="stable")
    axis.axhline(0.0, color=RULE, linewidth=0.8, zorder=1)
    axis.plot(rank, moved, "o", color=QUIET, markersize=3, linestyle="", zorder=2)
    rows = result.rows[result.rows["outcome"] == outcome].set_index("sequence")
    for name, (colour, mark) in MARKS.items():
        match = np.flatnonzero(orders == rows["order"][name])
        at = int(match[0]) if len(match) else 0
        axis.plot(rank[at], moved[at], mark, color=colour, markersize=7, label=name, zorder=3)
    axis.legend(loc="lower right", fontsize=7.5)
    axis.set_title(f"{title_of(outcome)[:1].upper()}{title_of(outcome)[1:]}")
    axis.set_ylabel(f"against the order as it is, {unit}".rstrip(", "))
    axis.set_xlabel("orders that can differ, the least first\n(means of the half of the worlds that chooses)")
    axis.set_xticks([])


def _turns(axis: Axes, result: Sequences, outcome: str) -> None:
    """Turn of each text in the shipped, the best and the worst order; the darker, the earlier."""
    rows = result.rows[result.rows["outcome"] == outcome].set_index("sequence")
    orders = [str(rows["order"][name]).split(" > ") for name in MARKS]
    turns = np.array([[order.index(label) + 1 for order in orders] for label in result.texts])
    axis.imshow(-turns, cmap="Blues", aspect="auto", vmin=-1.4 * len(result.texts), vmax=-0.2)
    for (text, column), turn in np.ndenumerate(turns):
        dark = (turn - 1) / len(result.texts) < DARK
        axis.text(column, text, str(turn), ha="center", va="center", fontsize=8, color="white" if dark else INK)
    axis.set_xticks(range(len(MARKS)), list(MARKS))
    axis.set_yticks(range(len(result.texts)), [words(label) for label in result.texts], fontsize=7.5)
    axis.tick_params(length=0)
    axis.set_title("Turn of each text")


def _chairs(axis: Axes, result: Sequences, outcome: str) -> None:
    """Each state in the chair throughout against nobody in it, with 95 %."""
    factor, unit = scale(unit_of(outcome))
    chairs = result.chairs.iloc[::-1]
    mean, low, high = (factor * chairs[f"{outcome}_throughout{end}"].to_numpy(dtype=float)
                       for end in ("", "_low", "_high"))  # fmt: skip
    axis.axvline(0.0, color=RULE, linewidth=0.8, zorder=1)
    error = np.nan_to_num(np.stack([mean - low, high - mean]), posinf=0.0)
    axis.errorbar(mean, range(len(chairs)), xerr=error, fmt="o", color=COLOURS[0], markersize=4, linewidth=1.0)
    axis.set_yticks(range(len(chairs)), list(chairs["chair"]))
    axis.set_title("In the chair throughout")
    axis.set_xlabel(f"against nobody, {unit}, with 95 %".replace(", ,", ","))
