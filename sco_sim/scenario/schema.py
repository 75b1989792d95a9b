"""The schema of a scenario. The text under each field is its manual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, InstanceOf, PrivateAttr, model_validator

from sco_sim.case.changes import Candidate, Override
from sco_sim.components.base import Component
from sco_sim.components.decider import Decider
from sco_sim.components.event import Event
from sco_sim.components.policy import Policy
from sco_sim.components.registry import find, find_again, path_of
from sco_sim.components.rule import Rule
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.fields import NAME, CalendarYear, Part, Share

Labels = Literal["all"] | Annotated[tuple[str, ...], Field(strict=False)]
FIRST_YEAR = 1992
"""First year whose initial state the tables can give."""
LAST_YEAR = 2200
"""Last year that can be simulated."""
LONGEST = 100
"""Most years between start and end."""
EVIDENCE = "evidence"
"""The view that is the ledger as it is; every other view is belief."""


LATE = 20
"""Most years by which `horizon.now` may lie before the start, or after it where the horizon ends sooner."""


class Horizon(Part):
    """The years that are simulated."""

    start: int = Field(ge=FIRST_YEAR, le=LAST_YEAR)
    """Year of the initial state; the first simulated year is the next one."""
    end: int = Field(ge=FIRST_YEAR, le=LAST_YEAR)
    """Last simulated year, at most 100 years after the start."""
    now: int | None = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR)
    """Last year whose dated events are facts: years up to it are a nowcast, later ones a scenario. The start if left
    out. Figures draw the two differently, and differences from it on; no number depends on it."""

    @property
    def edge(self) -> int:
        """The year with which the scenario itself begins: `now` if it lies inside the horizon, else the start."""
        return self.now if self.now is not None and self.start < self.now < self.end else self.start

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"the horizon ends in {self.end}, not after its start in {self.start}")
        if self.end - self.start > LONGEST:
            raise ValueError(f"the horizon is longer than {LONGEST} years")
        if self.now is not None and not self.start - LATE <= self.now <= max(self.end, self.start + LATE):
            raise ValueError(
                f"`now`, the last year whose events are facts, is {self.now}, far from the years {self.start} to "
                f"{self.end}"
            )
        if self.now is not None and self.now > date.today().year:
            raise ValueError(f"`now`, the last year whose events are facts, is {self.now}, which has not come")
        return self


class Rivals(Part):
    """Which of two rival views of a mechanism the model follows."""

    contact: Literal["works", "none", "backlash"] = "works"
    """What contact does to trust: raises it, nothing, or lowers it."""
    consensus: Literal["dilutes", "delays"] = "dilutes"
    """What unanimity does to a text: weakens it, or holds it up."""


class Agenda(Part):
    """How much a summit gets through, and who chooses."""

    per_summit: int = Field(ge=1, le=100)
    """Most agreements that one summit decides; what is left over waits."""
    chairs: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Order of the rotating chair, from the first simulated year on; it starts again at its end."""
    priorities: Mapping[str, Annotated[tuple[str, ...], Field(strict=False)]] = {}
    """Fields a chair puts first, by code; a chair puts its own proposals first in any case."""


class Budget(Part):
    """What the members are ready to spend together."""

    total_musd: float = Field(gt=0.0)
    """Over the whole horizon, million USD of 2015."""
    key: Literal["gdp", "equal"] | Mapping[str, Share] = "gdp"
    """Who pays: by GDP, in equal parts, or shares by code that sum to 1."""


class Without(Part):
    """What is dropped of the file that is extended, or switched off in the model."""

    policies: Labels = ()
    """Inherited policies to drop: `all`, or a list of their names or keys."""
    events: Labels = ()
    """Inherited events to drop: `all`, or a list of their keys."""
    mechanisms: Labels = ()
    """Mechanisms to switch off: `all`, or a list of their keys."""


class Scenario(Part):
    """One scenario, complete: nothing is left to a default of another file."""

    name: str = Field(pattern=NAME)
    """Name of the file without its ending; labels tables and folders."""
    title: str = Field("", max_length=200)
    """One line for tables and figures."""
    question: str = Field("", max_length=2000)
    """What the scenario is to answer."""
    horizon: Horizon
    """First and last year."""
    nowcast: bool = False
    """Whether to start later than trade, GDP or events were observed: each is carried on with its own noise."""
    states: Annotated[tuple[str, ...], Field(strict=False, min_length=2)]
    """ISO 3166 codes of the states simulated; all that are members in any year if left out."""
    membership: Mapping[str, CalendarYear | Candidate | None] = {}
    """First year as a member by code, `{chance, start}` for a yearly chance, null for never; else as dated."""
    policies: tuple[InstanceOf[Policy], ...] = ()
    """Agreements and programmes, each `- key: {fields}`; added to those of the file that is extended."""
    events: tuple[InstanceOf[Event], ...] = ()
    """Outside shocks, each `- key: {fields}`; added to those of the file that is extended."""
    decision_rule: InstanceOf[Rule] = Field(default_factory=lambda: _component("rules", {"consensus": {}}))
    """How the council decides, `key: {fields}`; consensus if left out."""
    decides: Mapping[str, InstanceOf[Decider]] = {}
    """Another way to decide for some states, `CODE: {decider: {fields}}` or `CODE: decider`; null undoes one."""
    agenda: Agenda | None = None
    """How much a summit gets through and who chairs it; no limit if left out."""
    budget: Budget | None = None
    """Limit to what the policies may cost, and who pays; none if left out."""
    rivals: Rivals = Rivals()
    """Rival views of two mechanisms."""
    hazard_on: Literal["none", "level"] = "none"
    """Whether trust lowers the hazard of disputes: `level` lets it, `none` does not."""
    third_parties: Literal["none", "balance", "bloc"] = "none"
    """Whether a quarrel of two draws in others: `none`; `balance`, neighbours of the stronger side against it; `bloc`,
    allies of one side, by trade agreements, against the other."""
    view: Annotated[str, Field(pattern=NAME)] = EVIDENCE
    """Beliefs about the ledger to simulate under: a shipped name of `list views`, or a file; what `parameters`,
    `hazard_on`, `third_parties` and `rivals` of the scenario say goes before. `evidence`, the ledger as it is, if left
    out."""
    parameters: Mapping[str, Override] = {}
    """Other ranges or values for entries of the ledger, by name."""
    without: Without = Without()
    """What to drop of the file that is extended, and mechanisms to switch off."""
    _case: Path | None = PrivateAttr(None)

    @property
    def agreements(self) -> tuple[Policy, ...]:
        """The policies that are not at intensity 0; one that answers an event starts with it.

        Raises ScenarioError for one that answers an event that there is not.
        """
        return tuple(self._tabled(policy) for policy in self.policies if policy.intensity > 0.0)

    def _tabled(self, policy: Policy) -> Policy:
        if policy.answers is None:
            return policy
        first = [event.years()[0] for event in self.events if event.key() == policy.answers]
        if not first:
            raise ScenarioError(no_event_to_answer(policy, self.events))
        return policy.model_copy(update={"start": min(first)})

    @property
    def is_belief(self) -> bool:
        """Whether it rests on a view that is not the ledger as it is."""
        return self.view != EVIDENCE

    @property
    def case(self) -> Path | None:
        """Folder of the case that it was loaded with, on which it runs unless another is named; None if shipped.

        It belongs to the object in memory, not to the content of the scenario.
        """
        return self._case

    def with_case(self, folder: Path | None) -> Scenario:
        """The same scenario, to run on the tables of a case."""
        other = self.model_copy()
        other._case = folder
        return other

    def resolved(self) -> dict[str, Any]:
        """Everything as JSON-able data: `Scenario.from_resolved` gives back an equal scenario."""
        data = self.model_dump(mode="json", exclude={"policies", "events", "decision_rule", "decides"})
        data["policies"] = [_described(policy) for policy in self.policies]
        data["events"] = [_described(event) for event in self.events]
        data["decision_rule"] = _described(self.decision_rule)
        data["decides"] = {iso: _described(decider) for iso, decider in self.decides.items()}
        return data

    @classmethod
    def from_resolved(cls, data: Mapping[str, Any], allow_code: bool = False) -> Scenario:
        """The scenario that `resolved` described.

        Args:
            data: The plain data.
            allow_code: Whether to import what paths `package.module:Class` name; for data of this very process only.
                Otherwise such a class is used if its module is imported already.

        Raises ValidationError if the data were spoilt, ScenarioError for a component that is not there.
        """
        components = {
            "policies": tuple(_component("policies", item, allow_code) for item in data["policies"]),
            "events": tuple(_component("events", item, allow_code) for item in data["events"]),
            "decision_rule": _component("rules", data["decision_rule"], allow_code),
            "decides": {iso: _component("deciders", d, allow_code) for iso, d in data.get("decides", {}).items()},
        }
        return cls.model_validate({**data, **components})


def no_event_to_answer(policy: Policy, events: Iterable[Event]) -> Problem:
    """What is wrong with a policy that answers an event that there is not."""
    keys = sorted({event.key() for event in events})
    message = f"{policy.label} answers '{policy.answers}', and the scenario has no such event"
    return Problem(message, did_you_mean(str(policy.answers), keys) if keys else "add the event, or write `start`")


def _described(component: Component) -> dict[str, Any]:
    """A single-key map under a key that leads back to the same class."""
    return {path_of(component): component.model_dump(mode="json")}


def _component(component_kind: str, item: Mapping[str, Any], allow_code: bool = False) -> Any:
    ((key, fields),) = item.items()
    cls = find(component_kind, key, allow_code=True) if allow_code else find_again(component_kind, key)
    return cls.model_validate(fields)
