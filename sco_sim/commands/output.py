"""What goes to the screen: tables, JSON and error text, wide enough for a file when it goes to one."""

from __future__ import annotations

import json
import math
import os
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import IO, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sco_sim.errors import SimError

#: Columns when the output goes to a file or a pipe and nobody says how wide it is.
WIDE = 200

Row = Sequence[object]


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        """Leave a closed pipe to the one who started the command."""
        raise BrokenPipeError


def _screen(file: IO[str]) -> Console:
    known = file.isatty() or os.environ.get("COLUMNS", "").isdecimal()
    return _Screen(
        file=file, width=None if known else WIDE, highlight=False, markup=False, emoji=False, soft_wrap=False
    )


def screen() -> Console:
    """Standard output."""
    return _screen(sys.stdout)


def notes() -> Console:
    """Standard error: progress, warnings and errors."""
    return _screen(sys.stderr)


def say(text: str = "", style: str = "") -> None:
    """A line or paragraph on standard output."""
    screen().print(Text(text, style=style))


def note(text: str) -> None:
    """A line on standard error, never broken."""
    print(text, file=sys.stderr)


def complain(error: SimError) -> None:
    """Every problem of an error: place, what is wrong, and the remedy."""
    for problem in error.problems:
        note(f"error: {problem}")


def table(headers: Sequence[str], rows: Iterable[Row], right: Iterable[str] = ()) -> None:
    """A table; the columns named in `right` hold numbers. Long cells are folded, never cut."""
    console, numbers = screen(), set(right)
    cells = [[str(cell) for cell in row] for row in rows]
    drawn = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), collapse_padding=True, show_edge=False, header_style="bold"
    )
    longest = max((len(row[0]) for row in cells), default=0)
    for place, header in enumerate(headers):
        drawn.add_column(
            header,
            justify="right" if header in numbers else "left",
            overflow="fold",
            no_wrap=place == 0 and longest <= console.width / 2,  # what a row is about stays in one piece
        )
    for row in cells:
        drawn.add_row(*(Text(cell) for cell in row))
    console.print(drawn)


def width_of(headers: Sequence[str], rows: Sequence[Row]) -> int:
    """Columns that a table takes if nothing is folded."""
    lines = [headers, *rows]
    return sum(max(len(str(line[place])) for line in lines) + 2 for place in range(len(headers)))


def hanging(rows: Iterable[tuple[str, str]]) -> None:
    """Marks and the text beside each, folded under itself."""
    console = screen()
    for mark, text in rows:
        indent = " " * (len(mark) + 1)
        folded = textwrap.fill(text, console.width, initial_indent=f"{mark} ", subsequent_indent=indent)
        console.print(Text(folded))


def heading(text: str) -> None:
    """A heading after an empty line."""
    say()
    say(text, "bold")


def emit(data: object) -> None:
    """JSON on standard output; what is no finite number becomes null."""
    sys.stdout.write(json.dumps(plain(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def plain(value: Any) -> Any:
    """The same as JSON-able data: NumPy's scalars and paths as Python's own, NaN as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
