"""Examples in the documentation of studies: every command of their pages works."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

from docs import check_examples
from docs.check_examples import OTHERS, PAGES, Example, cut, examples
from tests.unit.command_line import fine
from tests.worlds import ROOT

SMALL = {
    "brief baseline combined": "--worlds 40 --set horizon.end=2028",
    "compare baseline combined --worlds 200": "--worlds 4",
    "compare baseline combined --view documents": "--worlds 4 --no-figures",
    "compare baseline combined --view documents,evidence,sceptic": "--worlds 12",
    "compare baseline combined --view evidence,documents,sceptic": "--worlds 12",
    "cascade combined": "--worlds 4",
    "enlargement contested_agenda": "--worlds 4",
    "packages contested_agenda": "--worlds 4",
    "sequence rotating_chair": "--worlds 8",
    "loop": "--worlds 4",
    "portfolio on_a_budget": "--worlds 2",
    "rules combined": "--worlds 4",
    "threshold combined": "--worlds 20",
    "worth on_a_budget": "--worlds 40",
    "compare baseline combined majority_rule trade_corridors": "--worlds 40",
    "threshold people_to_people": "--worlds 20",
}
"""Commands that take long, by how they begin, with what makes them small."""
NEEDS = {"report": ("compare baseline combined --worlds 4 --no-figures --out results/first",)}
"""What a page takes for granted."""
NOT_HERE = ("validate my_view.yaml", "sweep experiments", "report results/rules_and_cities", "report docs")
"""Commands about files that a reader has, and sweeps, which have tests of their own: they begin so."""


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_work(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a command that is no more and an option renamed; figures are `python docs/check_examples.py`'s."""
    monkeypatch.chdir(tmp_path)
    for command in NEEDS.get(page, ()):
        fine(*shlex.split(command))
    shown = [one.command for one in examples(page) if not one.command.startswith(NOT_HERE)]
    assert shown
    for command in shown:
        begins = max((one for one in SMALL if command.startswith(one)), key=len, default="")
        fine(*shlex.split(command), *shlex.split(SMALL.get(begins, "")))


def test_every_page_with_commands_is_read_or_left_out_with_a_reason() -> None:
    """Catches a new page whose examples nobody runs."""
    block = re.compile(r"^```(?:sh|console|)\n(?:(?!```).)*?^(?:\$ )?sco-sim ", re.MULTILINE | re.DOTALL)
    with_commands = {file.stem for file in (ROOT / "docs").glob("*.md") if block.search(file.read_text("utf-8"))}
    assert with_commands == set(PAGES) | set(OTHERS)
    assert all(list(examples(page)) for page in PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_can_be_written_anew(page: str) -> None:
    """Catches printed figures of which the page does not say where in the output they stand."""
    for one in examples(page):
        assert not one.printed.strip() or one.shown not in ("", "-"), one.command
        for part in one.shown.split(" | "):
            assert all(re.compile(half) for half in part.split(" .. "))


def test_the_lines_shown_are_cut_from_the_output() -> None:
    output = "Title\n\n2026\n* one\n2027\n* two " + "x" * 20 + " " + "y" * 100 + "\n\n2028\n* three\nEnd\n"
    year = cut(output, "^2027$ .. ^2028$")
    assert year == "...\n2027\n* two " + "x" * 20 + "\n  " + "y" * 100 + "\n...\n"
    assert cut(output, "^Title | ^End") == "Title\n...\nEnd\n"
    assert cut(output, "^2028$ .. ") == "...\n2028\n* three\nEnd\n"
    with pytest.raises(ValueError, match=r"no line has '\^2030\$'"):
        cut(output, "^2030$ .. ^2031$")


def test_tables_are_left_as_they_are_and_lines_go_on_under_their_text() -> None:
    """Catches a row of a table that is folded, and a second line under a point that stands at the margin."""
    row = "Loop  " + "1.0   " * 30
    assert cut(f"{row}\n{'─' * 150}\n", "^Loop .. ") == f"{row.rstrip()}\n{'─' * 150}\n"
    assert cut("  " + "word " * 30, "word") == "  " + "word " * 22 + "word\n  " + "word " * 6 + "word\n"


def test_examples_are_read_with_what_they_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_examples, "DOCS", tmp_path)
    (tmp_path / "a.md").write_text(A_PAGE)
    assert list(examples("a")) == [
        Example("list views", "", "", "-"), Example("run x --out y", "", "", "-"),
        Example("run a      --b", "sco-sim run a \\\n    --b   # why", "", "-"),
        Example("show a", "sco-sim show a", "old: 1\n", "^new"),
        Example("list b", "sco-sim list b", "", "^tail"),
    ]  # fmt: skip


A_PAGE = """# A page

```sh
sco-sim list views   # all
cd x && sco-sim run x --out y
```

<!-- shown: - -->
<!-- shown: ^new -->
```
$ sco-sim run a \\
    --b   # why
$ sco-sim show a
old: 1
```

<!-- shown: ^tail -->
```
$ sco-sim list b
```

![A picture](figures/a.png) ![Another](figures/b.png)

```python
print("$ sco-sim nothing")
```
"""


def test_a_page_is_checked_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catches a stale figure that passes, and a page that --write leaves as it is or takes more of than it shows."""

    def output_of(command: str) -> str:
        Path("results").mkdir(exist_ok=True)
        (Path("results") / "a.png").write_bytes(b"drawn")
        return "head\nnew: 2\ntail\n" if command in ("show a", "list b") else "much\n"

    (tmp_path / "figures").mkdir()
    monkeypatch.setattr(check_examples, "DOCS", tmp_path)
    monkeypatch.setattr(check_examples, "output_of", output_of)
    (tmp_path / "a.md").write_text(A_PAGE)
    for words, code, said in (
        (["a"], 1, "no more so: old: 1"),
        (["a", "--write"], 0, "written anew: old: 1"),
        (["a"], 0, ""),
    ):
        monkeypatch.setattr(sys, "argv", ["check_examples.py", *words])
        with pytest.raises(SystemExit) as ended:
            check_examples.main()
        assert ended.value.code == code
        printed = capsys.readouterr().out
        assert said in printed
        assert bool(printed) == bool(said)
    written = A_PAGE.replace("old: 1\n", "...\nnew: 2\n...\n").replace("list b\n", "list b\n...\ntail\n")
    assert (tmp_path / "a.md").read_text() == written
    assert (tmp_path / "figures" / "a.png").read_bytes() == b"drawn"
    assert not (tmp_path / "figures" / "b.png").exists()
