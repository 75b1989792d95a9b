"""What happens in one world, as facts: year by year, each with the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Topic = Literal["member", "event", "dispute", "council", "delivery", "money", "tie"]
TITLES: dict[Topic, str] = {
    "member": "members", "event": "shocks", "dispute": "disputes", "council": "council", "delivery": "delivery",
    "money": "money", "tie": "ties",
}  # fmt: skip
"""Topics in the order in which they are told, with their words."""
TERMS = {
    "base": "what any text starts from", "benefit": "it has little to gain",
    "sovereignty": "it would leave much to others",
    "trust": "trust in those who gain fell",
    "community": "its sense of community fell", "practice": "texts delivered together",
    "depth": "how deep the text goes", "balance": "a friend of its rivals gains",
    "friends": "its friends are against it", "rivals": "its rivals gain",
    "credibility": "those who gain changed course",
    "quarrel": "it is at odds with those who gain", "hub": "its own trade club would lose",
    "territory": "the text touches land that it claims", "pressure": "outside pressure",
    "acceptance": "what policies and shocks do to readiness", "wobble": "the chance of the day",
}  # fmt: skip
"""Terms of readiness (equation 5) as reasons to refuse."""

OTHERWISE = 0.1
"""Share of a number by which the same fact has to differ between two scenarios to be told."""


@dataclass(frozen=True)
class Fact:
    """One thing that happens in a year."""

    year: int
    topic: Topic
    subject: str
    """The text, tie, state or event that it is about."""
    what: str
    """What happens to it, in a word: with year, topic and subject it says which fact it is."""
    words: str
    """The sentence."""
    value: float = 0.0
    """The number in it: ambition, conflict in points, million USD."""

    @property
    def key(self) -> tuple[int, str, str, str]:
        """Which fact it is, whatever its number."""
        return self.year, self.topic, self.subject, self.what


@dataclass(frozen=True)
class Difference:
    """Facts of two scenarios in the same world, side by side."""

    only_here: tuple[Fact, ...]
    only_there: tuple[Fact, ...]
    otherwise: tuple[tuple[Fact, Fact], ...]
    """The same fact with another number, by more than a tenth: here, there."""


def difference(here: list[Fact], there: list[Fact]) -> Difference:
    """What happens only here, only there, and otherwise; in the order of the years."""
    mine, theirs = ({fact.key: fact for fact in facts} for facts in (here, there))
    return Difference(
        tuple(fact for key, fact in mine.items() if key not in theirs),
        tuple(fact for key, fact in theirs.items() if key not in mine),
        tuple((fact, theirs[key]) for key, fact in mine.items() if key in theirs and _another(fact, theirs[key])),
    )


def _another(one: Fact, other: Fact) -> bool:
    return abs(one.value - other.value) > OTHERWISE * max(abs(one.value), abs(other.value))


Who = Literal["both", "here", "there", "otherwise"]


@dataclass(frozen=True)
class Line:
    """What is told of one or both of two scenarios in the same world."""

    who: Who
    """In which of the two: both, only one, or both with another number."""
    fact: Fact
    other: Fact | None = None
    """The fact there, where it is otherwise."""


def side_by_side(here: list[Fact], there: list[Fact]) -> list[Line]:
    """What happens in both, only here, only there and otherwise, in the order of years and topics."""
    apart, theirs = difference(here, there), {fact.key for fact in there}
    changed = {fact.key for fact, _ in apart.otherwise}
    lines = [Line("both", fact) for fact in here if fact.key in theirs - changed]
    lines += [Line("here", fact) for fact in apart.only_here]
    lines += [Line("there", fact) for fact in apart.only_there]
    lines += [Line("otherwise", one, other) for one, other in apart.otherwise]
    order = list(TITLES)
    return sorted(lines, key=lambda line: (line.fact.year, order.index(line.fact.topic)))


def shortened(lines: list[Line]) -> list[Line]:
    """The same with one line a year for all texts to which the council does what it did the year before."""
    done = {(line.who, line.fact.key) for line in lines if line.fact.topic == "council"}
    kept: list[Line] = []
    again: dict[tuple[Who, int], list[Fact]] = {}
    for line in lines:
        fact = line.fact
        if line.other is None and (line.who, (fact.year - 1, *fact.key[1:])) in done:
            again.setdefault((line.who, fact.year), []).append(fact)
            continue
        kept.append(line)
    for (who, year), facts in again.items():
        by: dict[str, list[str]] = {}
        for fact in facts:
            by.setdefault(fact.what.removeprefix("is "), []).append(fact.subject)
        words = "; ".join(f"{what}: {', '.join(texts)}" for what, texts in by.items())
        kept.append(Line(who, Fact(year, "council", "", "again", f"As the year before, {words}.")))
    order = list(TITLES)
    return sorted(kept, key=lambda line: (line.fact.year, order.index(line.fact.topic)))
