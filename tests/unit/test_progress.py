"""Progress in a pipe: a line now and then."""

from __future__ import annotations

import pytest

from sco_sim.commands.screen.progress import progress


def test_the_end_is_said_once_though_a_search_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a line for each trial beyond what the search expected: it was fifty lines of `sequence`."""
    with progress("orders", None) as tick:
        tick(50, 100)
        for done in range(100, 2000, 40):
            tick(done, done)
    assert capsys.readouterr().err.splitlines() == ["orders: 100 of 100 worlds"]
