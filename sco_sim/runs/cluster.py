"""Workers of a dask cluster: whatever workers it has at any moment, those that join later too."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, contextmanager
from importlib import import_module
from multiprocessing import resource_tracker
from typing import Any

from sco_sim.errors import Problem, SimError, counted
from sco_sim.runs.pool import WorkerError, held_back, processors
from sco_sim.store.manifest import code_hash

log = logging.getLogger(__name__)

WAIT_SECONDS = 20.0
"""How long a scheduler and its first worker may take to answer, and how long it may be without any worker."""

LOCAL_SECONDS = 180.0
"""How long the workers of a local cluster may take to start: some two seconds each, far longer on a busy machine."""

QUIET_SECONDS = 10.0
"""How long nothing may finish before a note says what the workers do."""

AGAIN = "finished worlds are kept: give the same command again"


class ClusterError(SimError):
    """The cluster cannot be reached, has no workers, or has other code."""


class Cluster:
    """Workers of a scheduler."""

    def __init__(self, client: Any, address: str) -> None:
        self._client, self._address = client, address
        self._executor = client.get_executor(pure=False)
        self._seen = self._asked = time.monotonic()

    def size(self) -> int:
        """Threads of all workers that are there now."""
        threads = int(sum(self._client.nthreads().values()))
        if threads:
            self._seen = time.monotonic()
        return max(threads, 1)

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Queue a call; a worker refuses it if its code is another."""
        self._asked = time.monotonic()
        future: Future[Any] = self._executor.submit(_call, code_hash(), function, *arguments)
        return future

    def check(self) -> None:
        """Raises ClusterError if the scheduler is gone, or has had no worker for some time; notes what it waits for."""
        if self._client.status not in ("running", "connecting"):
            raise ClusterError(Problem("the scheduler of the cluster has gone", AGAIN, self._address))
        threads, now = self.size(), time.monotonic()
        if now - self._seen > WAIT_SECONDS:
            raise ClusterError(Problem("the cluster has no workers left", f"start some; {AGAIN}", self._address))
        if now - self._seen > 1.0:
            log.info("the cluster has no workers: waiting up to %.0f s for some to join", WAIT_SECONDS)
        elif now - self._asked > QUIET_SECONDS:
            log.info("%s at work, nothing finished for %.0f s", counted(threads, "thread"), now - self._asked)


def _call(code: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """In a worker: call the function if the code is that of the one who asks."""
    if code_hash() != code:
        remedy = "install the same version of sco_sim on every worker, and start them again"
        raise ClusterError(Problem("a worker of the cluster has another version of sco_sim", remedy))
    return function(*arguments)


@contextmanager
def cluster(address: str, workers: int | None) -> Iterator[Cluster]:
    """The workers of the scheduler at an address, or for `local` as many new ones as there are processors.

    Args:
        address: `local`, or the address of a scheduler.
        workers: Processes of a local cluster.

    Raises:
        ClusterError: It cannot be reached, has no workers, or its workers have other code.
        WorkerError: A batch has killed several workers.
    """
    try:
        distributed: Any = import_module("dask.distributed")
        killed: Any = import_module("distributed.scheduler").KilledWorker
    except ImportError as error:
        raise ClusterError(Problem("dask is not installed", "pip install 'sco-sim[cluster]'", "--cluster")) from error
    logging.getLogger("tornado.application").setLevel(logging.CRITICAL)  # what Ctrl-C cuts off is no error
    with ExitStack() as stack:
        client = _connected(distributed, address, workers, stack)
        try:
            yield Cluster(client, address)
        except killed as error:
            message = "a batch has killed several workers of the cluster, most likely for want of memory"
            raise WorkerError(Problem(message, f"{AGAIN} with a smaller --batch")) from error
        except CancelledError as error:
            raise ClusterError(Problem("the scheduler of the cluster has gone", AGAIN, address)) from error
        except ModuleNotFoundError as error:
            remedy = "install the same version of sco_sim, and of what it needs, on every worker"
            raise ClusterError(Problem(f"a worker of the cluster has no '{error.name}'", remedy, address)) from error


def _connected(distributed: Any, address: str, workers: int | None, stack: ExitStack) -> Any:
    """A client of a scheduler that has a worker."""
    patience = LOCAL_SECONDS if address == "local" else WAIT_SECONDS
    try:
        if address == "local":
            client = stack.enter_context(distributed.Client(stack.enter_context(_local(distributed, workers))))
        else:
            if workers is not None:
                log.info("--workers %d is ignored: the cluster at %s has workers of its own", workers, address)
            log.info("looking for the cluster at %s", address)
            client = stack.enter_context(distributed.Client(address, timeout=WAIT_SECONDS))
    except (OSError, ValueError, TimeoutError) as error:
        remedy = "start it with `dask scheduler` and `dask worker`, or write --cluster local"
        raise ClusterError(Problem(f"no cluster answers: {error}", remedy, address)) from error
    try:
        if not client.nthreads():
            log.info("the cluster has no workers yet: waiting up to %.0f s for the first", patience)
        client.wait_for_workers(1, timeout=patience)
    except TimeoutError as error:
        start = "dask worker" if address == "local" else f"dask worker {address}"
        message = f"the cluster has no workers, and none has joined within {patience:.0f} s"
        raise ClusterError(Problem(message, f"start some with `{start}`", address)) from error
    log.info("%s on the cluster", counted(sum(client.nthreads().values()), "thread"))
    return client


def _local(distributed: Any, workers: int | None) -> Any:
    """Worker processes of a cluster on this machine, which leave signals to this process."""
    number = workers or processors()
    log.info("a cluster of %s starts on this machine", counted(number, "worker"))
    resource_tracker.ensure_running()  # its first start would let the signals through again
    with held_back():
        return distributed.LocalCluster(
            n_workers=number, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        )
