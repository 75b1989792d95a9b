"""Simulates the worlds of a stored run again and compares the bits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sco_sim.engine.record import Failure, Progress
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.runs.run import run
from sco_sim.store.manifest import case_of, version_differences
from sco_sim.store.stored import Stored
from sco_sim.store.stored_run import StoredRun, open_run


@dataclass(frozen=True)
class Rerun:
    """A stored run beside the same worlds simulated again from its manifest."""

    worlds: tuple[int, ...]
    before: str
    after: str
    differs: tuple[str, ...]
    """What is not as it was when the run was simulated: code, data, versions."""
    failures: tuple[Failure, ...]
    """Worlds that failed this time."""

    @property
    def same(self) -> bool:
        """Whether every bit came out again."""
        return self.before == self.after


def rerun(
    folder: Path | str,
    *,
    world: int | None = None,
    workers: int | None = None,
    case: Path | str | None = None,
    progress: Progress | None = None,
) -> Rerun:
    """Simulate the worlds of a stored run again in a temporary folder and compare the bits.

    Args:
        folder: The stored run, which is only read.
        world: One world, all if left out.
        workers: Processes to simulate in; chosen by the amount of work if left out.
        case: Where the case is now, if not where the manifest says.
        progress: Called with the finished and the wanted number of worlds.

    Raises:
        StoreError: The run cannot be read.
        ScenarioError: The run has no such world.
    """
    old = open_run(folder)
    manifest = old.manifest

    def again(target: str, chosen: Sequence[int]) -> StoredRun:
        return run(
            old.scenario,
            worlds=chosen,
            replicates=manifest["replicates"],
            seed=manifest["seed"],
            workers=workers,
            out=target,
            case=case_of(manifest) if case is None else case,
            fixed_parameters=manifest["fixed_parameters"],
            progress=progress,
        )

    return compared(old, world, again)


def compared(old: Stored, world: int | None, again: Callable[[str, Sequence[int]], Stored]) -> Rerun:
    """A stored run beside what `again` makes of one or all of its worlds in a temporary folder."""
    known = tuple(int(number) for number in old.worlds()["world"])
    where = str(old.path)
    if world is not None and world not in known:
        raise ScenarioError(Problem(f"no world {world} in this run", f"it has {counted(len(known), 'world')}", where))
    if not known:
        raise ScenarioError(Problem("no world of this run is finished", "give its command again", where))
    chosen = known if world is None else (world,)
    with TemporaryDirectory(prefix="sco-sim-") as target:
        new = again(target, chosen)
        worlds = new.worlds()
        failed = worlds.loc[worlds["status"] == "failed", ["world", "error", "traceback"]]
        failures = tuple(Failure(*row) for row in failed.itertuples(index=False, name=None))
        differs = tuple(version_differences(old.manifest))
        return Rerun(chosen, old.digest(chosen), new.digest(), differs, failures)
