"""How far a run is: a bar on a terminal, a plain line now and then elsewhere; both on standard error."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sco_sim.commands.output import note, notes

Tick = Callable[[int, int], None]

#: Seconds between two plain lines at least.
PAUSE = 10.0


@contextmanager
def progress(name: str, kept: Path | None) -> Iterator[Tick]:
    """Follow worlds done and wanted; `kept` is the folder that finished worlds are stored in, if they are.

    Interrupted, it raises KeyboardInterrupt that says what is kept, and where.
    """
    done, wanted = 0, 0
    show: Tick

    def tick(now: int, of: int) -> None:
        nonlocal done, wanted
        done, wanted = now, of
        show(now, of)

    try:
        with warnings.catch_warnings():
            # what joblib says when it is interrupted is said below, in words
            warnings.filterwarnings("ignore", ".*still being processed by the workers have been cancelled")
            if notes().is_terminal and not notes().is_dumb_terminal:
                with _bar(name) as show:
                    yield tick
            else:
                show = _lines(name)
                yield tick
    except KeyboardInterrupt:
        raise KeyboardInterrupt(_left_behind(done, wanted, kept)) from None


def _left_behind(done: int, wanted: int, kept: Path | None) -> str:
    if kept is None or not wanted:
        return "Interrupted."
    resume = "Give the same command again to go on from there."
    return f"Interrupted: {done} of {wanted} worlds are kept in {kept}.\n{resume}"


def _lines(name: str) -> Tick:
    last = time.monotonic()

    def tick(done: int, wanted: int) -> None:
        nonlocal last
        if done >= wanted or time.monotonic() - last > PAUSE:
            last = time.monotonic()
            note(f"{name}: {done} of {wanted} worlds")

    return tick


@contextmanager
def _bar(name: str) -> Iterator[Tick]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TextColumn("worlds"),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=notes(), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, wanted: bar.update(task, completed=done, total=wanted)
