"""The sentence of a comparison on another membership: for whom, and for decisions."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from sco_sim.studies.comparison.accession import accessions, newcomers
from tests.worlds import shipped


def comparison(**changes: Any) -> Any:
    """`candidate` and `new_member` with figures of our own."""
    runs = [SimpleNamespace(scenario=shipped(name).model_copy(update=changes.get(name, {})))
            for name in ("candidate", "new_member")]  # fmt: skip
    ties = [("CHN", "TUR", 0.5), ("RUS", "TUR", 0.25), ("IND", "TUR", -0.125), ("CHN", "IND", -0.5)]
    winners = pd.DataFrame(
        [{"scenario": "new_member", "kind": "tie", "iso3_a": a, "iso3_b": b, "outcome": "trade", "year": 2040,
          "difference": size} for a, b, size in ties]
    )  # fmt: skip
    texts = [("candidate", 0.45, "RUS", 0.43), ("new_member", 0.50, "RUS", 0.35)]
    agreements = pd.DataFrame(
        [{"scenario": name, "agreement": "trade_facilitation", "adopted_share": share, "delay_mean_years": 3.0,
          "hold_out": least, "hold_out_share": often} for name, share, least, often in texts]
    )  # fmt: skip
    return SimpleNamespace(runs=runs, winners=winners, agreements=agreements)


def test_a_new_member_is_told_for_whom_and_for_decisions() -> None:
    """Catches ties of the newcomer among those of the others, and figures of the reference in the place of its own."""
    (line,) = accessions(comparison())
    assert line == (
        "new_member: TUR is a member from 2028. Trade in 2040, mean of worlds: +0.62 billion USD on TUR's ties "
        "(CHN-TUR +0.50, RUS-TUR +0.25), -0.50 on the ties among the others. Decisions: trade_facilitation adopted in "
        "50 % of worlds (45 %), least willing RUS 35 % (RUS 43 %)."
    )


def test_nothing_is_told_where_the_sets_of_states_differ_or_membership_does_not() -> None:
    """Catches a sum over eleven states that passes for the effect of the eleventh."""
    with_tur = shipped("new_member").states
    fewer = {"candidate": {"states": tuple(iso for iso in with_tur if iso != "TUR")}}
    assert accessions(comparison(**fewer)) == []
    assert accessions(comparison(new_member={"membership": shipped("candidate").membership})) == []


def test_membership_is_said_as_it_is_written() -> None:
    """Catches a chance that reads as a year, and a member that never joins."""
    one = shipped("without_india_pakistan")
    assert newcomers(shipped("history_agenda"), one) == {
        "IND": "IND is never a member", "PAK": "PAK is never a member",
    }  # fmt: skip
    chances = newcomers(shipped("more_states"), shipped("partners"))
    assert chances["TUR"] == "TUR may become a member"
    assert newcomers(one, shipped("history_agenda"))["IND"] == "IND is a member from 2017"
