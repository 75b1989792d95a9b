"""`sco-sim sweep`: simulate every point of an experiment, or say what that would take."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sco_sim.commands.files import shipped
from sco_sim.commands.folders import refuse_folder
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, note, say
from sco_sim.commands.screen.progress import duration, progress
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.runs.pool import choose_workers
from sco_sim.runs.workers import joined
from sco_sim.store.encode import pack
from sco_sim.store.writer import Writer
from sco_sim.studies.sweep.experiment import Experiment, load_experiment
from sco_sim.studies.sweep.sweep import Prepared, prepare, preview, run_sweep, widest


def main(
    file: Path,
    *,
    workers: int | None,
    cluster: str | None,
    out: Path | None,
    dry_run: bool,
    until: Sequence[str],
    case: Path | None,
    batch: int,
    force: bool,
    as_json: bool,
    sets: Sequence[str] = (),
) -> int:
    """Sweep and say where it is stored; the exit code: 3 if worlds failed."""
    _check_file(file)
    experiment = load_experiment(file, case, sets)
    widths = dict(_width(text) for text in until)
    folder = Path("results") / experiment.name if out is None else out
    if dry_run:
        expected = foreseen(experiment, case, batch, workers)
        if as_json:
            emit(expected)
        else:
            say_estimate(expected)
        return 0
    ready = prepare(experiment, case)
    size = _size(ready, len(ready.rows))
    with progress(experiment.name, folder) as tick:
        stored = run_sweep(
            experiment, workers=workers, cluster=cluster, out=folder, case=case, batch=batch, force=force,
            progress=tick, until=widths,
        )  # fmt: skip
    worlds, failed, errors = stored.worlds(), stored.failed, {name: widest(stored, name) for name in widths}
    if as_json:
        emit({**size, "worlds": len(worlds), "path": folder, "failed": failed, "seed": experiment.sweep.seed,
              "errors": errors, "digest": stored.digest(), **stored_observed(stored),
              **of_view(experiment.loaded(case)[0])})  # fmt: skip
    else:
        say(experiment.title or experiment.name, "bold")
        say(experiment.question)
        say(f"{_in_words(size, len(worlds))}, seed {experiment.sweep.seed}")
        say_view(experiment.loaded(case))
        heading(f"Stored in {folder}")
    say_stored_observed(stored, aside=as_json)
    for name, width in widths.items():
        if not errors[name] <= width:
            note(f"{name}: the standard error is still {errors[name]:.3g} at the widest point, not {width:g}")
    if failed:
        first = worlds[worlds["status"] == "failed"].iloc[0]
        note(
            f"error: {len(failed)} of {counted(len(worlds), 'world')} failed, the first is world {first['world']}, "
            f"point {stored.numbering.point(int(first['world']))}, seed {experiment.sweep.seed}: {first['error']}\n"
            f"    sco-sim rerun {folder} --world {first['world']} shows it again; "
            f"tracebacks are in {folder}/worlds.sqlite"
        )
    return 3 if failed else 0


def _check_file(file: Path) -> None:
    """Raises ScenarioError for a folder or a scenario instead of an experiment."""
    refuse_folder(str(file), "an experiment", "name an experiment file")
    if not file.exists() and str(file) in shipped():
        remedy = f"`sco-sim run {file}` simulates it; an experiment that varies it names it under `scenarios`"
        raise ScenarioError(Problem("this is a scenario, not an experiment file", remedy, str(file)))


def _size(ready: Prepared, rows: int) -> dict[str, Any]:
    """Rows of the design, scenarios, points and worlds of a sweep."""
    points = rows * len(ready.scenarios)
    return {"experiment": ready.experiment.name, "rows": rows, "scenarios": len(ready.scenarios), "points": points,
            "worlds": points * ready.experiment.sweep.worlds}  # fmt: skip


def _in_words(size: Mapping[str, Any], worlds: int) -> str:
    """Worlds, as rows x scenarios x worlds a point."""
    return (
        f"{counted(worlds, 'world')} = {counted(size['rows'], 'row')} of the design x "
        f"{counted(size['scenarios'], 'scenario')} x {counted(worlds // size['points'], 'world')} a point"
    )


def _width(text: str) -> tuple[str, float]:
    """`trade_total_busd: 0.5` as a pair; raises ScenarioError."""
    match = re.fullmatch(r"\s*(\w+(?:\.\w+)?)\s*[:=]\s*([0-9.eE+-]+)\s*", text)
    try:
        if match:
            width = float(match[2])
            if math.isfinite(width):
                return match[1], width
    except ValueError:
        pass
    raise ScenarioError(
        Problem(
            f"'{text}' is no outcome with a width",
            'write --until "trade_total_busd: 0.5" or "trade_total_busd.high_95: 2"',
            "--until",
        )
    )


ENOUGH_SECONDS = 0.2
"""A measurement this long tells the time of a sweep; the next larger one would take four times as long."""
FEW = 16
"""Worlds that are timed at least: of fewer, what a batch takes however small it is hides what a world takes."""


def estimate(ready: Prepared, worlds: int, batch: int, given: int | None) -> dict[str, Any]:
    """Seconds and bytes of so many worlds, from some that are simulated and stored in a temporary folder.

    They are as many as a batch has, or as two tenths of a second allow. A batch takes a time of its own, which one
    world alone shows, and a time for every world.
    """
    start, end = ready.manifest["years"]
    workers = choose_workers(given, worlds, end - start)
    some = range(ready.points * min(ready.experiment.sweep.worlds, batch))
    tasks = ready.tasks(some, batch, min(workers, -(-worlds // batch)))
    job, chosen = next(iter(tasks))
    job.block(chosen[:1])  # the first model of a process reads the tables
    with TemporaryDirectory(prefix="sco-sim-") as folder, Writer(Path(folder), ready.manifest) as writer:
        empty = _bytes(Path(folder))
        measured, times = 1, {}
        while measured not in times:
            began = time.perf_counter()
            block = job.block(chosen[:measured])
            times[measured] = time.perf_counter() - began
            if times[measured] < ENOUGH_SECONDS or measured < FEW:
                measured = min(max(4 * measured, FEW), len(chosen))
        # a batch takes its pages of the database however few worlds it has: these fill a whole one
        starts = range(0, max(min(batch, worlds) // measured, 1) * measured, measured)
        filled = joined([replace(block, worlds=tuple(range(at, at + measured))) for at in starts])
        began = time.perf_counter()
        writer.commit([pack(filled, writer.layout)])
        storing = time.perf_counter() - began
        writer.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = _bytes(Path(folder)) - empty
    stored = measured * len(starts)
    return {
        "workers": workers,
        "measured_worlds": measured,
        "seconds": seconds_of(times, worlds, batch) / workers + worlds * storing / stored,
        "bytes": int(worlds * size / stored),
    }


def seconds_of(times: Mapping[int, float], worlds: int, batch: int) -> float:
    """Seconds of so many worlds in batches, from the seconds that one world and some worlds took together."""
    one, some = times[1], max(times)
    each = max(times[some] - one, 0.0) / (some - 1) if some > 1 else one
    return math.ceil(worlds / batch) * max(one - each, 0.0) + worlds * each


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def foreseen(experiment: Experiment, case: Path | None, batch: int, workers: int | None) -> dict[str, Any]:
    """How many worlds an experiment has, how long they would take and how large they would be."""
    ready, seen = preview(experiment, case)
    size = _size(ready, seen.count)
    return {**size, "exact": seen.exact, **estimate(ready, size["worlds"], batch, workers)}


def say_estimate(expected: dict[str, Any]) -> None:
    """The same in words."""
    about = "" if expected["exact"] else "about "
    say(f"{about}{_in_words(expected, expected['worlds'])}")
    seconds, size, workers = expected["seconds"], expected["bytes"] / 1e6, expected["workers"]
    say(
        f"about {duration(seconds)} with {counted(workers, 'worker')} and {size:,.1f} MB, "
        f"from {counted(expected['measured_worlds'], 'world')} measured here; nothing is stored"
    )
