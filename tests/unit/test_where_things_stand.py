"""Shipped scenarios take what is a fact as it is: who is in the chair, what runs, what is being built."""

from __future__ import annotations

from pathlib import Path

import pytest

from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.shipped import shipped_scenarios
from tests.worlds import CASE, shipped

FACTS = {2026: "KGZ"}
"""Chairs known beyond the table of summits."""


def naming(word: str) -> list[str]:
    """Names of the shipped scenarios whose files have a word."""
    files: list[Path] = sorted(shipped_scenarios().glob("*.yaml"))
    return [file.stem for file in files if word in file.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", naming("chairs:"))
def test_the_chairs_of_past_summits_are_those_who_were_in_the_chair(name: str) -> None:
    """Catches a start that moves and leaves the chairs where they were."""
    scenario = shipped(name)
    hosts = {int(row.date[:4]): row.host_iso3 for row in CASE.table("summits").itertuples()} | FACTS
    assert scenario.agenda is not None
    chairs, first = scenario.agenda.chairs, scenario.horizon.start + 1
    known = {year: hosts[year] for year in range(first, max(hosts) + 1)}
    assert {year: chairs[(year - first) % len(chairs)] for year in known} == known


@pytest.mark.parametrize("name", naming("trade_corridor:"))
def test_what_is_being_built_is_given_and_what_runs_is_tabled_as_it_comes(name: str) -> None:
    """Catches a railway under construction that is put to a vote, and an upgrade of what runs that is given."""
    scenario = shipped(name)
    if scenario.horizon.start < 2023:
        return  # a history asks what would have been
    status = CASE.table("corridors").set_index("corridor")["status"].to_dict()
    for policy in scenario.policies:
        if isinstance(policy, TradeCorridor) and policy.corridor is not None:
            given = policy.decided_by == "given"
            assert given == (status[policy.corridor] == "under_construction"), policy.label
            assert not given or (policy.construction_years and policy.start == 2025), policy.label
