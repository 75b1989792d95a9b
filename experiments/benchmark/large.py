"""A run of 100,000 worlds: how long it takes, and how much memory all its processes hold from the thousandth world on.

    python experiments/benchmark/large.py [--worlds 100000] [--workers 2]

Memory is the proportional share of every process of the tree (a page that two share counts once), twice a second, until
the command has printed its summary. Linux only; needs some 20 kB of disk a world.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BATCH, SETTLED = 256, 1000


def children(process: int) -> list[int]:
    """A process and all that it started."""
    found = [process]
    for path in Path("/proc").glob(f"{process}/task/*/children"):
        for child in path.read_text().split():
            found += children(int(child))
    return found


def megabytes(process: int) -> float:
    """Memory of a tree of processes."""
    total = 0
    for one in children(process):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has ended
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "run"
        command = ["-m", "sco_sim", "run", "combined", "--worlds", str(given.worlds), "--workers", str(given.workers)]
        samples = []
        begun = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, *command, "--batch", str(BATCH), "--out", str(folder)],
            cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            while process.poll() is None:
                if len(list(folder.glob("parts/metrics-*.parquet"))) * BATCH >= SETTLED:
                    samples.append(megabytes(process.pid))
                time.sleep(0.5)
        seconds = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    samples = samples[:-1]  # the last one may have caught the command while it ended
    print(
        f"`sco-sim run combined --worlds {given.worlds} --workers {given.workers}`: {seconds:.0f} s, {size:,.0f} MB on "
        f"disk; all processes held {samples[0]:,.0f} MB after {SETTLED:,} worlds, at most {max(samples):,.0f} MB later."
    )
    if process.returncode:
        sys.exit(f"the command ended with {process.returncode}")


if __name__ == "__main__":
    main()
