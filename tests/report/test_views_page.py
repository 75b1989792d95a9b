"""The page of several views side by side: what was concluded is read back whole, belief is called belief."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sco_sim.errors import StoreError
from sco_sim.report.files import write_report
from sco_sim.report.views import page_of_views
from sco_sim.store.checksums import write_tables
from sco_sim.studies.views.conclusions import Conclusion, Stated, tables
from sco_sim.studies.views.split import Split, Stand
from sco_sim.studies.views.stored import stored

NAN = float("nan")
UP, OPEN, NONE = (
    Stated(20.0, -1.0, 50.0, 2.0, "up"), Stated(1.0, -9.0, 9.0, 3.0, "open"), Stated(0.0, 0.0, 0.0, 0.0, "none")
)  # fmt: skip
SPLIT = Split("cities.trade", Stand(19.0, NAN, "up"), 0.95, True, 0.02, 40)
PAIR = ("evidence", "documents")
TRADE = Conclusion(
    "text", "trade_total_busd", "Trade inside the group", "bn USD of 2015", 2040,
    {"documents": UP, "evidence": OPEN, "sceptic": NONE}, {PAIR: [SPLIT]},
)  # fmt: skip
GDP = replace(TRADE, outcome="gdp_total_busd", title="GDP", by_view=dict.fromkeys(TRADE.by_view, NONE), splits={})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_tables(tmp_path / "v", tables([TRADE, GDP]))
    return tmp_path / "v"


def test_views_without_the_evidence_have_a_page_too(tmp_path: Path) -> None:
    """Catches a view looked up by its place where the first is missing."""
    said = {view: one for view, one in TRADE.by_view.items() if view != "evidence"}
    write_tables(tmp_path / "v", tables([replace(TRADE, by_view=said, splits={})]))
    page = write_report(tmp_path / "v").read_text(encoding="utf-8")
    assert "sceptic (belief) the same" in page


def test_what_was_concluded_is_read_back(folder: Path) -> None:
    trade, gdp = stored(folder)
    assert trade.splits[PAIR][0].entry == "cities.trade"
    assert replace(trade, splits={}) == replace(TRADE, splits={})
    assert gdp == GDP
    assert (trade.differs, gdp.differs) == (True, False)


def test_the_page_has_a_column_a_view_and_calls_belief_belief(folder: Path) -> None:
    page = page_of_views(folder)
    assert [(one.title, one.number) for one in page.scenarios] == [
        ("evidence", 0), ("documents (belief)", 1), ("sceptic (belief)", 2),
    ]  # fmt: skip
    assert "documents and sceptic follows from a belief" in page.cautions[0]
    sections = {one.anchor: one for one in page.sections}
    ((first, rest),) = sections["differ"].lines
    assert "evidence leaves it open (+1 bn USD of 2015 on average)" in first
    assert "split by `cities.trade` (95 % of the gap)" in rest[0]
    (figure,) = sections["figure"].forests
    assert [(name, dots[0].mean, dots[0].scenario) for name, dots in figure.rows] == [
        ("documents (belief)", 20.0, 1), ("evidence", 1.0, 0), ("sceptic (belief)", 0.0, 2),
    ]  # fmt: skip
    ((_, side),) = sections["side"].tables
    assert side.headers == ("Outcome", "documents (belief)", "evidence", "sceptic (belief)", "")
    assert side.rows[0][1:] == ("+20 (-1 to +50), up", "+1.0 (-9.0 to +9.0), open", "the same", "differ")
    assert side.rows[1][1:] == ("the same", "the same", "the same", "")
    assert sections["entries"].tables[0][1].rows == (
        ("text", "Trade inside the group", "evidence and documents", "cities.trade", "95 %", "2", "40", "up"),
    )


def test_several_subjects_have_a_table_for_each_outcome(tmp_path: Path) -> None:
    every = [TRADE, GDP, replace(TRADE, subject="other", by_view={"documents": UP, "evidence": UP}, splits={})]
    write_tables(tmp_path, tables(every))
    sections = {one.anchor: one for one in page_of_views(tmp_path).sections}
    (_, trade), (_, gdp) = sections["side"].tables
    assert [row[0] for row in trade.rows] == ["text", "other"]
    assert trade.rows[1][-2:] == ("", "")
    assert len(gdp.rows) == 1


def test_the_page_is_written_and_tables_changed_by_hand_are_refused(folder: Path) -> None:
    text = write_report(folder).read_text(encoding="utf-8")
    assert "documents (belief)" in text
    assert write_report(folder, form="md").read_text(encoding="utf-8").count("(belief)") > 4
    (folder / "views.csv").write_text("subject\n", encoding="utf-8")
    with pytest.raises(StoreError):
        write_report(folder)
