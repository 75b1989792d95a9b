"""The page on the architecture shows the imports as they are."""

from __future__ import annotations

import re

import pytest

from docs.build_architecture import MARKS, PAGE, layers, page, uses
from tests.worlds import ROOT


def test_the_picture_is_that_of_the_imports() -> None:
    """Catches a page that shows the layers of yesterday: run `python docs/build_architecture.py`."""
    assert PAGE.read_text(encoding="utf-8") == page()
    assert "●" in page().split(MARKS[0])[1].split(MARKS[1])[0]


def test_every_arrow_looks_down() -> None:
    """Catches a picture that is drawn and contradicts the words above it."""
    floor = {name: number for number, row in enumerate(layers()) for name in row}
    assert len(floor) > 10
    up = [(one, other) for one, others in uses().items() for other in others if floor[other] > floor[one]]
    assert not up


def test_the_readme_lists_every_page() -> None:
    """Catches a page of docs/ that a newcomer is not told of, and one that is gone."""
    tree = (ROOT / "README.md").read_text(encoding="utf-8").split("\ndocs/ ")[1].split("```")[0]
    assert sorted(re.findall(r"\w+\.md", tree)) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("name", ["runs", "run"])
def test_the_public_function_is_not_hidden_by_a_folder(name: str) -> None:
    """Catches a folder named as a public function, which would take its place."""
    import sco_sim

    assert (name in sco_sim.__all__) == (name == "run")
    assert callable(sco_sim.run)
