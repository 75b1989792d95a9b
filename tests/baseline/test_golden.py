"""The shipped scenarios give what they gave when golden.json was written."""

from __future__ import annotations

import copy

from tests.baseline.update_golden import SCENARIOS, Golden, differences, golden, read


def test_the_results_are_those_of_the_golden_file() -> None:
    """Catches a change of results that nobody meant; if it is meant, run update_golden.py and say why."""
    found = differences(golden(), read())
    assert not found, f"{len(found)} numbers differ, the first:\n" + "\n".join(found[:20])


def test_a_small_difference_and_a_missing_number_are_noticed() -> None:
    """Catches a comparison that would pass whatever is in the file."""
    old = read()
    assert set(old) == set(SCENARIOS)
    new: Golden = copy.deepcopy(old)
    new["history"]["trade_total_busd 2020"]["mean"] *= 1.0 + 1e-8
    del new["baseline"]["disputes 2040"]
    assert [line.split(":")[0] for line in differences(new, old)] == [
        "baseline disputes 2040",
        "history trade_total_busd 2020 mean",
    ]
