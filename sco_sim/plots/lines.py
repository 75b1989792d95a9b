"""Outcomes over the years: levels of every scenario, and paired differences from the reference."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from sco_sim.case.age_words import of_records
from sco_sim.components.registry import metric
from sco_sim.plots.style import INK, REFERENCE, RULE, colours, folded, on_the_scale_of, quoted, titles, years_axis
from sco_sim.studies.comparison.grids import grid
from sco_sim.studies.comparison.tables import TwoRuns, drawn_years
from sco_sim.studies.wording import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.numerics.arrays import Array, Ints
    from sco_sim.scenario.schema import Horizon
    from sco_sim.store.stored_run import StoredRun

KEY = (
    "conflict_share_observed_mean", "trade_total_busd", "gdp_total_busd", "people_index",
    "students_total", "cities_total", "migrants_total", "investment_total_busd",
    "delivered_mean",
)  # fmt: skip
"""Outcomes of the small multiples, in reading order."""
ENDS = (0.05, 0.95)
"""Quantiles over worlds at the edges of a band."""
LABEL = 0.2
"""Share of the width of a panel that the label of a year takes."""


def levels(runs: Sequence[StoredRun]) -> Figure:
    """Mean and 5-95 % band over worlds of the key outcomes, from now on; the first run is the reference.

    With `horizon.now`, the lines begin with the nowcast of that year. What was observed of the start is a ring.
    """
    frames = {run.scenario.name: run.metrics() for run in runs}
    panels = [key for key in KEY if _tells(key, list(frames.values()))]
    figure, axes = _canvas(len(panels))
    hues = colours(list(frames))
    horizon, shown = runs[0].scenario.horizon, drawn_years(runs)
    for axis, key in zip(axes, panels, strict=True):
        share = metric(key).unit == "share"
        for name, frame in frames.items():
            wide = grid(frame, key)
            values = (100.0 if share else 1.0) * wide.to_numpy(float)
            years = wide.columns.to_numpy()
            coming = np.isin(years, shown)
            fill = 0.15 if name == runs[0].scenario.name else 0.0
            _band(axis, years[coming], values[:, coming], hues[name], fill)
        before = (100.0 if share else 1.0) * grid(frames[runs[0].scenario.name], key)[horizon.start]
        mark_observed(axis, horizon, float(before.mean()))
        _finish(axis, metric(key).title, "%" if share else metric(key).unit)
    names = titles([run.scenario for run in runs])
    shaded = ", shaded for the first" if len(runs) > 1 else ""
    nowcast = f"; lines from the nowcast of {shown[0]}" if shown[0] > horizon.start else ""
    return _legend(
        figure,
        hues,
        names,
        f"Mean and 5-95 % of worlds{shaded}; ring: {_start_in_words(runs[0])}{nowcast}{_breaks_out(panels, runs[0])}",
    )


def differences(runs: Sequence[StoredRun], *, together: bool = True) -> Figure:
    """Mean and 5-95 % band over worlds of each scenario less the reference, world by world or not, from now on.

    Outcomes that no scenario moves have no panel, unless none moves.
    """
    pairs = {run.scenario.name: TwoRuns(runs[0], run, together=together) for run in runs[1:]}
    shown = [key for key in KEY if _tells(key, [frame for pair in pairs.values() for frame in pair.metrics])]
    panels = [key for key in shown if not together or any(map(_moves, pairs.values(), repeat(key)))] or shown
    figure, axes = _canvas(len(panels))
    hues = colours([run.scenario.name for run in runs])
    for axis, key in zip(axes, panels, strict=True):
        factor, unit = scale(metric(key).unit)
        for name, pair in pairs.items():
            before, after = (factor * table.to_numpy(float) for table in pair.grids(pair.metrics, key, "year"))
            gaps = after - before if together else _every_other(before, after)
            coming = np.isin(pair.years, drawn_years(runs))
            _band(axis, pair.years[coming], gaps[:, coming], hues[name])
        axis.axhline(0.0, color=hues[runs[0].scenario.name], linewidth=0.9, zorder=1)
        on_the_scale_of(axis, factor * _spread(runs[0].metrics(), key))
        _finish(axis, metric(key).title, unit or metric(key).unit)
    names = titles([run.scenario for run in runs])
    reference = runs[0].scenario.name
    del hues[reference]
    how = "in the same world" if together else "between any two worlds"
    return _legend(figure, hues, names, f"Difference from {quoted(names[reference])} {how}: mean and 5-95 %")


def _moves(pair: TwoRuns, key: str) -> bool:
    """Whether an outcome differs in any world and year."""
    before, after = (table.to_numpy(float) for table in pair.grids(pair.metrics, key, "year"))
    return not np.array_equal(before, after, equal_nan=True)


def _spread(frame: pd.DataFrame, key: str) -> float:
    """Width of the 5-95 % range over worlds of an outcome, in the year in which it is widest."""
    low, high = np.nanquantile(grid(frame, key).to_numpy(float), ENDS, axis=0)
    return float(np.nanmax(high - low))


def _tells(key: str, frames: Sequence[pd.DataFrame]) -> bool:
    """Whether every run has the outcome, and at least one a value of it other than zero."""
    return all(key in frame for frame in frames) and any(bool(frame[key].any()) for frame in frames)


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


def _band(axis: Axes, years: Ints, values: Array, hue: str, fill: float = 0.08) -> None:
    """Mean and band of values, shape (world, year)."""
    low, high = np.nanquantile(values, ENDS, axis=0)
    middle = np.nanmean(values, axis=0)
    axis.fill_between(years, low, high, color=hue, alpha=fill, linewidth=0)
    for end in (low, high):
        axis.plot(years, end, color=hue, linewidth=0.6, alpha=0.6)
    wide = hue == REFERENCE  # so that it shows below the others
    look: dict[str, Any] = {"color": hue, "linewidth": 4.0 if wide else 1.5, "alpha": 0.4 if wide else 1.0, "zorder": 3}
    axis.plot(years, middle, **look)
    years_axis(axis, int(years[0]), int(years[-1]))


DRAWN = {"trade": "trade", "events": "conflict", "students": "students", "air links": "airport pairs"}
"""Variables that the panels hang on, by their names in `Age`, and what they are called there."""


def _last_observed(run: StoredRun) -> dict[str, int | None]:
    """The year in which each variable was last observed, None for never, by its name in `Age`."""
    return {age.variable.name: age.year for age in of_records(run.manifest, run.scenario.horizon.start)}


def _start_in_words(run: StoredRun) -> str:
    """What the ring is: the state of the start, and the year in which each part of it was observed."""
    ages = _last_observed(run)
    years = [f"{words} {ages[name] or 'never'}" for name, words in DRAWN.items() if name in ages]
    state = f"state of {run.scenario.horizon.start}"
    return f"{state}, last observed: {', '.join(years)}" if years else state


def _breaks_out(panels: Sequence[str], run: StoredRun) -> str:
    """Why conflict rises after the ring: no dispute breaks out at the start, and some do in the years simulated."""
    if KEY[0] not in panels or _last_observed(run).get("events", 0) is None:
        return ""
    return "\nConflict: the ring is the share observed; in the years simulated disputes break out, which raises it"


def mark_observed(axis: Axes, horizon: Horizon, value: float) -> None:
    """A ring for the state at the start, as the observations give it, in its own year, which has a tick."""
    axis.plot(horizon.start, value, "o", color=INK, markerfacecolor="white", markersize=4.5, zorder=5, clip_on=False)
    width = 1.03 * (horizon.end - horizon.start)
    axis.set_xlim(left=horizon.end - width)
    apart = [tick for tick in axis.get_xticks() if tick - horizon.start > LABEL * width]
    axis.set_xticks([horizon.start, *apart])


def _finish(axis: Axes, title: str, unit: str) -> None:
    axis.set_title(title)
    axis.set_ylabel(unit)
    axis.grid(axis="y", color=RULE, linewidth=0.5)
    axis.set_axisbelow(True)
    axis.ticklabel_format(axis="y", style="plain", useOffset=False)
    if max(abs(edge) for edge in axis.get_ylim()) >= 1_000:
        axis.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace("-", "\N{MINUS SIGN}"))


def _legend(figure: Figure, hues: Mapping[str, str], names: Mapping[str, str], title: str) -> Figure:
    handles = []
    for name, hue in hues.items():
        wide = hue == REFERENCE
        look: dict[str, Any] = {"linewidth": 4.0, "alpha": 0.4} if wide else {"linewidth": 1.8}
        handles.append(Line2D([], [], color=hue, label=folded(names[name], 26), **look))
    rows = -(-len(handles) // 4)
    columns = -(-len(handles) // rows)
    title = "\n".join(textwrap.fill(line, int(11.5 * figure.get_figwidth())) for line in title.splitlines())
    figure.legend(handles=handles, title=title, loc="outside lower center", ncols=columns, columnspacing=1.8)
    return figure
