"""What a report says: plain records, made from a stored comparison and without any HTML."""

from __future__ import annotations

from dataclasses import dataclass

from sco_sim.report.ties import TieMap
from sco_sim.studies.comparison.answer import Answer


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


@dataclass(frozen=True)
class Page:
    """Everything a report of a comparison says, in the order of the page."""

    title: str
    size: str
    cautions: tuple[str, ...]
    scenarios: tuple[Named, ...]
    answer: Answer
    differs: tuple[tuple[Named, Table], ...]
    year: int
    cells: tuple[Cell, ...]
    csv: str
    """comparison.csv as it is stored."""
    differences: tuple[Panel, ...]
    levels: tuple[Panel, ...]
    map: TieMap | None
    """None where the runs share no ties."""
    who: tuple[Forest, ...]
    agreements: Table
    lost: Table
    """Ambition lost to veto and to delivery."""
    rests: Table
    hindcast: Table
    """How the engine did beside naive forecasts, from the table that `sco-sim hindcast --report` writes."""
    hindcast_words: tuple[str, ...]
    assumptions: tuple[str, ...]
    parameters: Table
    runs: Table
    commands: tuple[str, ...]
    version: str

    @property
    def others(self) -> tuple[Named, ...]:
        """The scenarios that are compared with the reference."""
        return self.scenarios[1:]
