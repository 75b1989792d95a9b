"""The record of implementation, and the model's four dates of the same texts and projects."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sco_sim.case.case import Case
from sco_sim.errors import CaseError
from sco_sim.studies.council.implementation import Implementation
from sco_sim.studies.council.implementation_report import sections
from tests.unit.command_line import on_terminal
from tests.worlds import CASE


@pytest.fixture(scope="module")
def record() -> Implementation:
    return Implementation(CASE, worlds=12, draws=60)


def by(frame: pd.DataFrame, column: str) -> Any:
    """Rows of a frame as plain dictionaries, by one column."""
    return frame.set_index(column).to_dict("index")


def test_the_pace_of_ratification_is_counted_from_its_table() -> None:
    """Catches a ledger that says another pace than the days of the record."""
    table = CASE.table("ratifications")
    entry = CASE.ledger.entries["ratification.rate"]
    counted = int((table["bound"] != "over").sum())
    assert entry.central == pytest.approx(counted / table["days"].sum() * 365.25, abs=0.001)
    assert f"{counted} ratifications in {table['days'].sum():,} days" in entry.note


def test_the_ceiling_of_delivery_is_that_of_its_scorecard() -> None:
    """Catches a ceiling that its source does not bear out."""
    cards, entry = CASE.table("scorecards"), CASE.ledger.entries["delivery.ceiling"]
    pillars = cards[cards["period"] == "2008-2011"]["value_percent"] / 100.0
    assert (entry.low, entry.high) == (pytest.approx(pillars.min(), abs=0.005), pytest.approx(pillars.max(), abs=0.005))


def test_every_entry_of_delivery_says_its_source_or_that_it_is_judgement() -> None:
    """Catches a pace or a ceiling that is neither."""
    stems = ("delivery.", "ratification.", "quarrel.delivery", "implementation_support.", "corridor.")
    for name, entry in CASE.ledger.entries.items():
        if name.startswith(stems):
            assert entry.source, name
            assert (entry.kind == "judgement") or "no source" not in entry.source, name


@pytest.mark.slow
def test_the_four_dates_stand_in_their_order(record: Implementation) -> None:
    """Catches force before signature, or before two thirds have ratified."""
    texts = record.texts()
    treaties = texts[texts["type"] == "treaty"]
    assert len(treaties) == 6
    assert treaties["years"].median() == pytest.approx(2.35, abs=0.005)
    for row in texts.to_dict("records"):
        assert (row["force"] >= 0.0).all()
        assert (row["all"] >= row["force"]).all()
        assert (row["half"] >= row["force"]).all()


@pytest.mark.slow
def test_the_record_counts_who_had_not_ratified_when_last_seen(record: Implementation) -> None:
    """Catches a member that waits and counts as never asked, or as having ratified."""
    members = by(record.members(), "years")
    assert members[0.5]["record"] == pytest.approx(1.0 / 12.0)
    assert members[1.5]["record"] == pytest.approx(4.0 / 12.0)
    left = (1.0 - 4.0 / 12.0) * (7.0 / 8.0)  # 555 days, Kyrgyzstan goes out of sight on the same day
    assert members[2.5]["record"] == pytest.approx(1.0 - left * (5.0 / 6.0) * (4.0 / 5.0) * (3.0 / 4.0))
    assert record.rate()[:2] == (10, 9400)


@pytest.mark.slow
def test_institutions_and_projects_stand_beside_the_record(record: Implementation) -> None:
    """Catches an institution that exists, a project counted as late that is in service, and a page without words."""
    institutions, projects = by(record.institutions(), "text"), by(record.projects(), "project")
    assert not any(row["exists"] for row in institutions.values())
    assert institutions["free_trade_area"]["never"].mean() > institutions["development_bank"]["never"].mean()
    assert {row["payer"] for row in projects.values() if pd.notna(row["ready"])} == {"one"}
    assert np.median(projects["casa_1000"]["built"]) > projects["casa_1000"]["planned"]
    assert all(section.words and section.rows for section in sections(record))


def test_a_case_without_the_record_says_what_to_write() -> None:
    """Catches a traceback where the tables are missing."""

    class Bare(Case):
        def table(self, name: str) -> pd.DataFrame:
            return super().table(name).iloc[:0] if name == "instruments" else super().table(name)

    with pytest.raises(CaseError, match="no record of implementation"):
        Implementation(Bare(CASE.folder))


@pytest.mark.slow
def test_the_screen_holds_what_is_said_and_all_prints_the_tables() -> None:
    """Catches a hundred lines of tables on a screen of forty."""
    words = ("implementation", "--worlds", 4, "--draws", 50)
    short, whole = (on_terminal(100, *words, *more) for more in ((), ("--all",)))
    assert len(short.splitlines()) <= 42
    assert "2.35 years from signature to force" in " ".join(short.split())
    assert "three_forces_convention" not in short
    assert "three_forces_convention" in whole
