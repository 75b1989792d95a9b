"""What is typed and cannot be meant: values that are empty, and the same value of an option given twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import typer

from sco_sim.errors import Problem, ScenarioError

BY_PATH = {"--set": "=", "--until": ":="}
"""Options whose values are pairs, and what divides a pair: the same path twice is one too many."""
_OPTION = re.compile(r"--[A-Za-z][\w-]*")


def refuse(words: Sequence[str]) -> None:
    """Say what is wrong with the words of a command and end it with exit code 2; nothing if nothing is wrong."""
    problem = fault(words)
    if problem:
        from sco_sim.commands.screen.output import complain

        complain(ScenarioError(problem))
        raise typer.Exit(ScenarioError.exit_code)


def fault(words: Sequence[str]) -> Problem | None:
    """What is wrong with the words of a command before any of them is read; None if nothing is."""
    for option, value in _pairs(words):
        if value is not None and not value.strip():
            if option:
                return Problem("its value is empty", f"give it one, or leave {option} out", option)
            return Problem("an argument is empty", "name a scenario, a file or a folder")
    seen: dict[tuple[str, str], str] = {}
    for option, value in _pairs(words):
        if not option or value is None:
            continue
        key = re.split(f"[{BY_PATH[option]}]", value, maxsplit=1)[0].strip() if option in BY_PATH else value
        if (option, key) in seen:
            other = seen[option, key]
            message = f"{key} is given twice" + (f": {other} and {value}" if other != value else "")
            return Problem(message, "give it once", option)
        seen[option, key] = value
    return None


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Each option with the word after it, None if that is an option too, and each other word without an option."""
    option = ""
    for word in words:
        if word == "--":
            return
        name, equals, value = word.partition("=")
        if _OPTION.fullmatch(name):
            if option:
                yield option, None
            option = "" if equals else name
            if equals:
                yield name, value
        else:
            yield option, word
            option = ""
