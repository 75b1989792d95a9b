"""Every tie in one square: what a scenario does to its trade below the diagonal, to its conflict above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import matplotlib.pyplot as plt
import numpy as np

from sco_sim.plots.style import INK, QUIET, head, quoted
from sco_sim.studies.comparison.verdict import SURE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.numerics.arrays import Array
    from sco_sim.studies.comparison.tables import TwoRuns

TRADE, CONFLICT = "trade", "conflict_share_observed"
SMALL = 0.05
"""Differences, in % or points, too small to be written."""
WRITTEN = 14
"""States up to which the numbers stand in the cells."""
BETTER_UP, BETTER_DOWN = "RdBu", "RdBu_r"
"""Blue is better: more trade, less conflict."""


class Cell(NamedTuple):
    """The mean difference on one tie, and whether its 95 % interval leaves out zero."""

    mean: float
    settled: bool


def cells(pair: TwoRuns, year: int, key: str) -> dict[tuple[str, str], Cell]:
    """Differences by tie in a year: of trade in % of the mean of the reference, of conflict in points."""
    frames = pair.reference.ties([year]), pair.scenario.ties([year])
    if any(key not in frame for frame in frames):
        return {}
    before, after = pair.grids(frames, key, "tie")
    ends = frames[0].drop_duplicates("tie").set_index("tie")[["iso3_a", "iso3_b"]]
    out = {}
    for tie in before.columns:
        first, second = before[tie].to_numpy(float), after[tie].to_numpy(float)
        unit = 100.0 / max(float(first.mean()), 1e-9) if key == TRADE else 100.0
        effect = pair.judge(first, second)
        settled = abs(effect.difference) > SURE * effect.mean_se
        out[(str(ends.loc[tie, "iso3_a"]), str(ends.loc[tie, "iso3_b"]))] = Cell(unit * effect.difference, settled)
    return out


def matrix_figure(pair: TwoRuns, year: int, title: str, reference: str, names: Mapping[str, str]) -> Figure:
    """The square of ties in one year; grey numbers are means whose sign is not settled.

    Args:
        pair: The reference and the scenario.
        year: Year of the differences.
        title: Title of the scenario.
        reference: Title of the reference.
        names: Names of the states by their codes.
    """
    states = sorted(names, key=names.__getitem__)
    number = len(states)
    size = max(5.0, 2.2 + 0.46 * number)
    figure, axis = plt.subplots(figsize=(size + 1.2, size))
    pictures = []
    for key, below, scheme in ((TRADE, True, BETTER_UP), (CONFLICT, False, BETTER_DOWN)):
        values, settled = _square(cells(pair, year, key), states, below=below)
        reach = max(float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 0.0, 1e-9)
        pictures.append(axis.imshow(values, cmap=scheme, vmin=-reach, vmax=reach))
        if number <= WRITTEN:
            _write(axis, values, settled, reach)
    labels = [names[iso] for iso in states]
    axis.set_xticks(range(number), labels, rotation=45, ha="right", rotation_mode="anchor")
    axis.set_yticks(range(number), labels)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    for picture, words in zip(pictures, ("trade, %  (below the diagonal)", "conflict, points  (above)"), strict=True):
        bar = figure.colorbar(picture, ax=axis, shrink=0.42, pad=0.02)
        bar.set_label(words)
        bar.outline.set_visible(False)
    head(
        figure,
        f"{title}, against {quoted(reference)}, {year}: mean difference by tie; blue is better, grey: not settled, "
        f"no number: under {SMALL:g}",
    )
    return figure


def _square(values: Mapping[tuple[str, str], Cell], states: Sequence[str], *, below: bool) -> tuple[Array, Array]:
    """Means and whether they are settled in one triangle, each of shape (state, state); NaN elsewhere."""
    at = {iso: number for number, iso in enumerate(states)}
    square, settled = np.full((len(states), len(states)), np.nan), np.zeros((len(states), len(states)))
    for ends, cell in values.items():
        if ends[0] in at and ends[1] in at:
            low, high = sorted((at[ends[0]], at[ends[1]]))
            row, column = (high, low) if below else (low, high)
            square[row, column], settled[row, column] = cell
    return square, settled


def _write(axis: Axes, values: Array, settled: Array, reach: float) -> None:
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value) or abs(value) < SMALL:
            continue
        dark = abs(value) > 0.6 * reach
        hue = "white" if dark else INK if settled[row, column] else QUIET
        text = f"{value:+.0f}" if abs(value) >= 10 else f"{value:+.1f}"
        axis.text(column, row, text.replace("-", "\N{MINUS SIGN}"), ha="center", va="center", fontsize=6.5, color=hue)
