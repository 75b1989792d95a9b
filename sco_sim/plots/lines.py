"""Outcomes over the years: levels of every scenario, and paired differences from the reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D

from sco_sim.plots.style import RULE, colours, words, years_axis
from sco_sim.study.tables import Pair, grid, metric
from sco_sim.study.verdict import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.state import Array
    from sco_sim.store import StoredRun
    from sco_sim.ties import Ints

#: Outcomes of the small multiples, in reading order.
KEY = (
    "conflict_share_mean", "trade_total_busd", "people_index",
    "students_total", "cities_total", "delivered_mean",
)  # fmt: skip
QUANTILES = (0.05, 0.5, 0.95)


def levels(runs: Sequence[StoredRun]) -> Figure:
    """Median and 5-95 % band over worlds of the key outcomes; the first run is the reference."""
    frames = {run.scenario.name: run.metrics() for run in runs}
    panels = [key for key in KEY if all(key in frame for frame in frames.values())]
    figure, axes = _canvas(len(panels))
    hues = colours(list(frames))
    for axis, key in zip(axes, panels, strict=True):
        share = metric(key).unit == "share"
        for name, frame in frames.items():
            wide = grid(frame, key)
            _band(axis, wide.columns.to_numpy(), (100.0 if share else 1.0) * wide.to_numpy(float), hues[name])
        _finish(axis, metric(key).title, "%" if share else metric(key).unit)
    return _legend(figure, hues, "Median and 5-95 % of worlds")


def differences(runs: Sequence[StoredRun], *, together: bool = True) -> Figure:
    """Median and 5-95 % band over worlds of each scenario less the reference, world by world or not."""
    pairs = {run.scenario.name: Pair(runs[0], run, together=together) for run in runs[1:]}
    panels = [key for key in KEY if all(key in frame for pair in pairs.values() for frame in pair.metrics)]
    figure, axes = _canvas(len(panels))
    hues = colours([run.scenario.name for run in runs])
    for axis, key in zip(axes, panels, strict=True):
        factor, unit = scale(metric(key).unit)
        for name, pair in pairs.items():
            before, after = (
                factor * table.to_numpy(float) for table in pair.grids(pair.metrics, key, "year")
            )
            _band(axis, pair.years, after - before if together else _every_other(before, after), hues[name])
        axis.axhline(0.0, color=hues[runs[0].scenario.name], linewidth=0.9, zorder=1)
        _finish(axis, metric(key).title, unit or metric(key).unit)
    reference = runs[0].scenario.name
    del hues[reference]
    how = "in the same world" if together else "between any two worlds"
    return _legend(figure, hues, f"Difference from {words(reference).lower()} {how}: median and 5-95 %")


def _every_other(before: Array, after: Array) -> Array:
    """Every scenario world less every reference world, shape (couple, year)."""
    gaps: Array = after[:, None, :] - before[None, :, :]
    return gaps.reshape(-1, gaps.shape[-1])


def _canvas(panels: int) -> tuple[Figure, list[Axes]]:
    columns = min(3, panels)
    rows = -(-panels // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(3.0 * columns, 2.2 * rows + 0.6), squeeze=False)
    flat = list(axes.ravel())
    for axis in flat[panels:]:
        axis.set_axis_off()
    return figure, flat[:panels]


def _band(axis: Axes, years: Ints, values: Array, hue: str) -> None:
    """Median and band of (world, year) values; worlds without a value are left out year by year."""
    low, middle, high = np.nanquantile(values, QUANTILES, axis=0)
    axis.fill_between(years, low, high, color=hue, alpha=0.10, linewidth=0)
    for edge in (low, high):
        axis.plot(years, edge, color=hue, linewidth=0.6, alpha=0.55)
    axis.plot(years, middle, color=hue, zorder=3)
    years_axis(axis, int(years[0]), int(years[-1]))


def _finish(axis: Axes, title: str, unit: str) -> None:
    axis.set_title(title)
    axis.set_ylabel(unit)
    axis.grid(axis="y", color=RULE, linewidth=0.5)
    axis.set_axisbelow(True)
    axis.ticklabel_format(axis="y", style="plain", useOffset=False)
    if max(abs(edge) for edge in axis.get_ylim()) >= 1_000:
        axis.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace("-", "\N{MINUS SIGN}"))


def _legend(figure: Figure, hues: dict[str, str], title: str) -> Figure:
    lines = [Line2D([], [], color=hue, linewidth=2.0, label=words(name)) for name, hue in hues.items()]
    columns = min(4, len(lines))
    figure.legend(handles=lines, title=title, loc="outside lower center", ncols=columns, columnspacing=1.8)
    return figure
