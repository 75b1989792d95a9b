"""A study of the council as sections: a table and sentences each, for the screen and for a page of Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A heading, a table, and the sentences under it."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]


def page(title: str, command: str, intro: str, sections: Sequence[Section]) -> str:
    """The sections as a page of Markdown that names the command it is written by."""
    lines = [f"# {title}", "", f"<!-- written by `{command}`; do not edit -->", "", *_wrapped(intro)]
    for section in sections:
        lines += ["", f"## {section.title}", "", "| " + " | ".join(section.headers) + " |"]
        lines += ["|" + "---|" * len(section.headers), *("| " + " | ".join(row) + " |" for row in section.rows)]
        for words in section.words:
            lines += ["", *_wrapped(words)]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, width: int = 120) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)
