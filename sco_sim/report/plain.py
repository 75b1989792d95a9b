"""A page in plain words: states by their names, and texts of the council without underscores."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise

from sco_sim.case.state_names import StateNames
from sco_sim.report.page import Section, Story, Table

CODE = re.compile(r"(?<![\w./-])[A-Z]{3}(?:-[A-Z]{3})?(?![\w/-])(?!\.\w)")
"""A state or a tie; what stands in the name of an entry of the ledger or of a file is none."""
PROPER = {"ai": "AI", "europe": "Europe", "kashmir": "Kashmir", "siberia": "Siberia"}
"""Words of texts that are names beside those of states."""
AS_TYPED = ("differs", "parameters", "again")
"""Sections that are held against files: their labels stay as they are written there."""
Plain = Callable[[str], str]


@cache
def usual_names() -> Mapping[str, str]:
    """Code of every state of the world -> its usual name, for tables that know no case."""
    return StateNames().usual


def with_names(text: str, names: Mapping[str, str]) -> str:
    """A text in which states are called by their names instead of their codes, but for what is code."""

    def named(match: re.Match[str]) -> str:
        return "-".join(names.get(code, code) for code in match[0].split("-"))

    return outside_code(text, lambda part: CODE.sub(named, part))


def label_in_words(label: str, names: Iterable[str]) -> str:
    """A text of the council: `china_europe_railway_express` is the China-Europe railway express."""
    proper = {name.lower(): name for name in names if " " not in name} | PROPER
    parts = label.split("_")
    out = proper.get(parts[0], parts[0])
    for before, word in pairwise(parts):
        out += ("-" if before in proper and word in proper else " ") + proper.get(word, word)
    return out


def with_labels(text: str, labels: Iterable[str], names: Iterable[str]) -> str:
    """A text in which those of the council are called by words, but for what is code."""
    long = sorted((label for label in labels if "_" in label), key=len, reverse=True)
    if not long:
        return text
    spelt = "|".join(re.escape(label).replace("_", "[_ ]") for label in long)  # sentences have spaces already
    any_of, known = re.compile(rf"(?<![\w./-])(?:{spelt})(?![\w/-])(?!\.\w)"), tuple(names)

    def in_words(match: re.Match[str]) -> str:
        return label_in_words(match[0].replace(" ", "_"), known)

    return outside_code(text, lambda part: any_of.sub(in_words, part))


def outside_code(text: str, change: Plain) -> str:
    """A text with a change made to what does not stand between backticks."""
    return "`".join(part if at % 2 else change(part) for at, part in enumerate(text.split("`")))


def first_up(text: str) -> str:
    """A text with a capital at its beginning."""
    return f"{text[:1].upper()}{text[1:]}"


def in_plain_words(sections: Iterable[Section], names: Mapping[str, str], labels: Iterable[str]) -> tuple[Section, ...]:
    """The sections of a page with names of states for their codes, and words for labels.

    Args:
        sections: Of the page.
        names: Name of each state by its code.
        labels: Of the texts that stand in it.
    """
    known = tuple(labels)

    def plain(text: str) -> str:
        whole = first_up(label_in_words(text, names.values())) if text in known else text  # a cell of its own
        return with_names(with_labels(whole, known, names.values()), names)

    def typed(text: str) -> str:
        return with_names(text, names)

    return tuple(_section(one, typed if one.anchor in AS_TYPED else plain) for one in sections)


def _section(one: Section, plain: Plain) -> Section:
    if one.packed:  # the ledger itself
        return one
    return replace(
        one,
        words=tuple(map(plain, one.words)),
        lines=tuple((plain(line), tuple(map(plain, below))) for line, below in one.lines),
        tables=tuple((plain(caption), _table(table, plain)) for caption, table in one.tables),
        points=tuple(map(plain, one.points)),
        stories=tuple(_story(story, plain) for story in one.stories),
    )


def _table(table: Table, plain: Plain) -> Table:
    return replace(table, rows=tuple(tuple(map(plain, row)) for row in table.rows))


def _story(one: Story, plain: Plain) -> Story:
    years = tuple(
        (year, tuple((head, tuple(map(plain, lines))) for head, lines in groups)) for year, groups in one.years
    )
    return replace(one, years=years, table=_table(one.table, plain))
