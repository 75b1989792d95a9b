"""What the documents promise of each policy and event, and what became of it: one cell a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
from matplotlib.patches import Patch, Rectangle

from sco_sim.plots.style import QUIET, RULE, folded, head, words
from sco_sim.studies.effects.effects import OUTCOMES, VERDICTS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

HUES = dict(zip(VERDICTS, ("#0b4f87", "#8fbbe0", "#e9dfcf", "#ffffff", "#c8553d"), strict=True))
"""Colour of each verdict."""
MEANS = {
    "shown": "shown", "assumed": "assumed by a judgement", "not shown": "not shown", "nothing": "no world moves",
    "opposite": "the other way",
}  # fmt: skip
SIGNS = {"+": "\N{UPWARDS ARROW}", "-": "\N{DOWNWARDS ARROW}", "0": "0"}
"""What is promised."""


def promises_figure(effects: pd.DataFrame, about: str) -> Figure:
    """A row for each policy and event that the documents promise something of, a column for each outcome.

    Args:
        effects: Rows of `studies.effects`: component, outcome, promised, verdict.
        about: Heading.
    """
    rows = effects[effects["promised"].fillna("") != ""]
    components = list(dict.fromkeys(rows["component"]))
    outcomes = [key for key in OUTCOMES if key in set(rows["outcome"])]
    figure, axis = plt.subplots(figsize=(2.4 + 0.78 * len(outcomes), 1.9 + 0.24 * len(components)))
    for row in rows.to_dict("records"):
        x, y = outcomes.index(row["outcome"]), components.index(row["component"])
        verdict = str(row["verdict"])
        axis.add_patch(
            Rectangle((x - 0.46, y - 0.44), 0.92, 0.88, facecolor=HUES[verdict], edgecolor=RULE, linewidth=0.7)
        )
        dark = verdict in ("shown", "opposite")
        axis.text(x, y, SIGNS[str(row["promised"])], ha="center", va="center", color="white" if dark else QUIET)
    axis.set_xlim(-0.6, len(outcomes) - 0.4)
    axis.set_ylim(len(components) - 0.4, -0.6)
    axis.xaxis.tick_top()
    titles = [folded(OUTCOMES[key].title, 12) for key in outcomes]
    axis.set_xticks(range(len(outcomes)), titles, rotation=40, ha="left", rotation_mode="anchor", fontsize=7.5)
    axis.set_yticks(range(len(components)), [words(name) for name in components])
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    count = rows["verdict"].value_counts()
    handles = [
        Patch(facecolor=HUES[one], edgecolor=RULE, label=f"{MEANS[one]} ({count[one]})")
        for one in VERDICTS
        if one in count
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, columnspacing=1.6)
    head(figure, about)
    return figure
