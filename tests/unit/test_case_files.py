"""Files of a case that are none, that are not read, and cells that no screen can show."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sco_sim.case.schema.check import check_case
from sco_sim.errors import CaseError
from tests.club import club


@pytest.fixture
def ties(tmp_path: Path) -> Path:
    """The table of ties of an invented club."""
    return club(tmp_path / "club").folder / "data" / "ties.csv"


@pytest.mark.parametrize(
    ("put", "words"),
    [
        (Path.mkdir, "is a folder, no file"),
        (lambda path: path.symlink_to("nowhere"), "is a link that leads nowhere"),
        (lambda path: path.symlink_to(path.name), "is a link that leads nowhere"),
        (os.mkfifo, "is no ordinary file"),
    ],
)
@pytest.mark.parametrize("name", ["data/ties.csv", "parameters.yaml"])
def test_what_stands_for_a_file_and_is_none_is_refused(
    ties: Path, name: str, put: Callable[[Path], None], words: str
) -> None:
    """Catches a fallback that held in silence, a word of the system, and a read that never ends."""
    path = ties.parent.parent / name
    path.unlink(missing_ok=True)
    put(path)
    with pytest.raises(CaseError) as caught:
        check_case(ties.parent.parent)
    assert [(problem.file, problem.message) for problem in caught.value.problems] == [(str(path), words)]


@pytest.mark.parametrize("name", ["data/Ties.CSV", "data/ties.xlsx", "data/ties.csv.gz", "data/tie.csv", "ties.csv"])
def test_a_table_under_another_name_or_in_another_place_is_told(ties: Path, name: str) -> None:
    """Catches a table that is not read, so that its fallback holds."""
    folder = ties.parent.parent
    assert not check_case(folder).warnings
    shutil.move(ties, folder / name)
    (warning,) = check_case(folder).warnings
    assert warning.file == str(folder / name)
    assert "not read" in warning.message


@pytest.mark.parametrize(
    ("letters", "words"),
    [
        ("\x1b[31mA", "holds U+001B, which no screen can show"),
        ("\u202eA", "holds U+202E, which no screen can show"),
        ("\u2028A", "holds U+2028, which no screen can show"),
        ('"A\nB"', "'A B' breaks over lines"),
        ("A" * 200_000, "a cell has more than 131,072 characters"),
    ],
)
def test_names_that_a_screen_cannot_show_are_refused(ties: Path, letters: str, words: str) -> None:
    """Catches a name that steers the terminal on which it is printed."""
    states = ties.with_name("states.csv")
    header, *rows = states.read_text(encoding="utf-8").splitlines()
    code, _, rest = rows[0].split(",", 2)
    states.write_text("\n".join([header, f"{code},{letters},{rest}", *rows[1:], ""]), encoding="utf-8")
    (problem,) = check_case(ties.parent.parent).problems
    assert words in problem.message
    assert problem.line in (2, 3)
