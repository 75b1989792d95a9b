"""Where something happens: the trade of coverage for density along the peeling, and the box over its two factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from sco_sim.plots.style import COLOURS, INK, QUIET, RULE, words
from sco_sim.studies.discovery.boxes import Limit
from sco_sim.studies.discovery.cases import Cases, Discovery

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.numerics.arrays import Array

MOST = 1500
"""Points drawn at most of either kind: more hide each other."""
STEPS = (0.6180339887, 0.4142135624)
"""Steps that fill an interval evenly: two irrational numbers."""


def discovered(discovery: Discovery, condition: str) -> Figure:
    """The peeling trajectory on the left; on the right the points over the two factors that count most.

    The trajectory is of the half of the worlds that boxes are sought in and of the other; the box is of the other.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.5))
    path, best = discovery.trajectory, discovery.box.held_out
    sought = [box.coverage for box in path], [box.density for box in path]
    other = [box.held_out.coverage for box in path], [box.held_out.density for box in path]
    left.plot(*sought, "--", color=QUIET, linewidth=0.8, label="where it was sought")
    left.plot(*other, "o-", color=QUIET, markersize=3, linewidth=0.8, label="in the other half")
    left.errorbar(
        [best.coverage], [best.density], color=COLOURS[1], fmt="D", markersize=6, elinewidth=1.0, label="the box",
        xerr=[[best.coverage - best.coverage_low], [best.coverage_high - best.coverage]],
        yerr=[[best.density - best.density_low], [best.density_high - best.density]],
    )  # fmt: skip
    left.axhline(discovery.everywhere, color=RULE, linewidth=1.0, zorder=0)
    left.text(0.02, discovery.everywhere, "all points", fontsize=7.5, color=QUIET, va="bottom")
    left.set_xlim(0.0, 1.04)
    left.set_ylim(0.0, 1.04)
    left.set_xlabel("coverage: share of all cases in the box")
    left.set_ylabel("density: share of cases in the box")
    left.legend(
        loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, fontsize=6.5, borderaxespad=0.2, columnspacing=0.8
    )
    _points(right, discovery)
    figure.suptitle(f"Where {condition}", x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    return figure


def _points(axis: Axes, discovery: Discovery) -> None:
    cases = discovery.worlds
    chosen = sorted(discovery.box.limits, key=lambda name: discovery.box.chances[name])[:2]
    chosen += [name for name in cases.factors if name not in chosen][: 2 - len(chosen)]
    columns = [_column(cases, name, step) for name, step in zip(chosen, STEPS, strict=False)]
    columns += [_scatter(len(cases.cases), STEPS[1])] if len(columns) < 2 else []
    for hit, colour, mark, label in ((False, "#b5b5b5", ".", "elsewhere"), (True, COLOURS[0], "o", "cases")):
        rows = np.flatnonzero(cases.cases == hit)[:MOST]
        axis.plot(
            columns[0][rows], columns[1][rows], mark, color=colour, markersize=3, markeredgewidth=0.0, alpha=0.75,
            label=label, linestyle="none",
        )  # fmt: skip
    ranges = [_ends(discovery.box.limits.get(name), column) for name, column in zip(chosen, columns, strict=False)]
    if len(ranges) == 2:
        (left, right), (low, high) = ranges
        axis.add_patch(
            Rectangle((left, low), right - left, high - low, fill=False, edgecolor=COLOURS[1], linewidth=2.0, zorder=5)
        )
    titles = [words(name.replace(".", ": ")) for name in chosen]
    axis.set_xlabel(titles[0], color=INK)
    axis.set_ylabel(titles[1] if len(titles) > 1 else "")
    for name, ticks in zip(chosen, (axis.set_xticks, axis.set_yticks), strict=False):
        if name in cases.labels:
            ticks(range(len(cases.labels[name])), list(cases.labels[name]))
    axis.tick_params(labelsize=7.5)
    axis.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, fontsize=7.5, borderaxespad=0.2)


def _column(cases: Cases, name: str, step: float) -> Array:
    """A factor's values; those with few values are scattered a little, so that points do not hide one another."""
    column = cases.points[:, cases.factors.index(name)]
    few = name in cases.labels or name in cases.whole
    return column + 0.5 * (_scatter(len(column), step) - 0.5) if few else column


def _scatter(count: int, step: float) -> Array:
    """Places that fill the unit interval evenly, the same every time."""
    offsets: Array = np.arange(count, dtype=np.float64) * np.float64(step) % 1.0
    return offsets


def _ends(limit: Limit | None, column: Array) -> tuple[float, float]:
    low, high = float(column.min()), float(column.max())
    if limit is None:
        return low, high
    if limit.values is not None:  # the span of the values kept; the words say which
        return min(limit.values) - 0.35, max(limit.values) + 0.35
    return max(low, limit.low), min(high, limit.high)
