"""Who would accept what: texts put to the members of a year, judged by attributes and ties alone, without noise."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pydantic import Field
from scipy.special import softmax

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.case.names import suggest
from sco_sim.components.policy import DEPTHS, FIELDS, Policy
from sco_sim.components.readiness import ambition, stakes
from sco_sim.engine.build import build_model
from sco_sim.errors import CaseError, Problem, ScenarioError, did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import FIRST_YEAR, Horizon, Scenario
from sco_sim.world.pairs import Pair, pair
from sco_sim.world.year import Year

ADMISSION, POLITICAL = "membership", "political"
"""Field of a text that admits new members: decided without them, weighed as a political text."""
REQUIRED = ("item", "field", "depth")
LAST_YEAR = 2100
GUMBEL = np.sqrt(6.0) / np.pi
"""Scale of a Gumbel variable of standard deviation one."""


@dataclass(frozen=True)
class Item:
    """One text: what it is about, who gains, when it came up, and what became of it where that is known."""

    item: str
    field: str
    depth: str
    year: int
    """Year it came up; the year of adoption where only that is known."""
    proposer: str = ""
    participants: tuple[str, ...] = ()
    """Who is admitted or gains; all members if empty."""
    legs: tuple[Pair, ...] = ()
    favours: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    """Who held out, or stood aside; nobody known if empty."""
    adopted: int | None = None
    """Year it was adopted by all, None for not (yet)."""
    without: int | None = None
    """Year in which the others issued it without those who held out."""
    closed: int | None = None
    """Year in which it left the table without being adopted."""
    raised_known: bool = True
    """Whether the year it came up is known apart from its adoption."""
    known: bool = False
    """Whether what became of it is known at all."""

    def states(self) -> set[str]:
        """Codes of all states that it speaks of."""
        ends = {end for leg in self.legs for end in leg}
        named = {*self.participants, *self.favours, *self.against, *self.territory, self.proposer}
        return (ends | named) - {""}

    @property
    def name(self) -> str:
        """Item and year."""
        return f"{self.item} {self.year}"


@dataclass(frozen=True)
class Vote:
    """One text before the members of a year; arrays are (draw, voter)."""

    item: Item
    year: int
    voters: tuple[str, ...]
    terms: dict[str, Array]
    """Terms of equation 5."""
    wobble: Array
    """Standard deviation of a position from year to year, (draw, 1): equation 5's wobble, which is left out of z."""

    @property
    def z(self) -> Array:
        """Readiness without the yearly noise, (draw, voter)."""
        total: Array = sum(self.terms.values(), start=np.zeros(1))
        return total

    @property
    def ambition(self) -> Array:
        """Equation 5, (draw, voter)."""
        wish: Array = ambition(self.terms)
        return wish

    @property
    def named(self) -> Array:
        """Chance of each voter to be the least willing once positions wobble, (draw, voter).

        The wobble is taken for a Gumbel variable of its standard deviation, which makes it a softmax of -z.
        """
        chances: Array = softmax(-self.z / (GUMBEL * self.wobble), axis=1)
        return chances

    @property
    def passes(self) -> Array:
        """Whether all accept, (draw,)."""
        together: Array = (self.z.min(axis=1) >= 0.0).astype(float)
        return together

    @property
    def accepts(self) -> Array:
        """Chance that each accepts, (voter,)."""
        share: Array = (self.z >= 0.0).mean(axis=0)
        return share

    @property
    def least_willing(self) -> Array:
        """Chance that each is the least willing, (voter,)."""
        chance: Array = self.named.mean(axis=0)
        return chance


class _Text(Policy):
    """A text of an agenda, with legs of its own. It is voted on and never acts."""

    route: tuple[Pair, ...] = Field((), strict=False)
    """Legs it endorses."""

    def links(self, corridors: object) -> tuple[Pair, ...]:
        """Its legs."""
        return self.route

    def act(self, year: Year, strength: Array) -> None:
        """Nothing: the agenda does not say by which policy it would be carried out."""

    def outlay(self, year: Year, strength: Array) -> Array:
        """Nothing, shape (world,)."""
        return np.zeros(len(strength))


class Rounds:
    """The members of each year with their attributes and ties, and draws of the council's weights."""

    def __init__(
        self, case: Case, states: Iterable[str], *, draws: int = 2000, seed: int = 1,
        parameters: Mapping[str, Override] | None = None,
    ) -> None:  # fmt: skip
        """`parameters` are other ranges or values for entries of the ledger, as a scenario has them."""
        self.case, self.parameters = case, parameters or {}
        self.states = tuple(sorted(states))
        ledger = case.ledger.in_force(self.parameters)
        weighed = ("council.", "ties.", "gains.", "wants.")
        names = {name: entry for name, entry in ledger.entries.items() if name.startswith(weighed)}
        drawn = replace(ledger, entries=names, groups=(), fits=()).draw(seed, range(draws))
        self.weights = {name: values[:, None] for name, values in drawn.items()}
        self.years: dict[int, Year] = {}
        self.votes: dict[tuple[Item, int], Vote] = {}

    def year(self, year: int) -> Year:
        """The state at a year at the centre of what the tables say, with the drawn weights."""
        if year not in self.years:
            years = Horizon(start=year, end=year + 1)
            known = {"name": "agenda", "horizon": years, "states": self.states, "parameters": self.parameters}
            scenario = Scenario.model_validate({**known, "nowcast": True})  # what is known of the year has to do
            model = build_model(scenario, case=self.case, fixed_parameters=True)
            still = {"council.wobble": np.zeros_like(self.weights["council.wobble"])}
            model.year.p = {**model.year.p, **self.weights, **still}
            self.years[year] = model.year
        return self.years[year]

    def members(self, item: Item, year: int) -> tuple[str, ...]:
        """Who votes: the members of the year; on an admission without those who are admitted in that year."""
        member = self.year(year).state.member[0] > 0.0
        admitted = {iso for iso, since in self.case.catalog.member_from.items() if since >= year}
        candidates = {*item.participants, *admitted} if item.field == ADMISSION else set()
        return tuple(iso for iso, votes in zip(self.states, member, strict=True) if votes and iso not in candidates)

    def vote(self, item: Item, year: int | None = None) -> Vote:
        """The text before the members of its year, or of another one; raises ScenarioError if there are none."""
        when = item.year if year is None else year
        if (item, when) not in self.votes:
            self.votes[item, when] = self._vote(item, when)
        return self.votes[item, when]

    def _vote(self, item: Item, when: int) -> Vote:
        voters = self.members(item, when)
        if len(voters) < 2:
            raise ScenarioError(Problem(f"'{item.item}': fewer than two members in {when}", "choose a later year"))
        rows = [self.states.index(iso) for iso in voters]
        terms = stakes(self.year(when), text_of(item))
        shape = (len(self.weights["council.base"]), len(self.states))
        chosen = {
            name: np.broadcast_to(term, shape).take(rows, axis=1) for name, term in terms.items() if name != "wobble"
        }
        return Vote(item, when, voters, chosen, self.weights["council.wobble"])


def text_of(item: Item) -> Policy:
    """The text as a policy that is voted on and never acts."""
    field = POLITICAL if item.field == ADMISSION else item.field
    body = {"field": field, "depth": item.depth, "__module__": __name__, "__doc__": _Text.__doc__}
    text_class: type[_Text] = type("_TextOfField", (_Text,), body)
    name = "".join(letter for letter in item.item.lower() if letter.isascii() and (letter.isalnum() or letter == "_"))
    taking_part = item.participants or "members"
    return text_class.model_validate(
        {"name": name[:60], "proposer": item.proposer or None, "participants": taking_part, "route": item.legs,
         "favours": item.favours or (item.participants if item.field == ADMISSION else ()),
         "against": item.against, "territory": item.territory}
    )  # fmt: skip


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
    problems = [
        Problem(f"no column `{name}`", f"the columns here are {', '.join(header) or 'none'}", file, 1)
        for name in REQUIRED
        if name not in header
    ]
    if not {"year", "raised", "adopted"} & set(header):
        problems.append(Problem("no column `year`", "give the year each text is put to the members", file, 1))
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
        without = self.text("outcome") == "adopted_without"
        self.contradictions(raised, adopted, self.when("closed"))
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
            known=bool(adopted or self.text("held_out") or self.text("outcome")),
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
        there = self.catalog.states
        return iso if iso in there else self.wrong(column, f"no state '{iso}' in this case", suggest(iso, self.catalog))

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
