"""Simulate worlds into a stored run, in batches, here or in processes; and again from a manifest."""

from __future__ import annotations

import sqlite3
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sco_sim.errors import Problem, ScenarioError, SimError, StoreError
from sco_sim.manifest import case_of, make_manifest, version_differences
from sco_sim.record import Block
from sco_sim.state import Array
from sco_sim.store import StoredRun, database, open_run
from sco_sim.writer import Failure, Writer, done_of

if TYPE_CHECKING:
    from sco_sim.data import Case
    from sco_sim.scenario import Scenario

#: Finished batches are stored together, since the wait for the disk is as long for many worlds as for one.
COMMIT_WORLDS, COMMIT_SECONDS = 512, 1.0

#: Called with the worlds finished so far and the worlds wanted.
Progress = Callable[[int, int], None]


class WorkerError(SimError):
    """A worker process died; the finished worlds are stored."""

    exit_code = 3


class ClusterError(SimError):
    """The cluster cannot be reached."""


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


class Work(Protocol):
    """What a process needs to simulate worlds: plain values, so that they travel."""

    def block(self, worlds: Sequence[int]) -> Block:
        """Simulate worlds together."""
        ...


def simulate(job: Work, worlds: Sequence[int]) -> Batch:
    """Simulate a batch; if it raises, world by world, so that one failing world does not take the rest down.

    Errors that a user causes (SimError) concern every world and are raised, unless the worlds are of several points.
    """
    try:
        return Batch(job.block(worlds), ())
    except Exception as error:
        if isinstance(error, SimError) and isinstance(job, Job):
            raise
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


Task = tuple[Work, Sequence[int]]


def batches(tasks: Iterable[Task], workers: int, cluster: str | None = None) -> Generator[Batch, None, None]:
    """The batches as they finish: here, in worker processes, or on a cluster that dask.distributed speaks to.

    Args:
        tasks: Work and worlds of each batch; taken from as workers fall idle.
        workers: Processes.
        cluster: `local` or the address of a scheduler; raises ClusterError if it cannot be reached.
    """
    if workers == 1 and cluster is None:
        for job, worlds in tasks:
            yield simulate(job, worlds)
        return
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    with _backend(workers, cluster) as jobs:
        parallel = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1, pre_dispatch="2 * n_jobs")
        try:
            with closing(parallel(delayed(simulate)(job, worlds) for job, worlds in tasks)) as found:
                yield from found
        except TerminatedWorkerError as error:
            remedy = "finished worlds are kept: give the same command again with fewer workers or a smaller batch"
            message = "a worker process was killed, most likely for want of memory"
            raise WorkerError(Problem(message, remedy)) from error


@contextmanager
def _backend(workers: int, cluster: str | None) -> Iterator[int]:
    """Where joblib sends its work: loky, or dask for the length of the block; gives the number of jobs."""
    if cluster is None:
        yield workers
        return
    try:
        from dask.distributed import Client, LocalCluster
    except ImportError as error:
        raise ClusterError(Problem("dask is not installed", "pip install 'sco-sim[cluster]'", "--cluster")) from error
    from joblib import parallel_config

    with ExitStack() as stack:
        try:
            if cluster == "local":
                address = stack.enter_context(
                    LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
                )
                client = stack.enter_context(Client(address))
            else:
                client = stack.enter_context(Client(cluster, timeout=20))
        except (OSError, ValueError, TimeoutError) as error:
            remedy = "start it with `dask scheduler` and `dask worker`, or write --cluster local"
            raise ClusterError(Problem(f"no cluster answers: {error}", remedy, cluster)) from error
        threads = sum(client.nthreads().values())
        stack.enter_context(parallel_config(backend="dask", client=client, wait_for_workers_timeout=20))
        yield max(threads, 1)


def _stored(folder: Path, worlds: Sequence[int]) -> set[int]:
    """Worlds that are stored by now; joblib asks from a thread of its own, so not through the writer.

    If the folder cannot be read just now, none: a world that is simulated twice still counts once.
    """
    with suppress(StoreError, sqlite3.Error), database(folder) as connection:
        return done_of(connection, worlds)
    return set()


def execute(
    writer: Writer,
    wanted: Sequence[int],
    tasks: Callable[[Sequence[int]], Iterable[Task]],
    *,
    workers: int,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> None:
    """Simulate what is not yet stored of the worlds wanted, and commit each batch as it finishes.

    `tasks` cuts worlds into batches. Batches whose worlds another process has stored meanwhile are passed over.
    """
    done = writer.done()
    todo = [world for world in wanted if world not in done]
    finished = len(wanted) - len(todo)

    def still_wanted() -> Iterator[Task]:
        for job, worlds in tasks(todo):
            others = _stored(writer.folder, worlds)
            rest = [world for world in worlds if world not in others]
            if rest:
                yield job, rest

    if progress:
        progress(finished, len(wanted))
    pending: list[Batch] = []

    def store() -> None:
        nonlocal finished
        together = [batch.block for batch in pending if batch.block is not None]
        failures = [failure for batch in pending for failure in batch.failures]
        pending.clear()
        writer.commit(joined(together) if together else None, failures)
        finished += sum(len(block.worlds) for block in together) + len(failures)
        if progress:
            progress(finished, len(wanted))

    last = time.monotonic()
    try:
        with closing(batches(still_wanted(), workers, cluster)) as found:
            for batch in found:
                pending.append(batch)
                if _size(pending) >= COMMIT_WORLDS or time.monotonic() - last > COMMIT_SECONDS:
                    store()
                    last = time.monotonic()
    finally:
        if pending:  # also when interrupted: finished worlds are kept
            store()


def _size(pending: Sequence[Batch]) -> int:
    return sum(len(batch.block.worlds) for batch in pending if batch.block is not None)


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
    cluster: str | None = None,
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
        cluster: `local`, or the address of a dask scheduler, to simulate there.

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
        execute(
            writer, wanted, lambda todo: ((job, worlds) for worlds in cut(todo, batch, workers)),
            workers=workers, cluster=cluster, progress=progress,
        )  # fmt: skip
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
    made = old.manifest

    def again(place: str, chosen: Sequence[int]) -> StoredRun:
        return run(
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

    return compared(old, world, again)


def compared(old: StoredRun, world: int | None, again: Callable[[str, Sequence[int]], StoredRun]) -> Rerun:
    """A stored run beside what `again` makes of one or all of its worlds in a temporary folder."""
    known = tuple(int(number) for number in old.worlds()["world"])
    where = str(old.path)
    if world is not None and world not in known:
        raise ScenarioError(Problem(f"no world {world} in this run", f"it has {len(known)} worlds", where))
    if not known:
        raise ScenarioError(Problem("no world of this run is finished", "give its command again", where))
    chosen = known if world is None else (world,)
    with TemporaryDirectory(prefix="sco-sim-") as place:
        new = again(place, chosen)
        failed = new.query("SELECT world, error, traceback FROM worlds WHERE status = 'failed' ORDER BY world")
        failures = tuple(Failure(*row) for row in failed.itertuples(index=False, name=None))
        differs = tuple(version_differences(old.manifest))
        return Rerun(chosen, old.digest(chosen), new.digest(), differs, failures)
