"""How old the evidence is, in words, as plain data, and as an error."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from sco_sim.case.age import Age
from sco_sim.case.observables import OBSERVABLES, USUAL_YEARS, Observable
from sco_sim.errors import EvidenceWarning, Problem


def as_records(ages: Sequence[Age]) -> dict[str, dict[str, Any]]:
    """The ages as plain data, as a manifest and `--json` keep them.

    `observed`: the year in which each variable was last observed, null for never. `older`: for the variables with a
    limit, the states or ties last observed before it, with the year. `assumed`: those whose table gives no year, with
    the year that is assumed.
    """
    return {
        "observed": {age.variable.name: age.year for age in ages},
        "older": {age.variable.name: dict(age.older) for age in ages if age.older},
        "assumed": {age.variable.name: dict(age.assumed) for age in ages if age.assumed},
    }


def of_records(record: Mapping[str, Any], start: int) -> tuple[Age, ...]:
    """The ages that `as_records` kept."""
    years, older, assumed = (record.get(name, {}) for name in ("observed", "older", "assumed"))
    return tuple(
        Age(
            one,
            start,
            years[one.name],
            older.get(one.name, {}),
            years[one.name] is not None or one.name in older,
            assumed.get(one.name, {}),
        )
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
    if any(year is None for age in old for year in age.older.values()):
        carried += ", and what was never observed is what size, distance and the other ties let expect"
    remedy = f"{earlier}write `nowcast: true` (--nowcast): {carried}"
    return Problem(message, remedy)


def _too_old(age: Age) -> str:
    """What of a variable is too old: how much is needed, and who lacks it if it is not everybody."""
    variable = age.variable
    assumed = ", a year that is assumed" if age.year in age.assumed.values() else ""
    up_to = "not observed" if age.year is None else f"up to {age.year}{assumed}"
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
    return _listed([f"{name} {'never' if year is None else year}" for name, year in older.items()])


def observed_to(ages: Sequence[Age], start: int) -> int:
    """The year up to which all that has a limit was observed; the start if nothing of it ever was."""
    return min((age.year for age in ages if age.variable.most is not None and age.year is not None), default=start)


def in_words(ages: Sequence[Age], *, brief: bool = False) -> str:
    """The year in which each variable was last observed, and what becomes of those that are older than the start.

    `brief` leaves out what lies within the age that a start bears: what is carried on, the oldest states and ties, and
    of the variables without a limit all but the oldest.
    """
    if not ages:
        return ""
    start = ages[0].start
    lines = [f"Last observed: {_briefly(ages) if brief else ', '.join(map(str, ages))}.", *_assumed(ages)]
    carried = [a.variable.name for a in ages if a.variable.ages and a.year is not None and a.year < start]
    late = any(age.too_old for age in ages)
    if carried and (late or not brief):
        first = "Nowcast: carried" if late else "Carried"
        lines.append(f"{first} on to {start} with the noise of every year between: {', '.join(carried)}.")
    for age in ages:
        older = _older_than_the_rest(age)
        if older and not brief:
            lines.append(f"Older than the rest, {age.variable.name}: {_list(older)}.")
    never = [age.variable.name for age in ages if age.year is None and not age.known and age.variable.most is not None]
    if never:
        lines.append(
            f"Nothing was observed up to {start} of {' and '.join(never)}: what size, distance and the other ties "
            "let expect stands in, which may be several times too high or too low."
        )
    return "\n".join(lines)


_WARNED: set[str] = set()


def warn_of(ages: Sequence[Age]) -> None:
    """Warn of a start behind which something is too old, never observed or of an assumed year, once a process each."""
    words = in_words(ages)
    missing = any(age.year is None and age.variable.most is not None for age in ages)
    if words not in _WARNED and (missing or any(age.too_old or age.assumed for age in ages)):
        _WARNED.add(words)
        warnings.warn(words, EvidenceWarning, stacklevel=3)


def _assumed(ages: Sequence[Age]) -> list[str]:
    """What stands in tables without a year, and which year is assumed for it; a line for each group of units."""
    groups: dict[tuple[tuple[str, int], ...], list[Age]] = {}
    for age in ages:
        if age.assumed:
            groups.setdefault(tuple(age.assumed.items()), []).append(age)
    lines = []
    for units, of in groups.items():
        tables = {source.table for age in of for source in age.variable.sources if source.instead} or {
            source.table for age in of for source in age.variable.sources
        }
        years = sorted({year for _, year in units})
        lines.append(
            f"No year is given for {' and '.join(age.variable.name for age in of)} of "
            f"{_listed([unit for unit, _ in units])}: {', '.join(map(str, years))} is assumed. Give the column year of "
            f"{' and '.join(f'{table}.csv' for table in sorted(tables))}."
        )
    return lines


def _listed(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _briefly(ages: Sequence[Age]) -> str:
    """The variables whose age has a limit, and the oldest of the rest."""
    limited, rest = ([age for age in ages if (age.variable.most is None) is free] for free in (False, True))
    seen = [age for age in rest if age.year is not None]
    oldest = [f"the oldest of the rest, {min(seen, key=lambda age: age.year or 0)}"] if seen else []
    return ", ".join([*map(str, limited), *oldest])


def _older_than_the_rest(age: Age) -> Mapping[str, int | None]:
    """The states or ties older than the start bears; of many, where most are, those older than these bear."""
    if not age.too_old or len(age.older) <= SHOWN:
        return age.older
    newest = max((year for year in age.older.values() if year is not None), default=0)
    limit = newest - (age.variable.most or 0)
    return {unit: year for unit, year in age.older.items() if year is None or year < limit}


def how_chosen() -> str:
    """How the year of each variable is chosen, in two sentences."""
    rules: dict[str, list[str]] = {}
    for variable in OBSERVABLES:
        rules.setdefault(covered(variable), []).append(variable.name)
    parts = [f"{rule} ({', '.join(names)})" for rule, names in rules.items()]
    floors = [
        f" A year of {one.name} counts for a tie that had at least {100 * one.usual:.0f} % of its usual number, the "
        f"median of up to {USUAL_YEARS} years before."
        for one in OBSERVABLES
        if one.usual is not None
    ]
    last = f"Last observed is the latest year since which something was observed of {'; '.join(parts)}."
    return last + "".join(floors)
