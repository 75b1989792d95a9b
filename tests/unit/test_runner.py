"""The runner: batches, failures, interrupts and reruns, with a stand-in for the model."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from sco_sim.engine import build
from sco_sim.engine.record import Block
from sco_sim.errors import CaseError, ScenarioError, StoreError
from sco_sim.runs.pool import WORLD_YEARS_PER_WORKER, WorkerError, choose_workers
from sco_sim.runs.rerun import rerun
from sco_sim.runs.run import Job, cut, run
from sco_sim.runs.workers import batches, joined, pool, simulate
from sco_sim.store import writer
from sco_sim.store.encode import Layout
from sco_sim.store.manifest import make_manifest
from sco_sim.store.stored_run import open_run
from tests.unit.fake_block import FakeModel, fake_build, make_block, small


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "build_model", fake_build)


def failing(monkeypatch: pytest.MonkeyPatch, bad: set[int], error: BaseException) -> None:
    """Make every batch raise that holds one of the bad worlds."""

    def block(self: FakeModel, years: object = None, metrics: object = None) -> Block:
        if bad & set(self.worlds):
            raise error
        return make_block(self.worlds, self.replicates, self.seed, self.end)

    monkeypatch.setattr(FakeModel, "run", block)


@pytest.mark.parametrize("batch", [1, 3, 100])
def testbatches_do_not_matter(tmp_path: Path, batch: int) -> None:
    whole = run(small(), worlds=10, replicates=4, out=tmp_path / "whole")
    cut_up = run(small(), worlds=[9, 3, 0, 1, 2, 8, 4, 5, 6, 7, 3], replicates=4, out=tmp_path / "cut", batch=batch)
    assert cut_up.digest() == whole.digest()
    assert cut_up.worlds()["setting"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert cut_up.worlds()["replicate"].tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]


def test_cut_gives_every_worker_something() -> None:
    assert cut(range(10), 128, 2) == [range(5), range(5, 10)]
    assert cut(range(10), 4, 2) == [range(4), range(4, 8), range(8, 10)]
    assert cut([], 128, 2) == []


def test_more_worlds_extend_and_fewer_leave_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sco_sim.runs.run.COMMIT_WORLDS", 3)
    run(small(), worlds=4, out=tmp_path)
    steps: list[tuple[int, int]] = []
    more = run(small(), worlds=9, out=tmp_path, batch=3, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(4, 9), (7, 9), (9, 9)]
    assert more.digest() == run(small(), worlds=9, out=tmp_path / "whole").digest()
    assert run(small(), worlds=2, out=tmp_path).digest() == more.digest()


def test_the_default_folder_is_named_after_the_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(small("railway"), worlds=2).path == Path("results/railway")


def test_one_failing_world_does_not_take_the_rest_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(small(), worlds=6, out=tmp_path / "whole")
    with monkeypatch.context() as patch:
        failing(patch, {4}, ZeroDivisionError("trust ran out"))
        stored = run(small(), worlds=6, out=tmp_path / "run")
        assert stored.failed == (4,)
        row = stored.worlds().loc[4]
        assert row["error"] == "ZeroDivisionError: trust ran out"
        assert "in block" in row["traceback"]
        assert stored.digest([0, 1, 2, 3, 5]) == whole.digest([0, 1, 2, 3, 5])
        again = rerun(tmp_path / "run", world=4)
        assert again.same
        assert "trust ran out" in again.failures[0].traceback
    assert not rerun(tmp_path / "run").same
    assert run(small(), worlds=6, out=tmp_path / "run").digest() == whole.digest()


def test_an_error_of_the_user_is_no_failing_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, {0}, CaseError("no such table"))
    with pytest.raises(CaseError):
        run(small(), worlds=2, out=tmp_path)
    assert open_run(tmp_path).worlds().empty


def test_an_interrupt_keeps_finishedbatches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        failing(patch, {7}, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            run(small(), worlds=9, out=tmp_path / "run", batch=3)
    assert open_run(tmp_path / "run").worlds()["world"].tolist() == [0, 1, 2, 3, 4, 5]
    finished = run(small(), worlds=9, out=tmp_path / "run")
    assert finished.digest() == run(small(), worlds=9, out=tmp_path / "whole").digest()


class DeadlyJob(Job):
    """Takes its process down, as the system does when memory runs out."""

    def block(self, worlds: Sequence[int]) -> Block:
        os._exit(1)


@pytest.mark.slow
def test_a_killed_worker_is_a_message() -> None:
    job = DeadlyJob(small().resolved(), None, "", 1, 4, False)
    layout = Layout.of(make_manifest(small(), seed=1, replicates=4, fixed_parameters=False, case=None))
    with pytest.raises(WorkerError, match="a worker process was killed") as caught, pool(2) as where:
        list(batches(((job, worlds) for worlds in cut(range(4), 2, 2)), layout, where))
    assert caught.value.exit_code == 3


def test_workers_are_chosen_by_the_amount_of_work_and_a_given_number_is_obeyed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Catches more processes than are worth their start or than there are processors, and a number overruled."""
    monkeypatch.setattr("sco_sim.runs.pool.processors", lambda: 4)
    monkeypatch.setattr("sco_sim.runs.pool.log.disabled", False)  # the check of layers, before this, disables loggers
    caplog.set_level("INFO", "sco_sim.runs.pool")
    year = WORLD_YEARS_PER_WORKER // 10
    assert [choose_workers(None, worlds, 10) for worlds in (0, 1, 2 * year - 1, 2 * year, 3 * year, 99 * year)] == [
        1, 1, 1, 2, 3, 4,
    ]  # fmt: skip
    assert caplog.messages[-1] == f"4 workers for {99 * year:,} worlds"
    caplog.clear()
    assert choose_workers(3, 99 * year, 10) == 3
    assert caplog.messages == []
    assert choose_workers(3, 100, 10) == 3
    [words] = caplog.messages
    assert words.startswith("3 workers for 100 worlds: one would be quicker")
    assert choose_workers(1, 99 * year, 10) == 1


def test_a_database_that_breaks_between_two_batches_is_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches questions to the database that are asked outside the guard."""

    def broken(*_: object) -> set[int]:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(writer, "done_of", broken)
    with pytest.raises(StoreError, match="cannot read the stored run: disk I/O error"):
        run(small(), worlds=4, out=tmp_path)


def test_rerun_gives_the_same_bits_and_finds_other_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(small(), worlds=[0, 1, 5], out=tmp_path / "run", seed=3, replicates=2)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    again = rerun(tmp_path / "run")
    assert again.same
    assert again.worlds == (0, 1, 5)
    assert again.differs == ()
    assert sorted(path.name for path in tmp_path.rglob("*")) == before
    monkeypatch.setattr(
        FakeModel, "run", lambda self, *_, **__: make_block(self.worlds, self.replicates, self.seed + 1, self.end)
    )
    assert not rerun(tmp_path / "run").same
    monkeypatch.setattr("sco_sim.store.manifest.code_hash", lambda: "0" * 64)
    assert rerun(tmp_path / "run", world=5).differs == ("code: sco_sim itself has changed",)
    with pytest.raises(ScenarioError, match="no world 4"):
        rerun(tmp_path / "run", world=4)


def test_another_seed_is_refused_and_force_replaces(tmp_path: Path) -> None:
    first = run(small(), worlds=3, out=tmp_path).digest()
    with pytest.raises(StoreError, match="seed: 1 there, 2 asked for"):
        run(small(), worlds=3, out=tmp_path, seed=2)
    assert open_run(tmp_path).digest() == first
    assert run(small(), worlds=3, out=tmp_path, seed=2, force=True).digest() != first


@pytest.mark.parametrize(
    "wrong",
    [
        {"worlds": 0},
        {"worlds": []},
        {"worlds": [-1]},
        {"replicates": 0},
        {"workers": 0},
        {"batch": 0},
        {"seed": -1},
        {"seed": 2**63},
        {"worlds": [2**63]},
        {"worlds": 1_000_001},
        {"replicates": 2**70},
        {"workers": 10_000},
        {"batch": 10**9},
    ],
)
def test_senseless_numbers_are_refused_before_anything_is_written(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match=next(iter(wrong)).removesuffix("s")):
        run(small(), out=tmp_path / "run", **wrong)
    assert not (tmp_path / "run").exists()


def test_a_missing_case_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(CaseError):
        run(small(), out=tmp_path / "run", case=tmp_path / "nowhere")
    assert not (tmp_path / "run").exists()


def test_joined_puts_worlds_side_by_side() -> None:
    job = Job(small().resolved(), None, "", 1, 4, False)
    found = simulate(job, [2, 0]).block
    assert found is not None
    both: Sequence[Block] = [make_block([2]), make_block([0])]
    assert joined(both).worlds == found.worlds
    assert (joined(both).states["gain"] == found.states["gain"]).all()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, sco_sim; assert 'run' in dir(sco_sim) and sco_sim.__version__; "
        "print([m for m in ('numpy', 'pandas', 'mesa', 'pydantic', 'pyarrow') if m in sys.modules]); "
        "from sco_sim import run, open_run, load_scenario; import sco_sim.runs.run; assert callable(run)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert found.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    import sco_sim

    with pytest.raises(AttributeError, match="no attribute 'simulate'"):
        _ = sco_sim.simulate


def test_an_interruption_between_a_commit_and_its_report_counts_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a message that says fewer worlds are kept than are stored."""
    commit, told = writer.Writer.commit, []

    def interrupted(self: writer.Writer, *arguments: Any) -> None:
        commit(self, *arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(writer.Writer, "commit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(small(), worlds=8, batch=4, out=tmp_path / "run", progress=lambda done, of: told.append((done, of)))
    kept = len(open_run(tmp_path / "run").worlds())
    assert kept > 0
    assert told[-1] == (kept, 8)
