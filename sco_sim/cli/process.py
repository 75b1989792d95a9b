"""The process around a command: its standard streams, the signals that stop it, and what the library logs."""

from __future__ import annotations

import atexit
import io
import logging
import os
import signal
import sys
import time
from types import FrameType

REPEAT_SECONDS = 3.0
"""Signals that follow the first one within this time are ignored: cleaning up takes less, and is not to be cut off."""


class Stopped(KeyboardInterrupt):
    """Ctrl-C, or SIGTERM or SIGHUP, which stop a command in the same way."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__()
        self.number = number
        """Number of the signal."""

    @property
    def exit_code(self) -> int:
        """128 and the number of the signal, as shells have it."""
        return 128 + self.number


def prepare() -> None:
    """Set up streams, signals and logging of a command that has a process of its own."""
    open_streams()
    catch_signals()
    log = logging.getLogger("sco_sim")
    log.setLevel(logging.INFO)
    log.addHandler(_Notes())


def open_streams() -> None:
    """Let a stream that is closed end nowhere, and what a stream cannot encode be replaced.

    Otherwise the next file that is opened, perhaps the database, would take the number of the closed stream.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open as long as the process
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that knows no dash must not stop the output


def catch_signals() -> None:
    """Raise Stopped for Ctrl-C, SIGTERM and SIGHUP, but for those that are ignored already, as under `nohup`."""
    last = -REPEAT_SECONDS

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal last
        before, last = last, time.monotonic()
        if last - before > REPEAT_SECONDS:
            raise Stopped(number)

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    caught = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]  # Windows has no SIGHUP
    for number in caught:
        signal.signal(number, stop)

    def ignore() -> None:
        """While Python ends it gives every signal its default: a repeat would then decide the exit code."""
        for number in caught:
            signal.signal(number, signal.SIG_IGN)

    atexit.register(ignore)


class _Notes(logging.Handler):
    """What the library logs, as lines on standard error; a line that repeats the last one is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._last = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record."""
        from sco_sim.commands.screen.output import note

        words = self.format(record)
        if words != self._last:
            self._last = words
            note(words)
