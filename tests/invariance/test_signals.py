"""Whatever ends a command with workers: finished worlds are kept, no worker outlives it, and there is no traceback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sco_sim.store.stored_run import open_run
from tests.unit.command_line import FOREGROUND

CODE = FOREGROUND + (
    "from sco_sim.commands.screen import progress; from sco_sim.runs import run\n"
    "progress.PAUSE = run.COMMIT_SECONDS = 0.0\n"
    "from sco_sim.cli.main import main; main()"
)
WORLDS = 20_000
PATIENCE = 120.0
"""Seconds that a loaded machine may take."""

needs_signals = pytest.mark.skipif(os.name != "posix", reason="process groups and these signals are POSIX")


def started(out: Path, *options: str) -> subprocess.Popen[str]:
    """A command in a process group of its own that has stored some worlds, and has most still to do."""
    words = ["run", "no_events", "--worlds", str(WORLDS), "--batch", "8", *options, "--out", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if re.search(rf"\b[1-9][\d,]* of {WORLDS:,} worlds", line):
            return process
    raise AssertionError(f"it ended before it stored anything, with {process.wait()}")


def wait_for_the_end_of_group(group: int) -> None:
    """Fails if a process of the group is still there after some time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    raise AssertionError("a worker outlived its parent")


@pytest.mark.slow
@needs_signals
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SIGINT", 130), pytest.param("SIGTERM", 143, marks=pytest.mark.slow),
        pytest.param("SIGHUP", 129, marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_a_signal_to_the_whole_group_thrice_keeps_what_is_done(tmp_path: Path, name: str, code: int) -> None:
    """Catches tracebacks of workers and of the second Ctrl-C, SIGTERM that loses worlds, and workers left behind."""
    process = started(tmp_path, "--workers", "2")
    for _ in range(3):
        os.killpg(process.pid, getattr(signal, name))
        time.sleep(0.1)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    kept = len(open_run(tmp_path).worlds())
    assert f"Interrupted: {kept:,} of {WORLDS:,} worlds are kept in {tmp_path}" in told
    assert 0 < kept < WORLDS
    lines = [line for line in told.splitlines() if "no_events: " not in line]
    assert lines == [
        "", f"Interrupted: {kept:,} of {WORLDS:,} worlds are kept in {tmp_path}.",
        "Give the same command again to go on from there.",
    ]  # fmt: skip
    wait_for_the_end_of_group(process.pid)


@pytest.mark.slow
@needs_signals
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGKILL", -9)])
def test_a_local_cluster_ends_with_its_command(tmp_path: Path, name: str, code: int) -> None:
    """Catches tracebacks of dask, whose workers would get the signals too, and workers that are left behind."""
    pytest.importorskip("distributed")
    process = started(tmp_path, "--cluster", "local", "--workers", "2")
    for _ in range(3 if name != "SIGKILL" else 1):
        os.killpg(process.pid, getattr(signal, name)) if name != "SIGKILL" else process.kill()
        time.sleep(0.1)
    _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    wait_for_the_end_of_group(process.pid)
    kept = len(open_run(tmp_path).worlds())
    assert 0 < kept < WORLDS
    assert "Traceback" not in told
    assert name == "SIGKILL" or f"Interrupted: {kept:,} of {WORLDS:,} worlds are kept in {tmp_path}" in told


@pytest.mark.slow
@needs_signals
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    process = started(tmp_path, "--workers", "2")
    process.kill()
    process.wait()
    assert process.stderr is not None
    process.stderr.close()
    wait_for_the_end_of_group(process.pid)
    assert len(open_run(tmp_path).worlds()) > 0


@needs_signals
def test_a_signal_that_is_ignored_from_the_start_stays_ignored(tmp_path: Path) -> None:
    """As under nohup: catches a handler that is set all the same."""
    code = (
        "import signal, os; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from sco_sim.cli import process; process.catch_signals(); os.kill(os.getpid(), signal.SIGHUP); print('alive')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert done.stdout == "alive\n"
