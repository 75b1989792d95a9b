"""What a command prints: sentences, tables, JSON and error text.

A terminal has its own width. A file or a pipe has none: a sentence stays on its line there and tables have one width,
whatever the terminal the command was started from, so that what is printed can be searched and compared.
"""

from __future__ import annotations

import json
import math
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import IO, Any, Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sco_sim.errors import MOST_SHOWN, SimError

WIDE = 200
"""Characters a table may take in a file or a pipe."""

NARROW = 24
"""Characters that the last column of a table needs at least, if its text is longer."""

Row = Sequence[object]


class _Screen(Console):
    def on_broken_pipe(self) -> None:
        """Leave a closed pipe to the one who started the command."""
        raise BrokenPipeError


def has_width(file: IO[str]) -> bool:
    """Whether lines have to be folded: on a terminal they do, in a file or a pipe they do not."""
    return file.isatty()


def _screen(file: IO[str]) -> Console:
    width = None if has_width(file) else WIDE  # rich knows that of a terminal
    return _Screen(file=file, width=width, highlight=False, markup=False, emoji=False)


def screen() -> Console:
    """Standard output."""
    return _screen(sys.stdout)


def notes() -> Console:
    """Standard error: progress, warnings and errors."""
    return _screen(sys.stderr)


def say(text: str = "", style: str = "") -> None:
    """A line or paragraph on standard output, folded on a terminal only."""
    screen().print(Text(text, style=style), soft_wrap=not has_width(sys.stdout))


def note(text: str) -> None:
    """A line on standard error, never broken; one that nobody can read does not stop the work."""
    with suppress(OSError):
        print(text, file=sys.stderr)


def complain(error: SimError) -> None:
    """Every problem of an error: location, what is wrong, and the remedy."""
    for problem in error.problems[:MOST_SHOWN]:
        note(f"error: {problem}")
    if len(error.problems) > MOST_SHOWN:
        note(f"error: and {len(error.problems) - MOST_SHOWN} more problems")


def table(headers: Sequence[str], rows: Iterable[Row], right: Iterable[str] = (), *, rule: bool = True) -> None:
    """A table; the columns named in `right` hold numbers, `rule` draws a line under the headers.

    Without a rule the first header is the title of the table.

    Only the last column is folded, never cut. Where the others leave it no room, each row becomes a paragraph.
    """
    console, numbers = screen(), set(right)
    cells = [[str(cell) for cell in row] for row in rows]
    if not fits(headers, cells):
        if not rule:
            say(headers[0], "bold")
        for first, *rest in cells:
            say(first, "cyan")
            parts = [f"{header} {cell.strip()}" for header, cell in zip(headers[1:], rest, strict=True) if cell]
            hanging([(" ", "; ".join(parts))])
        return
    style, gap = (box.SIMPLE_HEAD, 1) if rule else (None, 2)
    drawn = Table(
        box=style, pad_edge=False, padding=(0, gap), collapse_padding=True, show_edge=False, header_style="bold"
    )
    for header in headers:
        justify: Literal["left", "right"] = "right" if header in numbers else "left"
        drawn.add_column(header, justify=justify, overflow="fold", no_wrap=header != headers[-1])
    for row in cells:
        drawn.add_row(*(Text(cell) for cell in row))
    console.print(drawn)


def fits(headers: Sequence[str], cells: Sequence[Sequence[str]]) -> bool:
    """Whether the columns have room side by side, the last one folded if need be."""
    widths = [max(len(line[column]) for line in [headers, *cells]) for column in range(len(headers))]
    return sum(widths[:-1]) + 2 * (len(widths) - 1) + min(widths[-1], NARROW) <= screen().width


def grouped(headers: Sequence[str], groups: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> None:
    """Aligned lines of numbers, under a title for each group."""
    lines = [headers, *(line for _, block in groups for line in block)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headers))]
    gap = "  " if sum(widths) + 2 * len(widths) <= screen().width else " "

    def aligned(line: Sequence[str]) -> str:
        return gap.join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip()

    say(aligned(headers), "bold")
    for title, block in groups:
        say(title, "cyan")
        for line in block:
            say(aligned(line))


def hanging(rows: Iterable[tuple[str, str]]) -> None:
    """Marks and the text beside each, folded under itself on a terminal."""
    width = screen().width if has_width(sys.stdout) else sys.maxsize
    for mark, text in rows:
        say(textwrap.fill(text, width, initial_indent=f"{mark} ", subsequent_indent=" " * (len(mark) + 1)))


def lines_of(texts: Iterable[str], indent: int = 0) -> int:
    """How many lines some paragraphs take here, folded on a terminal."""
    width = screen().width - indent if has_width(sys.stdout) else sys.maxsize
    return sum(len(textwrap.wrap(text, width)) or 1 for text in texts)


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
