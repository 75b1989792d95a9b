"""What a download holds once it is read: figures of states by year, and trade reports by flow."""

from __future__ import annotations

import csv
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from os import SEEK_END
from pathlib import Path

from sco_sim.case.schema.declare import Column
from sco_sim.case.schema.sheet import divided_by, not_text
from sco_sim.errors import CaseError, Problem, counted

LINES_BEFORE = 12
"""Lines of title that may stand above the header."""

FOB, CIF = "exporter_fob_kusd", "importer_cif_kusd"
RECONCILED = "fob_kusd"
"""One number made of both reports of a flow: no report of either end."""
Flow = tuple[str, str, int]


@dataclass
class Download:
    """Figures of one file in the units of a case."""

    path: Path
    publisher: str
    states: dict[str, dict[tuple[str, int], float]] = field(default_factory=dict)
    """Column of state_years.csv -> (state, year) -> value."""
    trade: dict[Flow, dict[str, float]] = field(default_factory=dict)
    """(exporter, importer, year) -> FOB, CIF or RECONCILED -> thousand current USD."""
    ties: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    """Pair in alphabetical order -> column of ties.csv -> value."""
    names: dict[str, str] = field(default_factory=dict)
    """ISO3 code -> name as the file writes it."""
    units: list[str] = field(default_factory=list)
    """What was converted, in words."""
    skipped: set[str] = field(default_factory=set)
    """Areas that are no states, or none of those asked for."""
    left_out: int = 0
    """Rows of months, quarters and parts of the trade of a flow."""
    whole: bool = True
    """Whether the last line of the file has an end."""
    lines: dict[Hashable, tuple[int, float]] = field(default_factory=dict, repr=False)
    """Line and figure of what may stand once only."""

    @property
    def empty(self) -> bool:
        """Whether the file holds nothing of the states asked for."""
        return not (self.states or self.trade or self.ties)

    def add(self, flow: Flow, report: str, value: float) -> None:
        """Add to one report of a flow: files by product have several rows for it."""
        reports = self.trade.setdefault(flow, {})
        reports[report] = reports.get(report, 0.0) + value

    def again(self, line: int, what: Hashable, value: float) -> bool:
        """Whether the same figure stands in an earlier line; raises CaseError if another one does."""
        first, before = self.lines.setdefault(what, (line, value))
        if before != value:
            message = f"{before:,.10g} stands in line {first}, and {value:,.10g} here for the same"
            raise CaseError(Problem(message, "two editions in one file? Keep one of the two", str(self.path), line))
        return first != line

    def line(self) -> str:
        """What was read and converted, in one line."""
        parts = [f"{counted(len(values), 'value')} of {column}" for column, values in self.states.items()]
        if self.trade:
            parts.append(f"{counted(len(self.trade), 'trade flow')} by year")
        if self.ties:
            parts.append(f"{counted(len(self.ties), 'pair')} of states")
        units = f"; {'; '.join(dict.fromkeys(self.units))}" if self.units else ""
        areas = "area" if len(self.skipped) == 1 else "areas"
        skipped = f"; {len(self.skipped)} other {areas} left out" if self.skipped else ""
        skipped += f"; {self.left_out:,} rows of months or of parts of a flow left out" if self.left_out else ""
        skipped += "" if self.whole else "; the last line has no end: a torn download?"
        return f"{self.path.name}: {self.publisher}, {', '.join(parts) or 'nothing of these states'}{units}{skipped}"


@dataclass(frozen=True)
class Opened:
    """The header of a file and its rows with their line numbers."""

    path: Path
    header: tuple[str, ...]
    line: int
    text_encoding: str
    divider: str

    @property
    def whole(self) -> bool:
        """Whether the last line of the file has an end."""
        with self.path.open("rb") as file:
            file.seek(-1, SEEK_END)
            return file.read() in (b"\n", b"\r")

    def rows(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Line number and cells by column."""
        for line, cells in self.cells():
            yield line, dict(zip(self.header, cells, strict=False))

    def cells(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells in the order of the header; short rows are filled with empty cells.

        Raises CaseError for a row with more cells than the header, whose figures would stand under other names.
        """
        width = len(self.header)
        with self.path.open(encoding=self.text_encoding, newline="") as file:
            for _ in range(self.line - 1):
                next(file, "")
            reader = csv.reader(file, delimiter=self.divider)
            next(reader, None)
            try:
                for row in reader:
                    if len(row) < width:
                        row += [""] * (width - len(row))
                    elif len(row) > width and any(row[width:]):
                        message = (
                            f"{counted(len(row), 'cell')} where the header has {width}: names and figures do not match"
                        )
                        remedy = 'give every column a name; put "" around a text with a comma'
                        raise CaseError(Problem(message, remedy, str(self.path), reader.line_num + self.line - 1))
                    if any(row):
                        yield reader.line_num + self.line - 1, row
            except csv.Error as error:
                remedy = "download it again"
                line = reader.line_num + self.line - 1
                raise CaseError(
                    Problem(f"cannot be divided into cells: {error}", remedy, str(self.path), line)
                ) from error


def opened(path: Path, words: tuple[str, ...]) -> Opened | None:
    """The file if one of its first lines is a header with these words in it; None if none is.

    Raises CaseError if the file cannot be read, or is no text.
    """
    try:
        with path.open("rb") as file:
            top = [file.readline(100_000) for _ in range(LINES_BEFORE)]
    except OSError as error:
        raise CaseError(Problem(f"cannot be read: {error.strerror}", "give a CSV file", str(path))) from error
    if no_text := not_text(top[0], path):
        raise CaseError(no_text)
    for number, raw in enumerate(top, start=1):
        text = raw.decode("utf-8-sig", errors="replace").strip("\r\n")
        divider = divided_by(text)
        header = next(csv.reader([text], delimiter=divider), [])
        names = tuple(name.strip() for name in header)
        if set(words) <= {name.casefold() for name in names}:
            return Opened(path, names, number, _encoding(path), divider)
    return None


def _encoding(path: Path) -> str:
    """UTF-8, or Latin-1 as in older files; the columns that are read are the same in both."""
    try:
        with path.open(encoding="utf-8") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def amount(opened: Opened, line: int, column: str, text: str, into: Column) -> float | None:
    """As `figure`, within the range of the column of the case that it is for."""
    from sco_sim.case.schema.words import range_fault

    value = figure(opened, line, column, text)
    if value is None or (into.low <= value and not (into.exclusive and value == into.low)):
        return value
    fault = range_fault(value, into.low, into.high, into.exclusive, into.unit)
    raise CaseError(Problem(f"{column}: {fault.message}", fault.remedy, str(opened.path), line))


def figure(opened: Opened, line: int, column: str, text: str) -> float | None:
    """A number of a download; None for a gap, however it is written; raises CaseError for anything else."""
    from sco_sim.case.schema.words import GAPS, Fault, number_of

    bare = text.strip()
    if not bare or bare.casefold() in GAPS:
        return None
    value = number_of(bare)
    if isinstance(value, Fault):
        raise CaseError(Problem(f"{column}: {value.message}", value.remedy, str(opened.path), line))
    return value
