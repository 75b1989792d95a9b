"""Errors a user can cause: each says where, what is wrong and what to do; and words that all messages use."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: location, problem and remedy."""

    message: str
    remedy: str = ""
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        location = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        text = f"{location}: {self.message}" if location else self.message
        return f"{text}\n    {self.remedy}" if self.remedy else text


MOST_SHOWN = 40
"""Most problems printed at once; a file that is wrong throughout need not fill the screen."""


class SimWarning(UserWarning):
    """Something a user should know that stops nothing; the command line prints it without a line of code."""


class EvidenceWarning(UserWarning):
    """A start rests on evidence that is too old, assumed or not there; the command line says it in words of its own."""


class SimError(Exception):
    """Base of every error a user can cause; `exit_code` is what the command line returns."""

    exit_code = 2

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        shown = [str(p) for p in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            shown.append(f"and {counted(len(self.problems) - MOST_SHOWN, 'more problem')}")
        super().__init__("\n".join(shown))


class ScenarioError(SimError):
    """Something in a scenario file, or on the command line, cannot be used."""


class CaseError(SimError):
    """A table or the ledger of a case folder cannot be used."""


class StoreError(SimError):
    """A stored run cannot be read or written."""

    exit_code = 4


class MendedWarning(UserWarning):
    """Something stored was damaged, and is simulated again."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun, in the plural but for one; the plural takes an s if it is left out."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def did_you_mean(word: str, known: Iterable[str], most: int = 1) -> str:
    """A remedy naming the nearest known words, or listing them all if none is near."""
    names: Sequence[str] = sorted(known)
    folded = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(word.casefold(), folded, n=most, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(f"'{folded[n]}'" for n in near) + "?"
    return "known: " + ", ".join(names) if names else ""
