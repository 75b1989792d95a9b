"""Entries of the ledger: their ranges, their limits, and what a scenario may make of them. Loads no array library."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

from sco_sim.case.changes import Override
from sco_sim.case.entry_fields import Distribution, Kind, line_of, wrong_with
from sco_sim.case.ledger_file import read_ledger_file
from sco_sim.errors import CaseError, Problem

FAR = 1.5
"""A value is far outside its range if it lies more than so many widths beyond an end: 6.6 standard deviations."""


@dataclass(frozen=True)
class Limits:
    """Values that a parameter can be given at all; draws are not cut off by them."""

    low: float = -math.inf
    high: float = math.inf
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}" + (f" ({self.reason})" if self.reason else "")


@dataclass(frozen=True)
class Entry:
    """One parameter."""

    symbol: str
    name: str
    unit: str
    central: float
    low: float
    high: float
    distribution: Distribution
    kind: Kind
    source: str
    note: str = ""
    minimum: float = -math.inf
    """Where the distribution is cut off below."""
    maximum: float = math.inf
    """Where it is cut off above."""
    limits: Limits = Limits()
    """What a scenario may set it to, with the reason."""

    @property
    def bounds(self) -> Limits:
        """The limits, no wider than where the distribution is cut off."""
        low, high = max(self.minimum, self.limits.low), min(self.maximum, self.limits.high)
        return Limits(low, high, self.limits.reason)

    def overridden(self, change: Override) -> Entry:
        """The entry as a scenario narrows, widens, moves or fixes it; a range is centred on its middle."""
        low = self.low if change.low is None else change.low
        high = self.high if change.high is None else change.high
        if change.value is not None or low == high:
            value = low if change.value is None else change.value
            return replace(self, central=value, low=value, high=value, distribution="fixed")
        distribution: Distribution = "uniform" if self.distribution == "fixed" else self.distribution
        return replace(self, central=0.5 * (low + high), low=low, high=high, distribution=distribution)

    def wrong_with(self, name: str, change: Override) -> Iterator[tuple[str, Problem]]:
        """Fields of an override that the model cannot bear, each with the problem; `name` is that of the entry."""
        given = {"low": change.low, "high": change.high, "value": change.value}
        bounds = self.bounds
        outside = {field: v for field, v in given.items() if v is not None and not bounds.low <= v <= bounds.high}
        for field, value in outside.items():
            yield field, Problem(f"parameters.{name}: {value:g} is out of range", f"it can be {bounds}")
        new = self.overridden(change)
        if new.low > new.high and not outside:
            remedy = f"the ledger has {self.low:g} to {self.high:g}: give both `low` and `high`"
            yield (
                "low" if change.low is not None else "high",
                Problem(f"parameters.{name}: the range would be empty, from {new.low:g} to {new.high:g}", remedy),
            )

    def far_from(self, change: Override) -> Iterator[tuple[str, float]]:
        """Fields of an override, with the value, that lie far outside the range of the ledger."""
        reach = FAR * (self.high - self.low) if self.high > self.low else 9.0 * abs(self.central)
        for field, value in (("low", change.low), ("high", change.high), ("value", change.value)):
            if value is not None and reach and not self.low - reach <= value <= self.high + reach:
                yield field, value


@dataclass(frozen=True)
class Fit:
    """What one stage of `sco-sim calibrate` says of the entries it has fitted: name -> (centre, 5 %, 95 %)."""

    prior: Mapping[str, tuple[float, float, float]]
    posterior: Mapping[str, tuple[float, float, float]]
    prior_source: str
    source: str


@dataclass(frozen=True)
class LedgerEntries:
    """The entries of a ledger file as `run` uses them, read when one is first asked for."""

    path: Path | None = None
    """The file; without one there are no entries."""

    @cached_property
    def by_name(self) -> Mapping[str, Entry]:
        """Entries with the posterior of the fits beside the file."""
        entries = dict(self.prior)
        for record in sorted((self.path.parent / "fits").glob("*.json")) if self.path else ():
            fit = read_fit(record)
            for name, (central, low, high) in fit.posterior.items() if fit else ():
                if name in entries:
                    entries[name] = replace(entries[name], central=central, low=low, high=high, distribution="normal")
        return entries

    @cached_property
    def prior(self) -> Mapping[str, Entry]:
        """Entries as the file has them."""
        return {} if self.path is None else read_entries(self.path)

    def far(self, name: str, change: Override) -> Iterator[tuple[str, float]]:
        """Fields of an override far outside both the range of the file and that of the fit, with their values."""
        fitted = set(self.by_name[name].far_from(change)) if name in self.by_name else set()
        return (far for far in self.prior[name].far_from(change) if far in fitted) if fitted else iter(())

    def like(self, name: str) -> Entry | None:
        """The entry of that name; for the growth of a state that the file leaves to its table, that of another."""
        stem = name.rpartition(".")[0]
        alike = (entry for other, entry in self.by_name.items() if other.rpartition(".")[0] == stem)
        return self.by_name.get(name) or (next(alike, None) if stem.startswith("growth.") else None)


def read_entries(path: Path) -> dict[str, Entry]:
    """Entries of a ledger file by name, each with its limits; raises CaseError naming the entry that is wrong."""
    raw = read_ledger_file(path)
    limits = [_limits(path, item) for item in raw.get("limits") or ()]
    entries = {}
    for name, value in raw["parameters"].items():
        entry = _entry(path, str(name), value)
        group = (limit for patterns, limit in limits if any(fnmatchcase(str(name), p) for p in patterns))
        entries[str(name)] = entry if entry.limits.reason else replace(entry, limits=next(group, Limits()))
    for name, entry in entries.items():
        bounds = entry.bounds
        if not bounds.low <= entry.central <= bounds.high:
            message = f"parameter {name}: its centre {entry.central:g} lies outside its limits {bounds}"
            raise CaseError(Problem(message, "correct one of them", str(path), line_of(path, name)))
    return entries


def read_fit(path: Path) -> Fit | None:
    """A record of a fit, None if the file is another; raises CaseError if it cannot be read."""
    try:
        record: Any = json.loads(path.read_text(encoding="utf-8"))
        if "parameters" not in record or "stage" not in record:
            return None
        prior, posterior = (
            {
                str(name): (float(one[part]["mean"]), float(one[part]["low"]), float(one[part]["high"]))
                for name, one in record["parameters"].items()
            }
            for part in ("prior", "posterior")
        )
        return Fit(prior, posterior, str(record["prior_source"]), str(record["source"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path}: cannot be read as a fit: {error}; `sco-sim calibrate --force` writes it anew"
        raise CaseError(message) from error


def _limits(path: Path, item: Any) -> tuple[tuple[str, ...], Limits]:
    """The patterns of a group of entries, and their limits."""
    try:
        low, high = (float(end) for end in item["limits"])
        patterns, reason = tuple(str(pattern) for pattern in item["parameters"]), str(item["reason"])
    except (TypeError, KeyError, ValueError) as error:
        message = f"{path}: limits: {error}; give `parameters`, `limits: [low, high]` and `reason`"
        raise CaseError(message) from error
    if not low < high:
        raise CaseError(f"{path}: limits: {low:g} is not below {high:g}")
    return patterns, Limits(low, high, reason)


def _entry(path: Path, name: str, value: Any) -> Entry:
    if wrong := wrong_with(value):
        problem = Problem(f"parameter {name}: {wrong.message}", wrong.remedy, str(path), line_of(path, name))
        raise CaseError(problem)
    fields: dict[str, Any] = {k: float(v) if isinstance(v, int) else v for k, v in value.items()}
    if "limits" in fields:  # of the entry itself, not of its group
        low, high = fields["limits"]
        fields["limits"] = Limits(float(low), float(high), str(fields.pop("limits_reason")))
    return Entry(**fields)
