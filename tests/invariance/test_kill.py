"""A run killed at any moment keeps what it committed, and resumes to the bits of a run that was never killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sco_sim.errors import StoreError
from sco_sim.runs.run import run
from sco_sim.scenario.load import load_scenario
from sco_sim.shipped import shipped_scenarios
from sco_sim.store.stored_run import open_run
from tests.unit.command_line import FOREGROUND

WORLDS, BATCH, KILLS = 300, 8, 3
FILE = shipped_scenarios() / "baseline.yaml"
CODE = FOREGROUND + (
    "import sys; from sco_sim import load_scenario, run; from sco_sim.runs import run as runner; "
    "runner.COMMIT_SECONDS = 0.0; "
    f"run(load_scenario(sys.argv[1]), worlds={WORLDS}, batch={BATCH}, out=sys.argv[2], workers=int(sys.argv[3]), "
    "progress=lambda done, total: print(done, flush=True))"
)


def start(out: Path, workers: int = 1) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CODE, str(FILE), str(out), str(workers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def committed(out: Path) -> list[int]:
    try:
        worlds: list[int] = open_run(out).worlds()["world"].tolist()
    except StoreError:  # killed before there was a manifest and a database
        return []
    return worlds


@pytest.mark.slow
def test_killed_runs_resume_to_the_same_bits(tmp_path: Path) -> None:
    luck = random.Random(20)
    out, kept = tmp_path / "killed", 0
    for _ in range(KILLS):
        with start(out) as process:
            assert process.stdout is not None
            for _ in range(1 + luck.randrange(10)):  # the runner has opened the folder, and finished some batches
                process.stdout.readline()
            time.sleep(luck.uniform(0.0, 0.05))
            process.send_signal(signal.SIGKILL)
        found = committed(out)
        assert len(found) >= kept, "a committed world was lost"
        kept = len(found)
    assert kept < WORLDS, "the kills came too late to test anything"
    scenario = load_scenario(FILE)
    resumed = run(scenario, worlds=WORLDS, out=out)
    clean = run(scenario, worlds=WORLDS, out=tmp_path / "clean")
    assert resumed.worlds()["world"].tolist() == list(range(WORLDS))
    assert resumed.digest() == clean.digest()


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_keeps_finished_batches(tmp_path: Path, workers: int) -> None:
    with start(tmp_path, workers) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) < 2 * BATCH:
            pass
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in errors
    found = committed(tmp_path)
    assert 2 * BATCH <= len(found) < WORLDS
    assert run(load_scenario(FILE), worlds=found, out=tmp_path).worlds()["world"].tolist() == found


@pytest.mark.slow
def test_force_does_not_pull_the_folder_away_from_a_running_process(tmp_path: Path) -> None:
    """It once deleted the database under the first process, which went on, and printed the figures of the second."""
    with start(tmp_path) as process:
        assert process.stdout is not None
        process.stdout.readline()  # the folder is open
        with pytest.raises(StoreError, match=rf"process {process.pid} on .* has been writing to this run since"):
            run(load_scenario(FILE), worlds=8, seed=2, out=tmp_path, force=True)
        process.send_signal(signal.SIGKILL)
    found = committed(tmp_path)
    assert run(load_scenario(FILE), worlds=found or [0], out=tmp_path).size == max(len(found), 1)
    # who was killed has left its mark, and does not keep others out
    assert run(load_scenario(FILE), worlds=8, seed=2, out=tmp_path, force=True).size == 8
