"""How old the evidence is at a start: the year in which each variable was last observed, and how old it may be.

Loads no array or table library, so that the check of a scenario can say it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations
from typing import Any

from sco_sim.errors import Problem

ACTIVE_DAYS = 60
"""Fewest days a year with news of two states for their GDELT balance to be used."""

GROWN = 10.0
"""Most an old flow is taken to have grown since, when it is weighed. Russia's exports to India grew thirteenfold from
2016 to 2023; what two large states that hardly traded would trade by their size says nothing."""

TRADED_KUSD = 1e-9
"""Least trade that counts as observed: a cell of 0 is as a rule one that nobody filled, and no estimate uses it."""


@dataclass(frozen=True)
class Source:
    """Where a table says when a variable was observed."""

    table: str
    columns: tuple[str, ...]
    """A row observes the variable if one of these cells holds something."""
    ends: tuple[str, ...]
    """Columns of the state, or of the two states, observed."""
    year: str = "year"
    """Column of the year or the date."""
    weighed: bool = False
    """Whether a row counts with the largest of its cells; else with 1."""
    least: float | None = None
    """A row observes only if its largest cell is at least this; None if any will do."""
    beside: str = ""
    """Another column that has to hold something for the row to observe."""


@dataclass(frozen=True)
class Observable:
    """One thing that the initial state holds, with the age that a start bears."""

    name: str
    sources: tuple[Source, ...]
    whole: str
    """What the year has to cover `share` of, in words."""
    most: int | None = None
    """Most years between the last observation and the start; None if no age is refused."""
    reason: str = ""
    """Why no older one is borne."""
    share: float = 0.5
    """Share of the states or ties, by weight, that has to be observed in the year that is given or later."""
    directed: bool = False
    """Whether the two directions of a tie are observed apart; else the order of its two states does not count."""
    grows: bool = False
    """Whether what is old counts for what the recent others let expect of it if that is more, up to GROWN times."""
    ages: bool = False
    """Whether it is carried on from its last observation to the start with its own noise; else it stays as it was."""


_STATE = ("iso3",)
_TIE = ("iso3_a", "iso3_b")
OBSERVABLES = (
    Observable(
        "trade",
        (
            Source(
                "trade_reports",
                ("exporter_fob_kusd", "importer_cif_kusd"),
                ("iso3_o", "iso3_d"),
                weighed=True,
                least=TRADED_KUSD,
            ),
            Source("trade_reconciled", ("fob_kusd",), ("iso3_o", "iso3_d"), weighed=True, least=TRADED_KUSD),
        ),
        whole="the value traded",
        most=2,
        reason="trade can double in three years, as that of China and Russia did from 2020 to 2023",
        share=0.95,
        directed=True,
        grows=True,
        ages=True,
    ),
    Observable(
        "GDP",
        (Source("state_years", ("gdp_current_usd",), _STATE), Source("states", ("gdp_current_usd",), _STATE)),
        whole="the states",
        most=2,
        reason="it sets what is expected of every flow",
        share=1.0,
        ages=True,
    ),
    Observable(
        "events",
        (
            Source(
                "tie_years", ("icews_cooperative_events", "icews_conflictual_events"), _TIE, weighed=True, least=1.0
            ),
            Source("tie_years", ("gdelt_active_days",), _TIE, weighed=True, least=ACTIVE_DAYS, beside="gdelt_balance"),
        ),
        whole="the events",
        most=2,
        reason="three years hold a quarrel and its end",
        share=0.9,
        ages=True,
    ),
    Observable(
        "population",
        (Source("state_years", ("population_persons",), _STATE), Source("states", ("population_persons",), _STATE)),
        whole="the states",
        share=1.0,
    ),
    Observable("stability", (Source("state_years", ("stability_wgi_pv",), _STATE),), whole="the states", share=1.0),
    Observable(
        "students",
        (Source("students", ("students_persons",), ("iso3_origin", "iso3_destination")),),
        whole="the ties ever observed",
        ages=True,
    ),
    Observable(
        "visas",
        (Source("visas", ("openness",), ("iso3_passport", "iso3_destination")),),
        whole="the ties ever observed",
    ),
    Observable(
        "air links", (Source("air_links", ("airport_pairs",), _TIE),), whole="the ties ever observed", ages=True
    ),
    Observable("exercises", (Source("exercises", ("participants_iso3",), (), "start_date"),), whole="the entries"),
)
"""What is reported of a start, in this order."""


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

    @property
    def too_old(self) -> bool:
        """Whether the start lies further behind than the variable bears.

        A variable of which nothing was ever observed is not too old: the model's expectation stands in for it.
        """
        if self.variable.most is None:
            return False
        return self.known if self.year is None else self.start - self.year > self.variable.most

    def __str__(self) -> str:
        return f"{self.variable.name} {'never' if self.year is None else self.year}"


Unit = tuple[str, ...]
"""A state, or the two of a tie in alphabetical order unless it has a direction; nobody for a list of events."""
Seen = tuple[Unit, int, float]
"""Who was observed, in which year, with which weight."""


def _nothing(_: Source) -> Iterable[Seen]:
    return ()


@dataclass(frozen=True)
class Observations:
    """The years observed in a case, read from its tables when they are first asked for."""

    read: Callable[[Source], Iterable[Seen]] = _nothing
    """Gives who was observed when in a table."""
    _kept: dict[str, Mapping[Unit, Mapping[int, float]]] = field(default_factory=dict, repr=False, compare=False)
    _ages: dict[tuple[tuple[str, ...], int], tuple[Age, ...]] = field(default_factory=dict, repr=False, compare=False)

    def ages(self, states: Sequence[str], start: int) -> tuple[Age, ...]:
        """Every variable at a start, for the states of a scenario."""
        key = (tuple(states), start)
        if key not in self._ages:
            self._ages[key] = tuple(self._age(variable, states, start) for variable in OBSERVABLES)
        return self._ages[key]

    def _age(self, variable: Observable, states: Sequence[str], start: int) -> Age:
        last: dict[Unit, tuple[int, float]] = {}
        for unit, weights in self._years(variable).items():
            before = [year for year in weights if year <= start]
            if before and set(unit) <= set(states):
                last[unit] = max(before), weights[max(before)]
        never = _all(variable, states) - set(last) if variable.most is not None else set()
        if not last:
            return Age(variable, start, None, known=False)
        known = {unit: weight for unit, (_, weight) in last.items()}
        if variable.grows and variable.most is not None:  # an old flow is not weighed by what it was
            now = {unit: weight for unit, (year, weight) in last.items() if start - year <= variable.most}
            for unit in known.keys() - now.keys():
                known[unit] = max(known[unit], min(_expected(unit, now, variable), GROWN * known[unit]))
        missing = {unit: _expected(unit, known, variable) for unit in never}
        needed = variable.share * (sum(known.values()) + sum(missing.values()))
        seen = [(last[unit][0], weight) for unit, weight in known.items()]
        older = _older(variable, {unit: year for unit, (year, _) in last.items()}, {**known, **missing}, start)
        return Age(variable, start, _covering(seen, needed), older)

    def _years(self, variable: Observable) -> Mapping[Unit, Mapping[int, float]]:
        """The states or ties of a variable, with the weight of each year in which they are observed."""
        if variable.name not in self._kept:
            years: dict[Unit, dict[int, float]] = {}
            for source in variable.sources:
                for ends, year, weight in self.read(source):
                    unit = ends if variable.directed else tuple(sorted(ends))
                    own = years.setdefault(unit, {})
                    own[year] = max(weight, own.get(year, 0.0))
            self._kept[variable.name] = years
        return self._kept[variable.name]


def _expected(unit: Unit, known: Mapping[Unit, float], variable: Observable) -> float:
    """Weight of a tie never observed: what the other ties of its two ends let expect.

    Two states that trade much with others would trade much with each other: the product of their sums over the whole;
    and a direction that is not observed is not expected to be smaller than the other one. A state without any GDP is
    refused for that, whatever the start.
    """
    if len(unit) < 2:
        return 0.0
    whole = sum(known.values())
    if variable.directed:
        ends = [sum(weight for other, weight in known.items() if other[at] == iso) for at, iso in enumerate(unit)]
    else:
        ends = [sum(weight for other, weight in known.items() if iso in other) for iso in unit]
        whole *= 2.0
    there = ends[0] * ends[1] / whole if whole > 0.0 else 0.0
    return max(there, known.get(unit[::-1], 0.0))


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
    name = " to ".join if variable.directed else "-".join
    old = [unit for unit in weights if unit not in last or start - last[unit] > variable.most]
    return {name(unit): last.get(unit) for unit in sorted(old, key=lambda unit: (-weights[unit], unit))}


def as_records(ages: Sequence[Age]) -> dict[str, dict[str, Any]]:
    """The ages as plain data, as a manifest and `--json` keep them.

    `observed`: the year in which each variable was last observed, null for never. `older`: for the variables with a
    limit, the states or ties last observed before it, with the year.
    """
    return {
        "observed": {age.variable.name: age.year for age in ages},
        "older": {age.variable.name: dict(age.older) for age in ages if age.older},
    }


def of_records(record: Mapping[str, Any], start: int) -> tuple[Age, ...]:
    """The ages that `as_records` kept."""
    years, older = record.get("observed", {}), record.get("older", {})
    return tuple(
        Age(one, start, years[one.name], older.get(one.name, {}), years[one.name] is not None or one.name in older)
        for one in OBSERVABLES
        if one.name in years
    )


def start_problem(ages: Sequence[Age]) -> Problem | None:
    """What is wrong with a start that lies too far behind the evidence; None if nothing is."""
    old = [age for age in ages if age.too_old]
    if not old:
        return None
    start = old[0].start
    message = f"the start in {start} is too far from what was observed: {'; '.join(map(_too_old, old))}"
    starts = [age.year + age.variable.most for age in old if age.year is not None and age.variable.most is not None]
    earlier = f"start in {min(starts)} or earlier, or " if len(starts) == len(old) else ""
    changing = ", ".join(one.name for one in OBSERVABLES if one.ages)
    carried = f"{changing} are then carried on to the start, each with its own noise"
    remedy = f"{earlier}write `nowcast: true` (--nowcast): {carried}"
    return Problem(message, remedy)


def _too_old(age: Age) -> str:
    """What of a variable is too old: how much is needed, and who lacks it if it is not everybody."""
    variable = age.variable
    up_to = "not observed" if age.year is None else f"up to {age.year}"
    limit = f"at most {_years(variable.most)} before the start for {covered(variable)}"
    named = f"; older: {_list(age.older)}" if age.older else ""
    who = named if len(age.older) <= SHOWN else f"; {len(age.older)} lack it"
    return f"{variable.name} {up_to} ({limit}{who})"


def covered(variable: Observable) -> str:
    """What the year of a variable covers, like `95 % of the value traded`."""
    return f"{100 * variable.share:.0f} % of {variable.whole}"


def _years(number: int | None) -> str:
    return f"{number} year{'' if number == 1 else 's'}"


SHOWN = 8
"""Most states or ties that a line names."""


def _list(older: Mapping[str, int | None]) -> str:
    named = [f"{name} {'never' if year is None else year}" for name, year in list(older.items())[:SHOWN]]
    more = len(older) - SHOWN
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def observed_to(ages: Sequence[Age], start: int) -> int:
    """The year up to which all that has a limit was observed; the start if nothing of it ever was."""
    return min((age.year for age in ages if age.variable.most is not None and age.year is not None), default=start)


def in_words(ages: Sequence[Age]) -> str:
    """The year in which each variable was last observed, and what becomes of those that are older than the start."""
    if not ages:
        return ""
    start = ages[0].start
    lines = ["Last observed: " + ", ".join(map(str, ages)) + "."]
    carried = [a.variable.name for a in ages if a.variable.ages and a.year is not None and a.year < start]
    if carried:
        first = "Nowcast: carried" if any(age.too_old for age in ages) else "Carried"
        lines.append(f"{first} on to {start} with the noise of every year between: {', '.join(carried)}.")
    for age in ages:
        older = _older_than_the_rest(age)
        if older:
            lines.append(f"Older than the rest, {age.variable.name}: {_list(older)}.")
    never = [age.variable.name for age in ages if age.year is None and not age.known and age.variable.most is not None]
    if never:
        lines.append(
            f"Nothing was observed up to {start} of {' and '.join(never)}: what size, distance and the other ties "
            "let expect stands in, which may be several times too high or too low."
        )
    return "\n".join(lines)


def _older_than_the_rest(age: Age) -> Mapping[str, int | None]:
    """The states or ties older than the start bears; of many, where most are, those older than these bear."""
    if not age.too_old or len(age.older) <= SHOWN:
        return age.older
    newest = max((year for year in age.older.values() if year is not None), default=0)
    limit = newest - (age.variable.most or 0)
    return {unit: year for unit, year in age.older.items() if year is None or year < limit}


def how_chosen() -> str:
    """How the year of each variable is chosen, in one sentence."""
    rules: dict[str, list[str]] = {}
    for variable in OBSERVABLES:
        rules.setdefault(covered(variable), []).append(variable.name)
    parts = [f"{rule} ({', '.join(names)})" for rule, names in rules.items()]
    return f"Last observed is the latest year since which something was observed of {'; '.join(parts)}."
