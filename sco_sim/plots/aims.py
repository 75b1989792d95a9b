"""How the engine did in hindcast beside the best naive forecast: errors, and whether its bands held."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from sco_sim.plots.style import COLOURS, QUIET, head

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OF, ERROR, BANDS = 1, 2, 6
"""Columns of the table: what of the channel, RMSE and the least naive, share of what came in the 80 % band."""
NUMBER = re.compile(r"\d+(?:\.\d+)?")
NOMINAL = 80.0


def aims_figure(table: pd.DataFrame, about: str = "") -> Figure:
    """Left the error of the engine over that of the best naive forecast; right how often the 80 % band held, 5-95 %."""
    labels = [f"{row.iloc[0]}: {row.iloc[OF]}" for _, row in table.iterrows()]
    errors = np.array([[float(one) for one in NUMBER.findall(cell)[:2]] for cell in table.iloc[:, ERROR]])
    bands = np.array([[float(one) for one in NUMBER.findall(cell)[:3]] for cell in table.iloc[:, BANDS]])
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 0.24 * len(table) + 1.3), sharey=True)
    at, ratio = np.arange(len(table)), errors[:, 0] / errors[:, 1]
    for height, value in zip(at, ratio, strict=True):
        left.plot([1.0, value], [height, height], color=COLOURS[2 if value <= 1.0 else 1], linewidth=1.4)
    left.scatter(ratio, at, c=[COLOURS[2 if value <= 1.0 else 1] for value in ratio], s=22, zorder=3)
    left.axvline(1.0, color=QUIET, linewidth=0.9)
    left.set_yticks(at, labels, fontsize=7)
    left.set_ylim(len(table) - 0.5, -0.5)
    left.set_title("RMSE over that of the best naive forecast")
    left.set_xlabel("left of 1 the engine is better")
    right.hlines(at, bands[:, 1], bands[:, 2], color=COLOURS[0], linewidth=1.2)
    right.plot(bands[:, 0], at, "o", color=COLOURS[0], markersize=4)
    right.axvline(NOMINAL, color=QUIET, linewidth=0.9)
    right.set_title("What came inside the 80 % band")
    right.set_xlabel("% of cases, 5-95 %")
    head(figure, about or "Hindcast: the engine begun in years past")
    return figure
