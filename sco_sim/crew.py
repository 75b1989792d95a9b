"""Worker processes on Linux that are at work at once: one helper loads what all of them need, then forks them.

A worker that starts on its own spends two seconds of processor on imports, tables and kernels. The helper is a fresh
process of one thread, so that forking it is safe whatever the caller's process does; it starts while the caller still
reads and checks. If the caller dies, even by SIGKILL, its pipes close and helper and workers end.
"""

from __future__ import annotations

import atexit
import gc
import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from queue import Empty, Queue
from threading import Lock, Thread
from typing import Any

#: Elsewhere forking is not to be had, or not safe.
AVAILABLE = sys.platform == "linux"
#: One worker to a processor leaves no room for threads within it, and a process of one thread may fork; the last one is
#: of the memory allocator that comes with pyarrow.
ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"),
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
#: What stands in line behind the last answer of a worker.
IDLE = object()
#: A function and its arguments; has to be one that another process can import.
Call = tuple[Callable[..., Any], tuple[Any, ...]]


class WorkerDied(Exception):  # noqa: N818
    """A worker process ended without an answer."""


class Crew:
    """Worker processes that outlive a call of `work`, until something goes wrong or the process ends."""

    def __init__(self, size: int) -> None:
        """Start the helper, and do not wait for it."""
        pipes = [Pipe() for _ in range(1 + size)]
        self.control, *self.workers = (ours for ours, _ in pipes)
        theirs = [end.fileno() for _, end in pipes]
        code = f"import sys; sys.path[:] = {sys.path!r}; from sco_sim.crew import serve; serve({theirs!r})"
        self.helper = subprocess.Popen(
            [sys.executable, "-c", code], pass_fds=theirs, env=ONE_THREAD | os.environ, stdin=subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl-C is the caller's business alone
        )  # fmt: skip
        for _, end in pipes:
            end.close()
        self.begun = self.busy = False

    @property
    def alive(self) -> bool:
        """Whether it can be given work."""
        return not self.control.closed and self.helper.poll() is None

    def close(self) -> None:
        """End helper and workers, and let go of the pipes."""
        self.end()
        for worker in self.workers:
            worker.close()

    def end(self) -> None:
        """End helper and workers, whatever they do."""
        self.control.close()
        if not self.begun:
            self.helper.kill()
        self.helper.wait()

    def work(self, first: Callable[[], object] | None, calls: Iterable[Call]) -> Generator[Any, None, None]:
        """The answers to calls as they come; raises what a call raises, and WorkerDied.

        Args:
            first: Done once in the helper before it forks, for what it leaves in memory; an error in it is no error.
            calls: Taken from as workers fall idle, in another thread.
        """
        self.busy = True
        if not self.begun:
            with suppress(OSError):  # a helper that is dead makes itself heard below
                self.control.send(first)
            self.begun = True
        ahead, lock = iter(calls), Lock()
        answers: Queue[tuple[bool, Any]] = Queue(maxsize=len(self.workers))

        def drive(worker: Connection) -> None:
            try:
                while True:
                    with lock:
                        call = next(ahead, None)
                    if call is None:
                        break
                    worker.send(call)
                    answers.put(worker.recv())
            except (EOFError, ConnectionError):
                answers.put((False, WorkerDied()))
            except BaseException as error:
                answers.put((False, error))
            else:
                answers.put((True, IDLE))

        threads = [Thread(target=drive, args=(worker,), daemon=True) for worker in self.workers]
        for thread in threads:
            thread.start()
        idle = 0
        try:
            while idle < len(threads):
                good, answer = answers.get()
                if not good:
                    raise answer
                if answer is IDLE:
                    idle += 1
                else:
                    yield answer
        finally:
            if idle < len(threads):
                self.end()
            while any(thread.is_alive() for thread in threads):
                with suppress(Empty):
                    answers.get(timeout=0.05)
            self.busy = False


_crews: list[Crew] = []


def crew(size: int) -> Crew:
    """A crew of so many workers that has nothing to do: one of this process if there is, else a new one."""
    for found in [found for found in _crews if not found.busy]:
        if found.alive and len(found.workers) == size:
            return found
        _crews.remove(found)
        found.close()
    _crews.append(Crew(size))
    return _crews[-1]


def start(workers: int, cluster: str | None = None) -> None:
    """Let worker processes load while the caller still reads and checks, if it will want them."""
    if AVAILABLE and workers > 1 and cluster is None:
        crew(workers)


@atexit.register
def dismiss() -> None:
    """End all worker processes."""
    while _crews:
        _crews.pop().close()


def serve(descriptors: list[int]) -> None:
    """What the helper does: load, fork a worker for each descriptor but the first, and end them when that closes."""
    from sco_sim import build  # noqa: F401
    from sco_sim.fast import compiled

    compiled()
    control, *workers = (Connection(descriptor) for descriptor in descriptors)
    with suppress(Exception):
        first = control.recv()
        first()
    gc.freeze()  # what is shared stays shared: the collector would write to all of it
    children = [_fork(place, [control, *workers]) for place in range(1, 1 + len(workers))]
    for worker in workers:
        worker.close()
    with suppress(EOFError, OSError):
        control.recv()
    for child in children:
        os.kill(child, signal.SIGKILL)
    for child in children:
        os.waitpid(child, 0)


def _fork(place: int, connections: list[Connection]) -> int:
    """A worker on one of the connections."""
    child = os.fork()
    if child:
        return child
    try:
        for number, connection in enumerate(connections):
            if number != place:
                connection.close()
        _answer(connections[place])
    finally:
        os._exit(0)


def _answer(caller: Connection) -> None:
    """Do what the caller asks for until it goes away."""
    with suppress(EOFError, OSError):
        while True:
            function, arguments = caller.recv()
            try:
                answer = True, function(*arguments)
            except BaseException as error:
                answer = False, _portable(error)
            caller.send(answer)
            del answer
            gc.collect()  # a model is a ring of references: without this, memory is that of many batches


def _portable(error: BaseException) -> BaseException:
    """An error with a note of where it was raised, as one that travels."""
    text = "".join(traceback.format_exception(error))
    error.add_note(text)
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(text)
    return error
