"""Times this engine against the per-agent Mesa model of the same rules under `mesa.batch_run`, side by side.

    python experiments/benchmark/engine_vs_mesa.py [--worlds 1000] [--peer-worlds 20] [--repeats 5]

Both read the same built worlds of scenarios/combined.yaml (ten states, 2020-2035), record every metric every year and
run on one thread; reading the tables is in neither time. The runs are interleaved, and the ratio is taken pair by pair
of seconds per world-year, so that a machine whose speed drifts does not favour one. The peer is the oracle of
tests/oracle, whose numbers agree with the engine's to 1e-10. Also prints the start-up seconds of the command line.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"

import mesa  # noqa: E402

from sco_sim.build import build_model  # noqa: E402
from sco_sim.load import load_scenario  # noqa: E402
from tests.oracle.oracle_model import OracleModel  # noqa: E402

SCENARIO = ROOT / "scenarios" / "combined.yaml"
BATCH = 128


def engine_seconds(worlds: int, years: int) -> float:
    """Seconds per world-year of the engine, in batches as the runner makes them, building not counted."""
    scenario, spent = load_scenario(SCENARIO), 0.0
    for first in range(0, worlds, BATCH):
        model = build_model(scenario, worlds=range(first, min(first + BATCH, worlds)))
        begun = time.perf_counter()
        model.run()
        spent += time.perf_counter() - begun
    return spent / (worlds * years)


def peer_seconds(worlds: int, years: int) -> float:
    """Seconds per world-year of mesa.batch_run over the same rules, building of the shared inputs not counted."""
    built = build_model(load_scenario(SCENARIO), worlds=range(worlds))
    begun = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # batch_run itself is deprecated in some Mesa releases
        mesa.batch_run(
            OracleModel,
            parameters={"built": [built], "row": list(range(worlds)), "collect": [True]},
            max_steps=years - 1,  # batch_run makes one step more than it is told
            data_collection_period=-1,
            number_processes=1,
            display_progress=False,
        )
    return (time.perf_counter() - begun) / (worlds * years)


def start_up(arguments: list[str]) -> float:
    """Median CPU seconds of five runs of the command line."""
    spent = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "sco_sim", *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--peer-worlds", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    horizon = load_scenario(SCENARIO).horizon
    years = horizon.end - horizon.start
    engine_seconds(BATCH, years)  # warm-up
    ours, theirs = [], []
    for _ in range(given.repeats):
        ours.append(engine_seconds(given.worlds, years))
        theirs.append(peer_seconds(given.peer_worlds, years))
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    print(f"ten states, {years} years, {given.repeats} interleaved pairs; Mesa {mesa.__version__}")
    print(f"{'':38}{'median':>10}{'min':>10}{'max':>10}")
    rows = (
        (f"engine, us a world-year ({given.worlds} worlds)", [1e6 * x for x in ours]),
        (f"mesa.batch_run, us ({given.peer_worlds} worlds)", [1e6 * x for x in theirs]),
        ("ratio", ratios),
    )
    for name, values in rows:
        print(f"{name:38}{statistics.median(values):10.1f}{min(values):10.1f}{max(values):10.1f}")
    for arguments in (["--help"], ["validate", "scenarios/baseline.yaml"]):
        print(f"sco-sim {' '.join(arguments)}: {start_up(arguments):.2f} s of CPU")


if __name__ == "__main__":
    main()
