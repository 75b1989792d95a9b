"""What the engine costs, beside Mesa and AgentPy on the same rules and beside bare arrays: one command, one table.

    python experiments/benchmark/benchmark.py [--repeats 5] [--quick]

Everything runs on one thread but where two workers are named. Runs are interleaved, and ratios are taken pair by pair,
so that a machine whose speed drifts favours nobody; processor seconds are counted, seconds on the wall for two workers.
Reading tables and building is in no time of the peers nor of the engine beside them. Mesa's peer is the oracle of
tests/oracle under `mesa.batch_run`, AgentPy's is agentpy_baseline.py (extra `bench`); both arrive at the engine's
numbers. Writes docs/benchmark.md, which the README quotes. large.py, beside this file, times 100,000 worlds.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
import warnings
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import mesa  # noqa: E402
import numpy as np  # noqa: E402
import overhead  # noqa: E402
from synthetic import synthetic  # noqa: E402

from sco_sim import load_scenario  # noqa: E402
from sco_sim.case.case import Case  # noqa: E402
from sco_sim.engine.build import build_model  # noqa: E402
from sco_sim.numerics.compiled import kernels  # noqa: E402
from sco_sim.numerics.functions import expit, second_eigenvalue, to_normal  # noqa: E402
from tests.oracle.oracle_model import OracleModel  # noqa: E402

PAGE = ROOT / "docs" / "benchmark.md"
BATCH = 256
YEARS = 17
COMBINED = ROOT / "scenarios" / "combined.yaml"
CASE = Case(None)


def scenario(name: str, **changes: str) -> object:
    """A shipped scenario with overrides, `__` standing for a dot."""
    return load_scenario(ROOT / "scenarios" / f"{name}.yaml", {k.replace("__", "."): v for k, v in changes.items()})


def engine(found: object, worlds: int, batch: int = BATCH, replicates: int = 4) -> float:
    """Processor microseconds a world-year, every metric in every year."""
    spent, years = 0.0, found.horizon.end - found.horizon.start  # type: ignore[attr-defined]
    for first in range(0, worlds, batch):
        part = range(first, min(first + batch, worlds))
        model = build_model(found, case=CASE, worlds=part, replicates=replicates)  # type: ignore[arg-type]
        begun = time.process_time()
        model.run()
        spent += time.process_time() - begun
    return 1e6 * spent / (worlds * years)


def peer_mesa(found: object, worlds: int) -> float:
    """The same for mesa.batch_run over the oracle, every metric in every year."""
    built = build_model(found, case=CASE, worlds=range(worlds))  # type: ignore[arg-type]
    begun = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # batch_run itself is deprecated in some Mesa releases
        mesa.batch_run(
            OracleModel,
            parameters={"built": [built], "row": list(range(worlds)), "collect": [True]},
            max_steps=100,  # the worlds stop by themselves at the end of their horizon
            data_collection_period=-1,
            number_processes=1,
            display_progress=False,
        )
    return 1e6 * (time.process_time() - begun) / (worlds * YEARS)


def peer_agentpy(found: object, worlds: int) -> float:
    """The same for AgentPy, seven outcomes in every year; checks that it arrives at the engine's numbers."""
    import agentpy
    from agentpy_baseline import World

    built = build_model(found, case=CASE, worlds=range(worlds))  # type: ignore[arg-type]
    sample = [{"built": built, "row": row, "steps": YEARS} for row in range(worlds)]
    begun = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = agentpy.Experiment(World, sample=sample, record=True).run(display=False)
    spent = time.process_time() - begun
    block = build_model(found, case=CASE, worlds=range(worlds)).run()  # type: ignore[arg-type]
    for key in ("conflict_share_mean", "trade_total_busd", "cohesion", "disputes"):
        theirs = [results.variables.World.loc[row][key].iloc[-1] for row in range(worlds)]
        np.testing.assert_allclose(theirs, block.metrics[key][:, -1], rtol=1e-9)
    return 1e6 * spent / (worlds * YEARS)


def limit(worlds: int, states: int = 10) -> float:
    """Bare arrays: the engine's random numbers, one line of arithmetic a channel, and the spectrum; no components."""
    size, luck = states * (states - 1) // 2, np.random.default_rng(1)
    first, second = np.triu_indices(states, 1)
    channels = 9  # disputes, trade, people, students twice, cities, security, trust twice
    begun = time.process_time()
    for start in range(0, worlds, BATCH):
        count = min(BATCH, worlds - start)
        z = to_normal(luck.random((channels, count, YEARS, size)))
        x = np.zeros((channels, count, size))
        matrix = np.zeros((count, states, states))
        for year in range(YEARS):
            x *= 0.9
            x += z[:, :, year]
            tau = -expit(x[-1])
            matrix[:] = 0.0
            matrix[:, first, second] = tau
            matrix[:, second, first] = tau
            matrix[:, np.arange(states), np.arange(states)] = -matrix.sum(axis=2)
            second_eigenvalue(matrix)
    return 1e6 * (time.process_time() - begun) / (worlds * YEARS)


def stored(worlds: int, workers: int) -> tuple[float, float]:
    """Seconds on the wall of `sco-sim run` from start to stored run, and the largest megabytes of its process.

    Linux's VmHWM, since `ru_maxrss` of a child begins with what its parent, this benchmark, holds; nan elsewhere.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = ["run", "combined", "--worlds", str(worlds), "--workers", str(workers), "--batch", str(BATCH)]
        code = (
            "import pathlib, re, sys, time; from sco_sim.cli.main import app; begun = time.perf_counter()\n"
            f"try: app({[*command, '--out', folder + '/run', '--json']!r})\n"
            "except SystemExit: pass\n"
            "status = pathlib.Path('/proc/self/status')\n"
            "most = re.search(r'VmHWM:\\s*(\\d+)', status.read_text())[1] if status.exists() else 'nan'\n"
            "print(time.perf_counter() - begun, float(most) / 1024, file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    seconds, megabytes = done.stderr.strip().splitlines()[-1].split()
    return float(seconds), float(megabytes)


def memory(worlds: int) -> float:
    """Kilobytes a world at the peak of building and running one batch."""
    tracemalloc.start()
    build_model(scenario("combined"), case=CASE, worlds=range(worlds)).run()  # type: ignore[arg-type]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / worlds / 1024


def interleaved(work: dict[str, Callable[[], float]], repeats: int) -> dict[str, list[float]]:
    """Each of several measurements in turn, so many times over."""
    times: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(repeats):
        for name, one in work.items():
            times[name].append(one())
    return times


def spread(values: list[float], digits: int = 0) -> str:
    """Median and range."""
    return f"{statistics.median(values):,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def ratios(mine: list[float], theirs: list[float]) -> str:
    """Median and range of the ratios of pairs."""
    return spread([b / a for a, b in zip(mine, theirs, strict=True)])


def peers(repeats: int, quick: bool) -> list[str]:
    """The table of the engine and its peers."""
    combined, baseline = scenario("combined"), scenario("baseline", policies="[]")
    many, few = (512, 4) if quick else (1024, 12)
    work = {
        "combined": partial(engine, combined, many), "combined, Mesa": partial(peer_mesa, combined, few),
        "baseline": partial(engine, baseline, many), "baseline, Mesa": partial(peer_mesa, baseline, few),
        "limit": partial(limit, many),
    }  # fmt: skip
    if find_spec("agentpy"):
        work["baseline, AgentPy"] = partial(peer_agentpy, baseline, few)
    interleaved(work, 1)  # warm-up
    found = interleaved(work, repeats)
    row = "| {} | {} | {} |".format
    return [
        f"| ten states, {YEARS} years, one thread | microseconds a world-year | times the engine |", "|---|---|---|",
        row("engine, `combined`, every metric every year", spread(found["combined"]), 1),
        row("`mesa.batch_run`, same rules", spread(found["combined, Mesa"]),
            ratios(found["combined"], found["combined, Mesa"])),
        row("engine, `baseline`", spread(found["baseline"]), 1),
        row("`mesa.batch_run`, same rules", spread(found["baseline, Mesa"]),
            ratios(found["baseline"], found["baseline, Mesa"])),
        *(row("AgentPy, same rules, seven outcomes", spread(found[key]), ratios(found["baseline"], found[key]))
          for key in ["baseline, AgentPy"] if key in found),
        row("bare arrays: random numbers and a spectrum", spread(found["limit"], 1),
            spread([b / a for a, b in zip(found["baseline"], found["limit"], strict=True)], 2)),
    ]  # fmt: skip


def costs(repeats: int, quick: bool) -> list[str]:
    """The table of what states, years, worlds and replicates cost."""
    lines = ["| what varies | value | microseconds a world-year |", "|---|---|---|"]
    calm = scenario("no_events")
    for states, worlds in ((10, 256), (27, 64), (100, 8), (200, 2)):
        if quick and states > 100:
            continue
        spent = []
        for _ in range(min(repeats, 3)):
            model = synthetic(calm, states, range(worlds))
            begun = time.process_time()
            model.run()
            spent.append(1e6 * (time.process_time() - begun) / (worlds * YEARS))
        lines.append(f"| states (copies, no events) | {states} | {spread(spent)} |")
    for end in (2033, 2040, 2053):
        found = scenario("combined", horizon__end=str(end))
        lines.append(f"| years | {end - 2023} | {spread([engine(found, 256) for _ in range(min(repeats, 3))])} |")
    for worlds in (1, 16, 256, 1024):
        spent = [engine(scenario("combined"), worlds, worlds) for _ in range(min(repeats, 3))]
        lines.append(f"| worlds in a batch | {worlds} | {spread(spent)} |")
    for replicates in (1, 4, 64):
        spent = [engine(scenario("combined"), 256, replicates=replicates) for _ in range(min(repeats, 3))]
        lines.append(f"| replicates | {replicates} | {spread(spent)} |")
    return lines


def workers(repeats: int, quick: bool) -> list[str]:
    """The lines on stored runs: two workers, a rate, memory."""
    worlds = 2048 if quick else 8192
    times = {1: [stored(worlds, 1)[0]], 2: [stored(worlds, 2)[0]]}
    for _ in range(min(repeats, 3) - 1):
        for count, found in times.items():
            found.append(stored(worlds, count)[0])
    gain = spread([a / b for a, b in zip(times[1], times[2], strict=True)], 2)
    small, large = stored(1024, 1)[1], stored(worlds, 1)[1]
    return [
        f"- `sco-sim run combined --worlds {worlds}` to the stored run: {spread(times[1], 1)} s with one worker, "
        f"{spread(times[2], 1)} s with two, {gain} times as fast; at that rate 100,000 worlds take "
        f"{100_000 / worlds * statistics.median(times[2]):.0f} s.",
        overhead.line("full trajectories", overhead.trajectories(COMBINED, worlds // 4), repeats),
        overhead.line("a sweep", overhead.sweep(COMBINED, worlds // 4), repeats),
        f"- Memory: {memory(256):.0f} kB a world at the peak of a batch; the process holds {small:.0f} MB after 1,024 "
        f"worlds and {large:.0f} MB after {worlds:,}.",
    ]


def start_up(words: list[str]) -> str:
    """A line on the processor seconds of a command, median of five."""
    code = (
        "import resource, subprocess, sys; subprocess.run([sys.executable, '-m', 'sco_sim', *sys.argv[1:]], "
        "check=True, stdout=subprocess.DEVNULL); used = resource.getrusage(resource.RUSAGE_CHILDREN); "
        "print(used.ru_utime + used.ru_stime)"
    )
    spent = []
    for _ in range(5):
        command = [sys.executable, "-c", code, *words]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        spent.append(float(done.stdout))
    return f"- `sco-sim {' '.join(words)}`: {statistics.median(spent):.2f} s of processor."


def main() -> None:
    """Measure, print and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="fewer worlds, for a try; the page is not written")
    given = parser.parse_args()
    about = (
        f"Python {platform.python_version()}, NumPy {np.__version__}, Mesa {mesa.__version__}, kernels: {kernels()}, "
        f"{os.cpu_count()} processors of {platform.machine()}; medians of {given.repeats} interleaved runs, with their "
        "range; processor time, but seconds on the wall for stored runs."
    )
    text = "\n".join(
        ["# Benchmark", "", "Written by `python experiments/benchmark/benchmark.py`.", about, "",
         *peers(given.repeats, given.quick), "", *costs(given.repeats, given.quick), "",
         *workers(given.repeats, given.quick), start_up(["--help"]), start_up(["validate", "scenarios/baseline.yaml"]),
         ""]
    )  # fmt: skip
    print(text)
    if not given.quick:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
