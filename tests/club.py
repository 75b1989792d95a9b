"""An invented club of four whose answers can be worked out by hand: one text, in force in full from its first year.

The text is a regulatory agreement on three sectors, so trade on every tie is exp(3 `regulatory_cooperation.trade`
times the intensity) times what it would be, in every world of the first year: all of it is taken up at once, everybody
delivers all of it at once, and no other mechanism is at work.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from sco_sim.case.case import Case
from sco_sim.components.registry import keys
from sco_sim.errors import SimWarning
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from tests.unit.command_line import fine

SECTORS = 3
FIRST = 2024
AT_WORK = ("trade", "delivery")
SETS = (
    "without.mechanisms=[" + ",".join(key for key in keys("mechanisms") if key not in AT_WORK) + "]",
    "parameters.trade.policy_response=1",
    "parameters.delivery.rate=60", "parameters.delivery.capacity=0", "parameters.delivery.volatility=0",
    "parameters.delivery.ceiling=1",
)  # fmt: skip
TEXT = "policies=[{regulatory_cooperation: {decided_by: given, participants: all}}]"


def club(folder: Path) -> Case:
    """The case, written into a folder."""
    fine("new", "case", folder)
    return Case(folder)


def agreement(case: Case, *sets: str) -> Scenario:
    """The scenario of the text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SimWarning)  # delivery at once is far from the evidence
        return load_scenario(case.folder / "scenarios" / "baseline.yaml", [*SETS, TEXT, *sets], case=case.folder)
