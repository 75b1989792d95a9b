"""Work on batches of worlds: here, in processes or on a cluster; one failing world does not take the rest down."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol, TypeVar

import numpy as np

from sco_sim.engine.record import Block, Failure
from sco_sim.errors import SimError
from sco_sim.numerics.arrays import Array
from sco_sim.runs.pool import Pool, processes
from sco_sim.store.encode import Layout, Packed, pack

T = TypeVar("T")


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

    @property
    def strict(self) -> bool:
        """Whether an error that a user causes concerns every world."""
        ...

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

PATIENCE = 5.0
"""Seconds without a finished batch after which the pool is asked whether it still works."""


@contextmanager
def pool(workers: int | None, cluster: str | None = None) -> Iterator[Pool | None]:
    """Where batches are simulated: here (None), in worker processes, or on a dask cluster.

    Args:
        workers: Processes; ignored by a cluster that is running already.
        cluster: `local` or the address of a scheduler.

    Raises:
        ClusterError: The cluster cannot be reached, has no workers, or has other code.
        WorkerError: A worker process was killed.
    """
    if cluster is not None:
        from sco_sim.runs.cluster import cluster as workers_of

        with workers_of(cluster, workers) as elsewhere:
            yield elsewhere
    elif workers is None or workers == 1:
        yield None
    else:
        with processes(workers) as here:
            yield here


def batches(tasks: Iterable[Task], layout: Layout, where: Pool | None = None) -> Iterator[Finished]:
    """The batches as they finish; tasks are taken as workers fall idle, and `layout` says what the store keeps."""
    if where is None:
        for job, worlds in tasks:
            yield finish(job, worlds, layout)
    else:
        yield from calls(where, finish, ((job, worlds, layout) for job, worlds in tasks))


def calls(where: Pool, function: Callable[..., T], arguments: Iterable[tuple[Any, ...]]) -> Iterator[T]:
    """What a function gives for each of some arguments, as workers finish; two calls wait for each worker at most."""
    waiting, running = iter(arguments), set[Future[T]]()
    while True:
        running |= {where.submit(function, *one) for one in islice(waiting, max(0, 2 * where.size() - len(running)))}
        if not running:
            return
        done, running = wait(running, timeout=PATIENCE, return_when=FIRST_COMPLETED)
        if not done:
            where.check()
        for future in sorted(done, key=_failed):  # what has finished is not lost to an error beside it
            yield future.result()


def _failed(future: Future[Any]) -> bool:
    return future.cancelled() or future.exception() is not None
