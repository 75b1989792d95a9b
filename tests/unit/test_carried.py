"""States that trade more with the others than their GDP can carry are named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sco_sim
from sco_sim.studies.carried import HEAVY, heavy_in_words, heavy_traders
from tests.unit.command_line import fine


def test_a_state_beyond_its_gdp_is_named_with_its_share(tmp_path: Path) -> None:
    """Catches a share of the first year, of one world, or of ten per cent."""
    run = sco_sim.run("no_events", worlds=20, out=tmp_path / "run", replicates=1)
    frame = run.states([2040])
    shares = [run.states([year]).groupby("iso3")["trade_gdp_share"] for year in (2023, 2040)]
    most = pd.concat([shares[0].median(), shares[0].mean(), shares[1].median(), shares[1].mean()], axis=1).max(axis=1)
    rows = heavy_traders(run)
    assert [row["iso3"] for row in rows] == list(most[most > HEAVY].sort_values(ascending=False).index)
    assert len(rows) > int((shares[1].median() > HEAVY).sum())  # the mean is carried by a few worlds, and is flagged
    assert "KGZ" in {row["iso3"] for row in rows}
    assert rows[0]["share_pct"] == pytest.approx(shares[1].median()["KGZ"])
    assert rows[0]["mean_pct"] == pytest.approx(shares[1].mean()["KGZ"])
    trade, gdp = run.ties([2040]), frame.set_index(["world", "iso3"])["gdp"]
    mine = trade[(trade["world"] == 3) & ((trade["iso3_a"] == "KGZ") | (trade["iso3_b"] == "KGZ"))]["trade"].sum()
    share = frame.set_index(["world", "iso3"])["trade_gdp_share"]
    assert share[3, "KGZ"] == pytest.approx(100.0 * mine / gdp[3, "KGZ"])
    assert "KGZ" in heavy_in_words(rows)
    assert heavy_in_words([]) == ""


def test_the_flag_is_on_screen(tmp_path: Path) -> None:
    """Catches a flag that nobody prints."""
    assert "of GDP in the median world or the mean: KGZ" in fine(
        "run", "no_events", "--worlds", "8", "--out", tmp_path / "run"
    )
