"""How far a run is: a bar on a terminal, a plain line now and then elsewhere; both on standard error."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sco_sim.commands.screen.output import note, notes
from sco_sim.errors import MendedWarning, counted

Tick = Callable[[int, int], None]

PAUSE = 10.0
"""Seconds between two plain lines at least."""


@contextmanager
def progress(name: str, kept: Path | None) -> Iterator[Tick]:
    """Follow worlds done and wanted; `kept` is the folder that finished worlds are stored in, if they are.

    When it is interrupted, the KeyboardInterrupt says what is kept, and where.
    """
    done, wanted = 0, 0
    show: Tick

    def tick(now: int, of: int) -> None:
        nonlocal done, wanted
        done, wanted = now, of
        show(now, of)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", MendedWarning)
            warnings.showwarning = _show
            if notes().is_terminal and not notes().is_dumb_terminal:
                with _bar(name) as show:
                    yield tick
            else:
                show = _lines(name)
                yield tick
    except KeyboardInterrupt as error:
        error.args = (_left_behind(done, wanted, kept),)
        raise


def _show(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning as a note: what was damaged in words, others with their class, without a line of code."""
    note(str(message) if issubclass(category, MendedWarning) else f"{category.__name__}: {message}")


def _left_behind(done: int, wanted: int, kept: Path | None) -> str:
    if kept is None or not wanted:
        return "Interrupted."
    resume = "Give the same command again to go on from there."
    return f"Interrupted: {done:,} of {counted(wanted, 'world')} are kept in {kept}.\n{resume}"


def duration(seconds: float) -> str:
    """A length of time in words of one or two units."""
    if seconds < 60:
        return f"{max(seconds, 1):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def _lines(name: str) -> Tick:
    last = began = time.monotonic()
    first: int | None = None
    complete = False

    def tick(done: int, wanted: int) -> None:
        nonlocal last, first, complete
        now = time.monotonic()
        first = done if first is None else first
        if (done >= wanted and not complete) or now - last > PAUSE:  # a search may go on after what it expected
            last, complete = now, done >= wanted
            rate = (done - first) / max(now - began, 1e-9)
            left = f", {rate:.0f} a second, {duration((wanted - done) / rate)} left" if rate and done < wanted else ""
            note(f"{name}: {done:,} of {counted(wanted, 'world')}{left}")

    return tick


@contextmanager
def _bar(name: str) -> Iterator[Tick]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TextColumn("worlds"),
        TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=notes(), transient=True) as bar:
        task = bar.add_task(name, total=None, rate="")

        def tick(done: int, wanted: int) -> None:
            speed = bar.tasks[task].speed
            bar.update(task, completed=done, total=wanted, rate=f"{speed:.0f}/s" if speed else "")

        yield tick
