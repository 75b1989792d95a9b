"""Decision rules side by side: what each adopts, whom it leaves out, how far, how late, what is delivered and paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from sco_sim.plots.style import COLOURS, INK, QUIET, REFERENCE, RULE, head
from sco_sim.studies.council.rule_words import OFTEN, words
from sco_sim.studies.council.rules import COST, UnderRules
from sco_sim.studies.wording import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS = (
    ("adopted", 100.0, "Adopted", "% of worlds and texts"),
    ("diluted", 1.0, "Diluted", "ambition lost on what\nthe own rule adopts too"),
    ("delay", 1.0, "Delayed", "failed summits a text"),
    ("left_out", 100.0, "Left out", "% of participants\nof what is adopted"),
    ("delivered", 1.0, "Delivered", "0-1, all texts"),
    (COST, 1e-3, "Costs", "bn USD of 2015,\n5-95 % of worlds"),
)
"""Column of the table of rules, factor, title and unit of each panel."""
DARK = 0.6
"""Share of worlds from which on a cell is so dark that its words are white."""
WIDEST = 26
"""Letters of the name of an agreement on one line, about."""


def rules_figure(result: UnderRules, about: str) -> Figure:
    """Above, agreements by rules: share of worlds that adopt, and who is not bound; below, a panel per consequence."""
    labels = list(dict.fromkeys(result.agreements["agreement"]))
    tall = 0.36 + 0.42 * len(labels), 0.6 + 0.24 * len(result.rules)
    figure = plt.figure(figsize=(10.2, 1.5 + sum(tall)))
    grid = figure.add_gridspec(2, len(PANELS), height_ratios=tall)
    _matrix(figure.add_subplot(grid[0, :]), result, labels)
    first: Axes | None = None
    for column, panel in enumerate(PANELS):
        axis = figure.add_subplot(grid[1, column], sharey=first)
        first = first or axis
        _panel(axis, result, *panel)
        axis.tick_params(axis="y", labelleft=column == 0)
    head(figure, about)
    return figure


def _matrix(axis: Axes, result: UnderRules, labels: list[str]) -> None:
    rules = list(result.rules["rule"])
    adopted = result.agreements.pivot(index="agreement", columns="rule", values="adopted").loc[labels, rules]
    axis.imshow(adopted.to_numpy(), cmap="Blues", vmin=0.0, vmax=1.0, aspect="auto")
    for (row, column), share in np.ndenumerate(adopted.to_numpy()):
        out = _out(result, rules[column], labels[row])
        axis.text(
            column, row, f"{percent(share)}{out}", ha="center", va="center", fontsize=7, linespacing=1.25,
            color="white" if share >= DARK else INK,
        )  # fmt: skip
    axis.set_xticks(range(len(rules)), [words(rule, True) for rule in rules])
    axis.set_yticks(range(len(labels)), [_folded(words(label, True)) for label in labels])
    axis.tick_params(length=0, top=True, bottom=False, labeltop=True, labelbottom=False)
    axis.get_xticklabels()[rules.index(result.own)].set_fontweight("bold")
    axis.set_xticks(np.arange(0.5, len(rules) - 1), minor=True)
    axis.set_yticks(np.arange(0.5, len(labels) - 1), minor=True)
    axis.grid(which="minor", color="white", linewidth=1.5)
    axis.tick_params(which="minor", length=0)
    axis.spines[:].set_visible(False)
    axis.set_xlabel(
        "% of worlds that adopt; not: the participants that are most often not bound, % of the worlds that adopt",
        color=QUIET, fontsize=7.5,
    )  # fmt: skip


def _out(result: UnderRules, rule: str, label: str) -> str:
    """The two states most often not bound, with the share of the worlds that adopt."""
    table = result.left_out
    mine = table[(table["rule"] == rule) & (table["agreement"] == label) & (table["left_out"] >= OFTEN)]
    named = [f"{row['iso3']} {percent(row['left_out'])}" for row in mine.head(2).to_dict("records")]
    return f"\nnot {', '.join(named)}{' ...' if len(mine) > 2 else ''}" if named else ""


def _folded(text: str) -> str:
    """A name in at most two lines, cut between words."""
    if len(text) <= WIDEST:
        return text
    cut = text.rfind(" ", 0, len(text) // 2 + 6)
    return text if cut < 0 else f"{text[:cut]}\n{text[cut + 1 :]}"


def _panel(axis: Axes, result: UnderRules, column: str, factor: float, title: str, unit: str) -> None:
    table = result.rules
    values, heights = factor * table[column].to_numpy(dtype=float), np.arange(len(table))
    hues = [REFERENCE if rule == result.own else COLOURS[0] for rule in table["rule"]]
    axis.barh(heights, np.nan_to_num(values), color=hues, height=0.62, zorder=2)
    if f"{column}_low" in table:
        low, high = (factor * table[f"{column}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
        axis.hlines(heights, low, high, color=INK, linewidth=0.9, zorder=3)
    nothing = "switched off" if result.off and np.isnan(values).all() else "nothing adopted"
    for height, value in enumerate(values):
        if np.isnan(value):
            axis.text(0.02, height, nothing, transform=axis.get_yaxis_transform(), va="center", fontsize=6.5)
    axis.axvline(0.0, color=QUIET, linewidth=0.8, zorder=3)
    axis.set_yticks(heights, [words(rule, True) for rule in table["rule"]])
    axis.set_ylim(len(table) - 0.4, -0.6)
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x", color=RULE, linewidth=0.5)
    axis.set_axisbelow(True)
    axis.spines["left"].set_visible(False)
    axis.set_title(title)
    axis.set_xlabel(unit)
    if not np.nan_to_num(values).any():
        axis.set_xlim(0.0, 1.0)
