"""Work on batches of worlds: here, in processes or on a cluster; one failing world does not take the rest down."""

from __future__ import annotations

import os
import traceback
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from sco_sim.engine.record import Block, Failure
from sco_sim.errors import Problem, SimError
from sco_sim.numerics.arrays import Array
from sco_sim.store.encode import Layout, Packed, pack

#: The C library of Linux would give the memory of a batch back to the system and fault it in again for the next.
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(1 << 28), "MALLOC_MMAP_THRESHOLD_": str(1 << 28)}


class WorkerError(SimError):
    """A worker process died; the finished worlds are stored."""

    exit_code = 3


class ClusterError(SimError):
    """The cluster cannot be reached."""


@dataclass(frozen=True)
class Batch:
    """What came of a batch: the record of the worlds that worked, and the failures."""

    block: Block | None
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Finished:
    """A batch that is ready for the store."""

    packed: Packed | None
    failures: tuple[Failure, ...]

    @property
    def worlds(self) -> int:
        """How many worlds it settles."""
        return (len(self.packed.worlds) if self.packed else 0) + len(self.failures)


class Work(Protocol):
    """What a process needs to simulate worlds: plain values, so that they travel."""

    #: whether an error that a user causes concerns every world
    @property
    def strict(self) -> bool: ...  # noqa: D102

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
        if isinstance(error, SimError) and job.strict:
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


def finish(job: Work, worlds: Sequence[int], layout: Layout) -> Finished:
    """Simulate a batch and make it ready for a store of this layout."""
    batch = simulate(job, worlds)
    return Finished(pack(batch.block, layout) if batch.block else None, batch.failures)


Task = tuple[Work, Sequence[int]]


def batches(
    tasks: Iterable[Task], layout: Layout, workers: int, cluster: str | None = None
) -> Generator[Finished, None, None]:
    """The batches as they finish: here, in worker processes, or on a cluster that dask.distributed speaks to.

    Args:
        tasks: Work and worlds of each batch; taken from as workers fall idle.
        layout: What the store keeps of them.
        workers: Processes.
        cluster: `local` or the address of a scheduler; raises ClusterError if it cannot be reached.
    """
    if workers == 1 and cluster is None:
        for job, worlds in tasks:
            yield finish(job, worlds, layout)
        return
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    with _backend(workers, cluster) as jobs:
        parallel = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1, pre_dispatch="2 * n_jobs")
        try:
            with closing(parallel(delayed(finish)(job, worlds, layout) for job, worlds in tasks)) as found:
                yield from found
        except TerminatedWorkerError as error:
            remedy = "finished worlds are kept: give the same command again with fewer workers or a smaller batch"
            message = "a worker process was killed, most likely for want of memory"
            raise WorkerError(Problem(message, remedy)) from error


@contextmanager
def _backend(workers: int, cluster: str | None) -> Iterator[int]:
    """Where joblib sends its work: loky, or dask for the length of the block; gives the number of jobs."""
    if cluster is None:
        before = dict(os.environ)
        os.environ.update({name: value for name, value in KEEP_MEMORY.items() if name not in before})
        try:
            yield workers
        finally:
            for name in KEEP_MEMORY.keys() - before.keys():
                del os.environ[name]
        return
    try:
        distributed: Any = import_module("dask.distributed")
    except ImportError as error:
        raise ClusterError(Problem("dask is not installed", "pip install 'sco-sim[cluster]'", "--cluster")) from error
    from joblib import parallel_config

    with ExitStack() as stack:
        try:
            if cluster == "local":
                address = stack.enter_context(
                    distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
                )
                client = stack.enter_context(distributed.Client(address))
            else:
                client = stack.enter_context(distributed.Client(cluster, timeout=20))
        except (OSError, ValueError, TimeoutError) as error:
            remedy = "start it with `dask scheduler` and `dask worker`, or write --cluster local"
            raise ClusterError(Problem(f"no cluster answers: {error}", remedy, cluster)) from error
        threads = sum(client.nthreads().values())
        stack.enter_context(parallel_config(backend="dask", client=client, wait_for_workers_timeout=20))
        yield max(threads, 1)
