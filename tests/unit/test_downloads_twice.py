"""Downloads in which something stands twice, or that cannot be: told at its line, never added up or overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from sco_sim.case.downloads.download import CIF, FOB
from sco_sim.case.downloads.recognise import read_download
from sco_sim.commands import new_case
from sco_sim.errors import CaseError
from tests.unit.test_downloads import BACI, BANK, COMTRADE, IMF_LONG, MADE_OF_BOTH, NAMES, written


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (BANK + BANK.splitlines()[5].replace("13894907857880.6", "1"), "stands in line", "two editions"),
        (BACI + BACI.splitlines()[1] + "\n", "stands in an earlier line", "Keep one"),
        (COMTRADE + COMTRADE.splitlines()[1].replace("49742000000", "5") + "\n", "stands in line 2", "two editions"),
        (IMF_LONG + IMF_LONG.splitlines()[1].replace("49742000000", "5") + "\n", "stands in line 2", "two editions"),
        (COMTRADE.replace("54127000000", "-5"), "-5 is below 0", "correct the sign"),
        (BANK.replace("13894907857880.6", "0"), "0 is not above 0", "leave the cell empty"),
        (BACI + "2019,643,156,0101", "v is empty", "download it again"),
    ],
)
def test_what_stands_twice_or_cannot_be_is_refused_at_its_line(
    text: str, line: str, words: str, tmp_path: Path
) -> None:
    """Catches two editions in one file that were added up, or of which the last one won in silence."""
    with pytest.raises(CaseError) as caught:
        read_download(written(tmp_path, text), NAMES)
    (problem,) = caught.value.problems
    assert line in problem.message
    assert words in problem.remedy
    assert problem.line > 1


def test_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    found = read_download(written(tmp_path, COMTRADE + COMTRADE.splitlines()[1] + "\n"), NAMES)
    assert found is not None
    assert found.trade == {("CHN", "RUS", 2019): {FOB: 49742000.0, CIF: 54127000.0}}


def test_a_file_whose_last_line_has_no_end_says_so(tmp_path: Path) -> None:
    for text, said in ((COMTRADE, False), (COMTRADE.rstrip("\n"), True)):
        found = read_download(written(tmp_path, text), NAMES)
        assert found is not None
        assert ("torn" in found.line()) == said


def test_two_files_with_other_figures_of_the_same_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a second edition that replaced the first in silence."""
    for name, text in (("old", BACI), ("new", BACI.replace("100.5", "150.5"))):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    downloads = [read_download(tmp_path / f"{name}.csv", NAMES) for name in ("old", "new", "old")]
    new_case._note_editions([one for one in downloads if one is not None])
    told = capsys.readouterr().err
    assert "new.csv has 1 other figure of the same as old.csv: those of new.csv count" in told


def test_numbers_that_pandas_wrote_as_floats_are_codes(tmp_path: Path) -> None:
    floats = BACI.replace("156,", "156.0,").replace("643,", "643.0,")
    found = read_download(written(tmp_path, floats), NAMES)
    assert found is not None
    assert found.trade == MADE_OF_BOTH
