"""Thresholds: the share of worlds that get there at each value, beside what the evidence has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from sco_sim.plots.style import COLOURS, INK, QUIET, RULE, head

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.studies.threshold.knobs import Knob
    from sco_sim.studies.threshold.threshold import Threshold

COLUMNS = 3
LETTERS = 0.22
"""Width of the word `evidence` as a share of a panel."""


def thresholds(answers: Sequence[Threshold], about: str, chance: float) -> Figure:
    """A panel for each knob: share of worlds by value, the value needed with its interval, and the evidence."""
    columns = 2 if len(answers) == 4 else min(COLUMNS, len(answers))
    rows = -(-len(answers) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(max(3.6 * columns, 6.0), 0.8 + 2.5 * rows), squeeze=False, sharey=True
    )
    for axis, one in zip(axes.flat, answers, strict=False):
        _panel(axis, one, chance)
    for axis in axes.flat[len(answers) :]:
        axis.set_axis_off()
    for axis in axes[:, 0]:
        axis.set_ylabel("% of worlds that get there")
    head(figure, about)
    return figure


def _panel(axis: Axes, one: Threshold, chance: float) -> None:
    crossing, knob = one.crossing, one.knob
    curve = np.array(crossing.curve)
    axis.axhline(100.0 * chance, color=RULE, linewidth=0.8, zorder=1)
    if knob.evidence is not None:
        axis.axvspan(*knob.evidence, color=COLOURS[5], alpha=0.25, linewidth=0, zorder=0)
    else:
        axis.axvline(knob.now, color=COLOURS[5], linewidth=1.2, zorder=0)
    axis.plot(curve[:, 0], 100.0 * curve[:, 1], color=QUIET, marker=".", markersize=3.5, zorder=2)
    if crossing.reached:
        axis.axvline(crossing.value, color=COLOURS[1], zorder=3)
        ends = [end if np.isfinite(end) else crossing.end for end in (crossing.low, crossing.high)]
        axis.axvspan(min(ends), max(ends), color=COLOURS[1], alpha=0.25, linewidth=0, zorder=1)
        axis.annotate(
            f" {crossing.value:.3g}", (crossing.value, 94), color=COLOURS[1], fontsize=8,
            ha="left" if crossing.value >= knob.nothing else "right",
        )  # fmt: skip
    else:
        axis.text(
            0.5, 100.0 * chance + 2.0, "not within any value allowed", ha="center", color=INK, fontsize=8,
            transform=axis.get_yaxis_transform(),
        )  # fmt: skip
    far = abs(curve[:, 0] - knob.nothing).max()
    near = max(abs(value - knob.nothing) for value in (*(knob.evidence or (knob.now,)), _shown(one)))
    if 0.0 < near < far / 4.0:
        axis.set_xlim(*_around(knob.nothing, 2.5 * near, curve[:, 0], knob.evidence))
    axis.set_ylim(-2, 102)
    axis.set_title(knob.name, fontsize=8)
    axis.set_xlabel("" if knob.unit == "1" else knob.unit, fontsize=7)
    _label(axis, knob)


def _label(axis: Axes, knob: Knob) -> None:
    """Names the band of the evidence, or the line of the scenario: inside if it is wide enough, else beside it."""
    word, (low, high) = ("scenario", (knob.now, knob.now)) if knob.evidence is None else ("evidence", knob.evidence)
    left, right = axis.get_xlim()
    low, high, room = max(low, left), min(high, right), LETTERS * (right - left)
    if high - low > room:
        at, text, side = 0.5 * (low + high), word, "center"
    elif right - high > room:
        at, text, side = high, f" \N{LEFTWARDS ARROW} {word}", "left"
    else:
        at, text, side = low, f"{word} \N{RIGHTWARDS ARROW} ", "right"
    axis.annotate(text, (at, 4), color=COLOURS[0], fontsize=7, ha=side)


def _shown(one: Threshold) -> float:
    """The value that has to be seen: the one needed, or the best there is."""
    return one.crossing.value if one.crossing.reached else one.crossing.best


def _around(nothing: float, reach: float, tried: np.ndarray, evidence: tuple[float, float] | None) -> tuple[float, ...]:
    """Ends of the axis: no farther than `reach`, on the side that was walked, with all of the evidence."""
    side = 1.0 if tried.max() > nothing else -1.0
    ends = [nothing, nothing + side * reach, *(evidence or ())]
    room = 0.03 * (max(ends) - min(ends))
    return min(ends) - room, max(ends) + room
