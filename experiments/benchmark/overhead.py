"""What runner and store cost beside building and running the same batches in the same process without a store."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sco_sim import load_scenario, run
from sco_sim.case.case import Case
from sco_sim.engine.build import build_model
from sco_sim.studies.sweep.experiment import Experiment
from sco_sim.studies.sweep.sweep import prepare, run_sweep

BATCH = 256
SWEEP = {
    "factors": {
        "persistence": {"path": "parameters.trust.persistence", "low": 0.35, "high": 0.6},
        "rule": {"path": "decision_rule", "kind": "categorical", "values": ["consensus", "consensus_minus"]},
    },
    "design": {"latin_hypercube": {"n": 16}},
}
"""Factors of the ledger and of a policy: points of two structures, which no model can hold together."""

Work = Callable[[Path], object]


def trajectories(scenario: Path, worlds: int) -> tuple[Work, Work]:
    """Every metric of every year of a scenario: the engine alone, and to a stored run."""
    found, case = load_scenario(scenario), Case(None)

    def alone(_: Path) -> None:
        for first in range(0, worlds, BATCH):
            build_model(found, case=case, worlds=range(first, first + BATCH)).run()

    return alone, lambda folder: run(found, worlds=worlds, batch=BATCH, out=folder)


def sweep(scenario: Path, worlds: int) -> tuple[Work, Work]:
    """The same for the points of a sweep, which keeps outcomes of the whole in every fifth year."""
    experiment = Experiment.model_validate(
        {"name": "overhead", "scenarios": [str(scenario)], "sweep": {**SWEEP, "worlds": worlds // 16}}
    )
    ready = prepare(experiment)

    def alone(_: Path) -> None:
        for job, chosen in ready.tasks(range(worlds), BATCH, 1):
            job.block(chosen)

    return alone, lambda folder: run_sweep(experiment, batch=BATCH, out=folder)


def cost(work: Work) -> tuple[float, float]:
    """Seconds of processor and on the wall."""
    folder = Path(tempfile.mkdtemp())
    processor, wall = time.process_time(), time.perf_counter()
    work(folder / "run")
    spent = time.process_time() - processor, time.perf_counter() - wall
    shutil.rmtree(folder)
    return spent


def line(name: str, pair: tuple[Work, Work], repeats: int) -> str:
    """A line of the page: how much longer the stored run takes, one worker, start-up in neither."""
    for work in pair:
        cost(work)  # warm-up
    found = [(cost(pair[0]), cost(pair[1])) for _ in range(repeats)]
    extra = [[100.0 * (stored[clock] / alone[clock] - 1.0) for alone, stored in found] for clock in (0, 1)]
    processor, wall = (
        f"{statistics.median(values):.0f} % ({min(values):.0f} to {max(values):.0f})" for values in extra
    )
    return f"- Runner and store, {name}: {processor} more processor than the engine alone, {wall} more on the wall."
