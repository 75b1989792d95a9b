"""What is printed at any width: the same bytes in a pipe, everything and nothing beside the screen on a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.command_line import call, fine, on_terminal

WIDTHS = (40, 80, 200)
SHORT = (
    "run combined --worlds 8 --out {runs}/combined", "show combined", "diff baseline combined", "validate baseline",
    "list policies", "list parameters", "data", "data links",
)  # fmt: skip
LONG = (
    "compare {runs}/baseline {runs}/combined --no-figures --out {out}", "rerun {runs}/combined --world 3",
    "council combined --worlds 4", "export {runs}/combined --format csv --out {out}",
)  # fmt: skip


def slow_if_long(commands: Sequence[str]) -> list[Any]:
    """Commands that take over a second are tried by the long run of the tests only."""
    long = ("show combined", "data", *LONG)
    return [pytest.param(words, marks=pytest.mark.slow) if words in long else words for words in commands]


@pytest.fixture
def filled(compared: Path, tmp_path: Path) -> dict[str, Path]:
    """What the commands name: stored runs, and a folder to write to."""
    return {"runs": compared / "runs", "out": tmp_path / "out"}


@pytest.mark.parametrize("words", slow_if_long(SHORT + LONG))
def test_a_pipe_gets_the_same_bytes_whatever_the_terminal(words: str, filled: dict[str, Path]) -> None:
    """Catches output that a narrow terminal folds for `grep`, `diff` and these tests too."""
    widths = WIDTHS if words in SHORT else (WIDTHS[0], WIDTHS[-1])
    printed = [fine(*shlex.split(words.format(**filled)), columns=columns) for columns in widths]
    assert printed[0].strip()
    assert printed == [printed[0]] * len(widths)


@pytest.mark.parametrize("words", slow_if_long(SHORT))
def test_a_terminal_shows_all_of_it_and_nothing_beyond_its_edge(words: str, filled: dict[str, Path]) -> None:
    """Catches a line that the terminal breaks in the middle of a number, and a cell that is cut.

    Where a table has no room, each row is a paragraph and the heading of the first column goes.
    """
    command = shlex.split(words.format(**filled))
    lines = fine(*command).splitlines()
    kept = [line for line, below in zip(lines, [*lines[1:], ""], strict=True) if not below.strip().startswith("──")]
    for columns in WIDTHS:
        shown = on_terminal(columns, *command)
        assert max(len(line.rstrip()) for line in shown.splitlines()) <= columns
        squeezed = "".join(shown.split())
        assert not [word for word in " ".join(kept).split() if word.isalnum() and word not in squeezed]


@pytest.mark.parametrize("columns", WIDTHS)
def test_an_error_stays_on_its_line(columns: int, tmp_path: Path) -> None:
    """Catches a message that no editor can jump to, since its file and line were folded."""
    path = tmp_path / "wrong.yaml"
    path.write_text("extends: baseline.yaml\npolicies:\n  - sister_citys: {}\n")
    lines = call("validate", path, columns=columns).stderr.splitlines()
    assert f"error: {path}:3:5: no policy 'sister_citys'" in lines
    assert any("did you mean 'sister_cities'?" in line for line in lines)
