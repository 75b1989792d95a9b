"""Conditions on outcomes in words a user types: `conflict_share_mean_2035 > 0.08 and trade_total_busd_2035 < 600`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sco_sim.components.registry import nearest
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array, Bools

COMPARE: dict[str, Callable[[Array, float], Bools]] = {
    ">=": lambda x, bound: x >= bound,
    "<=": lambda x, bound: x <= bound,
    ">": lambda x, bound: x > bound,
    "<": lambda x, bound: x < bound,
}
TERM = re.compile(r"\s*([a-z]\w*)_(\d{4})\s*(>=|<=|>|<)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*")
EXAMPLE = 'write for instance --where "conflict_share_observed_mean_2035 > 0.08", several joined by `and`'


@dataclass(frozen=True)
class Condition:
    """One outcome in one year on one side of a number."""

    outcome: str
    year: int
    sign: str
    bound: float

    def holds(self, values: Array) -> Bools:
        """Where it holds; raises ScenarioError if a value is missing, since that would count as false."""
        missing = int(np.isnan(values).sum())
        if missing:
            name = f"{self.outcome}_{self.year}"
            remedy = "choose an outcome and year that every world has"
            raise ScenarioError(Problem(f"{name} has no value in {missing} of {values.size} worlds", remedy, "--where"))
        return COMPARE[self.sign](values, self.bound)

    def __str__(self) -> str:
        return f"{self.outcome} {self.sign} {self.bound:g} in {self.year}"


def conditions(text: str, outcomes: Sequence[str], years: Sequence[int]) -> tuple[Condition, ...]:
    """What a text asks, all of which has to hold; nothing of it is evaluated as code.

    Raises:
        ScenarioError: It is no such condition, or names an outcome or a year that is not there; all problems at once.
    """
    parsed, problems = [], []
    for part in re.split(r"\band\b", text):
        match = TERM.fullmatch(part)
        if match is None:
            problems.append(Problem(f"'{part.strip()}' is no condition", EXAMPLE, "--where"))
            continue
        outcome, year, sign, bound = match.groups()
        if outcome not in outcomes:
            problems.append(Problem(f"no outcome '{outcome}'", nearest(outcome, outcomes), "--where"))
        elif int(year) not in years:
            known = ", ".join(str(there) for there in years)
            problems.append(Problem(f"{outcome} is not kept for {year}", f"years kept: {known}", "--where"))
        parsed.append(Condition(outcome, int(year), sign, float(bound)))
    if problems:
        raise ScenarioError(*problems)
    return tuple(parsed)
