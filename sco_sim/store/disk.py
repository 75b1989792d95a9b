"""The seam through which a stored run reaches the operating system, and words for what goes wrong there."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from sco_sim.errors import Problem, StoreError

Buffer: TypeAlias = "bytes | pa.Buffer"
"""Bytes, or what lends its bytes."""


class Disk:
    """Durable writes; tests replace its methods by ones that fail."""

    def write(self, path: Path, content: Buffer) -> None:
        """Write a file and wait until it is on the disk."""
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            self.sync(file.fileno())
            if hasattr(os, "posix_fadvise"):  # or the files of a long run would fill the memory that others cache in
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def sync(self, descriptor: int) -> None:
        """Wait until a file or a folder is on the disk."""
        os.fsync(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Rename a file in one step."""
        source.replace(target)

    def connect(self, path: Path) -> sqlite3.Connection:
        """Open a database to write to."""
        return sqlite3.connect(path, timeout=60.0, isolation_level=None)

    def commit(self, database: sqlite3.Connection) -> None:
        """End a transaction for good."""
        database.execute("COMMIT")

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in a folder are on the disk."""
        if os.name == "nt":  # Windows opens no folders, and needs no such wait
            return
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            self.sync(descriptor)
        finally:
            os.close(descriptor)

    def put(self, path: Path, content: Buffer) -> None:
        """Write a file under a temporary name, then give it its own: it is there whole or not at all."""
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        self.write(temporary, content)
        self.rename(temporary, path)


disk = Disk()


@contextmanager
def under_its_name(path: Path) -> Iterator[Path]:
    """A temporary name to write a file under: the file gets its own name at the end, or is deleted after an error.

    What is no file, such as /dev/stdout, is written to as it is.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    path = path.resolve()  # a link stays a link
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        disk.rename(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


@contextmanager
def guard(path: Path, doing: str, *, kept: bool = False) -> Iterator[None]:
    """Turn what the system, SQLite or Parquet complain of into a StoreError that says what to do.

    Args:
        path: What is read or written.
        doing: What cannot be done then, in words.
        kept: Whether finished worlds are stored there, which the message then says.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(Problem(f"cannot {doing}: {_words(error)}", _remedy(error, kept), str(path))) from error
    except sqlite3.OperationalError as error:
        raise StoreError(Problem(f"cannot {doing}: {error}", _remedy(error, kept), str(path))) from error
    except (sqlite3.DatabaseError, pa.ArrowException, UnicodeDecodeError) as error:  # SQLite names damaged tables
        raise StoreError(Problem(f"cannot {doing}: {_words(error)}", DAMAGED, str(path))) from error


DAMAGED = "the file is damaged: restore it from a copy, or run again with --force to replace the run"


def _words(error: Exception) -> str:
    """The first line of an error, without its number."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(text).splitlines()[0]


def _remedy(error: Exception, kept: bool) -> str:
    number = getattr(error, "errno", None)
    again = "give the same command again"
    still = ": finished worlds are kept" if kept else ""
    if number in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG):
        return "choose another folder with --out"
    if number in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in str(error):
        return f"free some space and {again}{still}"
    if number in (errno.EACCES, errno.EPERM, errno.EROFS) or "readonly" in str(error):
        return "choose a folder you may write to with --out"
    if number in (errno.ENOENT, errno.ENOTDIR):
        return "check the path, or give the command that makes it first"
    if "locked" in str(error):
        return f"another process is writing there: wait for it, and {again}"
    if number is None and isinstance(error, OSError):  # how pyarrow reports a torn Parquet file
        return DAMAGED
    return f"{again} once that is mended{still}"
