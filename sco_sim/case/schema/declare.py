"""The words in which a table is declared: columns with types, units and ranges, a key, and what its absence means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Type = Literal["code", "codes", "states", "year", "date", "number", "count", "flag", "choice", "text", "legs"]
"""`states` are those of the world by code, joined by ;, whether the case has them or not."""
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class Column:
    """One column of a table."""

    name: str
    type: Type
    unit: str
    meaning: str
    low: float = float("-inf")
    high: float = float("inf")
    exclusive: bool = False
    """Whether `low` itself is refused."""
    required: bool = False
    """Whether the table cannot be used without the column."""
    filled: bool = False
    """Whether every cell must hold something."""
    choices: tuple[str, ...] = ()
    fallback: str = ""
    """What holds where the column is not there or a cell is empty."""
    step: float = 0.0
    """Largest plausible factor from one year to the next; 0 for no check."""
    floor: float = 0.0
    """Values up to this may step."""
    certain: bool = False
    """Whether a step of a hundredfold is refused, not only reported."""
    identifier: bool = False
    """Whether a number names something and is no amount."""
    least: int = 1
    """Codes that a cell names at least; fewer say nothing, and are reported."""

    def stepping(self, step: float, floor: float) -> Column:
        """The same column; values above `floor` do not step by more than the factor `step` in a year."""
        return replace(self, step=step, floor=floor)

    def needed(self) -> Column:
        """The same column, required; its cells may have gaps."""
        return replace(self, required=True)


@dataclass(frozen=True)
class Table:
    """One table of a case: a file data/<name>.csv."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    fallback: str
    """What holds in a case without the table."""
    key: tuple[str, ...] = ()
    """Columns whose values, taken together, may stand in one row only."""
    ordered: tuple[str, str] | None = None
    """The two columns of a pair that stands once, with its codes in alphabetical order."""
    directed: tuple[str, str] | None = None
    """The two columns of a pair with a direction."""
    in_time: tuple[str, ...] = ()
    """Columns of years or dates, none of which may lie before one that stands earlier in this list."""
    one_of: tuple[str, ...] = ()
    """Columns of which the table needs one at least."""
    within: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Columns of a state with the columns of which one names it too."""
    empty: bool = False
    """Whether a header without rows says something: a list of events may be empty."""
    record: bool = False
    """Whether the model never reads it: kept for readers of the case."""

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two columns that name different states."""
        return self.ordered or self.directed

    def column(self, name: str) -> Column:
        """The column of a name; raises KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def code(name: str, meaning: str, required: bool = True) -> Column:
    """A column of codes of states."""
    return Column(name, "code", "code", meaning, required=required, filled=required)


def year(name: str = "year", meaning: str = "calendar year", required: bool = True, fallback: str = "") -> Column:
    """A column of calendar years."""
    return Column(
        name, "year", "year", meaning, low=FIRST_YEAR, high=LAST_YEAR, required=required, filled=required,
        fallback=fallback,
    )  # fmt: skip


def number(
    name: str, unit: str, meaning: str, low: float = float("-inf"), high: float = float("inf"), fallback: str = ""
) -> Column:
    """A column of numbers that may have gaps."""
    return Column(name, "number", unit, meaning, low=low, high=high, fallback=fallback)


def count(name: str, unit: str, meaning: str, high: float = float("inf"), fallback: str = "") -> Column:
    """A column of whole numbers from 0 on that may have gaps."""
    return Column(name, "count", unit, meaning, low=0.0, high=high, fallback=fallback)


def flag(name: str, meaning: str, fallback: str = "0") -> Column:
    """A column of 0 and 1 that may have gaps."""
    return Column(name, "flag", "0/1", meaning, low=0.0, high=1.0, fallback=fallback)


def identifier(name: str, meaning: str, fallback: str = "") -> Column:
    """A column of whole numbers that name something."""
    return Column(name, "count", "number", meaning, low=0.0, fallback=fallback, identifier=True)


def states(name: str, meaning: str, required: bool = False) -> Column:
    """A column of codes of states of the world, joined by ;."""
    return Column(name, "states", "text", meaning, required=required)


def text(name: str, meaning: str) -> Column:
    """A column of words that nothing reads as anything else."""
    return Column(name, "text", "text", meaning)


def date(name: str, meaning: str, unit: str = "date, month or year", required: bool = False) -> Column:
    """A column of dates: 2021, 2021-09 or 2021-09-17."""
    return Column(name, "date", unit, meaning, low=FIRST_YEAR, high=LAST_YEAR, required=required, filled=required)


def choice(name: str, meaning: str, *choices: str, required: bool = False) -> Column:
    """A column of a few known words."""
    return Column(name, "choice", "text", meaning, choices=choices, required=required, filled=required)


SOURCE = text("source", "page or publication")
ISO3 = code("iso3", "state")
PAIR = (
    code("iso3_a", "first state of the pair in alphabetical order"),
    code("iso3_b", "second state of the pair"),
)
FLOW = (code("iso3_origin", "origin"), code("iso3_destination", "destination"))
