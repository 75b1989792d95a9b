"""Reading a stored sweep: its points, and what came of each."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.components.registry import metric
from sco_sim.engine.numbering import Numbering, settings_of
from sco_sim.errors import Problem, StoreError, counted
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.store.extent import Stretch, merged, numbers
from sco_sim.store.folder import DATABASE, database, read_manifest
from sco_sim.store.manifest import is_sweep
from sco_sim.store.stored import MEND, Stored
from sco_sim.store.stored_run import StoredRun, check_database, open_run
from sco_sim.studies.statistics import FIGURES, paired
from sco_sim.studies.sweep import design
from sco_sim.studies.sweep.experiment import Experiment
from sco_sim.studies.sweep.factor import Factor
from sco_sim.studies.sweep.points import Column, Points, listed

PLACE = ("point", "scenario", "row")
"""Columns of a point before its factors."""
OF_A_RUN = "name the folder of a sweep; `sco-sim compare`, `plot`, `discover` and `export` read runs"
REFERENCE = "reference"
"""Folder of the run that points are compared with, inside that of the sweep, where the experiment names one."""
FEW = 5
"""Values of a factor that a sentence names at most."""


def scenario_names(manifest: Mapping[str, Any]) -> list[str]:
    """The names of the scenarios of a sweep, in their order."""
    return [scenario["name"] for scenario in manifest["scenarios"]]


def stored_points(
    manifest: Mapping[str, Any], points: Points
) -> tuple[list[str], Callable[[], Iterator[tuple[Any, ...]]]]:
    """The table of points as SQLite keeps it: point, scenario, row and f0, f1, ... of the factors in their order.

    Values are as `to_sqlite` gives them. Numbers of factors stand for their names, which may be those of other
    columns, or differ in capitals only.

    Returns:
        The names of the columns, and an iterator over the rows, one after the other.
    """
    names, of = scenario_names(manifest), Numbering.of(manifest)
    kept = points.changed(dict.fromkeys(points.columns, to_sqlite))

    def cells() -> Iterator[tuple[Any, ...]]:
        for row, values in enumerate(kept.tuples()):
            for number, name in enumerate(names):
                yield of.point_of(row, number), name, row, *values

    return [*PLACE, *(f"f{number}" for number in range(len(points.columns)))], cells


def rows_hash(factors: Mapping[str, Factor], points: Points) -> str:
    """SHA-256 over the rows of a design, as they come back out of the store."""

    def again(factor_kind: str) -> Callable[[Any], Any]:
        return lambda value: from_sqlite(factor_kind, to_sqlite(value))

    return points.changed({name: again(factor.kind) for name, factor in factors.items()}).hash()


def in_words(value: object) -> str:
    """A value of a factor in words: of a mapping with one key the key."""
    return str(next(iter(value))) if isinstance(value, dict) and len(value) == 1 else str(value)


def to_sqlite(value: Any) -> Any:
    """A value of a factor as SQLite keeps it: numbers of 64 bits and text as they are, all else as JSON.

    Text that would be read as JSON (`true`, `12`) is kept as JSON too, so that it stays text.
    """
    if isinstance(value, str):
        return json.dumps(value) if _read(value) is not value else value
    whole = type(value) is int and -(2**63) <= value < 2**63
    return value if isinstance(value, float) or whole else json.dumps(value)


def _read(text: str) -> Any:
    """What a text means as JSON, the text itself if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


class StoredSweep(Stored):
    """The stored worlds of every point of a design; `numbering` says which world belongs to which point."""

    @cached_property
    def experiment(self) -> Experiment:
        """What was swept."""
        return Experiment.model_validate(self.manifest["experiment"])

    def rows(self) -> Points:
        """The rows of the design; raises StoreError if they are not those that were stored."""
        if "_design" not in vars(self):
            factors = self.experiment.sweep.factors
            try:
                points = Points({
                    name: self._column(f"f{number}", factor) for number, (name, factor) in enumerate(factors.items())
                })  # fmt: skip
                whole = rows_hash(factors, points) == self.manifest["rows_hash"]
            except (KeyError, ValueError, TypeError, OverflowError):
                whole = False
            if not whole:
                message = "the table of points is not that which was stored"
                raise StoreError(Problem(message, MEND, str(self.path / DATABASE)))
            vars(self)["_design"] = points
        stored: Points = vars(self)["_design"]
        return stored

    def _column(self, name: str, factor: Factor) -> Column:
        """One factor as it is stored; raises ValueError or TypeError for what its kind cannot hold."""
        with database(self.path) as connection:
            stored = connection.execute(f"SELECT {name} FROM points WHERE scenario = ? ORDER BY point",
                                        scenario_names(self.manifest)[:1])  # fmt: skip
            if factor.kind == "continuous":
                return Column(np.fromiter((float(cell) for (cell,) in stored), np.float64))
            return listed([from_sqlite(factor.kind, cell) for (cell,) in stored])

    @cached_property
    def columns(self) -> dict[str, str]:
        """Factor to its column in `points`: its name, with `factor_` before it where another column is called so."""
        factors = self.experiment.sweep.factors
        columns: dict[str, str] = {}
        for name in factors:
            column = name
            while column in PLACE or (column != name and column in factors):
                column = f"factor_{column}"
            columns[name] = column
        return columns

    def points(self) -> pd.DataFrame:
        """point, scenario, row and a column per factor (`columns`)."""
        of, points = self.numbering, np.arange(self.numbering.points)
        rows, names = of.row_of(points), np.array(scenario_names(self.manifest), dtype=object)
        frame = pd.DataFrame({"point": points, "scenario": names[of.scenario_of(points)], "row": rows})
        for name, factor in self.experiment.sweep.factors.items():
            column = self.rows().columns[name].taken(rows)
            dtype = {"continuous": float, "integer": np.int64, "boolean": bool}.get(factor.kind, object)
            cells = column.cells() if dtype is not object else column.changed(to_sqlite).cells()
            frame[self.columns[name]] = pd.Series(cells, dtype=dtype)
        return frame.astype({"point": np.int64, "row": np.int64, "scenario": str})

    def numeric(self) -> Array:
        """The rows of the design as numbers, shape (row, factor): a categorical value is its index, a boolean 0, 1."""
        factors = self.experiment.sweep.factors
        columns = self.rows().columns
        return np.stack([columns[name].as_floats(factor.numeric) for name, factor in factors.items()], axis=1)

    def unit(self) -> Array:
        """The design in the unit cube, shape (row, factor): exact for Sobol and Morris designs."""
        sweep = self.experiment.sweep
        if sweep.design.sobol or sweep.design.morris:
            return design.sample(sweep)
        return design.in_unit(sweep, self.rows())

    def wanted(self) -> list[Stretch]:
        """The worlds that were asked for: those of the experiment at least, as first and last of each stretch."""
        every = (0, self.numbering.points * self.experiment.sweep.worlds - 1)
        return merged([every, *super().wanted()])

    def whole_points(self) -> Bools:
        """Which points have all the worlds that were asked for, shape (point,)."""
        of = self.numbering
        asked = numbers(self.wanted())
        done = asked[np.isin(asked, self.done())]
        there, all_of_it = (np.bincount(of.point(some), minlength=of.points) for some in (done, asked))
        whole: Bools = there == all_of_it
        return whole

    def of_whole_points(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of a frame with a column `world` that belong to points with all their worlds.

        Raises StoreError if there is no such point: means over some of the worlds of a point are no means of it.
        """
        whole = self.whole_points()
        if not whole.any():
            message = f"no point has all its worlds yet: {self.extent()}"
            raise StoreError(Problem(message, "give the same command again to finish it", str(self.path)))
        if whole.all():
            return frame
        return frame[whole[self.numbering.point(frame["world"].to_numpy(dtype=np.intp))]].reset_index(drop=True)

    def half_done(self) -> str:
        """What readers have to say first: worlds and points that are there, values without any; empty if all are."""
        extent, whole = self.extent(), self.whole_points()
        if extent.whole:
            return ""
        lacking = self._values_without(whole)
        none = f"; none of them with {', '.join(lacking)}" if lacking and whole.any() else ""
        used = f"{int(whole.sum()):,} of {counted(len(whole), 'point')} have all their worlds, and only those are used"
        return f"{self.manifest['name']}: {extent}; {used}{none}"

    def _values_without(self, whole: Bools) -> list[str]:
        """Scenarios and values of factors that take few, without a point that has all its worlds, in words."""
        of, there = self.numbering, np.flatnonzero(whole)
        scenarios = set(of.scenario_of(there).tolist())
        lacking = [
            f"scenario {name}" for number, name in enumerate(scenario_names(self.manifest)) if number not in scenarios
        ]
        columns, used = self.rows().columns, np.unique(of.row_of(there))
        for name, factor in self.experiment.sweep.factors.items():
            if factor.kind != "continuous":
                values = dict.fromkeys(in_words(value) for value in columns[name].cells())
                kept = {in_words(value) for value in columns[name].taken(used).cells()}
                lacking += [f"{name} {value}" for value in values if value not in kept][:FEW]
        return lacking

    def frame(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """world, point, scenario, row, setting, replicate, year and a column per outcome; points with all their worlds.

        Raises StoreError if no point has all the worlds that were asked for.
        """
        wide = self.of_whole_points(self.metrics(years))
        of, world = self.numbering, wide["world"].to_numpy(dtype=np.intp)
        names = np.array(scenario_names(self.manifest))
        columns = {
            "point": of.point(world), "scenario": names[of.scenario(world)], "row": of.row(world),
            "setting": of.setting(world), "replicate": of.replicate(world),
        }  # fmt: skip
        for at, (name, column) in enumerate(columns.items(), 1):
            wide.insert(at, name, column)
        return wide

    def means(self, years: Sequence[int] | None = None) -> pd.DataFrame:
        """point, scenario, row, year, outcome, mean and variance over the worlds of the point, and their number."""
        wide = self.frame(years)
        kept = [name for name in wide if name in self.manifest["kept_outcomes"]]
        long = wide.melt(["point", "scenario", "row", "year"], kept, "outcome", "value")
        groups = long.groupby(["point", "scenario", "row", "year", "outcome"], sort=True)["value"]
        table = groups.agg(mean="mean", variance="var", worlds="size")
        return table.reset_index()

    def reference_run(self) -> StoredRun | None:
        """The run that every point is compared with, if the experiment names one; raises StoreError if it is gone."""
        return None if self.experiment.sweep.reference is None else open_run(self.path / REFERENCE)

    def reference_title(self) -> str:
        """What every point is compared with, in words."""
        run, first = self.reference_run(), self.manifest["scenarios"][0]
        if run is not None:
            return run.scenario.title or run.scenario.name
        if len(self.manifest["scenarios"]) > 1:
            return str(first["title"] or first["name"])
        columns = self.rows().columns
        return ", ".join(f"{name} {value_in_words(columns[name].at(0))}" for name in self.experiment.sweep.factors)

    def compared_with(self, table: pd.DataFrame) -> pd.DataFrame:
        """What each value of a table is compared with, of the same shape; NaN where that is not there.

        Args:
            table: One outcome in one year, a row per stream of random numbers and a column per point; its `name` and
                `year` are in `attrs`.
        """
        run, points = self.reference_run(), [int(str(column)) for column in table.columns]
        if run is None:
            beside = {p: int(self.numbering.reference_of(p)) for p in points}
            return pd.DataFrame({p: table.get(r, math.nan) for p, r in beside.items()}, table.index)
        frame = run.metrics([table.attrs["year"]])
        own = pd.Series(frame[table.attrs["name"]].to_numpy(float), frame["world"].to_numpy()).reindex(table.index)
        return pd.DataFrame(dict.fromkeys(points, own), table.index)

    def by_point(self, outcome: str, year: int, frame: pd.DataFrame | None = None) -> pd.DataFrame:
        """One outcome in one year: a row per stream of random numbers, a column per point with all its worlds.

        `frame` is that of the year, if it is there already.
        """
        wide = self.frame([year]) if frame is None else frame
        streams = self.numbering.stream(wide["world"].to_numpy(dtype=np.intp))
        table = wide.assign(stream=streams).pivot(index="stream", columns="point", values=outcome)
        table.attrs = {"name": outcome, "year": year}
        return table

    def differences(self, outcome: str, year: int | None = None) -> pd.DataFrame:
        """Paired difference of each point to its reference in a year, the last if left out.

        The reference is the run that the experiment names (-1), the same row in the first scenario, or the first point
        if there is one scenario only. Columns: point, reference, the fields FIGURES of a difference and their standard
        errors, worlds.
        """
        year = max(self.manifest["kept_years"]) if year is None else year
        of, rows, figures = self.numbering, [], [*FIGURES, *FIGURES.values()]
        table = self.by_point(outcome, year)
        before, own = self.compared_with(table), self.experiment.sweep.reference is not None
        settings = settings_of(table.index.to_numpy(), of.replicates)
        for point in (int(str(column)) for column in table.columns):
            reference = -1 if own else int(of.reference_of(point))
            if point == reference or before[point].isna().all():
                continue
            better = metric(outcome).better
            effect = paired(before[point].to_numpy(), table[point].to_numpy(), settings, better)._asdict()
            count = int((before[point].notna() & table[point].notna()).sum())
            rows.append((point, reference, *(effect[name] for name in figures), count))
        return pd.DataFrame(rows, columns=["point", "reference", *figures, "worlds"])


def value_in_words(value: object) -> str:
    """A value of a factor in words, a number with four digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else in_words(value)


def from_sqlite(factor_kind: str, stored: Any) -> Any:
    """A value of a factor as the design has it."""
    if factor_kind == "categorical":
        return _read(stored) if isinstance(stored, str) else stored
    if factor_kind == "boolean":
        return stored in ("true", 1, True)
    return float(stored) if factor_kind == "continuous" else stored


def open_sweep(folder: Path | str) -> StoredSweep:
    """A stored sweep by its folder; raises StoreError if there is none, or a run of one scenario."""
    path = Path(folder)
    manifest = read_manifest(path)
    if not is_sweep(manifest):
        raise StoreError(Problem("this is a run of one scenario, not a sweep", OF_A_RUN, str(folder)))
    check_database(path)
    return StoredSweep(path, manifest)


def open_stored(folder: Path | str) -> StoredRun | StoredSweep:
    """A stored run or a stored sweep, whichever the folder holds; raises StoreError if it holds neither."""
    return open_sweep(folder) if is_sweep(read_manifest(Path(folder))) else open_run(folder)
