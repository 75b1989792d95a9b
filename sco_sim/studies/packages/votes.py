"""The texts of a scenario before those who vote, in one year and without luck: alone, or several voted on as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.components.deciders.stakes import Stakes
from sco_sim.components.package import package_stakes
from sco_sim.components.policy import Policy
from sco_sim.components.readiness import ambition, readiness
from sco_sim.components.rule import Rule
from sco_sim.components.rules.consensus import Consensus
from sco_sim.engine.build import build_model
from sco_sim.engine.member import MemberState
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.numerics.streams import Still
from sco_sim.scenario.schema import Scenario
from sco_sim.world.year import Year

FARTHEST = 3.0
"""Readiness of who answers yes or no whatever the text: an ambition of 0.998 or 0.002."""
NO_BUDGET = 1e18
"""Million USD that no agenda costs: a vote in another year than the budget was made for is not stopped by it."""


@dataclass(frozen=True)
class Vote:
    """What those who vote think of some texts as one."""

    texts: tuple[Policy, ...]
    terms: dict[str, Array]
    """Equation 36 term by term, each (world, state)."""
    ambition: Array
    """What every state answers, (world, state)."""
    z: Array
    """Readiness, (world, state); of who decides otherwise than by equation 5 that of its answer, within `FARTHEST`."""
    voters: Array
    """Who votes, 0/1, (world, state)."""
    part: Array
    """Who takes part in some text of it, 0/1, (world, state)."""

    @property
    def name(self) -> str:
        """The labels of its texts."""
        return " + ".join(text.label for text in self.texts)

    @property
    def holds_out(self) -> Bools:
        """Who votes and does not accept, (world, state)."""
        out: Bools = (self.voters > 0.0) & (self.ambition < 0.5)
        return out


class Summit:
    """All texts that are put to a vote, on the table in one year; what is voted on is still open."""

    def __init__(
        self, year: Year, texts: Sequence[Policy], rule: Rule, ask: Callable[[Policy], Array], by_stakes: Bools
    ) -> None:
        """`ask` gives what every state answers, (world, state); `by_stakes` who answers by equation 5, (state,)."""
        self.year, self.texts, self.rule, self.ask, self.by_stakes = year, tuple(texts), rule, ask, by_stakes
        self._kept: list[Policy] = []

    def vote(self, texts: Sequence[Policy], received: Array | None = None) -> Vote:
        """What those who vote on one of the texts say to the whole, with payments or without.

        Who decides otherwise than by equation 5 accepts the whole as far as the part that it likes least.

        Args:
            texts: One or more of `texts`.
            received: What each state is paid for its vote, million USD of 2015 a year, (world, state).
        """
        terms = package_stakes(self.year, texts, received)
        answers = ambition(terms)
        if not self.by_stakes.all():
            least = np.minimum.reduce([self.ask(text) for text in texts])
            answers = np.where(self.by_stakes, answers, least)
        low = np.clip(answers, 1e-9, 1.0 - 1e-9)
        own = np.clip(0.5 * np.log(low / (1.0 - low)), -FARTHEST, FARTHEST)
        z = np.where(self.by_stakes, readiness(terms), own)
        voters = np.maximum.reduce([self._voters(text) for text in texts])
        part = np.maximum.reduce([self.year.participants(text) for text in texts])
        return Vote(tuple(texts), terms, answers, z, voters, part)

    def _voters(self, text: Policy) -> Array:
        return self.year.participants(text) if text.decided_by == "participants" else self.year.state.member

    def passes(self, vote: Vote, rule: Rule | None = None) -> Bools:
        """Whether it passes, (world,): by the rule, or by consensus where nobody but participants decides.

        A project that only its participants decide keeps their say inside a package: all of them have to accept it.
        """
        year = self.year
        by = self.rule if rule is None else rule
        if all(text.decided_by == "participants" for text in vote.texts):
            by = Consensus()
        population = year.once("population", lambda: np.exp(year.state.log_population))
        decision = by.decide(vote.ambition, vote.voters, population, year.gdp(), year.ties.states)
        bound = decision.adopted * vote.part
        out: Bools = decision.passed & (bound.sum(axis=1) > 0.0)
        for text in vote.texts if len(vote.texts) > 1 else ():
            if text.decided_by == "participants":
                asked = self._voters(text) > 0.0
                out = out & ~(asked & (vote.ambition < 0.5)).any(axis=1)
        return out

    @contextmanager
    def reworded(self, text: Policy, other: Policy) -> Iterator[Policy]:
        """While in it, another wording is on the table in the place of a text."""
        agreements = self.year.agreements
        self._kept.append(other)  # what is remembered of a text goes by its identity, which must not be used again
        self.year.agreements = tuple(other if one is text else one for one in agreements)
        try:
            yield other
        finally:
            self.year.agreements = agreements


def year_of(scenario: Scenario, year: int | None) -> int:
    """The year of the vote: the one asked for, or the first in which all texts are on the table.

    Raises ScenarioError for a scenario that puts nothing to a vote, and for a year that is not simulated.
    """
    first, last = scenario.horizon.start + 1, scenario.horizon.end
    starts = [text.start or first for text in scenario.agreements if text.decided_by != "given"]
    if not starts:
        remedy = "use a scenario with policies `decided_by: council`, for example contested_agenda"
        raise ScenarioError(Problem("nothing is put to a vote here", remedy, scenario.name))
    when = min(max(first, *starts), last) if year is None else year
    if not first <= when <= last:
        raise ScenarioError(Problem(f"{when} is not simulated", f"choose from {first} to {last}", "--year"))
    if not any(_on_the_table(text, when) for text in scenario.agreements):
        raise ScenarioError(Problem(f"no text is on the table in {when}", "choose an earlier year", "--year"))
    return when


def _on_the_table(text: Policy, year: int) -> bool:
    return text.decided_by != "given" and (text.end is None or text.end >= year)


def _opened(scenario: Scenario, year: int) -> Scenario:
    """The scenario with every text that is voted on tabled in the year, and what has ended by then left out."""
    policies = [
        text if text.decided_by == "given" else text.model_copy(update={"start": year, "answers": None})
        for text in scenario.agreements
        if text.decided_by == "given" or _on_the_table(text, year)
    ]
    changes: dict[str, object] = {"policies": tuple(policies)}
    if scenario.budget is not None:
        changes["budget"] = scenario.budget.model_copy(update={"total_musd": NO_BUDGET})
    return scenario.model_copy(update=changes)


def summit_of(scenario: Scenario, case: Case, year: int, **how: Any) -> Summit:
    """The texts of a scenario in the year of the vote.

    Luck is at its middle on the way to that year and in it; parameters and initial state are those of each setting, or
    of the centre of the ledger. What is given acts as in the scenario. `how` goes to `build_model`.
    """
    model = build_model(_opened(scenario, year), case=case, **how)
    now = model.year
    now.draws = Still(now.draws.seed, now.draws.replicates, now.draws.years)
    while now.year < year - 1:
        model.step()
    now.year += 1
    for action in model.order:
        if action.phase == "council":
            break
        action.call(now)
    texts = [text for text in model.agreements if text.decided_by != "given"]
    by_stakes = np.array([_by_stakes(state) for state in model.states.values()])
    return Summit(now, texts, scenario.decision_rule, model.council.ask, by_stakes)


def _by_stakes(state: MemberState) -> bool:
    return type(state.decider) is Stakes and type(state).ambition is MemberState.ambition
