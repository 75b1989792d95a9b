"""Cells of a file of one's own, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sco_sim.case.catalog import Catalog
from sco_sim.case.names import suggest
from sco_sim.case.schema.check_table import this_year
from sco_sim.case.schema.sheet import header_problems, read_sheet, width_problems
from sco_sim.case.schema.words import GAPS, Fault, number_of
from sco_sim.errors import Problem, ScenarioError

MOST = 20
"""Problems reported at most."""
GAP = "leave the row out where nothing is known"


@dataclass
class OwnCells:
    """Cells of one file, and what is wrong with them."""

    path: Path
    problems: list[Problem] = field(default_factory=list)

    def rows(self, needed: Sequence[str], others: Sequence[str] = ()) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Line number and cells of every row; raises ScenarioError if the file or its header cannot be used."""
        sheet = read_sheet(self.path)
        if isinstance(sheet, Problem):
            raise ScenarioError(sheet)
        wrong = header_problems(sheet, needed, [*needed, *others]) or width_problems(sheet)
        if wrong:
            raise ScenarioError(*wrong)
        for line, row in zip(sheet.lines, sheet.rows, strict=True):
            if any(row):
                yield line, {name: cell.strip() for name, cell in zip(sheet.header, row, strict=True)}

    def wrong(self, line: int, message: str, remedy: str = "") -> None:
        """Keep a problem."""
        self.problems.append(Problem(message, remedy, str(self.path), line))

    def finish(self) -> None:
        """Raise ScenarioError if anything was wrong."""
        if self.problems:
            more = len(self.problems) - MOST
            shown = self.problems[:MOST]
            raise ScenarioError(*shown, *([Problem(f"and {more} more problems in {self.path}")] if more > 0 else []))

    def number(self, line: int, column: str, text: str) -> float:
        """A finite number; NaN and a problem if it is none."""
        value = number_of(text)
        if not isinstance(value, Fault):
            return value
        gap = not text or text.casefold() in GAPS
        self.wrong(
            line,
            f"{column} {value.message}",
            GAP if gap else value.remedy.replace("leave the cell empty", "leave the row out"),
        )
        return float("nan")

    def year(self, line: int, text: str) -> int:
        """A calendar year up to this one; 0 and a problem if it is none."""
        if not (text.isdecimal() and len(text) == 4):
            self.wrong(line, f"year '{text}' is no calendar year", "write four digits, such as 2019")
            return 0
        if int(text) > this_year():
            self.wrong(line, f"year {text} lies ahead: nothing has been observed", "correct it, or leave the row out")
        return int(text)

    def state(self, line: int, column: str, text: str, known: Catalog) -> str:
        """A state of the case; a problem if it is none."""
        if text not in known.states:
            remedy = suggest(text, known) if len(self.problems) < MOST else ""  # not shown, and a search each
            self.wrong(line, f"{column} '{text}' is no state of the case", remedy)
        return text
