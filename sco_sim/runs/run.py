"""Simulate worlds into a stored run, in batches, here or in processes; and again from a manifest."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sco_sim.engine.record import Block, Progress
from sco_sim.errors import ScenarioError, StoreError
from sco_sim.runs.workers import Finished, Task, batches
from sco_sim.store.folder import database
from sco_sim.store.manifest import make_manifest, tables
from sco_sim.store.stored_run import StoredRun, open_run
from sco_sim.store.writer import Writer, done_of

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario

#: Finished batches are stored together, since the wait for the disk is as long for many worlds as for one.
COMMIT_WORLDS, COMMIT_SECONDS = 512, 1.0


@dataclass(frozen=True)
class Job:
    """What a process needs to simulate worlds: plain values, so that they travel."""

    scenario: Mapping[str, Any]
    case: str | None
    data_hash: str
    seed: int
    replicates: int
    fixed_parameters: bool
    strict: ClassVar[bool] = True

    def block(self, worlds: Sequence[int]) -> Block:
        """Simulate worlds together."""
        from sco_sim.engine import build
        from sco_sim.scenario.schema import Scenario

        return build.simulate(
            Scenario.from_resolved(dict(self.scenario), allow_code=True),  # data of our own process
            case=tables(self.case, self.data_hash),
            worlds=tuple(worlds),
            seed=self.seed,
            replicates=self.replicates,
            fixed_parameters=self.fixed_parameters,
        )


def cut(worlds: Sequence[int], batch: int, workers: int) -> list[Sequence[int]]:
    """Worlds in batches of at most `batch`, and at least one batch per worker."""
    size = max(1, min(batch, -(-len(worlds) // workers)))
    return [worlds[first : first + size] for first in range(0, len(worlds), size)]


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

    def tell(worlds: int) -> None:
        nonlocal finished
        finished += worlds
        if progress:
            progress(finished, len(wanted))

    tell(0)
    pending: list[Finished] = []

    def store() -> None:
        together = tuple(pending)
        pending.clear()  # what the disk refuses is not tried again
        writer.commit([b.packed for b in together if b.packed], [f for b in together for f in b.failures])
        tell(sum(batch.worlds for batch in together))

    last = time.monotonic()
    try:
        with closing(batches(still_wanted(), writer.layout, workers, cluster)) as found:
            for batch in found:
                pending.append(batch)
                if sum(one.worlds for one in pending) >= COMMIT_WORLDS or time.monotonic() - last > COMMIT_SECONDS:
                    store()
                    last = time.monotonic()
    finally:
        if pending:  # also when interrupted: finished worlds are kept
            store()


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
    batch: int = 256,
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
