"""A disk that fails at any single write, wait, renaming or commit leaves a run that can be read and resumed."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sco_sim.cli import main as cli
from sco_sim.engine import build
from sco_sim.errors import StoreError
from sco_sim.runs import run as runner
from sco_sim.runs.run import run
from sco_sim.store import disk
from sco_sim.store.stored_run import open_run
from sco_sim.studies.export import export
from tests.unit.fake_block import fake_build, small

WORLDS = 120
FAULTS = range(200) if os.environ.get("SCO_SIM_FULL") else (*range(0, 12, 2), 3, 5, 25, 99, 199)
"""All of the first 200 in the full tier."""
STEPS = ("write", "sync", "rename", "commit")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred batches of one or two worlds, each committed on its own, and no model."""
    monkeypatch.setattr(build, "build_model", fake_build)
    monkeypatch.setattr(runner, "COMMIT_WORLDS", 1)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "build_model", fake_build)
        return run(small(), worlds=WORLDS, out=tmp_path_factory.mktemp("whole")).digest()


def break_down(patch: pytest.MonkeyPatch, nth: int, number: int) -> Callable[[], bool]:
    """Let the nth call into the system fail; says whether it came to that."""
    calls = 0

    def failing(step: str) -> Callable[..., Any]:
        works = getattr(disk.disk, step)

        def call(*arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls - 1 == nth:
                if step == "commit":
                    full = number == errno.ENOSPC
                    raise sqlite3.OperationalError("database or disk is full" if full else "disk I/O error")
                raise OSError(number, os.strerror(number))
            return works(*arguments)

        return call

    for step in STEPS:
        patch.setattr(disk.disk, step, failing(step))
    return lambda: calls > nth


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize("nth", FAULTS)
def test_any_failing_call_leaves_a_run_that_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: str, nth: int, number: int
) -> None:
    committed: list[int] = []
    with monkeypatch.context() as patch:
        reached = break_down(patch, nth, number)
        with pytest.raises(StoreError) as caught:
            run(small(), worlds=WORLDS, out=tmp_path, batch=3, progress=lambda done, _: committed.append(done))
        assert reached()
    assert caught.value.exit_code == 4
    assert ("free some space" in str(caught.value)) == (number == errno.ENOSPC)
    if committed:  # the folder was open: what was told to be stored is stored and readable
        stored = open_run(tmp_path)
        assert len(stored.worlds()) >= committed[-1]
        if committed[-1]:
            assert stored.metrics()["world"].nunique() == len(stored.worlds())
    assert run(small(), worlds=WORLDS, out=tmp_path).digest() == whole


def test_a_full_disk_is_a_message_and_exit_code_4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: str) -> None:
    monkeypatch.setattr("sco_sim.commands.run.load", lambda *_: small())
    arguments = ["run", "baseline", "--worlds", str(WORLDS), "--batch", "3", "--out", str(tmp_path)]
    with monkeypatch.context() as patch:
        break_down(patch, 40, errno.ENOSPC)
        result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 4
    assert "free some space and give the same command again: finished worlds are kept" in result.stderr
    assert 0 < len(open_run(tmp_path).worlds()) < WORLDS
    assert run(small(), worlds=WORLDS, out=tmp_path).digest() == whole


def test_a_file_in_the_way_is_no_run_and_keeps_no_worlds(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError, match="choose another folder with --out") as caught:
            run(small(), worlds=2, out=out)
        assert "kept" not in str(caught.value)
    assert (tmp_path / "file").read_text() == "mine"


def test_worlds_are_called_kept_only_once_there_are_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = []
    for stored in (0, 2):
        with monkeypatch.context() as patch:
            patch.setattr(disk.disk, "write", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "no space")))
            with pytest.raises(StoreError) as caught:
                run(small(), worlds=stored + 2, out=tmp_path / "run") if stored else run(small(), out=tmp_path / "new")
        words.append("finished worlds are kept" in str(caught.value))
        run(small(), worlds=2, out=tmp_path / "run")
    assert words == [False, True]


@pytest.mark.parametrize("form", ["csv", "parquet", "netcdf"])
def test_an_export_that_the_disk_refuses_leaves_no_half_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """A real limit on the size of files stops the first write that goes beyond it."""
    resource = pytest.importorskip("resource")
    stored = run(small(), worlds=400, out=tmp_path / "run")
    whole = {path.name: path.stat().st_size for path in export(stored, form, tmp_path / "whole")}
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(whole.values()) - 1, before[1]))
        with pytest.raises(StoreError, match="cannot write the export: File too large") as caught:
            export(stored, form, tmp_path / "export")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert caught.value.exit_code == 4
    assert all(path.stat().st_size == whole[path.name] for path in (tmp_path / "export").iterdir())
