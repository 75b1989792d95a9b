"""Simulate worlds into a stored run, in batches, here or in processes; and again from a manifest."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from sco_sim.errors import Problem, ScenarioError, SimError
from sco_sim.manifest import case_of, make_manifest, version_differences
from sco_sim.record import Block
from sco_sim.state import Array
from sco_sim.store import StoredRun, open_run
from sco_sim.writer import Failure, Writer

if TYPE_CHECKING:
    from sco_sim.data import Case
    from sco_sim.scenario import Scenario

#: Called with the worlds finished so far and the worlds wanted.
Progress = Callable[[int, int], None]


class WorkerError(SimError):
    """A worker process died; the finished worlds are stored."""

    exit_code = 3


@dataclass(frozen=True)
class Job:
    """What a process needs to simulate worlds: plain values, so that they travel."""

    scenario: Mapping[str, Any]
    case: str | None
    data_hash: str
    seed: int
    replicates: int
    fixed_parameters: bool

    def block(self, worlds: Sequence[int]) -> Block:
        """Simulate worlds together."""
        from sco_sim import build
        from sco_sim.scenario import Scenario

        model = build.build_model(
            Scenario.from_resolved(dict(self.scenario)),
            case=tables(self.case, self.data_hash),
            worlds=tuple(worlds),
            seed=self.seed,
            replicates=self.replicates,
            fixed_parameters=self.fixed_parameters,
        )
        return model.run()


@lru_cache(maxsize=2)
def tables(case: str | None, data_hash: str) -> Case:
    """The tables of a case, read once a process; the hash makes a changed case another one."""
    from sco_sim.data import Case

    return Case(case)


@dataclass(frozen=True)
class Batch:
    """What came of a batch: the record of the worlds that worked, and the failures."""

    block: Block | None
    failures: tuple[Failure, ...]


def simulate(job: Job, worlds: Sequence[int]) -> Batch:
    """Simulate a batch; if it raises, world by world, so that one failing world does not take the rest down.

    Errors that a user causes (SimError) concern every world and are raised.
    """
    try:
        return Batch(job.block(worlds), ())
    except SimError:
        raise
    except Exception as error:
        if len(worlds) == 1:
            words = "".join(traceback.format_exception_only(error)).strip()
            return Batch(None, (Failure(worlds[0], words, traceback.format_exc()),))
    singles = [simulate(job, [world]) for world in worlds]
    blocks = [single.block for single in singles if single.block is not None]
    return Batch(joined(blocks) if blocks else None, tuple(f for single in singles for f in single.failures))


def joined(blocks: Sequence[Block]) -> Block:
    """Blocks of different worlds as one."""

    def stack(records: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
        return {key: np.concatenate([record[key] for record in records]) for key in records[0]}

    return replace(
        blocks[0],
        worlds=tuple(world for block in blocks for world in block.worlds),
        metrics=stack([block.metrics for block in blocks]),
        states=stack([block.states for block in blocks]),
        ties=stack([block.ties for block in blocks]),
        agreements=stack([block.agreements for block in blocks]),
        settings=np.concatenate([block.settings for block in blocks]),
        parameters=stack([block.parameters for block in blocks]),
    )


def cut(worlds: Sequence[int], batch: int, workers: int) -> list[Sequence[int]]:
    """Worlds in batches of at most `batch`, and at least one batch per worker."""
    size = max(1, min(batch, -(-len(worlds) // workers)))
    return [worlds[first : first + size] for first in range(0, len(worlds), size)]


def _batches(job: Job, todo: Sequence[Sequence[int]], workers: int) -> Generator[Batch, None, None]:
    """The batches as they finish, here or in worker processes."""
    if workers == 1 or len(todo) < 2:
        for worlds in todo:
            yield simulate(job, worlds)
        return
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    parallel = Parallel(n_jobs=workers, return_as="generator_unordered", batch_size=1, pre_dispatch="2 * n_jobs")
    try:
        with closing(parallel(delayed(simulate)(job, worlds) for worlds in todo)) as found:
            yield from found
    except TerminatedWorkerError as error:
        remedy = "finished worlds are kept: give the same command again with fewer workers or a smaller batch"
        message = "a worker process was killed, most likely for want of memory"
        raise WorkerError(Problem(message, remedy)) from error


def run(
    scenario: Scenario,
    *,
    worlds: int | Sequence[int] = 200,
    replicates: int = 4,
    seed: int = 1,
    workers: int = 1,
    out: Path | str | None = None,
    case: Path | str | None = None,
    fixed_parameters: bool = False,
    batch: int = 128,
    force: bool = False,
    progress: Progress | None = None,
) -> StoredRun:
    """Simulate a scenario into a stored run, or finish one that was begun.

    The results depend on neither `workers` nor `batch`. Interrupted or killed, it keeps the finished batches,
    and the same call goes on from there; with more worlds it extends the run, fewer leave it as it is.

    Args:
        scenario: The scenario.
        worlds: How many worlds, or their numbers; world w belongs to setting w // replicates.
        replicates: Worlds that share one draw of parameters.
        seed: Seed of all random streams.
        workers: Processes to simulate in.
        out: Folder of the run, `results/<name of the scenario>` if left out.
        case: Folder of tables and ledger, the shipped one if left out.
        fixed_parameters: Hold the ledger at its centre.
        batch: Worlds simulated together at most.
        force: Replace whatever run is stored in the folder.
        progress: Called with the finished and the wanted number of worlds.

    Raises:
        ScenarioError: A number makes no sense.
        StoreError: Other content is in the way, or the disk refuses.
        WorkerError: A worker process was killed.
    """
    _check(worlds=worlds, replicates=replicates, workers=workers, batch=batch, seed=seed)
    wanted = range(worlds) if isinstance(worlds, int) else tuple(dict.fromkeys(worlds))
    manifest = make_manifest(scenario, seed=seed, replicates=replicates, fixed_parameters=fixed_parameters, case=case)
    where = None if case is None else str(case)
    job = Job(scenario.resolved(), where, manifest["data_hash"], seed, replicates, fixed_parameters)
    folder = Path("results") / scenario.name if out is None else Path(out)
    with Writer(folder, manifest, force=force) as writer:
        done = writer.done()
        todo = [world for world in wanted if world not in done]
        finished = len(wanted) - len(todo)
        if progress:
            progress(finished, len(wanted))
        with closing(_batches(job, cut(todo, batch, workers), workers)) as batches:
            for found in batches:
                writer.commit(found.block, found.failures)
                finished += (len(found.block.worlds) if found.block else 0) + len(found.failures)
                if progress:
                    progress(finished, len(wanted))
    return open_run(folder)


def _check(*, worlds: int | Sequence[int], **least_one: int) -> None:
    """Refuse counts below one, and seeds and world numbers below zero."""
    counts = {**least_one, "worlds": worlds if isinstance(worlds, int) else len(worlds)}
    seed = counts.pop("seed")
    wrong = [f"{name} is {count}, but has to be at least 1" for name, count in counts.items() if count < 1]
    if seed < 0:
        wrong.append(f"seed is {seed}, but has to be at least 0")
    if not isinstance(worlds, int) and any(world < 0 for world in worlds):
        wrong.append("world numbers have to be at least 0")
    if wrong:
        raise ScenarioError(*wrong)


@dataclass(frozen=True)
class Rerun:
    """A stored run beside the same worlds simulated again from its manifest."""

    worlds: tuple[int, ...]
    before: str
    after: str
    #: what is not as it was when the run was made: code, data, versions
    differs: tuple[str, ...]
    #: worlds that failed this time
    failures: tuple[Failure, ...]

    @property
    def same(self) -> bool:
        """Whether every bit came out again."""
        return self.before == self.after


def rerun(
    folder: Path | str,
    *,
    world: int | None = None,
    workers: int = 1,
    case: Path | str | None = None,
    progress: Progress | None = None,
) -> Rerun:
    """Simulate the worlds of a stored run again in a temporary folder and compare the bits.

    Args:
        folder: The stored run, which is only read.
        world: One world, all if left out.
        workers: Processes to simulate in.
        case: Where the case is now, if not where the manifest says.
        progress: Called with the finished and the wanted number of worlds.

    Raises:
        StoreError: The run cannot be read.
        ScenarioError: The run has no such world.
    """
    old = open_run(folder)
    known = tuple(int(number) for number in old.worlds()["world"])
    if world is not None and world not in known:
        raise ScenarioError(Problem(f"no world {world} in this run", f"it has {len(known)} worlds", str(folder)))
    if not known:
        raise ScenarioError(Problem("no world of this run is finished", "give its command again", str(folder)))
    chosen = known if world is None else (world,)
    made = old.manifest
    with TemporaryDirectory(prefix="sco-sim-") as place:
        new = run(
            old.scenario,
            worlds=chosen,
            replicates=made["replicates"],
            seed=made["seed"],
            workers=workers,
            out=place,
            case=case_of(made) if case is None else case,
            fixed_parameters=made["fixed_parameters"],
            progress=progress,
        )
        failed = new.query("SELECT world, error, traceback FROM worlds WHERE status = 'failed' ORDER BY world")
        failures = tuple(Failure(*row) for row in failed.itertuples(index=False, name=None))
        return Rerun(chosen, old.digest(chosen), new.digest(), tuple(version_differences(made)), failures)
