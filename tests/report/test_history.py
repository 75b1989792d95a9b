"""One history told in a report: which worlds, that they are those stored, and what is told short."""

from __future__ import annotations

from pathlib import Path

import pytest

from sco_sim.case.opened import opened
from sco_sim.errors import StoreError
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.comparison.compare import Comparison, read_comparison
from sco_sim.studies.trace.facts import Fact, Line, Topic, shortened
from sco_sim.studies.trace.stored_worlds import chosen, of_run

TRADE = "trade_total_busd"


@pytest.fixture(scope="module")
def three(compared: Path) -> Comparison:
    return read_comparison(compared)


@pytest.mark.slow
def test_the_middle_and_the_extremes_are_those_of_the_stored_worlds(three: Comparison) -> None:
    reference, _, run = three.runs
    gap = run.metrics([2040]).set_index("world")[TRADE] - reference.metrics([2040]).set_index("world")[TRADE]
    order = gap.sort_values(kind="stable")
    found = {one.rank: (one.world, one.difference) for one in chosen(run, reference, TRADE, 2040)}
    ranks = {"middle": 3, "lowest": 0, "highest": 7}  # of eight worlds
    assert found == {rank: (order.index[at], order.iloc[at]) for rank, at in ranks.items()}


@pytest.mark.slow
def test_one_world_is_told_once(three: Comparison) -> None:
    """Catches the same world as middle and extreme where nothing differs."""
    assert [one.rank for one in chosen(three.runs[0], three.runs[0], TRADE, 2040)] == ["middle"]


@pytest.mark.slow
def test_a_world_that_comes_out_otherwise_is_not_told(three: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a history of other code or data than the numbers beside it."""
    assert of_run(three.runs[2], opened(None), 5).facts
    stored = StoredRun.metrics
    monkeypatch.setattr(StoredRun, "metrics", lambda run, years=None: stored(run, years).assign(cohesion=0.5))
    with pytest.raises(StoreError, match="world 5 of combined does not come out as it is stored"):
        of_run(three.runs[2], opened(None), 5)


def test_what_the_council_does_again_is_told_short() -> None:
    def line(year: int, subject: str, what: str, topic: Topic = "council") -> Line:
        return Line("here", Fact(year, topic, subject, what, f"{subject} {what}."))

    lines = [
        line(2030, "road", "is blocked by A"), line(2030, "rail", "waits"), line(2031, "road", "is blocked by A"),
        line(2031, "port", "is blocked by A"), line(2031, "rail", "waits"), line(2032, "road", "is blocked by B"),
        line(2032, "port", "is blocked by A"), line(2032, "A-B", "breaks out", "dispute"),
    ]  # fmt: skip
    assert [one.fact.words for one in shortened(lines)] == [
        "road is blocked by A.", "rail waits.", "port is blocked by A.",
        "As the year before, blocked by A: road; waits: rail.", "A-B breaks out.", "road is blocked by B.",
        "As the year before, blocked by A: port.",
    ]  # fmt: skip
