"""What is asked of an outcome: which, by how much, in which year and in what share of the worlds."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from sco_sim.components.registry import keys, metric, nearest
from sco_sim.engine.record import Block
from sco_sim.errors import Problem, ScenarioError, counted, did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.wording import scale
from sco_sim.world.ties import Ties

AMOUNT = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%?)\s*")


@dataclass(frozen=True)
class Asked:
    """A change of an outcome."""

    outcome: str
    """Key of a metric."""
    of: str
    """The tie or state, where the metric has one value for each; nothing otherwise."""
    position: int
    """Its column."""
    amount: float
    """Change, up or down; shares in points."""
    percent: bool
    """Whether it is in per cent of the reference."""
    year: int
    chance: float
    """Share of worlds in which it is to be reached."""

    @property
    def unit(self) -> str:
        """Unit of the amount."""
        return "%" if self.percent else scale(metric(self.outcome).unit)[1]

    @property
    def name(self) -> str:
        """The outcome as it was asked for."""
        return f"{self.outcome}:{self.of}" if self.of else self.outcome

    @property
    def words(self) -> str:
        """What has to happen."""
        unit = f" {self.unit.removesuffix('s') if abs(self.amount) == 1.0 else self.unit}" if self.unit else ""
        share = "in all worlds" if self.chance == 1.0 else f"in {100.0 * self.chance:g} % of worlds"
        return f"{self.name} {self.amount:+g}{unit} by {self.year} {share}"

    @property
    def heading(self) -> str:
        """The same with the title of the outcome instead of its key."""
        title = metric(self.outcome).title
        return self.words.replace(self.name, f"{title}, {self.of}" if self.of else title, 1)

    def read(self, block: Block) -> Array:
        """The outcome in the year, (world,)."""
        axis = {"world": block.metrics, "state": block.states, "tie": block.ties}[metric(self.outcome).axis]
        values = axis[self.outcome][:, block.years.index(self.year)]
        return values if metric(self.outcome).axis == "world" else values[:, self.position]

    def margin(self, reference: Array, scenario: Array) -> Array:
        """How far each world is beyond what is asked, in its own unit, (world,).

        Raises ScenarioError for per cent of nothing. Of a negative reference, such as a loss, more is up, too.
        """
        factor, unit = scale(metric(self.outcome).unit)
        if self.percent and (zero := int((reference == 0.0).sum())):
            message = f"{self.name} is 0 in {zero} of {counted(reference.size, 'world')} that the change is from"
            remedy = f"there is no per cent of that: give --by in {unit or 'its unit'}"
            raise ScenarioError(Problem(message, remedy, "--by"))
        change = 100.0 * (scenario - reference) / np.abs(reference) if self.percent else factor * (scenario - reference)
        out: Array = math.copysign(1.0, self.amount) * change - abs(self.amount)
        return np.asarray(out)


def asked(outcome: str, by: str, year: int | None, chance: float, scenario: Scenario) -> Asked:
    """What a user typed; raises ScenarioError with every problem."""
    problems: list[Problem] = []
    key, _, of = outcome.partition(":")
    if key not in keys("metrics"):
        raise ScenarioError(Problem(f"no outcome '{key}'", nearest(key, keys("metrics")), "--outcome"))
    position, of = _column(key, of.upper(), scenario, problems)
    match = AMOUNT.fullmatch(by)
    amount = float(match.group(1)) if match else 0.0
    if not match or not amount or not math.isfinite(amount):
        problems.append(
            Problem(f"'{by}' is no change", "write --by 50, --by -1 or --by 5%; shares are in points", "--by")
        )
    first, last = scenario.horizon.start + 1, scenario.horizon.end
    year = last if year is None else year
    if not first <= year <= last:
        remedy = f"give a year from {first} to {last}" + (f", or --set horizon.end={year}" if year > last else "")
        problems.append(Problem(f"{year} lies outside the years simulated", remedy, "--year"))
    if not 0.0 < chance <= 1.0:
        problems.append(Problem(f"a chance of {chance:g} is none", "give a share above 0, at most 1", "--chance"))
    if problems:
        raise ScenarioError(*problems)
    return Asked(key, of, position, amount, bool(match and match.group(2)), year, chance)


def _column(key: str, of: str, scenario: Scenario, problems: list[Problem]) -> tuple[int, str]:
    """Column and name of the tie or state of an outcome; what is wrong is added to the problems."""
    axis = metric(key).axis
    ties = Ties(scenario.states)
    known = {"world": (), "state": ties.states, "tie": ties.names}[axis]
    of = "-".join(sorted(of.split("-")))
    if of in known:
        return known.index(of), of
    if axis == "world" and not of:
        return 0, ""
    if axis == "world":
        problems.append(Problem(f"{key} has one value a world", f"write --outcome {key}", "--outcome"))
    else:
        remedy = did_you_mean(of, known) if of else f"write e.g. --outcome {key}:{known[0]}"
        message = f"{key} is of each {axis}: '{of}' is none" if of else f"{key} has a value for each {axis}"
        problems.append(Problem(message, remedy, "--outcome"))
    return 0, of
