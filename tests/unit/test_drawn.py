"""Entries of the ledger that can bear on a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from sco_sim.case.drawn import of_simulated
from sco_sim.store.stored_run import open_run
from sco_sim.studies.comparison.fragile import _judgements


def test_entries_of_states_that_are_not_simulated_are_left_out() -> None:
    """Catches what a state wants that is nowhere in the run, named as worth knowing."""
    names = ["trade.rate", "growth.mean.KAZ", "wants.autonomy.MDV", "wants.autonomy.other"]
    assert of_simulated(names, ("CHN", "KAZ")) == ["trade.rate", "growth.mean.KAZ", "wants.autonomy.other"]


@pytest.mark.slow
def test_a_fragile_conclusion_may_hang_on_what_states_want(compared: Path) -> None:
    """Catches the vote's own entries left out, and those of states that do not vote."""
    draws, _ = _judgements(open_run(compared / "runs" / "combined"))
    assert {"wants.autonomy.KAZ", "gains.half_income", "ties.arms"} <= set(draws)
    assert "wants.autonomy.MDV" not in draws
