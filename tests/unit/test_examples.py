"""Examples in the documentation of studies: every command of their pages works."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from docs.check_examples import PAGES, examples
from tests.unit.command_line import fine

pytestmark = pytest.mark.slow
SMALL = {
    "brief baseline combined majority_rule": "--worlds 40 --set horizon.end=2028",
    "compare baseline combined --worlds 200": "--worlds 4",
    "compare baseline combined --view documents": "--worlds 4 --no-figures",
    "compare baseline combined --view documents,evidence,sceptic": "--worlds 12",
    "cascade combined": "--worlds 4",
    "loop": "--worlds 4",
    "portfolio on_a_budget": "--worlds 2",
    "rules combined": "--worlds 4",
    "threshold combined": "--worlds 20",
    "worth on_a_budget": "--worlds 40",
    "compare baseline combined majority_rule trade_corridors": "--worlds 40",
    "threshold sister_cities": "--worlds 20",
}
"""Commands that take long, by how they begin, with what makes them small."""
NEEDS = {"report": ("compare baseline combined --worlds 4 --no-figures --out results/first",)}
"""What a page takes for granted."""
NOT_HERE = ("validate my_view.yaml", "sweep experiments", "report results/rules_and_cities", "report docs")
"""Commands about files that a reader has, and sweeps, which have tests of their own: they begin so."""


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_a_page_work(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a command that is no more and an option renamed; figures are `python docs/check_examples.py`'s."""
    monkeypatch.chdir(tmp_path)
    for command in NEEDS.get(page, ()):
        fine(*shlex.split(command))
    shown = [command for command, _ in examples(page) if not command.startswith(NOT_HERE)]
    assert shown
    for command in shown:
        begins = max((one for one in SMALL if command.startswith(one)), key=len, default="")
        fine(*shlex.split(command), *shlex.split(SMALL.get(begins, "")))
