"""The report of a sweep: what varies, what comes of each value, and every point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.report import sections as part
from sco_sim.report.commands import named, of_stored
from sco_sim.report.levers import levers
from sco_sim.report.others import headed
from sco_sim.report.page import Named, Page, Section, Table
from sco_sim.report.stored import runs_table
from sco_sim.report.words import level_in_words
from sco_sim.studies.statistics import HIGH, LOW
from sco_sim.studies.sweep.experiment import Design
from sco_sim.studies.sweep.stored_sweep import StoredSweep, in_words
from sco_sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from sco_sim.numerics.arrays import Array, Bools

MOST_POINTS = 200
"""Points of the table; of more there is none, and `sco-sim export` writes them."""
MOST_VALUES = 12
"""Values of a factor whose means are shown one by one; of more, tenths of its range."""


def page_of_sweep(sweep: StoredSweep) -> Page:
    """Everything the report of a stored sweep says; raises StoreError if no point has all its worlds."""
    experiment, manifest = sweep.experiment, sweep.manifest
    last = max(manifest["kept_years"])
    frame = sweep.frame([last])
    kept = [str(name) for name in frame if name in manifest["kept_outcomes"]]
    points = sweep.points()
    named = (Named(experiment.name, experiment.title or experiment.name, experiment.question, 0),)
    half, pulled = sweep.half_done(), levers(sweep)
    return Page(
        title=named[0].title,
        size=(
            f"{counted(sweep.numbering.points, 'point')} (settings of what varies) of "
            f"{counted(experiment.sweep.worlds, 'world')} each on the same random numbers, "
            f"{'scenario' if len(manifest['scenarios']) == 1 else 'scenarios'} "
            f"{', '.join(one['name'].replace('_', ' ') for one in manifest['scenarios'])}, seed "
            f"{experiment.sweep.seed}, {manifest['years'][0]} to {manifest['years'][1]}; sco_sim {__version__}"
        ),
        cautions=(f"{half}.",) if half else (),
        scenarios=named,
        sections=(
            *((Section("levers", "Levers", "Levers"),) if pulled else ()),
            _factors(sweep),
            _effects(sweep, frame, points, kept, last),
            _points(sweep, frame, points, kept, last),
            part.hindcast(),
        ),
        runs=runs_table([sweep]),
        commands=of_stored(sweep, "sensitivity"),
        version=__version__,
        year=last,
        levers=pulled,
    )  # fmt: skip


def _factors(sweep: StoredSweep) -> Section:
    rows = []
    for name, factor in sweep.experiment.sweep.factors.items():
        tried = [words for words, _ in _groups(*_tried(sweep, name))]
        if factor.values is not None:
            reach = ", ".join(in_words(value) for value in factor.values)
        elif factor.low is not None and " to " not in tried[0]:
            reach = ", ".join(tried)
        else:
            reach = "no, yes" if factor.low is None else f"{factor.low:g} to {factor.high:g}"
        rows.append((name, factor.path, "somebody decides it" if factor.role == "lever" else "nobody knows it", reach))
    caption = f"Design: {_design(sweep.experiment.sweep.design)}."
    table = Table(("Factor", "Field", "Who sets it", "Values"), tuple(rows))
    return Section("factors", "What varies", "What varies", tables=((caption, table),))


def _design(design: Design) -> str:
    return next(name for name in type(design).model_fields if getattr(design, name) is not None).replace("_", " ")


def _effects(sweep: StoredSweep, frame: pd.DataFrame, points: pd.DataFrame, kept: Sequence[str], year: int) -> Section:
    """Means by value of each factor, over all else that varies."""
    tables = []
    scenarios = tuple(dict.fromkeys(points["scenario"]))
    if len(scenarios) > 1:
        tables.append(
            ("By scenario.", _by(frame, kept, [(name, frame["scenario"].eq(name).to_numpy()) for name in scenarios]))
        )
    row_of = frame["row"].to_numpy(np.intp)
    for name, factor in sweep.experiment.sweep.factors.items():
        groups = [(words, mask[row_of]) for words, mask in _groups(*_tried(sweep, name))]
        tables.append((f"By {name} ({factor.path}).", _by(frame, kept, groups)))
    words = (
        f"Means in {year} (5-95 % of worlds) at each value, over all values of everything else. A difference between "
        "two lines is that of the factor only where the design crosses it with all others, as a grid does.",
    )
    return Section("effects", "What each value does", "What comes of each value", words, tables=tuple(tables))


def _tried(sweep: StoredSweep, name: str) -> tuple[Sequence[object], Array]:
    """Values of a factor in every row of the design, as they are and as numbers."""
    values = sweep.rows().columns[name].cells()
    return values, np.array([sweep.experiment.sweep.factors[name].numeric(value) for value in values])


def _groups(values: Sequence[object], numbers: Array) -> Iterator[tuple[str, Bools]]:
    """Each value in words, or tenths of the range where there are many, with the rows that have it, shape (row,)."""
    distinct = np.unique(numbers)
    if len(distinct) <= MOST_VALUES:
        for one in distinct:
            mask = numbers == one
            value = values[int(np.argmax(mask))]
            yield (f"{value:.4g}" if isinstance(value, float) else in_words(value)), mask
        return
    edges = np.quantile(numbers, np.linspace(0.0, 1.0, 11))
    for low, high in pairwise(edges):
        yield f"{low:.4g} to {high:.4g}", (numbers >= low) & ((numbers < high) | (high == edges[-1]))


def _by(frame: pd.DataFrame, kept: Sequence[str], groups: Sequence[tuple[str, Bools]]) -> Table:
    rows = [(words, *(_level(frame[key].to_numpy(float)[mask], key) for key in kept)) for words, mask in groups]
    return Table(("Value", *(headed(key) for key in kept)), tuple(rows))


def _level(values: Array, key: str) -> str:
    factor = 100.0 if metric(key).unit == "share" else 1.0
    known = factor * values[~np.isnan(values)]
    if not len(known):
        return "no value"
    return level_in_words(float(known.mean()), *(float(end) for end in np.quantile(known, [LOW, HIGH])))


def _points(sweep: StoredSweep, frame: pd.DataFrame, points: pd.DataFrame, kept: Sequence[str], year: int) -> Section:
    """What came of each point."""
    title = "Every point"
    if len(points) > MOST_POINTS:
        words = (
            f"The {counted(len(points), 'point')} are too many for a page: "
            f"`sco-sim export {named(sweep.path)}` writes them all."
        )
        return Section("points", "Points", title, (words,))
    factors = list(sweep.experiment.sweep.factors)
    rows = []
    for point, worlds in frame.groupby("point", sort=True):
        at = points[points["point"] == point].iloc[0]
        values = [sweep.rows().columns[name].at(int(at["row"])) for name in factors]
        cells = (f"{value:.4g}" if isinstance(value, float) else in_words(value) for value in values)
        rows.append((str(at["scenario"]), *cells, *(_level(worlds[key].to_numpy(float), key) for key in kept)))
    table = Table(("Scenario", *factors, *(headed(key) for key in kept)), tuple(rows))
    fold = f"{counted(len(rows), 'point')} with {counted(sweep.experiment.sweep.worlds, 'world')} each"
    return Section("points", "Points", title, tables=((f"Means in {year} (5-95 % of worlds).", table),), fold=fold)
