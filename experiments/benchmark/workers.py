"""From how many simulated years on a second worker pays: `sco-sim run combined` with one worker and with two.

    python experiments/benchmark/workers.py [--sizes 1000,4000,16000] [--pairs 5]

Runs of one and of two workers take turns, and the least of each counts, so that whatever else the machine does disturbs
little. Two straight lines through these seconds meet where a second worker begins to pay: the rule of
`sco_sim/runs/pool.py` takes its WORLD_YEARS_PER_WORKER, half of it, from here. Leave the machine alone meanwhile.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from benchmark import YEARS, stored


def seconds(sizes: list[int], pairs: int) -> dict[int, list[float]]:
    """Workers to the least seconds on the wall of each size."""
    least = {workers: [float("inf")] * len(sizes) for workers in (1, 2)}
    for _ in range(pairs):
        for at, worlds in enumerate(sizes):
            for workers, so_far in least.items():
                so_far[at] = min(so_far[at], stored(worlds, workers)[0])
    return least


def pays_from(years: list[int], one: list[float], two: list[float]) -> float:
    """The simulated years at which the line of two workers crosses that of one; NaN if it never gains."""
    (slope_one, start_one), (slope_two, start_two) = (np.polyfit(years, each, 1) for each in (one, two))
    return float((start_two - start_one) / (slope_one - slope_two)) if slope_one > slope_two else float("nan")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,4000,16000", help="worlds")
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    least = seconds(sizes, given.pairs)
    for worlds, one, two in zip(sizes, least[1], least[2], strict=True):
        print(f"{worlds:,} worlds of {YEARS} years: {one:.1f} s with one worker, {two:.1f} s with two")
    meet = pays_from([worlds * YEARS for worlds in sizes], least[1], least[2])
    print(f"a second worker pays from {meet:,.0f} simulated years on")


if __name__ == "__main__":
    main()
