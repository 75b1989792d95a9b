"""To take home, worth knowing and thresholds in a report: what `brief` and `threshold` left, if it belongs to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sco_sim.errors import StoreError
from sco_sim.report.page import Section
from sco_sim.report.stored import records
from sco_sim.report.take_home import knowing, take_home, thresholds
from sco_sim.store.checksums import write_tables
from sco_sim.studies.candidates.candidate import KNOWING, Candidate
from sco_sim.studies.comparison.compare import read_comparison
from sco_sim.studies.take_home import NAME, Kept, keep, kept
from sco_sim.studies.worth.information import Choice, Worth
from sco_sim.studies.worth.options import Options

KEPT = Kept(
    {"consensus": (0.0, 0.0), "opt_in": (0.2, 0.01)}, "sco-sim compare a b", "sco-sim rules b", "sco-sim worth r",
    (Candidate(KNOWING, "Views differ.", "sco-sim compare a b --view x", "a study", "views", 0.3, worlds=40),),
)  # fmt: skip


@pytest.fixture
def folder(compared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(compared, tmp_path / "three"))


def first(folder: Path) -> Section:
    comparison = read_comparison(folder)
    return take_home(comparison, records(comparison.table), None, {}, "sco-sim compare A B")


@pytest.mark.slow
def test_the_page_begins_with_what_brief_left(folder: Path) -> None:
    """Catches commands that are not those given, and rules tried that are not told."""
    (does, from_store), (stands, untried) = first(folder).lines
    assert does.startswith("Too few worlds")
    assert from_store[0].startswith("From `sco-sim compare A B` (")
    assert "`sco-sim brief` tries them" in untried[1]
    keep(folder, KEPT)
    (_, given), (again, tried), (split, of_views) = first(folder).lines
    assert (split, of_views[0]) == ("Views differ.", "From `sco-sim compare a b --view x` (40 worlds).")
    assert given[0].startswith("From `sco-sim compare a b` (")
    assert stands == again
    assert tried[1] == (
        "Would be overturned by another rule: under opt in 20 points more are delivered (`sco-sim rules b`)."
    )


def test_what_was_left_beside_other_tables_is_not_used(folder: Path) -> None:
    keep(folder, KEPT)
    assert kept(folder) == KEPT
    (folder / NAME).write_text("{}", encoding="utf-8")
    assert kept(folder) is None
    keep(folder, KEPT)
    (folder / "comparison.csv").write_text("others", encoding="utf-8")
    assert kept(folder) is None


def test_what_is_worth_knowing_has_two_numbers_and_titles() -> None:
    values = np.array([[10.0, 0.0]] * 30 + [[0.0, 5.0]] * 10)
    options = Options(("a", "b"), Choice(values), {}, {"x": "judgement"}, "trade_total_busd", 2040)
    known = {"x": Worth(2.0, 0.1, 0.3, 1)} | {f"y{n}": Worth(0.001 * n, 0.1, 0.1, 1) for n in range(9)}
    one = knowing((options, known), {"a": "The first", "b": "The second"}, "r", {"x": "what x is"})
    assert "Chosen as things stand: The first." in one.words[1]
    assert "It would gain 2.0" in one.words[2]
    rows = one.tables[0][1].rows
    assert len(rows) == 5
    assert rows[0] == ("x", "what x is", "judgement", "2.00", "0.10", "30 %", "yes", "The second")
    assert "40 settings or more" in knowing(None, {}, "r", {}).words[0]


def test_thresholds_in_the_folder_of_the_comparison_are_shown(folder: Path) -> None:
    """Catches thresholds of a scenario that is not compared, and a table changed by hand."""
    assert thresholds(read_comparison(folder)) is None
    needed = {"path": "cities.trade", "title": "", "needed": 2.5, "needed_low": 2.0, "needed_high": 3.0, "share": 0.8,
              "evidence_low": -0.1, "evidence_high": 0.1, "multiple": 25.0}  # fmt: skip
    rows = [needed | {"scenario": name, "sentence": f"{name} needs much."} for name in ("combined", "elsewhere")]
    write_tables(folder / "needed", {"thresholds.csv": pd.DataFrame(rows)})
    one = thresholds(read_comparison(folder))
    assert one is not None
    assert one.words == ("combined needs much.",)
    assert one.tables[0][1].rows == (("cities.trade", "combined", "2.5", "2", "3", "-0.1", "0.1", "25", "80 %"),)
    (folder / "needed" / "thresholds.csv").write_text("scenario\n", encoding="utf-8")
    with pytest.raises(StoreError):
        thresholds(read_comparison(folder))
