"""Files of a case that are none, that are not read, and cells that no screen can show."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sco_sim.case.case import Case
from sco_sim.case.schema.check import check_case
from sco_sim.errors import CaseError, ScenarioError
from sco_sim.evidence.hindcast.userfile import read_observations
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


def test_a_column_of_amounts_for_codes_is_refused_at_once(ties: Path) -> None:
    """Catches a search for the likest name for each of ten thousand amounts, which took a minute."""
    folder = ties.parent.parent
    reports = ties.with_name("trade_reports.csv")
    rows = "".join(f"{1000 + number}.5,ALA,2020,1,\n" for number in range(20_000))
    reports.write_text("iso3_o,iso3_d,year,exporter_fob_kusd,importer_cif_kusd\n" + rows, encoding="utf-8")
    began = time.process_time()
    problems = check_case(folder).problems
    assert time.process_time() - began < 5.0
    assert "no state '1000.5'" in problems[0].message
    assert "19995 more values" in problems[5].message


def test_observations_of_many_strangers_are_refused_at_once(tmp_path: Path) -> None:
    """Catches a search for the likest name for rows whose problem is not shown."""
    path = tmp_path / "own.csv"
    rows = "".join(f"Jolania{number}x,RUS,2021,trade,1e10\n" for number in range(20_000))
    path.write_text("iso3_a,iso3_b,year,channel,value\n" + rows, encoding="utf-8")
    began = time.process_time()
    with pytest.raises(ScenarioError, match="problems in"):
        read_observations(path, Case())
    assert time.process_time() - began < 5.0
