"""Which conclusions change sign inside the ranges of the ledger."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sco_sim.scenario.load import load_scenario
from sco_sim.studies.comparison.compare import compare
from sco_sim.studies.comparison.fragile import COLUMNS, JudgementRanks, fragile


def test_the_strongest_parameter_is_the_one_the_means_follow() -> None:
    """Catches a correlation of values instead of ranks, and a lost sign."""
    cause = list(range(16))
    draws = pd.DataFrame({"noise": cause[8:] + cause[:8], "cause": cause, "fixed": [1.0] * 16})
    name, correlation = JudgementRanks(draws).strongest(pd.Series([2.0**-k for k in cause]))
    assert (name, correlation) == ("cause", pytest.approx(-1.0))


def test_luck_is_named_by_nobody() -> None:
    """Catches a parameter named because some correlation always is the largest."""
    draws = pd.DataFrame({"noise": [1.0, 3.0, 0.0, 2.0, 5.0, 4.0]})
    name, _ = JudgementRanks(draws).strongest(pd.Series([3.0, 1.0, 2.0, 5.0, 4.0, 0.0]))
    assert name == ""


@pytest.mark.slow
def test_an_effect_centred_on_zero_is_fragile_and_hangs_on_its_own_parameter(tmp_path: Path) -> None:
    """Catches a share of worlds for one of settings, and a table without the judgement the sign hangs on."""
    # what the sense of community does to trust has a range through zero too, and would hide the other
    alone = [load_scenario(name, ["parameters.trust.community_effect=0"]) for name in ("baseline", "people_to_people")]
    found = compare(alone, worlds=80, replicates=2, out=tmp_path)
    frame = fragile(found)
    assert list(frame.columns) == list(COLUMNS)
    row = frame.set_index("outcome").loc["conflict_share_mean"]
    assert row["parameter"] == "people_to_people.trust"
    assert row["rank_correlation"] < -0.5  # more trust, less conflict
    assert 0.05 <= row["other_sign"] < 1.0
    assert "cities_total" not in set(frame["outcome"])  # the same in both: no sign to change


def test_the_printed_table_names_outcomes_by_their_titles(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catches keys of the files on the screen, where everything else has titles."""
    from sco_sim.commands import compare_full as command

    row = {"scenario": "a", "outcome": "gains_gini", "year": 2035, "other_sign": 0.5, "parameter": "trust.noise",
           "rank_correlation": 0.5}  # fmt: skip
    monkeypatch.setattr(command, "fragile", lambda _: pd.DataFrame([row]))
    command._say_fragile(None, ["gains_gini"])  # type: ignore[arg-type]
    printed = capsys.readouterr().out
    assert "Inequality of gains (Gini)" in printed
    assert "gains_gini" not in printed
