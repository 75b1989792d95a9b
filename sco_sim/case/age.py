"""How old the evidence is at a start: the year in which each variable was last observed, and how old it may be.

Loads no array or table library, so that the check of a scenario can say it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sco_sim.errors import Problem


@dataclass(frozen=True)
class Source:
    """Where a table says when a variable was observed."""

    table: str
    columns: tuple[str, ...]
    """A row observes the variable if one of these cells holds something."""
    ends: tuple[str, ...]
    """Columns of the state, or of the two states, observed; the order of two does not count."""
    year: str = "year"
    """Column of the year or the date."""


@dataclass(frozen=True)
class Observable:
    """One thing that the initial state holds, with the age that a start bears."""

    name: str
    sources: tuple[Source, ...]
    most: int | None = None
    """Most years between the last observation and the start; None if no age is refused."""
    reason: str = ""
    """Why no older one is borne."""
    share: float = 0.5
    """Share of the states or pairs ever observed that has to be as recent as the year that is given."""


_YEARS = ("iso3",)
_PAIR = ("iso3_a", "iso3_b")
OBSERVABLES = (
    Observable(
        "trade",
        (
            Source("trade_reports", ("exporter_fob_kusd", "importer_cif_kusd"), ("iso3_o", "iso3_d")),
            Source("trade_reconciled", ("fob_kusd",), ("iso3_o", "iso3_d")),
        ),
        most=2,
        reason="trade can double in three years, as that of China and Russia did from 2020 to 2023",
    ),
    Observable(
        "GDP",
        (Source("state_years", ("gdp_current_usd",), _YEARS), Source("states", ("gdp_current_usd",), _YEARS)),
        most=2,
        reason="it sets what is expected of every flow",
        share=1.0,
    ),
    Observable(
        "events",
        (Source("tie_years", ("icews_cooperative_events", "gdelt_balance"), _PAIR),),
        most=2,
        reason="three years hold a quarrel and its end",
    ),
    Observable("population", (Source("state_years", ("population_persons",), _YEARS),)),
    Observable("stability", (Source("state_years", ("stability_wgi_pv",), _YEARS),)),
    Observable("students", (Source("students", ("students_persons",), ("iso3_origin", "iso3_destination")),)),
    Observable("visas", (Source("visas", ("openness",), ("iso3_passport", "iso3_destination")),)),
    Observable("air links", (Source("air_links", ("airport_pairs",), _PAIR),)),
    Observable("exercises", (Source("exercises", ("participants_iso3",), (), "start_date"),)),
)
"""What is told of a start, in the order in which it is told."""


@dataclass(frozen=True)
class Age:
    """A variable at a start."""

    variable: Observable
    start: int
    year: int | None
    """Year last observed up to the start, as `Observable.share` has it; None if never."""
    behind: tuple[str, ...] = ()
    """States or pairs observed before, but not in that year."""

    @property
    def years(self) -> int:
        """Years from the observation to the start; 0 if there is none."""
        return 0 if self.year is None else self.start - self.year

    @property
    def too_old(self) -> bool:
        """Whether the start lies further behind than the variable bears."""
        return self.variable.most is not None and self.years > self.variable.most

    def __str__(self) -> str:
        return f"{self.variable.name} {'never' if self.year is None else self.year}"


Unit = frozenset[str]
"""A state, or the two of a pair; nobody for a list of events."""


def _nothing(_: Source) -> Iterable[tuple[Unit, int]]:
    return ()


@dataclass(frozen=True)
class Observations:
    """The years observed in a case, read from its tables when they are first asked for."""

    read: Callable[[Source], Iterable[tuple[Unit, int]]] = _nothing
    """Gives who was observed when in a table."""
    _kept: dict[str, Mapping[Unit, Sequence[int]]] = field(default_factory=dict, repr=False, compare=False)

    def ages(self, states: Sequence[str], start: int) -> tuple[Age, ...]:
        """Every variable at a start, for the states of a scenario."""
        return tuple(self._age(variable, frozenset(states), start) for variable in OBSERVABLES)

    def _age(self, variable: Observable, states: frozenset[str], start: int) -> Age:
        last: dict[Unit, int] = {}
        for unit, years in self._years(variable).items():
            if unit <= states and years[0] <= start:
                last[unit] = max(year for year in years if year <= start)
        if not last:
            return Age(variable, start, None)
        recent = sorted(last.values(), reverse=True)
        year = recent[max(round(variable.share * len(recent)) - 1, 0)]
        return Age(variable, start, year, tuple(sorted("-".join(sorted(unit)) for unit in last if last[unit] < year)))

    def _years(self, variable: Observable) -> Mapping[Unit, Sequence[int]]:
        """The states or pairs of a variable, with the years in which they are observed in rising order."""
        if variable.name not in self._kept:
            years: dict[Unit, set[int]] = {}
            for source in variable.sources:
                for unit, year in self.read(source):
                    years.setdefault(unit, set()).add(year)
            self._kept[variable.name] = {unit: sorted(seen) for unit, seen in years.items()}
        return self._kept[variable.name]


def as_years(ages: Sequence[Age]) -> dict[str, int | None]:
    """The year in which each variable was last observed, by its name, as a manifest keeps it."""
    return {age.variable.name: age.year for age in ages}


def of_years(observed: Mapping[str, int | None], start: int) -> tuple[Age, ...]:
    """The ages that `as_years` kept."""
    return tuple(Age(one, start, observed[one.name]) for one in OBSERVABLES if one.name in observed)


def start_problem(ages: Sequence[Age]) -> Problem | None:
    """What is wrong with a start that lies too far behind the evidence; None if nothing is."""
    old = [age for age in ages if age.too_old]
    if not old:
        return None
    start = old[0].start
    parts = [f"{a.variable.name} up to {a.year} (at most {_years(a.variable.most)} before the start)" for a in old]
    latest = min(age.year + age.variable.most for age in old if age.year is not None and age.variable.most is not None)
    message = f"the start in {start} is too far from what was observed: {', '.join(parts)}"
    remedy = (
        f"start in {latest} or earlier, or write `nowcast: true` (--nowcast): every variable is then carried on to the "
        "start, with its own noise"
    )
    return Problem(message, remedy)


def _years(number: int | None) -> str:
    return f"{number} year{'' if number == 1 else 's'}"


def in_words(ages: Sequence[Age]) -> str:
    """One or two lines on all variables: the year in which each was last observed, and what a nowcast makes of it."""
    lines = ["Last observed: " + ", ".join(map(str, ages)) + "."] if ages else []
    old = [age for age in ages if age.too_old]
    if old:
        *others, last = (age.variable.name for age in old)
        names = f"{', '.join(others)} and {last}" if others else last
        lines.append(f"Nowcast: {names} carried on to {old[0].start}, with the noise of every year between.")
    return "\n".join(lines)
