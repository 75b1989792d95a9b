"""Simulate worlds into a stored run, in batches, here or in processes; and again from a manifest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sco_sim.case.age_words import of_records, warn_of
from sco_sim.engine.record import Block, Progress
from sco_sim.errors import ScenarioError
from sco_sim.limits import MOST_BATCH, MOST_SEED, MOST_WORKERS, MOST_WORLDS
from sco_sim.runs.pool import choose_workers
from sco_sim.runs.workers import Finished, Task, batches, pool
from sco_sim.store.manifest import make_manifest, tables
from sco_sim.store.stored_run import StoredRun, open_run
from sco_sim.store.writer import Writer

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario

COMMIT_WORLDS, COMMIT_SECONDS = 512, 1.0
"""Finished batches are stored together, since the wait for the disk is as long for many worlds as for one."""


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


def _still_wanted(tasks: Iterable[Task], writer: Writer) -> Iterator[Task]:
    """The tasks without the worlds that another process has stored meanwhile."""
    for job, worlds in tasks:
        others = writer.done_of(worlds)
        rest = [world for world in worlds if world not in others]
        if rest:
            yield job, rest


def execute(
    writer: Writer,
    wanted: Sequence[int],
    tasks: Callable[[Sequence[int], int], Iterable[Task]],
    *,
    workers: int | None,
    cluster: str | None = None,
    progress: Progress | None = None,
) -> None:
    """Simulate what is not yet stored of the worlds wanted, and commit each batch as it finishes.

    `tasks` cuts worlds into batches for so many workers; with `workers` None their number follows from the amount of
    work. Batches whose worlds another process has stored meanwhile are passed over.
    """
    writer.want(wanted)
    done = writer.done()
    todo = [world for world in wanted if world not in done] if done else wanted
    finished = len(wanted) - len(todo)

    def report(worlds: int) -> None:
        nonlocal finished
        finished += worlds
        if progress:
            progress(finished, len(wanted))

    report(0)
    if not todo:
        return
    pending: list[Finished] = []

    def store() -> None:
        together = tuple(pending)
        pending.clear()  # what the disk refuses is not tried again
        writer.commit([b.packed for b in together if b.packed], [f for b in together for f in b.failures])
        report(sum(batch.worlds for batch in together))

    if cluster is None:
        first, last = writer.manifest["years"]
        workers = choose_workers(workers, len(todo), last - first)
    latest = time.monotonic()
    try:
        try:
            with pool(workers, cluster) as where:
                for batch in batches(
                    _still_wanted(tasks(todo, where.size() if where else 1), writer), writer.layout, where
                ):
                    pending.append(batch)
                    together = sum(one.worlds for one in pending)
                    if together >= COMMIT_WORLDS or time.monotonic() - latest > COMMIT_SECONDS:
                        store()
                        latest = time.monotonic()
        finally:
            if pending:  # also when interrupted: finished worlds are kept
                store()
    except KeyboardInterrupt:  # it may have come between a commit and its report: what is kept is counted anew
        done = writer.done()
        finished = sum(world in done for world in wanted)
        report(0)
        raise


def run(
    scenario: Scenario | Path | str,
    *,
    worlds: int | Sequence[int] = 200,
    replicates: int = 1,
    seed: int = 1,
    workers: int | None = None,
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
        scenario: The scenario, its file, or the name of a shipped one.
        worlds: How many worlds, or their numbers; world w belongs to setting w // replicates.
        replicates: Worlds that share one draw of parameters.
        seed: Seed of all random streams.
        workers: Processes to simulate in; chosen by the amount of work if left out.
        out: Folder of the run, `results/<name of the scenario>` if left out.
        case: Folder of tables and ledger; that of the scenario, or else the shipped one, if left out.
        fixed_parameters: Hold the ledger at its centre.
        batch: Worlds simulated together at most.
        force: Replace whatever run is stored in the folder.
        progress: Called with the finished and the wanted number of worlds.
        cluster: `local`, or the address of a dask scheduler, to simulate there.

    Raises:
        ScenarioError: A number makes no sense, or the file is wrong.
        StoreError: Other content is in the way, or the disk refuses.
        WorkerError: A worker process was killed.

    Warns (EvidenceWarning) where the evidence behind the start is too old, assumed or missing.
    """
    _check(worlds=worlds, replicates=replicates, workers=workers, batch=batch, seed=seed)
    if isinstance(scenario, str | Path):
        from sco_sim.scenario.load import load_scenario

        scenario = load_scenario(scenario, case=case)
    case = scenario.case if case is None else case
    wanted = range(worlds) if isinstance(worlds, int) else tuple(dict.fromkeys(worlds))
    manifest = make_manifest(scenario, seed=seed, replicates=replicates, fixed_parameters=fixed_parameters, case=case)
    warn_of(of_records(manifest, scenario.horizon.start))
    where = None if case is None else str(case)
    job = Job(scenario.resolved(), where, manifest["data_hash"], seed, replicates, fixed_parameters)
    folder = Path("results") / scenario.name if out is None else Path(out)
    with Writer(folder, manifest, force=force) as writer:
        execute(
            writer, wanted, lambda todo, size: ((job, worlds) for worlds in cut(todo, batch, size)),
            workers=workers, cluster=cluster, progress=progress,
        )  # fmt: skip
    return open_run(folder)


MOST = {"worlds": MOST_WORLDS, "replicates": MOST_WORLDS, "workers": MOST_WORKERS, "batch": MOST_BATCH}


def _check(*, worlds: int | Sequence[int], seed: int, **counts: int | None) -> None:
    """Refuse counts below one, seeds and world numbers below zero, and what is larger than any use."""
    several = () if isinstance(worlds, int) else tuple(worlds)
    known = {**counts, "worlds": worlds if isinstance(worlds, int) else len(several)}
    wrong = [
        f"{name} is {count}, but has to be between 1 and {MOST[name]:,}"
        for name, count in known.items()
        if count is not None and not 1 <= count <= MOST[name]
    ]
    if not 0 <= seed <= MOST_SEED:
        wrong.append(f"seed is {seed}, but has to be between 0 and {MOST_SEED}")
    if not all(0 <= world <= MOST_SEED for world in several):
        wrong.append(f"world numbers have to be between 0 and {MOST_SEED}")
    if wrong:
        raise ScenarioError(*wrong)
