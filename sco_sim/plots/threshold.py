"""Thresholds: the share of worlds that get there at each value, beside what the evidence has."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from sco_sim.plots.style import COLOURS, INK, QUIET, RULE, head

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.numerics.arrays import Array

COLUMNS = 3
HEIGHTS, ROOM = (4.0, 22.0, 50.0, 70.0), 6.0
"""Heights that are tried for the name of a band, and how far the curve has to be away, per cent of worlds."""
LETTERS = 0.22
"""Width of the word `evidence` as a share of a panel."""
ENDS = ("needed_low", "needed_high")
"""Columns with the interval of the value needed; beyond what was tried they are empty."""
NUMBERS = ("chance", "now", "evidence_low", "evidence_high", "needed", *ENDS, "best", "tried_to")
"""Columns that are drawn."""


@dataclass(frozen=True)
class Thresholds:
    """What `sco-sim threshold` writes."""

    needed: pd.DataFrame
    curves: pd.DataFrame
    names: Mapping[str, str]
    """What the knobs are called in a figure, by path."""
    nothing: Mapping[str, float]
    """The value at which each knob does nothing, by path."""


@dataclass(frozen=True)
class _Drawn:
    """A row of the table with its curve, as it is drawn."""

    name: str
    unit: str
    chance: float
    nothing: float
    now: float
    evidence: tuple[float, float] | None
    value: float
    """The value needed; NaN if none is enough."""
    ends: tuple[float, float]
    best: float
    curve: Array
    """Value and share of worlds, (point, 2)."""


def threshold_figure(stored: Thresholds, about: str) -> Figure:
    """A panel for each knob: share of worlds by value, the value needed with its interval, and the evidence."""
    answers = list(_rows(stored))
    columns = 2 if len(answers) == 4 else min(COLUMNS, len(answers))
    rows = -(-len(answers) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(max(3.6 * columns, 6.0), 0.8 + 2.5 * rows), squeeze=False, sharey=True
    )
    for axis, one in zip(axes.flat, answers, strict=False):
        _panel(axis, one)
    for axis in axes.flat[len(answers) :]:
        axis.set_axis_off()
    for axis in axes[:, 0]:
        axis.set_ylabel("% of worlds that get there")
    head(figure, about)
    return figure


def _rows(stored: Thresholds) -> Iterator[_Drawn]:
    for row in stored.needed.to_dict("records"):
        path, own = str(row["path"]), {str(key): value for key, value in row.items()}
        curve = stored.curves[stored.curves["path"] == path][["value", "share"]].to_numpy(float)
        yield _drawn(own, curve, stored.names[path], stored.nothing[path])


def _drawn(row: Mapping[str, Any], curve: Array, name: str, nothing: float) -> _Drawn:
    numbers = {key: float(row[key]) for key in NUMBERS}
    evidence = (numbers["evidence_low"], numbers["evidence_high"])
    ends = [numbers[key] if math.isfinite(numbers[key]) else numbers["tried_to"] for key in ENDS]
    return _Drawn(
        name=name, unit=str(row["unit"]), chance=numbers["chance"], nothing=nothing, now=numbers["now"],
        evidence=None if math.isnan(evidence[0]) else evidence, value=numbers["needed"],
        ends=(min(ends), max(ends)), best=numbers["best"], curve=curve,
    )  # fmt: skip


def _panel(axis: Axes, one: _Drawn) -> None:
    curve = one.curve
    axis.axhline(100.0 * one.chance, color=RULE, linewidth=0.8, zorder=1)
    if one.evidence is not None:
        axis.axvspan(*one.evidence, color=COLOURS[5], alpha=0.25, linewidth=0, zorder=0)
    else:
        axis.axvline(one.now, color=COLOURS[5], linewidth=1.2, zorder=0)
    axis.plot(curve[:, 0], 100.0 * curve[:, 1], color=QUIET, marker=".", markersize=3.5, zorder=2)
    if not math.isnan(one.value):
        axis.axvline(one.value, color=COLOURS[1], zorder=3)
        axis.axvspan(*one.ends, color=COLOURS[1], alpha=0.25, linewidth=0, zorder=1)
        axis.annotate(
            f" {one.value:.3g}", (one.value, 94), color=COLOURS[1], fontsize=8,
            ha="left" if one.value >= one.nothing else "right",
        )  # fmt: skip
    else:
        axis.text(
            0.5, 100.0 * one.chance + 2.0, "not within any value allowed", ha="center", color=INK, fontsize=8,
            transform=axis.get_yaxis_transform(),
        )  # fmt: skip
    far = abs(curve[:, 0] - one.nothing).max()
    shown = one.best if math.isnan(one.value) else one.value
    near = max(abs(value - one.nothing) for value in (*(one.evidence or (one.now,)), shown))
    if 0.0 < near < far / 4.0:
        axis.set_xlim(*_around(one.nothing, 2.5 * near, curve[:, 0], one.evidence))
    axis.set_ylim(-2, 102)
    axis.set_title(one.name, fontsize=8)
    axis.set_xlabel("" if one.unit == "1" else one.unit, fontsize=7)
    _label(axis, one)


def _label(axis: Axes, one: _Drawn) -> None:
    """Names the band of the evidence, or the line of the scenario: inside if it is wide enough, else beside it."""
    word, (low, high) = ("scenario", (one.now, one.now)) if one.evidence is None else ("evidence", one.evidence)
    left, right = axis.get_xlim()
    low, high, room = max(low, left), min(high, right), LETTERS * (right - left)
    if high - low > room:
        at, text, side = 0.5 * (low + high), word, "center"
    elif right - high > room:
        at, text, side = high, f" \N{LEFTWARDS ARROW} {word}", "left"
    else:
        at, text, side = low, f"{word} \N{RIGHTWARDS ARROW} ", "right"
    ends = {"center": (at - room / 2.0, at + room / 2.0), "left": (at, at + room), "right": (at - room, at)}[side]
    axis.annotate(text, (at, _clear(one.curve, ends)), color=COLOURS[0], fontsize=7, ha=side)


def _clear(curve: Array, ends: tuple[float, float]) -> float:
    """A height at which words between two values do not lie on the curve, the lowest if there is none."""
    passed = 100.0 * np.interp(np.linspace(*ends, 9), *curve[curve[:, 0].argsort()].T)
    return next((height for height in HEIGHTS if (abs(passed - height - 2.0) > ROOM).all()), HEIGHTS[0])


def _around(nothing: float, reach: float, tried: np.ndarray, evidence: tuple[float, float] | None) -> tuple[float, ...]:
    """Ends of the axis: no farther than `reach`, on the side that was walked, with all of the evidence."""
    side = 1.0 if tried.max() > nothing else -1.0
    ends = [nothing, nothing + side * reach, *(evidence or ())]
    room = 0.03 * (max(ends) - min(ends))
    return min(ends) - room, max(ends) + room
