"""States by their names and texts of the council by words, in sentences that have codes and labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import pairwise

from sco_sim.case.state_names import StateNames

CODE = re.compile(r"(?<![\w./-])[A-Z]{3}(?:-[A-Z]{3})?(?![\w/-])(?!\.\w)")
"""A state or a tie; what stands in the name of an entry of the ledger or of a file is none."""
PROPER = {"ai": "AI", "europe": "Europe", "kashmir": "Kashmir", "siberia": "Siberia"}
"""Words of texts that are names beside those of states."""


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


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """A text with a change made to what does not stand between backticks."""
    return "`".join(part if at % 2 else change(part) for at, part in enumerate(text.split("`")))


def first_up(text: str) -> str:
    """A text with a capital at its beginning."""
    return f"{text[:1].upper()}{text[1:]}"
