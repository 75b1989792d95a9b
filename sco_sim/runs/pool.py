"""Worker processes on this machine: none outlives the process that started it, and signals concern that one alone."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from typing import Any, Protocol

from sco_sim.errors import EvidenceWarning, Problem, SimError, counted

log = logging.getLogger(__name__)

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)  # Windows has no SIGHUP
"""What asks a process to stop. A terminal or a batch system sends them to a whole group of processes."""

WORLD_YEARS_PER_WORKER = 40_000
"""Simulated years (worlds x years) for each worker. A year takes 44 microseconds and workers some two seconds to start,
so a second one pays from 2 x 1.9 s / 44 us = 84,000 years on: docs/benchmark.md, `experiments/benchmark/workers.py`."""

IDLE_SECONDS = 10.0
"""How long workers wait for the next scenario before they end."""

PARENT_SECONDS = 0.5
"""How often a worker looks whether its parent is alive."""

WORKER_ENVIRONMENT = {
    # the C library of Linux would give the memory of a batch back to the system and fault it in again for the next
    "MALLOC_TRIM_THRESHOLD_": str(1 << 28),
    "MALLOC_MMAP_THRESHOLD_": str(1 << 28),
    # a worker per processor: threads inside each would only take turns
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""Environment of a worker, unless the user has set the variable."""


class WorkerError(SimError):
    """A worker process died; the finished worlds are stored."""

    exit_code = 3


class Pool(Protocol):
    """Workers that take calls, here or elsewhere."""

    def size(self) -> int:
        """How many calls it works on at once, at this moment; at least 1."""
        ...

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Queue a call for the next idle worker."""
        ...

    def check(self) -> None:
        """Called when nothing has finished for a while; raises SimError if nothing ever will."""
        ...


def processors() -> int:
    """Processors that this process may use, as its affinity and its control group allow."""
    from loky import cpu_count

    return int(cpu_count())


def choose_workers(given: int | None, worlds: int, years: int) -> int:
    """The number of workers given, or the one that is quickest for so many worlds of so many years; logs it."""
    enough = max(1, worlds * years // WORLD_YEARS_PER_WORKER)
    if given is None:
        chosen = 1 if enough == 1 else min(enough, processors())
        log.info("%s for %s", counted(chosen, "worker"), counted(worlds, "world"))
        return chosen
    if given > 1 and enough == 1 and worlds:
        log.info(
            "%d workers for %s: one would be quicker, since workers take some two seconds to start", given,
            counted(worlds, "world"),
        )  # fmt: skip
    return given


class Processes:
    """Worker processes of loky."""

    def __init__(self, executor: Any, workers: int) -> None:
        self._executor, self._workers = executor, workers

    def size(self) -> int:
        """The number of processes."""
        return self._workers

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Queue a call; the first one starts the processes."""
        with held_back():
            future: Future[Any] = self._executor.submit(function, *arguments)
        return future

    def check(self) -> None:
        """Loky itself reports a process that died."""


@contextmanager
def processes(workers: int) -> Iterator[Processes]:
    """Worker processes that wait for more when the block ends well, and are killed when it does not.

    Raises:
        WorkerError: A worker process was killed.
    """
    from loky import get_reusable_executor

    environment = {name: value for name, value in WORKER_ENVIRONMENT.items() if name not in os.environ}
    with held_back():  # loky starts a process here too, which cleans up after the workers
        executor = get_reusable_executor(
            workers, timeout=IDLE_SECONDS, initializer=_start_worker, initargs=(os.getpid(),), env=environment
        )
    try:
        yield Processes(executor, workers)
    except BaseException as error:
        executor.shutdown(wait=True, kill_workers=True)
        if isinstance(error, BrokenExecutor):
            message = "a worker process was killed, most likely for want of memory"
            remedy = "finished worlds are kept: give the same command again with fewer workers or a smaller batch"
            raise WorkerError(Problem(message, remedy)) from error
        raise


@contextmanager
def held_back() -> Iterator[None]:
    """Signals wait until the end of the block; processes and threads that start in it never get any.

    A new process inherits what is held back, so that Ctrl-C cannot hit it before it has set itself up.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_worker(parent: int) -> None:
    """In a new worker: leave signals to the parent, and end when it does, however it ends."""
    warnings.filterwarnings("ignore", category=EvidenceWarning)  # the parent has said it
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os._exit(1)
