"""Who is writing to a run folder: a file for each writer with its process, computer and time.

Several writers may work on one run; only `--force`, which deletes what they write to, has to wait until none is left.
"""

from __future__ import annotations

import json
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from sco_sim.errors import Problem, StoreError

NAME = re.compile(r"lock-[\w.-]+-\d+-\d+\.json")
STALE = 900.0
"""Seconds after which a writer on another computer, which cannot be asked, counts as gone."""
_numbers = count()


@dataclass(frozen=True)
class Owner:
    """A process that writes to a run folder."""

    pid: int
    host: str
    since: str
    started: str
    """When the process started, as the system gives it, since numbers of processes come again; may be empty."""

    def alive(self, touched: float) -> bool:
        """Whether it is still there; on another computer, whether it has committed a short while ago."""
        if self.host != socket.gethostname():
            return time.time() - touched < STALE
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except OSError:  # it is there and belongs to somebody else
            return True
        return not self.started or _started(self.pid) in ("", self.started)


def _started(pid: int) -> str:
    """The start time of a process in the clock of the system, empty where the system does not give it."""
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    return ""


class Lock:
    """The mark of this writer in a folder."""

    def __init__(self, folder: Path) -> None:
        """Leave the mark; raises OSError if the folder cannot be written to."""
        pid, host = os.getpid(), socket.gethostname()
        self.path = folder / f"lock-{re.sub(r'[^0-9A-Za-z_.]', '_', host) or 'here'}-{pid}-{next(_numbers)}.json"
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        mark = {"pid": pid, "host": host, "since": since, "started": _started(pid)}
        self.path.write_text(json.dumps(mark), encoding="utf-8")

    def touch(self) -> None:
        """Say that the writer is still at work."""
        with suppress(OSError):
            os.utime(self.path)

    def leave(self) -> None:
        """Take the mark away."""
        with suppress(OSError):
            self.path.unlink()


def writers(folder: Path) -> Iterator[Owner]:
    """The living writers of a folder; the marks of dead ones are taken away."""
    for path in sorted(folder.glob("lock-*.json")):
        if not NAME.fullmatch(path.name):
            continue
        try:
            mark = json.loads(path.read_text(encoding="utf-8"))
            owner = Owner(int(mark["pid"]), str(mark["host"]), str(mark["since"]), str(mark.get("started", "")))
            alive = owner.alive(path.stat().st_mtime)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError, OverflowError):  # torn by a kill
            alive, owner = False, Owner(0, "", "", "")
        if alive:
            yield owner
        else:
            with suppress(OSError):
                path.unlink()


def refuse_writers(folder: Path) -> None:
    """Raises StoreError if somebody is writing to a folder that is to be replaced."""
    for owner in writers(folder):
        message = f"process {owner.pid} on {owner.host} has been writing to this run since {owner.since}"
        remedy = "wait until it is done or stop it, then give the same command again; or choose another --out"
        raise StoreError(Problem(message, remedy, str(folder)))
