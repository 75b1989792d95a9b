"""What an outcome answers to one or two factors of a sweep: lines, or a heat map, for each value of a third."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np

from sco_sim.components.registry import metric
from sco_sim.engine.numbering import settings_of
from sco_sim.plots.style import COLOURS, INK, QUIET, RULE, folded, head, named_axis, quoted, words
from sco_sim.studies.comparison.verdict import SURE
from sco_sim.studies.statistics import Z, standard_error
from sco_sim.studies.sweep.stored_sweep import StoredSweep, scenario_names, value_in_words
from sco_sim.studies.wording import scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.numerics.arrays import Array, Ints

MOST_VALUES = 9
"""Values of a factor that stand one by one; of more, parts of its range with equally many rows."""
MOST_GROUPS = 8
"""Lines or maps of one figure at most: values of a factor with names."""
DARK = 0.62
"""Share of the scale of a map beyond which numbers are written in white."""


@dataclass(frozen=True)
class Axis:
    """One factor as a figure takes it: the group of each row of the design and what the groups are called."""

    name: str
    group: Ints
    """Shape (row,)."""
    labels: tuple[str, ...]
    middle: Array
    """Where each group stands on a line, shape (group,)."""


def axis_of(sweep: StoredSweep, name: str) -> Axis:
    """The groups of one factor: its values, or parts of its range if it takes many."""
    factor, column = sweep.experiment.sweep.factors[name], sweep.rows().columns[name]
    numbers = column.as_floats(factor.numeric)
    values, group = np.unique(numbers, return_inverse=True)
    if len(values) <= MOST_VALUES:
        cells = column.cells()
        first = [int(np.argmax(group == at)) for at in range(len(values))]
        labels = tuple(value_in_words(cells[at]) for at in first)
        return Axis(name, group, labels, values)
    edges = np.quantile(numbers, np.linspace(0.0, 1.0, MOST_VALUES + 1))
    group = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, MOST_VALUES - 1)
    middle = np.array([numbers[group == at].mean() for at in range(MOST_VALUES)])
    return Axis(name, group, tuple(f"{one:.3g}" for one in middle), middle)


def chosen(sweep: StoredSweep) -> tuple[list[Axis], Axis | None]:
    """The one or two ordered factors of the axes, and the factor with names, if there is one, of the lines or maps.

    Levers come before what nobody knows, then the order of the file counts.
    """
    factors = sweep.experiment.sweep.factors
    order = sorted(factors, key=lambda name: factors[name].role != "lever")
    ordered = [name for name in order if factors[name].kind in ("continuous", "integer")][:2]
    named = [axis for axis in (axis_of(sweep, n) for n in order if n not in ordered) if len(axis.labels) <= MOST_GROUPS]
    return [axis_of(sweep, name) for name in ordered], named[0] if named else None


@dataclass(frozen=True)
class Response:
    """Means by value of the factors, over everything else that varies."""

    axes: tuple[Axis, ...]
    lines: Axis | None
    mean: Array
    """Shape (line, first axis) or (line, second axis, first axis); NaN where no point was simulated."""
    error: Array
    """Standard error of each mean, of the same shape."""
    paired_with: str
    """What differences are from, in words."""


def response(sweep: StoredSweep, outcome: str, year: int) -> Response | None:
    """The response of an outcome; None if no factor is a number and none has few values.

    It is a difference, paired world by world, from the reference of the experiment, or of the other scenarios from the
    first in the same row of the design, or, of a single scenario, from its first point.
    The error of a mean is clustered by setting, since every point has the same; points that lack worlds do not count.
    """
    axes, lines = chosen(sweep)
    if not axes and lines is None:
        return None
    if not axes:
        axes, lines = [lines] if lines is not None else [], None
    of, own = sweep.numbering, sweep.experiment.sweep.reference is not None
    table = sweep.by_point(outcome, year)
    before = sweep.compared_with(table)
    if not own and of.scenarios > 1:
        table = table.loc[:, of.scenario_of(table.columns.to_numpy(np.intp)) > 0]
    gap = (table - before[table.columns]).to_numpy(float)
    known = ~np.isnan(gap)
    row = np.broadcast_to(of.row_of(table.columns.to_numpy(np.intp)), gap.shape)[known]
    setting = np.broadcast_to(settings_of(table.index.to_numpy(np.intp), of.replicates)[:, None], gap.shape)[known]
    values = scale(metric(outcome).unit)[0] * gap[known]
    every = [*([lines] if lines is not None else []), *reversed(axes)]
    shape = tuple(len(one.labels) for one in every)
    flat = np.ravel_multi_index([one.group[row] for one in every], shape)
    mean, error = np.full(shape, np.nan), np.full(shape, np.nan)
    for number in np.unique(flat):
        here, cell = flat == number, np.unravel_index(number, shape)
        mean[cell], error[cell] = values[here].mean(), standard_error(values[here], setting[here])
    if lines is None:
        mean, error = mean[None], error[None]
    return Response(tuple(axes), lines, mean, error, _reference(sweep))


def _reference(sweep: StoredSweep) -> str:
    several = len(scenario_names(sweep.manifest)) > 1 or sweep.experiment.sweep.reference is not None
    return quoted(sweep.reference_title()) if several else sweep.reference_title()


def response_figure(shown: Response, outcome: str, year: int, about: str) -> Figure:
    """Lines with 95 % intervals over one factor, or maps over two, by the values of the factor with names."""
    measure = metric(outcome)
    name = named_axis(measure.title, scale(measure.unit)[1])
    what = f"difference in {name[:1].lower()}{name[1:]}"
    if len(shown.axes) == 2:
        figure = _maps(shown, "RdBu_r" if measure.better == "lower" else "RdBu")
    else:
        figure = _lines(shown, f"{what}, {year}")
    how = "means" if len(shown.axes) > 1 else "means with their 95 % intervals"
    head(figure, f"{about}: {what} in {year}, from {shown.paired_with}; {how} over all else that varies")
    return figure


def _labels(shown: Response) -> list[str]:
    return [words(label) for label in shown.lines.labels] if shown.lines is not None else [""]


def _lines(shown: Response, what: str) -> Figure:
    figure, axis = plt.subplots(figsize=(6.4, 3.9))
    own = shown.axes[0]
    for number, label in enumerate(_labels(shown)):
        mean, half = shown.mean[number], Z * shown.error[number]
        hue = COLOURS[number % len(COLOURS)]
        axis.fill_between(own.middle, mean - half, mean + half, color=hue, alpha=0.15, linewidth=0)
        axis.plot(own.middle, mean, color=hue, marker="o", markersize=4, label=folded(label, 30) or None)
    axis.set_xticks(own.middle, own.labels)
    axis.set_xlabel(words(own.name))
    axis.set_ylabel(folded(what, 44))
    axis.grid(axis="y", color=RULE, linewidth=0.5)
    axis.axhline(0.0, color=QUIET, linewidth=0.9)
    if shown.lines is not None:
        figure.legend(title=words(shown.lines.name), loc="outside lower center", ncols=min(4, len(shown.lines.labels)))
    return figure


def _maps(shown: Response, scheme: str) -> Figure:
    labels = _labels(shown)
    across = min(3, len(labels))
    down = -(-len(labels) // across)
    figure, axes = plt.subplots(
        down, across, figsize=(1.3 + 3.0 * across, 0.9 + 2.8 * down), squeeze=False, sharex=True, sharey=True
    )
    reach = max(float(np.nanmax(np.abs(shown.mean))), 1e-12)
    picture = None
    for axis, label, mean, error in zip(axes.flat, labels, shown.mean, shown.error, strict=False):
        picture = axis.imshow(mean, cmap=scheme, vmin=-reach, vmax=reach, origin="lower", aspect="auto")
        _write(axis, mean, error, reach)
        first, second = shown.axes
        axis.set_xticks(range(len(first.labels)), first.labels)
        axis.set_yticks(range(len(second.labels)), second.labels)
        axis.tick_params(length=0)
        axis.set_title(label)
    for axis in axes.flat[len(labels) :]:
        axis.set_axis_off()
    for axis in axes[-1]:
        axis.set_xlabel(words(shown.axes[0].name))
    for axis in axes[:, 0]:
        axis.set_ylabel(words(shown.axes[1].name))
    if picture is not None:
        figure.colorbar(picture, ax=axes, shrink=0.8, pad=0.02).outline.set_visible(False)
    return figure


def _write(axis: Axes, mean: Array, error: Array, reach: float) -> None:
    """The numbers of a map; grey where the sign of a difference is not settled."""
    for (row, column), value in np.ndenumerate(mean):
        if not np.isnan(value):
            settled = abs(value) > SURE * error[row, column]
            hue = "white" if abs(value) > DARK * reach else INK if settled else QUIET
            text = f"{value:+.3g}".replace("-", "\N{MINUS SIGN}") if value else "0"
            axis.text(column, row, text, ha="center", va="center", fontsize=7, color=hue)
