"""Tables of texts: the shipped one, or a user's, with all that is wrong told at its place."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Sequence
from pathlib import Path

from sco_sim.case.case import Case
from sco_sim.case.names import code_of, suggest
from sco_sim.case.schema.council_tables import AGENDA
from sco_sim.components.policy import DEPTHS, FIELDS
from sco_sim.errors import CaseError, Problem, ScenarioError, did_you_mean
from sco_sim.scenario.schema import FIRST_YEAR
from sco_sim.studies.council.agenda import ADMISSION, Item
from sco_sim.world.pairs import Pair, pair

REQUIRED = ("item", "field", "depth")
COLUMNS = (*(column.name for column in AGENDA.columns), "year")
"""Columns that mean something; a table may have others, which are not read."""
OUTCOMES = ("adopted", "not_adopted", "adopted_without")
LAST_YEAR = 2100
LIKE = 0.75
"""Likeness from which on a column is taken for one of these, misspelt: `favors`, `heldout`."""


def read_agenda(path: Path, case: Case) -> tuple[Item, ...]:
    """Texts of a CSV table, the shipped one or a user's; raises ScenarioError listing all that is wrong with it.

    Columns: item, field, depth and either `year` or `raised` and `adopted` (a year or a date); proposer, participants,
    legs, favours, against and territory (separated by `;`, a leg is `CHN-PAK`), held_out, adopted and closed may be
    left out or empty.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ScenarioError(Problem(f"cannot be read: {error}", "give a CSV table in UTF-8", str(path))) from error
    rows = [(number, line) for number, line in enumerate(lines, 1) if any(cell.strip() for cell in line)]
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    problems = _about_header(str(path), header)
    if problems:
        raise ScenarioError(*problems)
    reader = _Reader(str(path), header, case)
    items = [reader.item(number, line) for number, line in rows[1:]]
    if reader.problems:
        raise ScenarioError(*reader.problems)
    if not items:
        raise ScenarioError(Problem("the table has no rows", "write one text a line below the header", str(path)))
    return tuple(items)


def shipped_agenda(case: Case) -> Path:
    """The real agenda of a case; raises CaseError if it has none."""
    path = case.folder / "data" / "agenda.csv"
    if not path.is_file():
        raise CaseError(Problem("this case has no agenda", "give a table of your own: --agenda FILE", str(path)))
    return path


def _about_header(file: str, header: Sequence[str]) -> list[Problem]:
    if len(header) == 1 and ";" in header[0]:
        remedy = "save it with commas; a semicolon joins several codes in a cell"
        return [Problem("the cells are separated by semicolons", remedy, file, 1)]
    problems = [
        Problem(f"no column `{name}`", f"the columns here are {', '.join(header) or 'none'}", file, 1)
        for name in REQUIRED
        if name not in header
    ]
    if not {"year", "raised", "adopted"} & set(header):
        problems.append(Problem("no column `year`", "give the year each text is put to the members", file, 1))
    for number, name in enumerate(header, 1):
        near = difflib.get_close_matches(name.casefold(), COLUMNS, n=1, cutoff=LIKE)
        if name not in COLUMNS and near:  # it would be passed over without a word
            problems.append(Problem(f"`{name}` is no column of an agenda", f"write `{near[0]}`", file, 1, number))
    twice = sorted({name for name in header if header.count(name) > 1})
    return problems + [Problem(f"the column `{name}` comes twice", "rename one", file, 1) for name in twice]


class _Reader:
    """Rows of one table to texts; what is wrong is collected with its line and column."""

    def __init__(self, file: str, header: Sequence[str], case: Case) -> None:
        self.file, self.header, self.catalog = file, list(header), case.catalog
        self.known = case.catalog.borders | case.catalog.links
        self.problems: list[Problem] = []
        self.line = 0
        self.cells: dict[str, str] = {}
        self.seen: set[tuple[str, int | None]] = set()

    def item(self, line: int, cells: Sequence[str]) -> Item:
        """One row."""
        self.line = line
        if len(cells) > len(self.header):
            self.wrong(self.header[-1], "more cells than columns", 'put "" around a text with a comma')
        self.cells = dict(zip(self.header, (cell.strip() for cell in cells), strict=False))
        raised, adopted = self.when("year") or self.when("raised"), self.when("adopted")
        if not any(self.text(column) for column in ("year", "raised", "adopted")):
            self.wrong("year" if "year" in self.header else "raised", "no year", "write a year such as 2026")
        outcome = self.one_of("outcome", OUTCOMES) if self.text("outcome") else ""
        without = outcome == "adopted_without"
        self.contradictions(raised, adopted, self.when("closed"))
        self.outcome(outcome, raised, adopted)
        self.admitted(raised or adopted)
        if (self.text("item"), raised or adopted) in self.seen:
            self.wrong("item", f"'{self.text('item')}' of that year stands above too", "leave one of the rows out")
        self.seen.add((self.text("item"), raised or adopted))
        return Item(
            item=self.text("item") or self.wrong("item", "no name", "name the text"),
            field=self.one_of("field", [*FIELDS, ADMISSION]),
            depth=self.one_of("depth", [*DEPTHS]),
            year=raised or adopted or FIRST_YEAR,
            proposer=self.code("proposer"),
            participants=self.codes("participants"),
            legs=tuple(self.leg(text) for text in self.parts("legs")),
            favours=self.codes("favours"),
            against=self.codes("against"),
            territory=self.codes("territory"),
            held_out=self.codes("held_out"),
            adopted=None if without else adopted,
            without=adopted if without else None,
            closed=self.when("closed"),
            raised_known=raised is not None,
            known=bool(adopted or self.text("held_out") or outcome),
        )

    def contradictions(self, raised: int | None, adopted: int | None, closed: int | None) -> None:
        """Note cells of one row that cannot all be true."""
        for column, year in (("adopted", adopted), ("closed", closed)):
            if raised is not None and year is not None and year < raised:
                self.wrong(column, f"{year} is before {raised}, when it came up", "correct one of the two")
        if adopted is not None and self.text("outcome") == "not_adopted":
            self.wrong("adopted", "it has a date, and the outcome is `not_adopted`", "correct one of the two")
        for iso in sorted({*self.parts("favours")} & {*self.parts("against")}):
            self.wrong("against", f"{iso} is favoured too", "a wording is for or against a state")
        last = adopted or closed
        for iso in self.parts("held_out"):
            since, remedy = self.catalog.member_from.get(iso), "name a member of that time, or correct the date"
            if since is None and iso in self.catalog.states:
                self.wrong("held_out", f"{iso} is no member and has no vote", remedy)
            elif since is not None and last is not None and since > last:
                self.wrong("held_out", f"{iso} is a member from {since} on only, and it was decided in {last}", remedy)

    def outcome(self, outcome: str, raised: int | None, adopted: int | None) -> None:
        """Note an outcome that the other cells do not bear out: it would be read as something else."""
        if outcome in ("adopted", "adopted_without") and not self.text("adopted"):
            self.wrong("outcome", f"it is `{outcome}`, and no date says when", "fill the column adopted")
        if outcome == "adopted_without" and not self.text("held_out"):
            self.wrong("outcome", "it was issued without somebody, and nobody is named", "fill the column held_out")
        if outcome != "adopted_without" and self.text("held_out") and adopted is not None and adopted == raised:
            remedy = "write `adopted_without` if it was issued without them, else leave held_out empty: years count"
            self.wrong("held_out", f"it was adopted in {adopted}, the year in which it came up", remedy)

    def admitted(self, year: int | None) -> None:
        """Note an admission of nobody, or of who is a member already."""
        if self.text("field") != ADMISSION:
            return
        if not self.parts("participants"):
            self.wrong("participants", "an admission of nobody", "name who asks to be admitted")
        for iso in self.parts("participants"):
            since = self.catalog.member_from.get(iso)
            if since is not None and year is not None and since < year:
                self.wrong("participants", f"{iso} is a member from {since} on", "name who asks to be admitted")

    def wrong(self, column: str, message: str, remedy: str) -> str:
        """Note a problem in a cell; an empty text stands for the value."""
        number = self.header.index(column) + 1 if column in self.header else 0
        self.problems.append(Problem(f"`{column}`: {message}", remedy, self.file, self.line, number))
        return ""

    def text(self, column: str) -> str:
        """A cell, empty if the column is not there."""
        return self.cells.get(column, "")

    def parts(self, column: str) -> list[str]:
        """The parts of a cell."""
        return [part.strip() for part in self.text(column).split(";") if part.strip()]

    def one_of(self, column: str, known: Sequence[str]) -> str:
        """A cell that has to be one of some words."""
        word = self.text(column)
        return word if word in known else self.wrong(column, f"'{word}' is unknown", did_you_mean(word, known))

    def code(self, column: str) -> str:
        """A cell that is empty or the code of a state."""
        return self.checked(column, self.text(column)) if self.text(column) else ""

    def codes(self, column: str) -> tuple[str, ...]:
        """A cell of codes of states, separated by `;`."""
        return tuple(self.checked(column, iso) for iso in self.parts(column))

    def checked(self, column: str, iso: str) -> str:
        """The code of a state of the case."""
        if iso in self.catalog.states:
            return iso
        remedy, meant = suggest(iso, self.catalog), code_of(iso, self.catalog)
        if meant is not None and meant not in self.catalog.states:  # no ties of it are known, so nothing is weighed
            remedy = f"leave {meant} out: this case holds no {meant}, so nothing is known of how states stand to it"
        return self.wrong(column, f"no state '{iso}' in this case", remedy)

    def leg(self, text: str) -> Pair:
        """A leg, by the codes of its ends."""
        first, _, second = (part.strip() for part in text.partition("-"))
        if not second:
            self.wrong("legs", f"'{text}' is no leg", "write two codes, for example CHN-PAK")
            return "", ""
        ends = pair(self.checked("legs", first), self.checked("legs", second))
        if all(ends) and ends not in self.known:
            remedy = "use states that share a land border, or a link of the case (`sco-sim data links`)"
            self.wrong("legs", f"{text} is neither a land border nor a known link", remedy)
        return ends

    def when(self, column: str) -> int | None:
        """The year of a year, month or date; None for an empty cell."""
        text = self.text(column)
        if not text:
            return None
        year = text.split("-")[0]
        if year.isdecimal() and year.isascii() and FIRST_YEAR <= int(year) <= LAST_YEAR:
            return int(year)
        self.wrong(column, f"'{text}' is no year from {FIRST_YEAR} to {LAST_YEAR}", "write it as 2026 or 2026-09-01")
        return None
