"""A table as it stands in its file: decoded, divided into cells, with line numbers. Only the csv module is needed."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sco_sim.errors import Problem, counted, did_you_mean

_NAMES = {";": "semicolons (;)", "\t": "tabs", "|": "bars (|)"}
LONG = 100
"""Rows from which a last line without an end is suspicious."""


@dataclass(frozen=True)
class Sheet:
    """Header and rows of one file; `lines` gives the line each row ends on."""

    path: str
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]
    whole: bool = True
    """Whether the last line has an end."""
    _columns: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _keys: dict[tuple[str, ...], list[tuple[str, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def column(self, name: str) -> list[str]:
        """The cells of one column; not to be changed, for a check asks for the same one again and again."""
        if name not in self._columns:
            index = self.header.index(name)
            self._columns[name] = [row[index] for row in self.rows]
        return self._columns[name]

    def keys(self, names: Sequence[str]) -> list[tuple[str, ...]]:
        """The cells of some columns, row by row; not to be changed either."""
        wanted = tuple(names)
        if wanted not in self._keys:
            self._keys[wanted] = list(zip(*map(self.column, wanted), strict=True))
        return self._keys[wanted]

    def column_number(self, name: str) -> int:
        """Number of the column, from 1."""
        return self.header.index(name) + 1


_UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Characters that steer a screen, or turn the direction of what follows: a name with one shows another text."""


def not_text(content: bytes, path: Path) -> Problem | None:
    """Why the beginning of a file is not that of a text in UTF-8; None if it may be."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem("is in UTF-16", "save it as CSV UTF-8", str(path), 1)
    if content[:4] == b"PK\x03\x04":
        remedy = "unpack it and give the CSV file in it, or save the sheet as CSV UTF-8"
        return Problem("is a workbook or a zip file, no CSV", remedy, str(path), 1)
    if content[:2] == b"\x1f\x8b":
        return Problem("is packed by gzip", "unpack it and give the CSV file in it", str(path), 1)
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:9].lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"{", b"[")):
        what = "JSON" if head.startswith((b"{", b"[")) else "a page of the web"
        return Problem(f"is {what}, no CSV", "download it as CSV", str(path), 1)
    return None


def decoded(path: Path) -> str | Problem:
    """The text of a file in UTF-8, or what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return Problem(f"cannot be read: {error.strerror}", "give a CSV file", str(path))
    if problem := not_text(content, path):
        return problem
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        guess = content.splitlines()[line - 1].decode("latin-1").strip()[:60]
        message = f"is not in UTF-8; in Latin-1 the line would read '{guess}'"
        return Problem(message, "save it as CSV UTF-8", str(path), line)
    if odd := _UNSEEN.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        what = "a null character" if odd[0] == "\0" else f"U+{ord(odd[0]):04X}, which no screen can show"
        return Problem(f"holds {what}", "write it without; save it as CSV UTF-8", str(path), line)
    return text


def divided_by(line: str) -> str:
    """The character that divides the cells of a header: a comma unless another one is more frequent."""
    return max((",", ";", "\t", "|"), key=line.count) if line else ","


def read_sheet(path: Path) -> Sheet | Problem:
    """The sheet of a file, or why it cannot be divided into cells."""
    text = decoded(path)
    if isinstance(text, Problem):
        return text
    first = text.split("\n", 1)[0]
    if not first.strip():
        return Problem("has no header", "write the names of the columns in the first line", str(path), 1)
    divider = divided_by(first)
    if divider != ",":
        return Problem(f"the cells are divided by {_NAMES[divider]}", "save it with commas", str(path), 1)
    try:
        reader = csv.reader(text.splitlines(keepends=True), strict=True)
        header = tuple(next(reader))
        rows, lines = [], []
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        if "field limit" in str(error):
            message = f"a cell has more than {csv.field_size_limit():,} characters"
            return Problem(message, "shorten it, or close a quotation mark", str(path), reader.line_num)
        return Problem(f"a quoted cell does not end: {error}", 'close the quotation mark "', str(path), reader.line_num)
    return Sheet(str(path), header, rows, lines, text.endswith(("\n", "\r")) or len(rows) < LONG)


def header_problems(sheet: Sheet, required: Sequence[str], known: Sequence[str]) -> list[Problem]:
    """Columns that are missing, stand twice or are written otherwise."""
    problems = []
    folded = {name.strip().casefold(): name for name in sheet.header}
    for name in known:
        if name in sheet.header:
            continue
        written = folded.get(name.casefold())
        if written is not None:
            message = f"the column '{written}' is not written as '{name}'"
            number = sheet.column_number(written)
            problems.append(Problem(message, f"write {name}", sheet.path, 1, number))
        elif name in required:
            near = did_you_mean(name, [column for column in sheet.header if column not in known])
            columns = f"the columns here are {', '.join(sheet.header)}"
            remedy = f"{near}; {columns}" if near.startswith("did") else columns
            problems.append(Problem(f"no column '{name}'", remedy, sheet.path, 1))
    for name in sorted({name for name in sheet.header if sheet.header.count(name) > 1}):
        number = len(sheet.header) - sheet.header[::-1].index(name)
        problems.append(Problem(f"the column '{name}' stands twice", "rename or drop one", sheet.path, 1, number))
    return problems


def width_problems(sheet: Sheet, most: int = 5) -> list[Problem]:
    """Rows with more or fewer cells than the header."""
    width, problems = len(sheet.header), []
    for row, line in zip(sheet.rows, sheet.lines, strict=True):
        if len(row) != width:
            few = len(row) < width
            remedy = (
                "a torn download, or a missing comma?" if few else 'put "" around a text with a comma; no separators'
                " of thousands"
            )  # fmt: skip
            problems.append(
                Problem(f"{counted(len(row), 'cell')} where the header has {width}", remedy, sheet.path, line)
            )
    more = len(problems) - most
    return [*problems[:most], *([Problem(f"and {more} more such rows", "", sheet.path)] if more > 0 else [])]
