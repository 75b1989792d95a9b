"""SQLite's own calls to the system fail, one at a time: what was committed stays, and the run resumes to the same bits.

The store is written through apsw, whose file layer can be replaced from Python, by the seam `disk.connect`; it is read
and resumed with the SQLite of the standard library. That file layer shares no memory between processes, so the
connection holds its lock; write-ahead log, commits and checkpoints are those of the store.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sco_sim.errors import StoreError
from sco_sim.store import disk
from sco_sim.store.stored_run import open_run
from sco_sim.store.writer import Writer
from tests.unit.fake_block import make_block, put
from tests.unit.test_store import MANIFEST

apsw = pytest.importorskip("apsw")

BATCHES = [list(range(first, first + 3)) for first in range(0, 15, 3)]
STRIDE = 1 if os.environ.get("SCO_SIM_FULL") else 11
"""Every call fails in turn in the full tier."""
ERRORS = {
    "disk I/O error": apsw.IOError,
    "database or disk is full": apsw.FullError,
}


class Fault:
    """Lets the nth call of a kind fail."""

    def __init__(self, call: str, nth: int, error: str) -> None:
        self.call, self.left, self.error = call, nth, error

    @property
    def reached(self) -> bool:
        return self.left < 0

    def check(self, call: str) -> None:
        if call == self.call:
            self.left -= 1
            if self.left == -1:
                raise ERRORS[self.error](self.error)


class Files(apsw.VFS):  # type: ignore[misc, name-defined, unused-ignore]
    """The system's files, with a fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__("faulty", "")

    def xOpen(self, name: Any, flags: list[int]) -> File:  # noqa: N802
        self.fault.check("xOpen")
        return File(self.fault, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        self.fault.check("xDelete")
        super().xDelete(name, sync)


class File(apsw.VFSFile):  # type: ignore[misc, name-defined, unused-ignore]
    """A file of the system, with a fault."""

    def __init__(self, fault: Fault, name: Any, flags: list[int]) -> None:
        self.fault = fault
        super().__init__("", name, flags)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        self.fault.check("xRead")
        return bytes(super().xRead(amount, offset))

    def xWrite(self, content: bytes, offset: int) -> None:  # noqa: N802
        self.fault.check("xWrite")
        super().xWrite(content, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.fault.check("xSync")
        super().xSync(flags)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.fault.check("xTruncate")
        super().xTruncate(size)


class Database:
    """As much of `sqlite3.Connection` as the writer uses, on a connection of apsw."""

    def __init__(self, path: Path, vfs: str) -> None:
        with translated():
            self.connection = apsw.Connection(str(path), vfs=vfs)
            self.connection.execute("PRAGMA locking_mode = EXCLUSIVE")

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Any:
        with translated():
            return self.connection.execute(sql, tuple(values))

    def executescript(self, sql: str) -> None:
        self.execute(sql)

    def executemany(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with translated():
            self.connection.executemany(sql, [tuple(row) for row in rows])

    def close(self) -> None:
        with suppress(apsw.Error):  # sqlite3 says nothing either: what is committed is committed
            self.connection.close()


class translated:  # noqa: N801
    """The errors of apsw as those of sqlite3."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, apsw.Error):
            raise sqlite3.OperationalError(str(error)) from error


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("whole")
    with Writer(folder, MANIFEST) as writer:
        put(writer, make_block(range(15)))
    return open_run(folder).digest()


def broken(folder: Path, patch: pytest.MonkeyPatch, fault: Fault) -> tuple[list[int], StoreError | None]:
    """Write until SQLite fails; the worlds whose commit returned, and the complaint."""
    files = Files(fault)
    told: list[int] = []
    complaint = None
    try:
        with patch.context() as inner:
            inner.setattr(disk.disk, "connect", lambda path: Database(path, "faulty"))
            with Writer(folder, MANIFEST) as writer:
                mode = next(iter(writer.database.execute("PRAGMA journal_mode")))
                assert mode == ("wal",) or fault.reached
                writer.database.execute("PRAGMA wal_autocheckpoint = 8")
                for worlds in BATCHES:
                    put(writer, make_block(worlds))
                    told += worlds
    except StoreError as error:
        complaint = error
    finally:
        files.unregister()
    return told, complaint


def faults(call: str, error: str) -> Iterator[Fault]:
    """A fault in each call, until there are no more."""
    nth = 0
    while True:
        fault = Fault(call, nth, error)
        yield fault
        if not fault.reached:
            return
        nth += STRIDE


# what SQLite may overlook, as when it tidies up on closing, apsw still tells
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("call", ["xOpen", "xRead", "xWrite", "xSync", "xTruncate", "xDelete"])
def test_any_failing_call_of_sqlite_leaves_a_run_that_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: str, call: str, error: str
) -> None:
    for number, fault in enumerate(faults(call, error)):
        folder = tmp_path / str(number)
        told, complaint = broken(folder, monkeypatch, fault)
        if complaint:
            assert fault.reached
            assert fault.error in str(complaint)
            assert complaint.exit_code == 4
        if told:
            stored = open_run(folder)
            kept = stored.worlds()["world"].tolist()
            assert set(told) <= set(kept)
            assert stored.metrics()["world"].unique().tolist() == kept
        with Writer(folder, MANIFEST) as writer:
            done = writer.done()
            assert done >= set(told)
            for worlds in BATCHES:
                if set(worlds) - done:
                    put(writer, make_block(worlds))
        assert open_run(folder).digest() == whole
    assert number > 0 or call in ("xTruncate", "xDelete"), "the fault was never reached"
