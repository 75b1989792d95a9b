"""25 kills at random moments in a sweep of 5,000 worlds: none committed is lost or doubled, and the bits are the same.

Run by `.ci/full`: `python -m tests.full.kill_sweep`. Takes some minutes.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sco_sim.errors import StoreError
from sco_sim.runs import run as runner
from sco_sim.studies.sweep.experiment import Experiment
from sco_sim.studies.sweep.stored_sweep import open_sweep
from sco_sim.studies.sweep.sweep import run_sweep

KILLS, ROWS, WORLDS = 25, 50, 100
EXPERIMENT = Experiment.model_validate(
    {
        "name": "killed",
        "scenarios": ["baseline"],
        "sweep": {
            "factors": {
                "persistence": {"path": "parameters.trust.persistence", "low": 0.35, "high": 0.6},
                "contact": {"path": "rivals.contact", "kind": "categorical", "values": ["works", "none"]},
            },
            "design": {"latin_hypercube": {"n": ROWS}},
            "worlds": WORLDS,
            "outcomes": ["trust_min", "trade_total_busd"],
        },
    }
)


def stored(folder: Path) -> list[int]:
    """Worlds committed by now."""
    try:
        worlds: list[int] = open_sweep(folder).worlds()["world"].tolist()
    except StoreError:  # killed before there was a manifest and a database
        return []
    return worlds


def main() -> int:
    """Kill, resume, compare; 1 if anything is lost."""
    luck = random.Random(5)
    with TemporaryDirectory() as place:
        folder = Path(place) / "killed"
        clean = run_sweep(EXPERIMENT, out=Path(place) / "clean", workers=2)
        kept: set[int] = set()
        for number in range(KILLS):
            command = [sys.executable, "-m", __spec__.name, "child", str(folder)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                for _ in range(1 + luck.randrange(10)):  # it has opened the folder, and finished some batches
                    process.stdout.readline()
                time.sleep(luck.uniform(0.0, 0.1))
                process.send_signal(signal.SIGKILL)
            found = stored(folder)
            if len(set(found)) < len(found) or not kept <= set(found):
                print(f"kill {number}: a committed world was lost or doubled")
                return 1
            kept = set(found)
            print(f"kill {number + 1}: {len(kept)} worlds", flush=True)
        if len(kept) == ROWS * WORLDS:
            print("the kills came too late to test anything")
            return 1
        resumed = run_sweep(EXPERIMENT, out=folder, workers=2)
        same = resumed.digest() == clean.digest() and len(resumed.worlds()) == ROWS * WORLDS
        print("the same bits" if same else "other bits")
        return 0 if same else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        runner.COMMIT_SECONDS = 0.0  # commits are what is to be hit
        run_sweep(EXPERIMENT, out=sys.argv[2], batch=32, progress=lambda done, _: print(done, flush=True))
    else:
        sys.exit(main())
