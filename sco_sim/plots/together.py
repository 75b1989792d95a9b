"""Draws many figures at once, in worker processes and here: whoever is free takes the next one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from sco_sim.errors import SimError, StoreError
from sco_sim.runs.pool import Processes, processes, processors

Draw = Callable[..., list[Path]]
Job = tuple[Any, ...]
Drawn = list[Path] | SimError

FEWEST = 6
"""Figures from which on workers pay: one takes about as long as a worker takes to start, half a second to a second."""
AHEAD = 2
"""Figures that a worker has at once, the one that it draws and the next."""


def draw_each(draw: Draw, jobs: Sequence[Job], workers: int | None = None) -> list[list[Path]]:
    """What `draw` writes for each job, in their order; every job is tried before the errors of any are raised.

    Args:
        draw: Called with the parts of a job, which travel to other processes.
        jobs: One for each figure.
        workers: Processes that draw, this one among them; a processor each, or none but this for a few, if left out.

    Raises:
        SimError: Some could not be drawn: the problems of all of them.
        WorkerError: A worker process was killed.
    """
    count = min(len(jobs), workers or (processors() if len(jobs) >= FEWEST else 1))
    if count > 1:
        with processes(count - 1) as pool:
            drawn = _shared(pool, draw, jobs)
    else:
        drawn = [_tried(draw, job) for job in jobs]
    errors = [one for one in drawn if isinstance(one, SimError)]
    if errors:
        problems = dict.fromkeys(problem for one in errors for problem in one.problems)
        raise errors[0] if len(errors) == 1 else StoreError(*problems)
    return [one for one in drawn if not isinstance(one, SimError)]


def _tried(draw: Draw, job: Job) -> Drawn:
    try:
        return draw(*job)
    except SimError as error:
        return error


def _shared(pool: Processes, draw: Draw, jobs: Sequence[Job]) -> list[Drawn]:
    """Workers take the first that wait, this process the last."""
    waiting = deque(range(len(jobs)))
    given: dict[int, Future[Drawn]] = {}
    here: dict[int, Drawn] = {}
    while waiting:
        busy = sum(not one.done() for one in given.values())
        for _ in range(min(len(waiting), AHEAD * pool.size() - busy)):
            at = waiting.popleft()
            given[at] = pool.submit(_tried, draw, jobs[at])
        if waiting:
            at = waiting.pop()
            here[at] = _tried(draw, jobs[at])
    return [here[at] if at in here else given[at].result() for at in range(len(jobs))]
