"""What an enlargement costs: a waterfall from the founders alone to all, for each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from sco_sim.plots.style import COLOURS, INK, QUIET, REFERENCE, head
from sco_sim.studies.council.rule_words import words
from sco_sim.studies.enlargement.enlargement import CAUSES, OUTCOMES, TOTAL, Enlargement
from sco_sim.studies.enlargement.words import Row, of, records

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def enlargement_figure(result: Enlargement, about: str) -> Figure:
    """A row for what is adopted and one for what is delivered, a panel a rule, in per cent of what was asked."""
    rows = records(result)
    rules = list(dict.fromkeys(str(row["rule"]) for row in rows))
    shown = {name: what for name, what in OUTCOMES.items() if any(row["outcome"] == name for row in rows)}
    figure, axes = plt.subplots(
        len(shown), len(rules), figsize=(1.5 + 1.75 * len(rules), 2.8 * len(shown)), sharey="row", squeeze=False
    )
    for line, (outcome, what) in zip(axes, shown.items(), strict=True):
        for axis, rule in zip(line, rules, strict=True):
            _waterfall(axis, [of(rows, result, rule, outcome)[cause] for cause in (TOTAL, *CAUSES)], result)
            own = " (own)" if rule == result.own else ""
            axis.set_title(f"{words(rule, True)}{own}", fontsize=8)
        line[0].set_ylabel(f"{what}, %")
        line[0].set_ylim(top=1.05 * line[0].get_ylim()[1])  # bars stick to the edge of their panel otherwise
    head(figure, f"{about}: what is lost, by what those who join bring, as read in {result.year}")
    return figure


def _waterfall(axis: Axes, rows: list[Row], result: Enlargement) -> None:
    """The level before, the loss of each cause with its 95 %, and the level after."""
    whole, parts = rows[0], rows[1:]
    last = len(parts) + 1
    axis.bar([0, last], [whole["before"], whole["after"]], color=REFERENCE, width=0.72)
    level = whole["before"]
    for column, part in enumerate(parts, start=1):
        colour = COLOURS[1] if part["loss"] > 0.0 else COLOURS[2]
        after = level - part["loss"]
        axis.bar(column, after - level, bottom=level, color=colour, width=0.72)
        ends = [level - part["loss_high"], level - part["loss_low"]]
        if np.isfinite(ends).all():
            axis.plot([column, column], ends, color=INK, linewidth=0.9)
        axis.plot([column - 0.64, column + 0.36], [level, level], color=QUIET, linewidth=0.6)
        level = after
    names = [result.stages[0].name, *CAUSES, result.stages[-1].name]
    axis.set_xticks(range(last + 1), names, rotation=60, ha="right", rotation_mode="anchor", fontsize=7.5)
    axis.tick_params(axis="x", length=0)
