"""Sweeps: the points of a design in each scenario, simulated on the same random numbers, in one stored folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np

from sco_sim.case.opened import opened
from sco_sim.case.read_catalog import read_catalog
from sco_sim.components.metric import Metric
from sco_sim.components.registry import find, keys, metric
from sco_sim.engine.build import simulate
from sco_sim.engine.numbering import Numbering
from sco_sim.engine.record import Block, Progress, interest
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.numerics.arrays import Ints
from sco_sim.runs.rerun import Rerun, compared
from sco_sim.runs.run import execute, run
from sco_sim.runs.workers import Task, joined
from sco_sim.scenario.load import vary
from sco_sim.scenario.schema import Scenario
from sco_sim.shipped import default_case
from sco_sim.store.manifest import Manifest, case_of, frame_of, tables
from sco_sim.store.writer import Writer
from sco_sim.studies.statistics import FIGURES
from sco_sim.studies.sweep import design
from sco_sim.studies.sweep.experiment import Experiment, Sweep
from sco_sim.studies.sweep.order import arranged, ranks
from sco_sim.studies.sweep.points import Points, Row
from sco_sim.studies.sweep.pricing import Prices
from sco_sim.studies.sweep.stored_sweep import REFERENCE, StoredSweep, open_sweep, rows_hash, stored_points

FEWEST_OF_A_COMMIT = 64
"""Worlds of one commit for every world of a model: points of other structure are models of their own."""


@dataclass(frozen=True)
class SweepJob:
    """What a process needs to simulate worlds of several points: plain values, so that they travel."""

    scenarios: tuple[str, ...]
    case: str | None
    data_hash: str
    seed: int
    replicates: int
    fixed_parameters: bool
    paths: tuple[str, ...]
    """Paths of the factors."""
    rows: Mapping[int, tuple[Any, ...]]
    """Row of the design -> values of the factors."""
    numbering: Numbering
    outcomes: tuple[str, ...]
    years: tuple[int, ...]
    strict: ClassVar[bool] = False

    def block(self, worlds: Sequence[int]) -> Block:
        """Simulate worlds, those of equal structure together."""
        groups: dict[tuple[int, str], list[int]] = {}
        for world in worlds:
            groups.setdefault(self.structure(world), []).append(world)
        return joined([self._together(group) for group in groups.values()])

    def structure(self, world: int) -> tuple[int, str]:
        """Scenario and values of all factors but those of the ledger: worlds that share it make one model.

        A point, the number of its first world, does for a world.
        """
        of = self.numbering
        changes = [value for path, value in self._values(of.row(world)) if not path.startswith("parameters.")]
        return of.scenario(world), json.dumps(changes)

    def _values(self, row: int) -> Iterable[tuple[str, Any]]:
        return zip(self.paths, self.rows[row], strict=True)

    def _together(self, worlds: Sequence[int]) -> Block:
        case = tables(self.case, self.data_hash)
        rows = [self.numbering.row(world) for world in worlds]
        number = self.numbering.scenario(worlds[0])
        changes = {path: value for path, value in self._values(rows[0]) if not path.startswith("parameters.")}
        scenario = vary(_scenario(self.scenarios[number]), changes, case.catalog)
        columns = {
            path.removeprefix("parameters."): np.array([float(self.rows[row][position]) for row in rows])
            for position, path in enumerate(self.paths) if path.startswith("parameters.")
        }  # fmt: skip
        block = simulate(
            scenario, years=self.years, metrics=self.outcomes, case=case,
            worlds=[self.numbering.stream(world) for world in worlds], seed=self.seed, replicates=self.replicates,
            fixed_parameters=self.fixed_parameters, values=columns,
        )  # fmt: skip
        return replace(
            block,
            worlds=tuple(worlds),
            agreements={},
            agreement_names=(),
            settings=self.numbering.stored_setting(np.asarray(worlds, dtype=np.intp)),
            parameters={name: column for name, column in block.parameters.items() if name not in columns},
        )


@lru_cache(maxsize=16)
def _scenario(resolved: str) -> Scenario:
    return Scenario.from_resolved(json.loads(resolved), allow_code=True)  # data of our own process


@dataclass(frozen=True)
class Prepared:
    """A sweep that is ready to run: scenarios, points and what the folder will say of it."""

    experiment: Experiment
    scenarios: tuple[Scenario, ...]
    rows: Points
    case: Path | None
    manifest: Manifest

    @property
    def numbering(self) -> Numbering:
        """What the world numbers stand for."""
        return Numbering(self.experiment.sweep.replicates, len(self.rows), len(self.scenarios))

    @property
    def points(self) -> int:
        """Points: rows of the design times scenarios."""
        return self.numbering.points

    def job(self, rows: Iterable[int]) -> SweepJob:
        """The work on some rows of the design."""
        manifest, factors = self.manifest, self.experiment.sweep.factors
        return SweepJob(
            scenarios=tuple(json.dumps(scenario) for scenario in manifest["scenarios"]),
            case=None if self.case is None else str(self.case), data_hash=manifest["data_hash"], seed=manifest["seed"],
            replicates=manifest["replicates"], fixed_parameters=manifest["fixed_parameters"],
            paths=tuple(factor.path for factor in factors.values()),
            rows={row: tuple(self.rows[row][name] for name in factors) for row in sorted(set(rows))},
            numbering=self.numbering, outcomes=tuple(manifest["kept_outcomes"]), years=tuple(manifest["kept_years"]),
        )  # fmt: skip

    def structures(self) -> Ints:
        """A number for each point, the same for those whose worlds make one model (`SweepJob.structure`), (point,)."""
        of = self.numbering
        number, rows = of.scenario_of(np.arange(of.points)), of.row_of(np.arange(of.points))
        for name, factor in self.experiment.sweep.factors.items():
            if not factor.ledger:
                own = self.rows.columns[name].groups()[rows]
                number = np.unique(number * (int(own.max()) + 1) + own, return_inverse=True)[1].astype(np.intp)
        return number

    def tasks(self, todo: Sequence[int], batch: int, workers: int, *, alone: bool = True) -> Iterator[Task]:
        """Worlds in batches, those of one structure together, in an order whose prefixes are balanced.

        Args:
            todo: World numbers.
            batch: Worlds of a batch at most.
            workers: Processes, each of which is to have a batch.
            alone: Whether no other process works on the folder; two of them begin at other places.
        """
        sweep = self.experiment.sweep
        size = max(1, min(batch, max(FEWEST_OF_A_COMMIT, -(-len(todo) // workers))))
        rank = ranks(len(self.rows), as_designed=bool(sweep.design.sobol or sweep.design.morris))
        ordered = arranged(todo, self.numbering, rank, self.structures(), size)
        firsts = range(0, len(ordered), size)
        start = 0 if alone else os.getpid() * 40_503 % max(len(firsts), 1)
        for first in (*firsts[start:], *firsts[:start]):
            worlds = ordered[first : first + size].tolist()
            yield self.job(self.numbering.row(world) for world in worlds), worlds


@contextmanager
def _placed(experiment: Experiment) -> Iterator[None]:
    """Give what is wrong with the points the line of the file that asks for them."""
    try:
        yield
    except ScenarioError as error:
        raise ScenarioError(*map(experiment.points_at, error.problems)) from error


def preview(experiment: Experiment, case: Path | str | None = None) -> tuple[Prepared, design.Preview]:
    """The same for some points of the design, and how many it has; quick however large the design."""
    folder = experiment.case if case is None else Path(case)
    cost = _cost(experiment, experiment.loaded(folder)[0], folder)
    with _placed(experiment):
        seen = design.preview(experiment.sweep, cost)
    return prepare(experiment, folder, seen.rows), seen


def prepare(experiment: Experiment, case: Path | str | None = None, some: Points | None = None) -> Prepared:
    """Scenarios loaded, points drawn, or `some` taken; raises ScenarioError or CaseError for what cannot be."""
    folder = experiment.case if case is None else Path(case)
    scenarios = experiment.loaded(folder)
    sweep = experiment.sweep
    cost = _cost(experiment, scenarios[0], folder)
    with _placed(experiment):
        rows = design.rows(sweep, cost) if some is None else some
    catalog = read_catalog(default_case() if folder is None else folder)
    for scenario in scenarios:  # a path that leads nowhere would fail in every world
        vary(scenario, {factor.path: rows[0][name] for name, factor in sweep.factors.items()}, catalog)
    horizon = scenarios[0].horizon
    axis = {key: cast("type[Metric]", find("metrics", key)).axis for key in keys("metrics")}
    outcomes = sweep.outcomes or tuple(key for key in axis if axis[key] == "world")
    unknown = set(outcomes) - set(axis)
    if unknown:
        raise ScenarioError(Problem(f"no outcome '{min(unknown)}'", "`sco-sim list metrics` shows them all"))
    axes = {axis[key] for key in outcomes}
    factors = {name: factor.model_dump(mode="json") for name, factor in sweep.factors.items()}
    content = {
        "scenarios": [scenario.resolved() for scenario in scenarios],
        "factors": factors,
        "rows_hash": rows_hash(sweep.factors, rows),
        "kept_outcomes": sorted(outcomes),
        "kept_years": sorted(set(sweep.years or interest(horizon.start, horizon.end))),
        "seed": sweep.seed,
        "replicates": sweep.replicates,
        "fixed_parameters": sweep.fixed_parameters,
    }
    manifest = {
        **frame_of(scenarios[0], content, folder),
        "kind": "sweep",
        "name": experiment.name,
        "agreements": [],
        "experiment": experiment.model_dump(mode="json"),
        "points": len(rows) * len(scenarios),
        "kinds": [name for name, axis in (("metrics", "world"), ("ties", "tie"), ("states", "state")) if axis in axes],
    }
    return Prepared(experiment, scenarios, rows, folder, manifest)


def _cost(experiment: Experiment, scenario: Scenario, case: Path | None) -> Callable[[Row], float] | None:
    """What the policies of a point would cost in the first scenario, million USD, if a constraint asks for it."""
    if not any(constraint.cost_musd for constraint in experiment.sweep.constraints):
        return None
    return Prices(experiment.sweep.factors, scenario, opened(case))


def run_sweep(
    experiment: Experiment,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    out: Path | str | None = None,
    case: Path | str | None = None,
    batch: int = 256,
    force: bool = False,
    progress: Progress | None = None,
    until: Mapping[str, float] | None = None,
    worlds: Sequence[int] | None = None,
) -> StoredSweep:
    """Simulate every point of an experiment into one folder, or finish a sweep that was begun.

    The results depend on none of `workers`, `cluster` and `batch`; a failing world is recorded and the others go on.

    Args:
        experiment: What to sweep.
        workers: Processes; chosen by the amount of work if left out.
        cluster: `local` or the address of a dask scheduler.
        out: Folder, `results/<name of the experiment>` if left out.
        case: Folder of tables and ledger; that of the experiment, or else the shipped one, if left out.
        batch: Worlds simulated and stored together at most.
        force: Replace what is stored in the folder.
        progress: Called with the finished and the wanted number of worlds.
        until: Outcome, or `outcome.figure` with a figure of FIGURES, -> standard error of it (of the mean if none is
            named) to reach in the paired differences by adding worlds to every point.
        worlds: Numbers of single worlds instead of all.

    Raises:
        ScenarioError: The experiment cannot be run.
        StoreError: Other content is in the way, or the disk refuses.
    """
    ready = prepare(experiment, case)
    folder = Path("results") / experiment.name if out is None else Path(out)
    _check_until(experiment.sweep, until or {}, ready.manifest)
    each = first = experiment.sweep.worlds
    with Writer(folder, ready.manifest, force=force) as writer:
        writer.put_points(*stored_points(ready.manifest, ready.rows))
        stored = StoredSweep(folder, ready.manifest)
        while True:
            wanted = range(each * ready.points) if worlds is None else worlds
            execute(
                writer, wanted, lambda todo, size: ready.tasks(todo, batch, size, alone=writer.alone()),
                workers=workers, cluster=cluster, progress=progress,
            )  # fmt: skip
            run_reference(ready, folder, each, workers=workers, batch=batch, force=force and each == first)
            more = _worlds_needed(stored, until or {}, each, experiment.sweep.replicates)
            if more <= each or worlds is not None:
                return open_sweep(folder)
            each = more


def run_reference(ready: Prepared, folder: Path, worlds: int, *, workers: int | None, batch: int, force: bool) -> None:
    """Simulate the reference of its own, if there is one, on the worlds that every point has, inside the folder."""
    reference, sweep = ready.experiment.reference(ready.case), ready.experiment.sweep
    if reference is not None:
        run(
            reference, worlds=worlds, replicates=sweep.replicates, seed=sweep.seed, workers=workers,
            out=folder / REFERENCE, case=ready.case, fixed_parameters=sweep.fixed_parameters, batch=batch, force=force,
        )  # fmt: skip


def _check_until(sweep: Sweep, until: Mapping[str, float], manifest: Manifest) -> None:
    for name, width in until.items():
        outcome, figure = _outcome_and_figure(name)
        if outcome not in manifest["kept_outcomes"] or manifest["metrics"][outcome]["axis"] != "world":
            remedy = "name one of the outcomes kept that describe the whole: " + ", ".join(manifest["kept_outcomes"])
            raise ScenarioError(Problem(f"--until: '{outcome}' is not kept", remedy))
        if figure not in FIGURES:
            raise ScenarioError(Problem(f"--until: '{figure}' is no figure", did_you_mean(figure, tuple(FIGURES))))
        if figure == "chance_better" and metric(outcome).better == "none":
            raise ScenarioError(Problem(f"--until: no side of {outcome} is better", "name another figure of it"))
        if not width > 0.0:
            raise ScenarioError(Problem(f"--until: {name}: {width:g} is no width", "give a number above 0"))
    if until and sweep.worlds < 2 * sweep.replicates:
        remedy = f"write worlds: {2 * sweep.replicates} or more"
        raise ScenarioError(Problem("--until needs two settings at least, to see how much they differ", remedy))


def _outcome_and_figure(name: str) -> tuple[str, str]:
    """What --until names: an outcome and one of its figures, the mean if none is named."""
    outcome, _, figure = name.partition(".")
    return outcome, figure or "difference"


def widest(stored: StoredSweep, name: str) -> float:
    """The largest standard error of a figure over all points of a sweep; `name` as in `until`."""
    outcome, figure = _outcome_and_figure(name)
    return float(np.nanmax(stored.differences(outcome)[FIGURES[figure]], initial=0.0))


LONGEST = 256
"""--until stops at so many times the worlds it began with."""


def _worlds_needed(stored: StoredSweep, until: Mapping[str, float], each: int, replicates: int) -> int:
    """Worlds a point that the standard errors ask for: at most four times those there are."""
    factor = 0.0
    for name, width in until.items():
        factor = max(factor, (widest(stored, name) / width) ** 2)
    if factor <= 1.0 or each >= LONGEST * stored.experiment.sweep.worlds:
        return each
    settings = -(-int(np.ceil(each * min(factor, 4.0))) // replicates)
    return max(settings * replicates, each + replicates)


def rerun_sweep(
    folder: Path | str,
    *,
    world: int | None = None,
    workers: int | None = None,
    case: Path | str | None = None,
    progress: Progress | None = None,
) -> Rerun:
    """Simulate worlds of a stored sweep again from its folder alone and compare the bits; see `runner.rerun`."""
    old = open_sweep(folder)
    where = case_of(old.manifest) if case is None else Path(case)
    scenarios = tuple(Scenario.from_resolved(data) for data in old.manifest["scenarios"])
    ready = Prepared(old.experiment, scenarios, old.rows(), where, dict(old.manifest))

    def again(target: str, chosen: Sequence[int]) -> StoredSweep:
        with Writer(Path(target), ready.manifest) as writer:
            execute(writer, chosen, lambda todo, size: ready.tasks(todo, 128, size), workers=workers, progress=progress)
        return open_sweep(target)

    return compared(old, world, again)
