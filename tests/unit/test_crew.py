"""The crew: answers, errors that travel, workers that die, and no process that outlives its caller."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from sco_sim import batches as module
from sco_sim.batches import WorkerError, batches
from sco_sim.crew import AVAILABLE, WorkerDied, crew, dismiss
from sco_sim.manifest import make_manifest
from sco_sim.packed import Layout
from sco_sim.record import Block
from sco_sim.runner import Job
from tests.unit.fake_block import make_block, small

forked = pytest.mark.skipif(not AVAILABLE, reason="no forking here")


class FakeJob(Job):
    """Needs no model; world 13 takes its process down, unless it is alone, as it is in the helper."""

    def block(self, worlds: Sequence[int]) -> Block:
        if 13 in worlds and len(worlds) > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return make_block(worlds)


JOB = FakeJob(small().resolved(), None, "", 1, 4, False)
LAYOUT = Layout.of(make_manifest(small(), seed=1, replicates=4, fixed_parameters=False, case=None))


@pytest.fixture(autouse=True)
def _none_left() -> Iterator[None]:
    yield
    dismiss()


def fail_oddly() -> None:
    class Local(Exception):  # noqa: N818
        """Cannot be pickled."""

    raise Local("of this function alone")


def found(worlds: Sequence[int]) -> set[int]:
    tasks = ((JOB, worlds[first : first + 2]) for first in range(0, len(worlds), 2))
    return {world for batch in batches(tasks, LAYOUT, 2) if batch.packed for world in batch.packed.worlds}


@pytest.mark.parametrize("available", [pytest.param(True, marks=forked), False], ids=["forked", "joblib"])
def test_every_batch_comes_once(monkeypatch: pytest.MonkeyPatch, available: bool) -> None:
    monkeypatch.setattr(module, "AVAILABLE", available)
    assert found(range(12)) == set(range(12))
    assert found([]) == set()


@forked
def test_a_crew_is_kept_for_the_next_call_and_left_when_one_dies() -> None:
    found(range(6))
    first = crew(2)
    found(range(6))
    assert crew(2) is first
    with pytest.raises(WorkerError, match="a worker process was killed"):
        found(range(20))
    assert not first.alive
    assert found(range(6)) == set(range(6))


@forked
def test_errors_travel_with_their_place() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        list(crew(2).work(None, [(divmod, (1, 0))]))
    assert "_answer" in caught.value.__notes__[0]
    with pytest.raises(RuntimeError, match="of this function alone"):
        list(crew(2).work(None, [(fail_oddly, ())]))


@forked
def test_calls_that_fail_to_be_made_are_an_error() -> None:
    def calls() -> Iterator[tuple[type[int], tuple[str]]]:
        yield int, ("1",)
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        list(crew(2).work(None, calls()))


@forked
def test_a_caller_that_stops_half_way_leaves_nothing_behind() -> None:
    one = crew(2)
    answers = one.work(None, ((int, (str(number),)) for number in range(1000)))
    next(answers)
    answers.close()
    assert one.helper.returncode is not None


@forked
def test_a_helper_that_cannot_start_is_a_dead_worker() -> None:
    one = crew(2)
    one.helper.kill()
    with pytest.raises(WorkerDied):
        list(one.work(None, [(int, ("1",))]))


@forked
def test_workers_end_with_a_caller_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from sco_sim.crew import crew\n"
        "calls = ((os.getpid, ()) for _ in iter(int, 1))\n"
        "found = crew(2).work(None, calls)\n"
        "print(*{next(found) for _ in range(50)}, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None
        workers = [int(word) for word in caller.stdout.readline().split()]
        assert workers
        caller.kill()
    until = time.monotonic() + 20.0
    while any(running(worker) for worker in workers):
        assert time.monotonic() < until, "a worker goes on without its caller"
        time.sleep(0.05)


def running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"
