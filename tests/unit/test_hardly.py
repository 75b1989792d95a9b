"""What hardly moves is no row of the table."""

from __future__ import annotations

import pytest

from sco_sim.commands.compare_tables import hardly_moves


@pytest.mark.parametrize(("moved", "still"), [(0.0, True), (0.019, True), (0.02, False), (float("nan"), False)])
def test_an_outcome_hardly_moves_in_under_two_worlds_of_a_hundred(moved: float, still: bool) -> None:
    """Catches outcomes without a better side, of which the share is not known, that are left out."""
    assert hardly_moves({"moved": moved}) is still
