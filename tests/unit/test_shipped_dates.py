"""Shipped scenarios begin with the facts and change what is still to come: who dates what, and on whose word."""

from __future__ import annotations

import re

import pytest

from sco_sim.commands.files import shipped
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from tests.worlds import ROOT

FIRST = 2027
"""First year in which something new can be tabled."""
FACTS = {("china_kyrgyzstan_uzbekistan_railway", 2025), ("border_settlement", 2025)}
"""Policies that are facts, by label and year: the railway is being built, Kyrgyzstan and Tajikistan signed."""
HYPOTHETICAL_PAST = {"history_agenda", "without_india_pakistan"}
"""Scenarios that ask what other decisions would have made of the past."""
WITHOUT_FACTS = {"no_events"}
"""Scenarios that ask what the facts do, by leaving them out."""


@pytest.fixture(scope="module")
def scenarios() -> dict[str, Scenario]:
    return {name: load_scenario(name) for name in shipped()}


def test_policies_are_dated_from_the_first_year_to_come(scenarios: dict[str, Scenario]) -> None:
    """Catches a settlement of 2025 that never was, as if it were a fact: what is new begins in 2027."""
    early = {
        (policy.label, policy.start)
        for name, scenario in scenarios.items()
        for policy in scenario.policies
        if name not in HYPOTHETICAL_PAST and policy.start is not None and policy.start < FIRST
    }
    assert early == FACTS


def test_a_scenario_that_says_now_has_the_facts_up_to_now(scenarios: dict[str, Scenario]) -> None:
    """Catches a file whose events are said to be facts up to 2026 and that leaves those of 2024 to 2026 out."""
    facts = scenarios["baseline"].events
    assert len(facts) > 10
    for name, scenario in scenarios.items():
        if scenario.horizon.now is not None and name not in WITHOUT_FACTS:
            assert not [event for event in facts if event not in scenario.events], name


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml")))
def test_an_event_of_the_past_stands_below_its_source(name: str) -> None:
    """Catches a dated fact on nobody's word: the lines of events are read back to the comment above them."""
    lines = (ROOT / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8").partition("\nevents:\n")
    said = lines[0].rsplit("\n", 1)[-1].startswith("#")  # a comment right above the list is for all of it
    for line in lines[2].splitlines():
        said |= line.lstrip().startswith("#")
        year = re.search(r"\b(?:start|year): (\d{4})", line)
        if line.startswith("  - ") and year and int(year[1]) < FIRST:
            assert said or "#" in line, line
