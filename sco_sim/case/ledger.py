"""The ledger: every parameter with its range, its kind of evidence and its source, and the draws from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.special import ndtr, ndtri

from sco_sim.case.changes import Override
from sco_sim.case.drawn import of_simulated
from sco_sim.case.entries import Entry, read_entries, read_fit
from sco_sim.case.ledger_file import read_ledger_file
from sco_sim.errors import CaseError, ScenarioError, did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.streams import setting_firsts, setting_uniforms

Z95 = 1.6448536269514722
"""95 % point of the standard normal: a normal's low and high are its 5 and 95 % points."""

T = TypeVar("T")


def quantile(entry: Entry, z: Array) -> Array:
    """Value of an entry at the level of the standard normal quantile z, in the shape of z."""
    if entry.distribution == "fixed":
        return np.full_like(z, entry.central)
    if entry.distribution == "uniform":
        return entry.low + (entry.high - entry.low) * ndtr(z)
    spread = (entry.high - entry.low) / (2.0 * Z95)
    if np.isfinite(entry.minimum) or np.isfinite(entry.maximum):  # cut off: rescale the level, do not pile up
        below, above = ndtr((entry.minimum - entry.central) / spread), ndtr((entry.maximum - entry.central) / spread)
        z = ndtri(np.clip(below + (above - below) * ndtr(z), 1e-300, 1.0 - 1e-16))
    return entry.central + spread * z


@dataclass(frozen=True)
class Ledger:
    """The entries by name, and the correlations between some of them."""

    entries: Mapping[str, Entry]
    groups: tuple[tuple[tuple[str, ...], Array], ...] = field(default=())
    """Names and lower Cholesky factor (name, name) of each correlated group."""
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
            _refuse(name, self[name], change)
            entries[name] = self[name].overridden(change)
        return replace(self, entries=entries, changed=self.changed | set(changes))

    def at(self, values: Mapping[str, float]) -> Ledger:
        """The ledger with some parameters fixed at a point of a sweep; raises ScenarioError if one is out of range."""
        fixed = {name: _fixed(name, self[name], value) for name, value in values.items()}
        return replace(self, entries={**self.entries, **fixed}, changed=self.changed | set(values))

    def draw(self, seed: int, settings: Sequence[int], states: Collection[str] | None = None) -> dict[str, Array]:
        """One draw a setting of every parameter, name -> (setting,); each has a stream of its own.

        What was fitted together is drawn together: a setting takes one row of the posterior. In a range of the
        scenario's own a parameter keeps its rank among its like. With `states`, those of other states are left out.
        """
        wanted = list(self.entries) if states is None else of_simulated(self.entries, states)
        fitted = {name for names, _ in self.fits for name in names}
        grouped = [name for names, _ in self.groups for name in names]
        alone = [name for name in wanted if name not in fitted and self.entries[name].distribution != "fixed"]
        uniforms = setting_firsts(seed, settings, [f"parameter/{name}" for name in dict.fromkeys([*grouped, *alone])])
        z = {stream.removeprefix("parameter/"): ndtri(uniform) for stream, uniform in uniforms.items()}
        for names, factor in self.groups:
            mixed = {
                name: sum((factor[i, k] * z[names[k]] for k in range(i + 1)), start=np.zeros(len(settings)))
                for i, name in enumerate(names)
            }
            z.update(mixed)
        drawn = {name: np.full(len(settings), self.entries[name].central) for name in wanted}
        drawn |= {name: quantile(self.entries[name], z[name]) for name in alone}
        for names, draws in self.fits:
            uniform = setting_uniforms(seed, settings, f"posterior/{names[0]}", [""])[:, 0]
            rows = (uniform * len(draws)).astype(np.intp)
            for column, name in enumerate(names):
                drawn[name] = draws[rows, column]
                if name in self.changed:
                    rank = draws[:, column].argsort(kind="stable").argsort(kind="stable")[rows]
                    drawn[name] = quantile(self[name], ndtri((rank + 0.5) / len(draws)))
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

    def measured(self, name: str, value: float, source: str) -> Ledger:
        """The ledger with one entry fixed at what was measured."""
        entry = replace(
            self[name], central=value, low=value, high=value, distribution="fixed", kind="measured", source=source
        )
        return replace(self, entries={**self.entries, name: entry})

    def centre(self, settings: Sequence[int], states: Collection[str] | None = None) -> dict[str, Array]:
        """Every parameter at its centre, name -> (setting,); with `states`, those of other states are left out."""
        wanted = list(self.entries) if states is None else of_simulated(self.entries, states)
        return {name: np.full(len(settings), self.entries[name].central) for name in wanted}


@lru_cache(maxsize=8192)
def _fixed(name: str, was: Entry, value: float) -> Entry:
    """An entry fixed at a value; the points of a design have most of their values in common."""
    change = Override(value=value)
    _refuse(name, was, change)
    return was.overridden(change)


def _refuse(name: str, was: Entry, change: Override) -> None:
    """Raise ScenarioError for an override that leaves the entry's limits, or an empty range."""
    problems = [problem for _, problem in was.wrong_with(name, change)]
    if problems:
        raise ScenarioError(*problems)


def read_ledger(path: Path, fitted: bool = True) -> Ledger:
    """Read parameters.yaml and, if asked, the fits beside it; raises CaseError naming the entry that is wrong."""
    raw = read_ledger_file(path)
    entries = read_entries(path)
    groups = tuple(_group(path, entries, item) for item in raw.get("correlations") or ())
    ledger = Ledger(entries, groups)
    for record in sorted((path.parent / "fits").glob("*.json")) if fitted else ():
        ledger = _fitted(ledger, record)
    return ledger


def _fitted(ledger: Ledger, path: Path) -> Ledger:
    """The ledger with one stage of the fit: its entries show the posterior, its settings draw from it."""
    fit = read_fit(path)
    if fit is None:
        return ledger
    try:
        draws = np.loadtxt(path.with_suffix(".csv"), delimiter=",", skiprows=1, ndmin=2)
        names = tuple(path.with_suffix(".csv").read_text(encoding="utf-8").splitlines()[0].split(","))
        prior, posterior = dict(ledger.prior), {name: fit.posterior[name] for name in names}
        for name in names:
            central, low, high = fit.prior[name]
            prior[name] = replace(ledger[name], central=central, low=low, high=high, source=fit.prior_source)
    except (OSError, ValueError, KeyError) as error:
        message = f"{path}: cannot be read as a fit: {error}; `sco-sim calibrate --force` writes it anew"
        raise CaseError(message) from error
    if draws.shape[1] != len(names) or not np.isfinite(draws).all():
        raise CaseError(f"{path}: the draws beside it do not fit; `sco-sim calibrate --force` writes it anew")
    return replace(ledger.with_fit(names, draws, posterior, fit.source), prior=prior)


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
