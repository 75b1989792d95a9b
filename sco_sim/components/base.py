"""Base classes of everything a scenario file can name, and how a name is found.

One component is one small frozen class in one file; the file's name is its key in YAML. A file in the folder is the
registration; other packages add theirs as entry points of the group `sco_sim.<kind>`, or are named by dotted path.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sco_sim.case.catalog import Catalog
from sco_sim.errors import ScenarioError, did_you_mean
from sco_sim.world.state import BY_NAME

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.world.state import Array
    from sco_sim.world.year import Year

KINDS = ("policies", "mechanisms", "events", "rules", "metrics")
PHASES = ("events", "council", "delivery", "exchange", "trust", "membership", "record")

#: Weight of a field in the distributive part of equation 4.
FIELDS = {
    "economy": 1.0, "transport": 0.6, "political": 0.3, "security": 0.2,
    "culture": 0.1, "education": 0.1, "environment": 0.1,
}  # fmt: skip
#: Depth of an agreement in equation 4.
DEPTHS = {"declaratory": 0.1, "institution": 0.4, "binding": 0.4, "deep": 1.0}

Codes = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
CalendarYear = Annotated[int, Field(ge=1900, le=2200)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]


def once(values: tuple[str, ...]) -> tuple[str, ...]:
    """The values as they are; raises ValueError if one stands twice."""
    if len(set(values)) < len(values):
        raise ValueError("one of them is named twice")
    return values


@dataclass(frozen=True)
class Complaint:
    """Something a component finds wrong with itself in a case: the field, the problem and the remedy."""

    field: tuple[str | int, ...]
    message: str
    remedy: str = ""


class Component(BaseModel):
    """A frozen record of fields that refuses what it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )

    #: Ledger parameters it uses; a name that ends in `.*` stands for one parameter per state.
    parameters: ClassVar[tuple[str, ...]] = ()
    #: State variables it reads and writes.
    reads: ClassVar[tuple[str, ...]] = ()
    writes: ClassVar[tuple[str, ...]] = ()
    #: Rows of the documents' mechanisms it is a home of.
    rows: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def key(cls) -> str:
        """Its key in YAML: the name of its file."""
        return cls.__module__.rsplit(".", 1)[-1]

    def used(self) -> tuple[str, ...]:
        """Ledger parameters that this very instance uses."""
        return self.parameters

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """What is wrong with it in this case and with these simulated states; nothing by default."""
        yield from ()


def unknown_states(
    codes: tuple[str, ...], catalog: Catalog, states: tuple[str, ...], field: str
) -> Iterator[Complaint]:
    """Complaints about codes that are no state of the case, or not simulated in this scenario."""
    for place, iso in enumerate(codes):
        if iso not in catalog.states:
            yield Complaint((field, place), f"no state '{iso}' in this case", did_you_mean(iso, catalog.states))
        elif iso not in states:
            yield Complaint((field, place), f"'{iso}' is not simulated here", "add it to `states`, or leave it out")
        elif codes.index(iso) != place:
            yield Complaint((field, place), f"'{iso}' is named twice", "name each state once")


class Policy(Component):
    """A lever someone can pull. It turns its strength on each tie into shifts of targets (docs/model.md, section 8)."""

    name: str = Field("", max_length=60, pattern=r"^[a-z0-9_]*$")
    """Label in tables and in the random streams; the key of the policy if left out."""
    start: CalendarYear | None = None
    """Year it is tabled (decided_by: council) or takes force (otherwise); the first simulated year if left out."""
    end: CalendarYear | None = None
    """Last year in force; open if left out."""
    ramp_years: int = Field(1, ge=1, le=50)
    """Years from adoption to full effect."""
    intensity: Share = 1.0
    """Scale of the whole policy, 0 to 1."""
    participants: Literal["members", "all"] | Codes = "members"
    """Who takes part: the members of the year, all simulated states, or a list of codes."""
    decided_by: Literal["council", "participants", "given"] = "council"
    """Who decides: the council by its rule, the participants by consensus, or nobody (it is given)."""
    proposer: str | None = None
    """State that proposes it and is seen to gain half of it; nobody if left out."""

    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "institution"

    @property
    def label(self) -> str:
        """Its name in tables."""
        return self.name or self.key()

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown participants or proposer; an end before the start."""
        if isinstance(self.participants, tuple):
            yield from unknown_states(self.participants, catalog, states, "participants")
        if self.proposer is not None and self.proposer not in states:
            yield Complaint(("proposer",), f"no simulated state '{self.proposer}'", did_you_mean(self.proposer, states))
        if self.start is not None and self.end is not None and self.end < self.start:
            yield Complaint(("end",), f"end {self.end} is before start {self.start}", "swap them")

    def links(self, corridors: Mapping[str, tuple[tuple[str, str], ...]]) -> tuple[tuple[str, str], ...]:
        """Links it builds between states; none for most policies."""
        return ()

    def fade(self, year: Year) -> Array:
        """Factor on the rate at which delivery declines after `end`, shape (world, 1)."""
        return np.ones((year.state.worlds, 1))

    def act(self, year: Year, strength: Array) -> None:
        """Add to `state.effect_*` what the policy does at this strength, shape (world, tie)."""
        raise NotImplementedError

    def outlay(self, year: Year, strength: Array) -> Array:
        """Cost of the year in million USD of 2015, shape (world,)."""
        raise NotImplementedError

    def shift(self, year: Year, strength: Array, *targets: str) -> None:
        """Add the ledger's `<key>.<target>` times strength to each `effect_<target>`, on ties or on states."""
        for target in targets:
            effect = BY_NAME[f"effect_{target}"]
            acting = strength if effect.axis == "tie" else year.of_states(strength)
            year.state.arrays[effect.name][:] += year.p[f"{self.key()}.{target}"] * acting

    def adopted_year(self, year: Year) -> Array:
        """Year of its adoption, NaN before, shape (world, 1)."""
        adopted: Array = year.state.adopted_year[:, year.agreements.index(self), None]
        return adopted


class Programme(Policy):
    """A policy that costs the same on every tie."""

    cost_per_tie_musd: float = Field(1.0, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every tie costs the same at full strength."""
        ties: Array = strength.sum(axis=1)
        return self.cost_per_tie_musd * ties


class Event(Component):
    """A dated outside shock."""

    def years(self) -> tuple[int, int]:
        """First and last year in which it acts."""
        raise NotImplementedError

    def act(self, year: Year) -> None:
        """Add to the year's shocks."""
        raise NotImplementedError


class SpanEvent(Event):
    """An event from a first to a last year, with a severity."""

    start: CalendarYear
    """First year in which it acts."""
    end: CalendarYear | None = None
    """Last year in which it acts; the same as start if left out."""
    severity: float = Field(1.0, ge=0.0, le=5.0)
    """Multiple of the ledger's effects; 1 is an ordinary event of its kind."""

    def years(self) -> tuple[int, int]:
        """First and last year in which it acts."""
        return self.start, self.start if self.end is None else self.end

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """An end before the start."""
        if self.end is not None and self.end < self.start:
            yield Complaint(("end",), f"end {self.end} is before start {self.start}", "swap them")


class StatesEvent(SpanEvent):
    """An event that strikes some states."""

    states: Literal["all"] | Codes = "all"
    """States it strikes: codes, or all simulated states."""

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        if isinstance(self.states, tuple):
            yield from unknown_states(self.states, catalog, states, "states")

    def struck(self, year: Year) -> Array:
        """Severity on each state struck, 0 on the others, shape (state,)."""
        return np.array([self.severity * (self.states == "all" or iso in self.states) for iso in year.ties.states])


class TiesEvent(SpanEvent):
    """An event that strikes the ties between some states."""

    between: Literal["all"] | Annotated[tuple[str, ...], Field(strict=False, min_length=2)] = "all"
    """States whose ties with each other it strikes: two or more codes, or all simulated states."""

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        if isinstance(self.between, tuple):
            yield from unknown_states(self.between, catalog, states, "between")

    def struck(self, year: Year) -> Array:
        """Severity on each tie struck, 0 on the others, shape (tie,)."""
        named = year.ties.states if self.between == "all" else self.between
        struck: Array = self.severity * (year.ends(named) == 2.0)
        return struck


class LastingEvent(Event):
    """A pull that lasts: open-ended unless it is given an end."""

    start: CalendarYear
    """First year in which it acts."""
    end: CalendarYear | None = None
    """Last year in which it acts; open if left out."""
    intensity: Share = 1.0
    """Scale of the whole event, 0 to 1."""

    def years(self) -> tuple[int, int]:
        """From start to end, or for ever."""
        return self.start, 9999 if self.end is None else self.end

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """An end before the start."""
        if self.end is not None and self.end < self.start:
            yield Complaint(("end",), f"end {self.end} is before start {self.start}", "swap them")


@dataclass(frozen=True)
class Decision:
    """What a rule makes of the ambitions: what each adopts (world, state), whether, at what price (world,)."""

    adopted: Array
    passed: NDArray[np.bool_]
    #: side payments in units of z, (world,); None if the rule knows none
    transfers: Array | None = None


class Rule(Component):
    """How an organisation decides (equation 6)."""

    #: Does every voter have to accept? Only then does the rival view of consensus apply (equation 7).
    unanimous: ClassVar[bool] = False

    def decide(
        self, ambition: Array, voters: Array, population: Array, gdp: Array, states: tuple[str, ...]
    ) -> Decision:
        """Ambitions, voters (0/1), population and GDP, each (world, state), and the codes, to what is adopted."""
        raise NotImplementedError


class Mechanism(Component):
    """How quantities respond, every year, in one phase."""

    phase: ClassVar[str]
    #: Place within the phase; lower comes first.
    order: ClassVar[int] = 50
    #: Names of its random streams.
    streams: ClassVar[tuple[str, ...]] = ()

    def step(self, year: Year) -> None:
        """Change the state in place."""
        raise NotImplementedError


class Metric(Component):
    """What is read off the state at the end of a year."""

    unit: ClassVar[str]
    better: ClassVar[Literal["higher", "lower", "none"]] = "none"
    evidence: ClassVar[Literal["hindcast", "fitted", "judgement"]] = "judgement"
    axis: ClassVar[Literal["world", "state", "tie"]] = "world"
    #: Target whose shift the priors imply a sign for: trust, trade, people, students or cities; "" for none.
    channel: ClassVar[str] = ""
    #: Sign of the metric's response to that target.
    sign: ClassVar[int] = 1
    #: Short words for the axis of a figure.
    title: ClassVar[str] = ""

    def measure(self, year: Year) -> Array:
        """Shape (world,), (world, state) or (world, tie), as `axis` says."""
        raise NotImplementedError


_BASES: dict[str, type[Component]] = {
    "policies": Policy, "mechanisms": Mechanism, "events": Event, "rules": Rule, "metrics": Metric,
}  # fmt: skip


def keys(kind: str) -> list[str]:
    """Keys of one kind: the files of its folder and the entry points of other packages, sorted."""
    return list(_keys(kind))


@cache
def _keys(kind: str) -> tuple[str, ...]:
    folder = importlib.import_module(f"sco_sim.components.{kind}")
    found = {module.name for module in pkgutil.iter_modules(folder.__path__)}
    found.update(point.name for point in importlib.metadata.entry_points(group=f"sco_sim.{kind}"))
    return tuple(sorted(found))


def find(kind: str, key: str) -> type[Component]:
    """The class of a kind with that key: module, then entry point, then dotted path `package.module:Class`.

    Raises ScenarioError with the nearest known key if there is none.
    """
    base = _BASES[kind]
    if key.isidentifier() and not key.startswith("_"):
        try:
            module = importlib.import_module(f"sco_sim.components.{kind}.{key}")
        except ModuleNotFoundError as error:
            if error.name != f"sco_sim.components.{kind}.{key}":
                raise
        else:
            here = (c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__)
            return next(c for c in here if issubclass(c, base))
    for point in importlib.metadata.entry_points(group=f"sco_sim.{kind}", name=key):
        return _checked(point.load(), base, key)
    if ":" in key:
        path, _, name = key.partition(":")
        try:
            return _checked(getattr(importlib.import_module(path), name), base, key)
        except (ImportError, AttributeError, ValueError, TypeError) as error:
            raise ScenarioError(f"cannot load '{key}': {error}") from error
    singular = {"policies": "policy"}.get(kind, kind.removesuffix("s"))
    raise ScenarioError(f"no {singular} '{key}'; {did_you_mean(key, keys(kind))}")


def _checked(found: object, base: type[Component], key: str) -> type[Component]:
    if isinstance(found, type) and issubclass(found, base):
        return found
    raise ScenarioError(f"'{key}' is no {base.__name__}")
