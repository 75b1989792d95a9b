"""What a report says: plain records, made from a stored comparison and without any HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sco_sim.report.levers import Levers
from sco_sim.report.ties import TieMap
from sco_sim.studies.comparison.answer import Answer, Sentence

NUMBER = re.compile(r"(under )?[+-]?[\d,.]+( %)?( \+/- [\d,.]+)?( \([^()]*\d[^()]* to [^()]*\))?|the same|no value")
"""A cell that is a number, with its error or interval if it has one."""

NARROW = 6
"""Columns of a table whose numbers stay in one line on a page of 900 pixels."""


@dataclass(frozen=True)
class Named:
    """A scenario of the report."""

    name: str
    title: str
    question: str
    number: int
    """0 for the reference; it chooses colour, dash and marker."""


@dataclass(frozen=True)
class Line:
    """One scenario over the years."""

    scenario: int
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    words: tuple[str, ...]
    """The figures of each year as they are read."""


@dataclass(frozen=True)
class Panel:
    """One outcome over the years."""

    key: str
    title: str
    unit: str
    better: str
    years: tuple[int, ...]
    lines: tuple[Line, ...]
    least: float = 0.0
    """The axis reaches at least so far to either side of zero."""
    ring: tuple[int, float] | None = None
    """Year and mean of the state at the start, as it was observed; None if the years begin there."""
    note: str = ""
    """What else is said beside its title."""

    @property
    def aside(self) -> str:
        """What stands behind its title, in small print."""
        better = f"{self.better} is better" if self.better != "none" else ""
        return "; ".join(part for part in (better, self.note) if part)


@dataclass(frozen=True)
class Dot:
    """A mean with its interval."""

    scenario: int
    mean: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Forest:
    """States or ties beside each other, one outcome in one year."""

    key: str
    title: str
    unit: str
    rows: tuple[tuple[str, tuple[Dot, ...]], ...]
    left_out: int
    """States or ties that move less than those shown."""


@dataclass(frozen=True)
class Cell:
    """A row of the table of verdicts."""

    outcome: str
    wanted: str
    """Which way is better: higher, lower or none."""
    anchor: str
    scenario: int
    difference: str
    interval: str
    better: str
    prior: str
    evidence: str
    tone: str


@dataclass(frozen=True)
class Table:
    """Cells in words under their headings; the first column names the row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    grouped: bool = False
    """Whether rows that begin with the same cell stand under it, once, and it has no column of its own."""

    @property
    def groups(self) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
        """What the rows stand under, and the rows as they are shown; under nothing if the table is not grouped."""
        if not self.grouped:
            yield "", self.rows
            return
        for head, rows in groupby(self.rows, key=lambda row: row[0]):
            yield head, tuple(row[1:] for row in rows)

    @property
    def heads(self) -> tuple[str, ...]:
        """The headings of the columns that are shown."""
        return self.headers[1:] if self.grouped else self.headers

    @property
    def looks(self) -> str:
        """Classes of the table: its columns of numbers, and whether it is narrow enough for none to be broken."""
        narrow = ["narrow"] if len(self.heads) <= NARROW else []
        return " ".join([*narrow, *(f"n{at}" for at in self.numbers)])

    @property
    def numbers(self) -> tuple[int, ...]:
        """Columns that hold nothing but numbers, counted from one as they are shown; they stand at the right."""
        columns = list(zip(*self.rows, strict=True))[1 if self.grouped else 0 :]
        filled = [[cell for cell in column if cell] for column in columns]
        return tuple(at for at, cells in enumerate(filled, 1) if at > 1 and cells and all(map(NUMBER.fullmatch, cells)))


@dataclass(frozen=True)
class Story:
    """One world, year by year."""

    title: str
    years: tuple[tuple[int, tuple[tuple[str, tuple[str, ...]], ...]], ...]
    """Each year with its sentences under their heads."""
    caption: str
    table: Table


@dataclass(frozen=True)
class Section:
    """A part of a page: words, then figures, then tables; what it lacks is left out."""

    anchor: str
    short: str
    """Its name in the list of contents."""
    title: str
    words: tuple[str, ...] = ()
    key: tuple[Named, ...] = ()
    """Scenarios that the figures tell apart."""
    panels: tuple[Panel, ...] = ()
    zero: bool = False
    """Whether the panels are about differences."""
    forests: tuple[Forest, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    """Each under its caption."""
    fold: str = ""
    """Words under which the tables are folded away; empty if they are open."""
    packed: bool = False
    """Whether the rows of its tables are packed in the page, and unpacked by its script: long tables that few read."""
    points: tuple[str, ...] = ()
    """A list below all."""
    points_title: str = ""
    stories: tuple[Story, ...] = ()
    """Worlds told, each folded away."""
    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Numbered sentences, each with what stands below it."""


@dataclass(frozen=True)
class Page:
    """Everything a report says, in the order of the page.

    Sections called answer, table, map and levers are drawn from the fields of these names.
    """

    title: str
    size: str
    cautions: tuple[str, ...]
    scenarios: tuple[Named, ...]
    sections: tuple[Section, ...]
    runs: Table
    commands: tuple[str, ...]
    version: str
    year: int
    """The year that tables and answer are about."""
    answer: Answer | None = None
    cells: tuple[Cell, ...] = ()
    csv: str = ""
    """comparison.csv as it is stored."""
    map: TieMap | None = None
    levers: Levers | None = None

    def called(self, number: int) -> str:
        """Title of the scenario or view with a number; views without the evidence have none with 0."""
        return next(one.title for one in self.scenarios if one.number == number)

    @property
    def others(self) -> tuple[Named, ...]:
        """The scenarios that are compared with the reference."""
        return self.scenarios[1:]

    @property
    def told_above(self) -> tuple[Sentence, ...]:
        """Sentences of the answer that stand word for word in the first one to take home, which comes before it."""
        return tuple(one for one in self.answer.sentences if one.text in self._taken) if self.answer else ()

    @property
    def rest_of_answer(self) -> Answer | None:
        """The answer without what stands above it, so that no reader meets the same sentence twice."""
        if self.answer is None:
            return None
        cautions = tuple(line for line in self.answer.cautions if line not in self._taken)
        return Answer(cautions, tuple(one for one in self.answer.sentences if one not in self.told_above))

    @property
    def above(self) -> str:
        """What stands in the answer for the sentences that are told above it; empty if none is."""
        return "Said above: what comes first under To take home." if self.told_above else ""

    @property
    def _taken(self) -> str:
        """The first sentence to take home; empty if there is none."""
        lines = [line for section in self.sections if section.anchor == "brief" for line, _ in section.lines]
        return lines[0] if lines else ""

    @property
    def moved(self) -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
        """The rows of the table of verdicts by outcome, each with the first of them."""
        for _, rows in groupby(self.cells, key=lambda cell: cell.anchor):
            own = tuple(rows)
            yield own[0], own

    @property
    def grade(self) -> str:
        """The evidence of all rows of the table of verdicts; empty if they differ in it."""
        grades = {cell.evidence for cell in self.cells}
        return grades.pop() if len(grades) == 1 else ""

    @property
    def packed(self) -> dict[str, list[tuple[tuple[str, ...], ...]]]:
        """Rows of the tables of each section whose tables are packed."""
        return {one.anchor: [table.rows for _, table in one.tables] for one in self.sections if one.packed}

    @property
    def panels(self) -> tuple[tuple[str, Panel, bool], ...]:
        """Every panel with the name of its figure and whether it is about differences."""
        return tuple(
            (f"{section.anchor}-{one.key}", one, section.zero) for section in self.sections for one in section.panels
        )
