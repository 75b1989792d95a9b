"""The ledger: every parameter with its range, its kind of evidence and its source, and the draws from it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
from scipy.special import ndtr, ndtri

from sco_sim.case.changes import Override
from sco_sim.case.ledger_file import read_ledger_file
from sco_sim.errors import CaseError, Problem, ScenarioError, did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.streams import setting_firsts, setting_uniforms

Z95 = 1.6448536269514722
"""95 % point of the standard normal: a normal's low and high are its 5 and 95 % points."""

T = TypeVar("T")
Distribution = Literal["normal", "uniform", "fixed"]
Kind = Literal["measured", "literature", "judgement"]


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
    minimum: float = float("-inf")
    maximum: float = float("inf")

    def quantile(self, z: Array) -> Array:
        """Value at the level of the standard normal quantile z, same shape."""
        if self.distribution == "fixed":
            return np.full_like(z, self.central)
        if self.distribution == "uniform":
            return self.low + (self.high - self.low) * ndtr(z)
        spread = (self.high - self.low) / (2.0 * Z95)
        if np.isfinite(self.minimum) or np.isfinite(self.maximum):  # cut off: rescale the level, do not pile up
            below, above = ndtr((self.minimum - self.central) / spread), ndtr((self.maximum - self.central) / spread)
            z = ndtri(np.clip(below + (above - below) * ndtr(z), 1e-300, 1.0 - 1e-16))
        return self.central + spread * z

    def overridden(self, change: Override) -> Entry:
        """The entry as a scenario narrows, widens, moves or fixes it; a range is centred on its middle."""
        low = self.low if change.low is None else change.low
        high = self.high if change.high is None else change.high
        if change.value is not None or low == high:
            value = low if change.value is None else change.value
            return replace(self, central=value, low=value, high=value, distribution="fixed")
        distribution: Distribution = "uniform" if self.distribution == "fixed" else self.distribution
        return replace(self, central=0.5 * (low + high), low=low, high=high, distribution=distribution)


@dataclass(frozen=True)
class Ledger:
    """The entries by name, and the correlations between some of them."""

    entries: Mapping[str, Entry]
    groups: tuple[tuple[tuple[str, ...], Array], ...] = field(default=())
    """Names and lower Cholesky factor of each correlated group."""
    fits: tuple[tuple[tuple[str, ...], Array], ...] = field(default=())
    """Joint posterior draws of `sco-sim calibrate`: names and (draw, name)."""
    prior: Mapping[str, Entry] = field(default_factory=dict)
    """What the fit began with, for the entries it has fitted."""
    changed: frozenset[str] = frozenset()
    """Names that a scenario has given another range."""

    def __getitem__(self, name: str) -> Entry:
        if name not in self.entries:
            raise CaseError(f"the ledger has no parameter '{name}'; {did_you_mean(name, self.entries)}")
        return self.entries[name]

    def in_force(self, changes: Mapping[str, Override]) -> Ledger:
        """The ledger with a scenario's overrides."""
        entries = dict(self.entries)
        for name, change in changes.items():
            entries[name] = self[name].overridden(change)
            _refuse(name, self[name], entries[name], change)
        return replace(self, entries=entries, changed=self.changed | set(changes))

    def at(self, values: Mapping[str, float]) -> Ledger:
        """The ledger with some parameters fixed at a point of a sweep; raises ScenarioError if one is out of range."""
        fixed = {name: _fixed(name, self[name], value) for name, value in values.items()}
        return replace(self, entries={**self.entries, **fixed}, changed=self.changed | set(values))

    def draw(self, seed: int, settings: Sequence[int]) -> dict[str, Array]:
        """One draw a setting of every parameter, name -> (setting,); each has a stream of its own.

        What was fitted together is drawn together: a setting takes one row of the posterior. In a range of the
        scenario's own a parameter keeps its place among its like.
        """
        uniforms = setting_firsts(seed, settings, [f"parameter/{name}" for name in self.entries])
        z = {name: ndtri(uniforms[f"parameter/{name}"]) for name in self.entries}
        for names, factor in self.groups:
            mixed = {
                name: sum((factor[i, k] * z[names[k]] for k in range(i + 1)), start=np.zeros(len(settings)))
                for i, name in enumerate(names)
            }
            z.update(mixed)
        drawn = {name: entry.quantile(z[name]) for name, entry in self.entries.items()}
        for names, draws in self.fits:
            uniform = setting_uniforms(seed, settings, f"posterior/{names[0]}", 1)[:, 0]
            rows = (uniform * len(draws)).astype(np.intp)
            for column, name in enumerate(names):
                rank = draws[:, column].argsort(kind="stable").argsort(kind="stable")[rows]
                level = ndtri((rank + 0.5) / len(draws))
                drawn[name] = self[name].quantile(level) if name in self.changed else draws[rows, column]
        return drawn

    def with_fit(
        self, names: tuple[str, ...], draws: Array, summary: Mapping[str, tuple[float, float, float]], source: str = ""
    ) -> Ledger:
        """The ledger with a joint posterior (draw, name); `summary` gives centre, 5 and 95 % of each name."""
        entries = dict(self.entries)
        for name in names:
            old, (central, low, high) = self[name], summary[name]
            entries[name] = replace(
                old, central=float(central), low=float(low), high=float(high), distribution="normal",
                kind="measured", source=source or old.source,
            )  # fmt: skip
        return replace(self, entries=entries, fits=(*self.fits, (names, draws)))

    def centre(self, settings: Sequence[int]) -> dict[str, Array]:
        """Every parameter at its centre, name -> (setting,)."""
        return {name: np.full(len(settings), entry.central) for name, entry in self.entries.items()}


@lru_cache(maxsize=8192)
def _fixed(name: str, was: Entry, value: float) -> Entry:
    """An entry fixed at a value; the points of a design have most of their values in common."""
    change = Override(value=value)
    new = was.overridden(change)
    _refuse(name, was, new, change)
    return new


def _refuse(name: str, was: Entry, new: Entry, change: Override) -> None:
    """Raise ScenarioError for an override that leaves the entry's limits, or an empty range."""
    for given in (change.low, change.high, change.value):
        if given is not None and not was.minimum <= given <= was.maximum:
            limits = f"{was.minimum:g} to {was.maximum:g}"
            raise ScenarioError(Problem(f"parameters.{name}: {given:g} is out of range", f"it can be {limits}"))
    if new.low > new.high:
        remedy = f"the ledger has {was.low:g} to {was.high:g}: give both `low` and `high`"
        raise ScenarioError(Problem(f"parameters.{name}: the range would be empty", remedy))


def read_ledger(path: Path, fitted: bool = True) -> Ledger:
    """Read parameters.yaml and, if asked, the fits beside it; raises CaseError naming the entry that is wrong."""
    raw = read_ledger_file(path)
    entries = {str(name): _entry(path, str(name), value) for name, value in raw["parameters"].items()}
    groups = tuple(_group(path, entries, item) for item in raw.get("correlations") or ())
    ledger = Ledger(entries, groups)
    for record in sorted((path.parent / "fits").glob("*.json")) if fitted else ():
        ledger = _fitted(ledger, record)
    return ledger


def _fitted(ledger: Ledger, path: Path) -> Ledger:
    """The ledger with one stage of the fit: its entries show the posterior, its settings draw from it."""
    try:
        record: Any = json.loads(path.read_text(encoding="utf-8"))
        if "parameters" not in record or "stage" not in record:
            return ledger
        draws = np.loadtxt(path.with_suffix(".csv"), delimiter=",", skiprows=1, ndmin=2)
        names = tuple(path.with_suffix(".csv").read_text(encoding="utf-8").splitlines()[0].split(","))
        prior, summary = dict(ledger.prior), {}
        for name in names:
            before, after = (record["parameters"][name][part] for part in ("prior", "posterior"))
            prior[name] = replace(
                ledger[name], central=before["mean"], low=before["low"], high=before["high"],
                source=record["prior_source"],
            )  # fmt: skip
            summary[name] = (after["mean"], after["low"], after["high"])
        source = str(record["source"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(
            f"{path}: cannot be read as a fit: {error}; `sco-sim calibrate --force` writes it anew"
        ) from error
    if draws.shape[1] != len(names) or not np.isfinite(draws).all():
        raise CaseError(f"{path}: the draws beside it do not fit; `sco-sim calibrate --force` writes it anew")
    return replace(ledger.with_fit(names, draws, summary, source), prior=prior)


def _entry(path: Path, name: str, value: Any) -> Entry:
    try:
        fields: dict[str, Any] = {k: float(v) if isinstance(v, int) else v for k, v in value.items()}
        entry = Entry(**fields)
    except (TypeError, AttributeError) as error:
        raise CaseError(f"{path}: parameter {name}: {error}") from error
    numbers = (entry.central, entry.low, entry.high)
    if (
        not all(isinstance(n, float) and np.isfinite(n) for n in numbers)
        or not entry.low <= entry.central <= entry.high
    ):
        raise CaseError(f"{path}: parameter {name}: central, low and high must be numbers with low <= central <= high")
    if entry.distribution not in ("normal", "uniform", "fixed") or entry.kind not in (
        "measured",
        "literature",
        "judgement",
    ):
        raise CaseError(f"{path}: parameter {name}: unknown distribution '{entry.distribution}' or kind '{entry.kind}'")
    return entry


def _group(path: Path, entries: Mapping[str, Entry], item: Any) -> tuple[tuple[str, ...], Array]:
    try:
        names = tuple(str(name) for name in item["parameters"])
        matrix = np.array(item["matrix"], dtype=float)
        factor = np.linalg.cholesky(matrix)
    except (TypeError, KeyError, ValueError, np.linalg.LinAlgError) as error:
        raise CaseError(f"{path}: correlations: {error}; give `parameters` and a positive definite `matrix`") from error
    unknown = [name for name in names if name not in entries]
    if unknown or matrix.shape != (len(names), len(names)):
        raise CaseError(f"{path}: correlations: unknown {unknown}, or a matrix of the wrong size")
    return names, factor
