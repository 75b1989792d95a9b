"""A page in plain words: states by their names, and texts of the council without underscores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from sco_sim.report.page import Section, Story, Table
from sco_sim.studies.plain_words import first_up, label_in_words, with_labels, with_names

AS_TYPED = ("differs", "parameters", "again")
"""Sections that are held against files: their labels stay as they are written there."""
Plain = Callable[[str], str]


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
