"""The schema of a scenario. The text under each field is its manual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, InstanceOf, model_validator

from sco_sim.components.base import CalendarYear, Component, Event, Policy, Rule, Share, find, keys

Labels = Literal["all"] | Annotated[tuple[str, ...], Field(strict=False)]
#: First year whose initial state the tables can give.
FIRST_YEAR = 1992
LONGEST = 100


class Part(BaseModel):
    """A frozen record of fields that refuses what it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Horizon(Part):
    """The years that are simulated."""

    start: int = Field(ge=FIRST_YEAR, le=2200)
    """Year of the initial state; the first simulated year is the next one."""
    end: int = Field(ge=FIRST_YEAR, le=2200)
    """Last simulated year, at most 100 years after the start."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"the horizon ends in {self.end}, not after its start in {self.start}")
        if self.end - self.start > LONGEST:
            raise ValueError(f"the horizon is longer than {LONGEST} years")
        return self


class Rivals(Part):
    """Which of two rival views of a mechanism the model follows."""

    contact: Literal["works", "none", "backlash"] = "works"
    """What contact does to trust: raises it, nothing, or lowers it."""
    consensus: Literal["dilutes", "delays"] = "dilutes"
    """What unanimity does to a text: weakens it, or holds it up."""


class Candidate(Part):
    """A state that may become a member by chance."""

    chance: float = Field(ge=0.0, le=1.0)
    """Chance of accession in each year from `start` on."""
    start: CalendarYear
    """First year in which it may be admitted."""


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


class Override(Part):
    """Another range for a parameter of the ledger, or one value for it. A plain number stands for `value`."""

    low: float | None = None
    """5 % quantile; the ledger's if left out."""
    high: float | None = None
    """95 % quantile; the ledger's if left out."""
    value: float | None = None
    """Fixes the parameter: no draw. Leave the others out."""

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, data: object) -> object:
        return {"value": data} if isinstance(data, int | float) and not isinstance(data, bool) else data

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        if self.value is not None and bounds:
            raise ValueError("`value` fixes the parameter: leave out `low` and `high`")
        if self.value is None and not bounds:
            raise ValueError("it changes nothing: give `low`, `high` or `value`")
        if bounds != sorted(bounds):
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        return self


class Scenario(Part):
    """One scenario, complete: nothing is left to a default of another file."""

    name: str
    """Name of the file without its ending; labels tables and folders."""
    title: str = Field("", max_length=200)
    """One line for tables and figures."""
    question: str = Field("", max_length=2000)
    """What the scenario is to answer."""
    horizon: Horizon
    """First and last year."""
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
    agenda: Agenda | None = None
    """How much a summit gets through and who chairs it; no limit if left out."""
    budget: Budget | None = None
    """Limit to what the policies may cost, and who pays; none if left out."""
    rivals: Rivals = Rivals()
    """Rival views of two mechanisms."""
    hazard_on: Literal["none", "level"] = "none"
    """Whether trust lowers the hazard of disputes: `level` lets it, `none` does not."""
    parameters: Mapping[str, Override] = {}
    """Other ranges or values for entries of the ledger, by name."""
    without: Without = Without()
    """What to drop of the file that is extended, and mechanisms to switch off."""

    def resolved(self) -> dict[str, Any]:
        """Everything as JSON-able data: `Scenario.from_resolved` gives back an equal scenario."""
        data = self.model_dump(mode="json", exclude={"policies", "events", "decision_rule"})
        data["policies"] = [_spelt(policy) for policy in self.policies]
        data["events"] = [_spelt(event) for event in self.events]
        data["decision_rule"] = _spelt(self.decision_rule)
        return data

    @classmethod
    def from_resolved(cls, data: Mapping[str, Any]) -> Scenario:
        """The scenario that `resolved` described; raises ValidationError if the data were spoilt."""
        parts = {
            "policies": tuple(_component("policies", item) for item in data["policies"]),
            "events": tuple(_component("events", item) for item in data["events"]),
            "decision_rule": _component("rules", data["decision_rule"]),
        }
        return cls.model_validate({**data, **parts})


def _spelt(component: Component) -> dict[str, Any]:
    """A single-key map under a key that `find` leads back to the same class."""
    kind = type(component)
    ours = kind.__module__.startswith("sco_sim.")
    key = kind.key() if ours else f"{kind.__module__}:{kind.__qualname__}"
    return {key: component.model_dump(mode="json")}


def _component(kind: str, item: Mapping[str, Any]) -> Any:
    ((key, fields),) = item.items()
    return find(kind, key).model_validate(fields)


def schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, with every component found and its manual, for editors."""
    root = Scenario.model_json_schema()
    definitions: dict[str, Any] = root["$defs"]
    properties: dict[str, Any] = root["properties"]
    del properties["name"]
    for name, kind in (("policies", "policies"), ("events", "events"), ("decision_rule", "rules")):
        one = {"oneOf": [_entry(kind, key, definitions) for key in keys(kind)]}
        text = {"description": properties[name].get("description", "")}
        properties[name] = text | (one if kind == "rules" else {"type": "array", "items": one})
    for base in (Policy, Event, Rule):
        definitions.pop(base.__name__, None)
    manual = "Scenario file this one builds on: in the same folder or below it, or a shipped one."
    properties["extends"] = {"type": "string", "description": manual}
    overrides = {"anyOf": [{"$ref": "#/$defs/Override"}, {"type": "number"}]}
    properties["parameters"]["additionalProperties"] = overrides
    root["required"] = []
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "title": "Scenario of sco_sim"}


def _entry(kind: str, key: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """Schema of a single-key map; the component's own definitions go to `definitions`."""
    fields = find(kind, key).model_json_schema()
    definitions.update(fields.pop("$defs", {}))
    return {
        "type": "object",
        "description": fields.get("description", ""),
        "properties": {key: fields},
        "required": [key],
        "additionalProperties": False,
    }
