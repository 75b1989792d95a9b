"""A dask cluster: its workers do the work, those that join later too, and a cluster without workers says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sco_sim.errors import SimError
from sco_sim.runs import cluster

SCRIPT = """
import logging, os, sys, time
from dask.distributed import LocalCluster
from sco_sim.runs import cluster as module
from sco_sim.runs.cluster import ClusterError
from sco_sim.runs.workers import calls, pool

def where(number):
    time.sleep(0.3)
    return os.getpid()

if __name__ == "__main__":
    logging.basicConfig(stream=sys.stdout, format="%(message)s")
    logging.getLogger("sco_sim").setLevel("INFO")
    with LocalCluster(n_workers=0, threads_per_worker=1, dashboard_address=None) as local:
        module.WAIT_SECONDS = 1.0
        try:
            with pool(None, local.scheduler_address):
                pass
        except ClusterError as error:
            print(error.problems[0].message)
        module.WAIT_SECONDS = 60.0
        local.scale(1)

        def numbers():
            for number in range(1000):
                if number == 2:
                    local.scale(2)
                yield (number,)

        with pool(7, local.scheduler_address) as workers:
            print(workers.size())
            seen = set()
            for process in calls(workers, where, numbers()):
                seen.add(process)
                if len(seen) == 2:
                    break
            print(os.getpid() in seen, len(seen))
"""


@pytest.mark.slow
def test_the_workers_do_the_work_and_may_join_later(tmp_path: Path) -> None:
    """Catches a single worker thread whose work is done by the client, and a number of workers fixed at the start."""
    pytest.importorskip("distributed")
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": root},
    )  # fmt: skip
    told = re.sub("--workers 7 is ignored: the cluster at tcp://.* has workers of its own", "IGNORED", done.stdout)
    waits = r"looking for |the cluster has no workers(:| yet:)|\d+ threads? (on the cluster|at work)"
    assert [line for line in told.splitlines() if not re.match(waits, line)] == [
        "the cluster has no workers, and none has joined within 1 s", "IGNORED", "1", "False 2",
    ], done.stderr[-2000:]  # fmt: skip


def test_other_code_on_a_worker_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster._call(cluster.code_hash(), len, "abc") == 3
    with pytest.raises(SimError, match="another version of sco_sim"):
        cluster._call("0" * 64, len, "abc")
