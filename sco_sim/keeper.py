"""When finished batches are committed: together, and beside the simulation of the next ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from sco_sim.batches import Finished
from sco_sim.writer import Writer


class Keeper:
    """Commits finished batches, some together, in a thread of its own: while that waits for the disk, others work."""

    def __init__(self, writer: Writer, tell: Callable[[int], None], worlds: int, seconds: float) -> None:
        """Commit after so many worlds or seconds; `tell` is called, in the caller's thread, with the worlds of each."""
        self.writer, self.tell, self.worlds, self.seconds = writer, tell, worlds, seconds
        self.pending: list[Finished] = []
        self.began = time.monotonic()
        self.thread = ThreadPoolExecutor(max_workers=1)
        self.commit: Future[int] | None = None

    def __enter__(self) -> Self:
        """Ready."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Commit what is left, also when interrupted: finished worlds are kept."""
        with self.thread:
            self.store()
            self.wait()

    def take(self, batch: Finished) -> None:
        """Take a batch, and begin a commit if it is time; raises what the commit before it raised."""
        self.pending.append(batch)
        worlds = sum(batch.worlds for batch in self.pending)
        if worlds >= self.worlds or time.monotonic() - self.began > self.seconds:
            self.store()

    def store(self) -> None:
        """Begin to commit what is pending, once the commit before is done."""
        self.wait()
        if self.pending:
            self.commit = self.thread.submit(self._commit, tuple(self.pending))
            self.pending.clear()
        self.began = time.monotonic()

    def _commit(self, batches: Sequence[Finished]) -> int:
        self.writer.commit([b.packed for b in batches if b.packed], [f for b in batches for f in b.failures])
        return sum(batch.worlds for batch in batches)

    def wait(self) -> None:
        """Wait for the commit under way; raises what it raised."""
        if self.commit:
            commit, self.commit = self.commit, None
            self.tell(commit.result())
