"""How old the evidence is at a start: the year in which each variable was last observed.

Loads no array or table library, so that the check of a scenario can say it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations

from sco_sim.case.observables import GROWN, OBSERVABLES, USUAL_YEARS, Observable, Source


@dataclass(frozen=True)
class Age:
    """A variable at a start."""

    variable: Observable
    start: int
    year: int | None
    """Latest year that covers `Observable.share`; None if there is none."""
    older: Mapping[str, int | None] = field(default_factory=dict)
    """States or ties last observed longer before the start than the variable bears, the weightiest first, with the
    year; None for one never observed. Empty for a variable without a limit."""
    known: bool = True
    """Whether anything of it was observed at all."""
    assumed: Mapping[str, int] = field(default_factory=dict)
    """States or ties whose last observation stands in a table without a date, with the year that is assumed for it."""

    @property
    def too_old(self) -> bool:
        """Whether the start lies further behind than the variable bears.

        A variable of which nothing was ever observed is not too old: the model's expectation stands in for it.
        """
        if self.variable.most is None:
            return False
        return self.known if self.year is None else self.start - self.year > self.variable.most

    def __str__(self) -> str:
        year = "never" if self.year is None else str(self.year)
        return f"{self.variable.name} {year}{' (assumed)' if self.year in self.assumed.values() else ''}"


Unit = tuple[str, ...]
"""A state, or the two of a tie in alphabetical order unless it has a direction; nobody for a list of events."""
Weights = Mapping[Unit, Mapping[int, float]]
"""The weight of each year in which a state or tie was observed."""


Seen = tuple[Unit, int, float, bool]
"""Who was observed, in which year, with which weight, and whether the table gives the year: else it is the one that
stands for a missing date. One a row of a table, so it is no class."""


def _nothing(_: Source) -> Iterable[Seen]:
    return ()


@dataclass(frozen=True)
class Observations:
    """The years observed in a case, read from its tables when they are first asked for."""

    read: Callable[[Source], Iterable[Seen]] = _nothing
    """Gives who was observed when in a table."""
    _kept: dict[str, Weights] = field(default_factory=dict, repr=False, compare=False)
    _undated: dict[str, set[tuple[Unit, int]]] = field(default_factory=dict, repr=False, compare=False)
    _ages: dict[tuple[tuple[str, ...], int], tuple[Age, ...]] = field(default_factory=dict, repr=False, compare=False)

    def ages(self, states: Sequence[str], start: int) -> tuple[Age, ...]:
        """Every variable at a start, for the states of a scenario."""
        key = (tuple(states), start)
        if key not in self._ages:
            self._ages[key] = tuple(self._age(variable, states, start) for variable in OBSERVABLES)
        return self._ages[key]

    def _age(self, variable: Observable, states: Sequence[str], start: int) -> Age:
        last = self._last(variable, states, start)
        never = _all(variable, states) - set(last) if variable.most is not None else set()
        if not last:
            return Age(variable, start, None, known=False)
        sizes = self._sizes(variable, states, start)
        known = {unit: weight for unit, (_, weight) in last.items()}
        if variable.grows and variable.most is not None:  # an old flow is not weighed by what it was
            now = {unit: weight for unit, (year, weight) in last.items() if start - year <= variable.most}
            for unit in known.keys() - now.keys():
                known[unit] = max(known[unit], min(_expected(unit, now, variable, sizes), GROWN * known[unit]))
        missing = {unit: _expected(unit, known, variable, sizes) for unit in never}
        needed = variable.share * (sum(known.values()) + sum(missing.values()))
        seen = [(last[unit][0], weight) for unit, weight in known.items()]
        older = _older(variable, {unit: year for unit, (year, _) in last.items()}, {**known, **missing}, start)
        undated = self._undated[variable.name]
        assumed = {_name(unit, variable): year for unit, (year, _) in sorted(last.items()) if (unit, year) in undated}
        return Age(variable, start, _covering(seen, needed), older, assumed=assumed)

    def _last(self, variable: Observable, states: Sequence[str], start: int) -> dict[Unit, tuple[int, float]]:
        """The last year up to a start in which each state or tie was observed, with its weight."""
        out: dict[Unit, tuple[int, float]] = {}
        for unit, weights in self._years(variable).items():
            year = max((year for year in weights if year <= start), default=None)
            if year is not None and set(unit) <= set(states):
                out[unit] = year, weights[year]
        return out

    def _sizes(self, variable: Observable, states: Sequence[str], start: int) -> Mapping[str, float]:
        """How large each state is by the variable that says so; nothing if none does."""
        sizing = next((one for one in OBSERVABLES if one.name == variable.sized), None)
        if sizing is None:
            return {}
        return {unit[0]: weight for unit, (_, weight) in self._last(sizing, states, start).items()}

    def _years(self, variable: Observable) -> Weights:
        """The states or ties of a variable, with the weight of each year in which they are observed."""
        if variable.name not in self._kept:
            years: dict[Unit, dict[int, float]] = {}
            undated: set[tuple[Unit, int]] = set()
            for source in variable.sources:
                before = set(years) if source.instead else set()
                own, assumed = self._by_unit(source, variable.directed)
                undated |= {(unit, year) for unit, year in assumed if unit not in before}
                for unit, of in own.items():
                    for year in _usual(of, variable.usual) if unit not in before else ():
                        whole = years.setdefault(unit, {})
                        whole[year] = max(of[year], whole.get(year, 0.0))
            self._kept[variable.name], self._undated[variable.name] = years, undated
        return self._kept[variable.name]

    def _by_unit(self, source: Source, directed: bool) -> tuple[Weights, set[tuple[Unit, int]]]:
        """The weights of one table, the largest of each year, and what in it is without a date.

        A table has some ten thousand rows, so the two of a tie are put in order once each.
        """
        own: dict[Unit, dict[int, float]] = {}
        known: dict[Unit, dict[int, float]] = {}
        undated = set()
        for ends, year, weight, dated in self.read(source):
            if ends not in known:
                known[ends] = own.setdefault(_unit(ends, directed), {})
            of = known[ends]
            of[year] = max(weight, of.get(year, 0.0))
            if not dated:
                undated.add((_unit(ends, directed), year))
        return own, undated


def _unit(ends: Unit, directed: bool) -> Unit:
    return ends if directed else tuple(sorted(ends))


def _usual(weights: Mapping[int, float], share: float | None) -> list[int]:
    """The years in which no less was observed than a share of what is usual by the years before."""
    if share is None:
        return list(weights)
    out = []
    for year, weight in weights.items():
        before = sorted(weights[earlier] for earlier in range(year - USUAL_YEARS, year) if earlier in weights)
        if not before or weight >= share * before[len(before) // 2]:
            out.append(year)
    return out


def _expected(unit: Unit, known: Mapping[Unit, float], variable: Observable, sizes: Mapping[str, float]) -> float:
    """Weight of a tie never observed: what the other ties of its two ends let expect.

    Two states that trade much with others would trade much with each other: the product of their sums over the whole;
    and a direction that is not observed is not expected to be smaller than the other one. A state of which nothing at
    all was observed has the sum of the others, by its size. A state without any GDP is refused for that, whatever the
    start.
    """
    if len(unit) < 2:
        return 0.0
    ends = [_sum_of(iso, _sums(known, at if variable.directed else None), sizes) for at, iso in enumerate(unit)]
    whole = sum(known.values()) * (1.0 if variable.directed else 2.0)
    there = ends[0] * ends[1] / whole if whole > 0.0 else 0.0
    return max(there, known.get(unit[::-1], 0.0))


def _sums(known: Mapping[Unit, float], end: int | None) -> dict[str, float]:
    """Sum over the ties of each state, of those that have it at an end only if one is given."""
    out: dict[str, float] = {}
    for unit, weight in known.items():
        for iso in unit if end is None else (unit[end],):
            out[iso] = out.get(iso, 0.0) + weight
    return out


def _sum_of(iso: str, sums: Mapping[str, float], sizes: Mapping[str, float]) -> float:
    """The sum of a state, or what the others let expect of it: in proportion to its size if that is known."""
    if iso in sums or not sums:
        return sums.get(iso, 0.0)
    sized = sum(sizes.get(other, 0.0) for other in sums)
    if iso in sizes and sized > 0.0:
        return sum(sums.values()) * sizes[iso] / sized
    return sum(sums.values()) / len(sums)


def _all(variable: Observable, states: Sequence[str]) -> set[Unit]:
    """All states, or all ties of the states."""
    pick = permutations if variable.directed else combinations
    return set(pick(sorted(states), len(variable.sources[0].ends)))


def _covering(last: Iterable[tuple[int, float]], needed: float) -> int | None:
    """The latest year so that what was last observed in it or later weighs as much as is needed."""
    covered = 0.0
    for year, weight in sorted(last, reverse=True):
        covered += weight
        if covered >= needed * (1.0 - 1e-9):
            return year
    return None


def _older(
    variable: Observable, last: Mapping[Unit, int], weights: Mapping[Unit, float], start: int
) -> dict[str, int | None]:
    """Those seen too long ago or never, the weightiest first."""
    if variable.most is None:
        return {}
    old = [unit for unit in weights if unit not in last or start - last[unit] > variable.most]
    return {_name(unit, variable): last.get(unit) for unit in sorted(old, key=lambda unit: (-weights[unit], unit))}


def _name(unit: Unit, variable: Observable) -> str:
    return " to ".join(unit) if variable.directed else "-".join(unit)
