"""What a threshold is sought of: a number of a scenario file, or an entry of the ledger, with the values allowed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import annotated_types
from pydantic.fields import FieldInfo

from sco_sim.case.catalog import Catalog
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.fields import Part
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.threshold.search import Ray

DATES = ("start", "end", "year", "now")
SECTIONS = ("policies", "events")
IDLE = {"visas.floor": 1.0}
"""Entries that do nothing at another value than 0: at a floor of 1 a visa keeps nobody away."""
FAR = 1000.0
"""A field without an upper limit is tried up to so many times what the scenario has."""


@dataclass(frozen=True)
class Knob:
    """A number that is turned, alone."""

    path: str
    """As `--set` has it."""
    title: str
    """What it is, in words."""
    unit: str
    low: float
    """Least value allowed."""
    high: float
    """Largest value allowed, or tried where there is no limit."""
    now: float
    """What the scenario has, or the centre of the ledger."""
    evidence: tuple[float, float] | None = None
    """Range of the ledger; None for a field of a scenario."""
    limited: bool = True
    """Whether there is a largest value at all."""
    whole: bool = False
    """Whether only whole numbers are allowed."""
    part: tuple[str, int] | None = None
    """Section and position of the policy or event it belongs to."""
    idle: float = 0.0
    """Value at which it does nothing."""

    @property
    def name(self) -> str:
        """Name of the ledger entry, or the path."""
        return self.path.removeprefix("parameters.")

    @property
    def nothing(self) -> float:
        """Value at which there is nothing of it: where it does nothing, or the nearest to that which is allowed."""
        return min(max(self.idle, self.low), self.high)

    def rays(self) -> list[Ray]:
        """From nothing to the largest value allowed, and to the least one if it lies on the other side."""
        rays = []
        for bound in (self.high, self.low):
            if bound == self.nothing:
                continue
            up = bound > self.nothing
            known = [*(self.evidence or ()), self.now]
            sizes = [abs(value - self.nothing) for value in known if (value > self.nothing) == up]
            rays.append(Ray(self.nothing, bound, max(sizes, default=0.0), self.whole))
        return rays

    def end(self, value: float) -> float:
        """The end of the evidence, or what the scenario has, on the side of a value; NaN if it has nothing there."""
        low, high = self.evidence or (self.now, self.now)
        end = high if value > self.nothing else low
        return end if (end > self.nothing) == (value > self.nothing) and end != self.nothing else math.nan

    def multiple(self, value: float) -> float:
        """A value as a multiple of that end, both as distances from nothing."""
        return (value - self.nothing) / (self.end(value) - self.nothing) + 0.0  # never -0


def parameter(name: str, scenario: Scenario, catalog: Catalog) -> Knob:
    """An entry of the ledger; raises ScenarioError if there is none of that name."""
    entries = catalog.ledger.by_name
    if name not in entries:
        raise ScenarioError(Problem(f"no parameter '{name}'", did_you_mean(name, entries), "--parameter"))
    entry = entries[name]
    bounds = entry.bounds
    far = FAR * max(abs(entry.low), abs(entry.high), 1.0)
    return Knob(
        f"parameters.{name}", entry.name, entry.unit, max(bounds.low, -far), min(bounds.high, far), entry.central,
        (entry.low, entry.high), limited=math.isfinite(bounds.high), idle=IDLE.get(name, 0.0),
    )  # fmt: skip


def lever(path: str, scenario: Scenario) -> Knob:
    """A number of a scenario file by its path; raises ScenarioError with what there is instead."""
    path = path.strip()
    section, _, rest = path.partition(".")
    if section == "parameters":
        raise ScenarioError(Problem(f"'{path}' is an entry of the ledger", f"give --parameter {rest}", "--lever"))
    part: tuple[str, int] | None = None
    owner: Any = scenario
    fields = path.split(".")
    if section in SECTIONS and len(fields) > 2:
        part = (section, _position(section, fields[1], scenario))
        owner, fields = getattr(scenario, section)[part[1]], fields[2:]
    elif section == "decision_rule" and len(fields) == 3 and scenario.decision_rule.key() == fields[1]:
        owner, fields = scenario.decision_rule, fields[2:]
    while len(fields) > 1 and isinstance(owner, Part) and isinstance(getattr(owner, fields[0], None), Part):
        owner, fields = getattr(owner, fields[0]), fields[1:]
    return _of_field(path, fields, owner, part, scenario)


def _of_field(path: str, fields: list[str], owner: Any, part: tuple[str, int] | None, scenario: Scenario) -> Knob:
    known = _numbers(owner)
    if len(fields) != 1 or fields[0] not in known:
        name = scenario.policies[0].label if scenario.policies else "NAME"
        remedy = (
            did_you_mean(fields[0], known) if known else f"name a number of a policy, e.g. policies.{name}.intensity"
        )
        raise ScenarioError(
            Problem(f"'{path}' is no number of the scenario whose strength can vary", remedy, "--lever")
        )
    field = type(owner).model_fields[fields[0]]
    now = float(getattr(owner, fields[0]))
    low, high = _limits(field)
    reach = FAR * max(abs(now), 1.0)
    words = type(owner).manual()[fields[0]] or fields[0]
    return Knob(
        path, " ".join(words.split()), "", max(low, -reach), min(high, reach), now,
        limited=math.isfinite(high), whole=isinstance(getattr(owner, fields[0]), int), part=part,
    )  # fmt: skip


def _numbers(owner: Any) -> list[str]:
    """Fields of a part of a scenario that hold a number and no date."""
    known: Mapping[str, FieldInfo] = type(owner).model_fields if isinstance(owner, Part) else {}
    return [
        name for name in known
        if name not in DATES and isinstance(getattr(owner, name), int | float)
        and not isinstance(getattr(owner, name), bool)
    ]  # fmt: skip


def _limits(field: FieldInfo) -> tuple[float, float]:
    """Least and largest value of a field, infinite without a limit."""
    low, high = -math.inf, math.inf
    for one in field.metadata:
        if isinstance(one, annotated_types.Ge | annotated_types.Gt):
            low = float(one.ge if isinstance(one, annotated_types.Ge) else one.gt)  # type: ignore[arg-type]
            low = math.nextafter(low, math.inf) if isinstance(one, annotated_types.Gt) else low
        if isinstance(one, annotated_types.Le | annotated_types.Lt):
            high = float(one.le if isinstance(one, annotated_types.Le) else one.lt)  # type: ignore[arg-type]
            high = math.nextafter(high, -math.inf) if isinstance(one, annotated_types.Lt) else high
    return low, high


def _position(section: str, label: str, scenario: Scenario) -> int:
    """Position of a policy or event by its key or label; `label#2` is the second of several."""
    name, _, number = label.partition("#")
    items = getattr(scenario, section)
    called = [i for i, one in enumerate(items) if name in (one.key(), getattr(one, "label", ""))]
    wanted = int(number) if number.isdecimal() else (1 if len(called) == 1 else 0)
    if not called:
        names = {getattr(one, "label", one.key()) for one in items}
        remedy = did_you_mean(name, names) or "there are none"
        raise ScenarioError(Problem(f"{scenario.name} has no {section}.{name}", remedy, "--lever"))
    if not 1 <= wanted <= len(called):
        remedy = f"write {section}.{name}#1 to {section}.{name}#{len(called)}, in the order of the file"
        raise ScenarioError(Problem(f"there are {len(called)} {section} called '{name}'", remedy, "--lever"))
    return called[wanted - 1]
