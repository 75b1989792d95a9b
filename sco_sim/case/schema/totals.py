"""Figures that are odd beside others: the year before, the other report, the size of the economies.

A jump by about 1,000 or 1,000,000 in GDP or population is refused: it is a unit, never a fact. What could be a fact
is a warning. Whole columns in another unit show against what the other tables imply.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.declare import Column, Table
from sco_sim.case.schema.tables import BY_NAME, UNKNOWN_DISTANCE_KM
from sco_sim.errors import Problem

GRAVITY = (390.0, 0.8, 0.6)
"""Trade of a direction in billion USD a year is about 390 (GDP x GDP / 1e24 USD^2)^0.8 / km^0.6: total of the shipped
case in 2019; with these exponents regions of close neighbours trade about two and a half times as much."""
STUDENTS_A_MILLION = (30.0, 2500.0)
"""Students abroad in the case for each million of people; 290 in the shipped case."""
INCOME = (30.0, 400_000.0)
"""GDP per head in USD that a state can have; 59 to 108,000 in the shipped case."""
MEDIAN_INCOME = (400.0, 60_000.0)
"""GDP per head of the middle state."""
APART = 8.0
"""Factor by which totals may differ from what other tables imply."""
LARGE_KUSD = 1e5
"""Trade from which a jump to or from it, in one direction and one year, is worth a look."""
MOST = 5

Series = dict[str, dict[int, tuple[float, int]]]


def jumps(checked: Mapping[str, Checked]) -> Iterator[tuple[bool, Problem]]:
    """GDP and population of a state beside the year before: (whether it is refused, problem)."""
    if "state_years" not in checked:
        return
    found = checked["state_years"]
    for column in BY_NAME["state_years"].columns:
        if not column.step or column.name not in found.numbers:
            continue
        for iso, series in _series(found, "iso3", column.name).items():
            years = sorted(series)
            for before, year in pairwise(years):
                (old, _), (new, row) = series[before], series[year]
                factor = max(new / old, old / new) if old > 0.0 and new > 0.0 else 1.0
                if factor > column.step ** (year - before) and factor > column.step:
                    word = "times" if new > old else "times less than"
                    unit = _unit(factor)
                    message = f"{column.name} of {iso} is {factor:,.3g} {word} that of {before}" + (
                        f": another unit? ({unit})" if unit else ""
                    )
                    remedy = f"the column is in {column.unit}"
                    yield bool(unit), _at(found, row, column.name, message, remedy)


def reports(checked: Mapping[str, Checked]) -> Iterator[tuple[bool, Problem]]:
    """Trade as the exporter and as the importer report it, and each beside the year before: (refused, problem)."""
    found = checked.get("trade_reports")
    if found is None:
        return
    fob, cif = (found.numbers.get(name) for name in ("exporter_fob_kusd", "importer_cif_kusd"))
    if fob and cif:
        both = [math.log10(a / b) for a, b in zip(fob, cif, strict=True) if a > 0.0 and b > 0.0]
        middle = median(both) if both else 0.0
        if abs(middle) > 0.7:
            message = f"the exporters' reports are in the middle {10**middle:.3g} times the importers': another unit?"
            yield abs(middle) > 2.0, Problem(message, "both columns are in thousand current USD", found.sheet.path, 1)
            return
        wrong = [
            (row, f"the two reports differ by {max(a / b, b / a):,.3g} times{_hint(max(a / b, b / a))}")
            for row, (a, b) in enumerate(zip(fob, cif, strict=True))
            if a > 0.0 and b > 0.0 and max(a, b) > 10 * LARGE_KUSD and max(a / b, b / a) > 400.0
        ]
        remedy = "both columns are in thousand current USD"
        yield from ((False, problem) for problem in _some(found, wrong, "exporter_fob_kusd", remedy, 20))
    for name in ("exporter_fob_kusd", "importer_cif_kusd"):
        yield from ((False, problem) for problem in _trade_jumps(found, name))


def _trade_jumps(found: Checked, name: str) -> Iterator[Problem]:
    if name not in found.numbers:
        return
    keys = [f"{a}>{b}" for a, b in zip(found.sheet.column("iso3_o"), found.sheet.column("iso3_d"), strict=True)]
    wrong = []
    for flow, series in _by_key(keys, found.numbers["year"], found.numbers[name]).items():
        years = sorted(series)
        for before, year in pairwise(years):
            (old, _), (new, row) = series[before], series[year]
            if min(old, new) > 0.0 and max(old, new) > 10 * LARGE_KUSD and max(old / new, new / old) > 300.0:
                factor = max(old / new, new / old)
                way = "times" if new > old else "times less than"
                wrong.append((row, f"{name} of {flow} is {factor:,.3g} {way} that of {before}{_hint(factor)}"))
    yield from _some(found, wrong, name, "the column is in thousand current USD")


def sizes(checked: Mapping[str, Checked]) -> Iterator[tuple[bool, Problem]]:
    """GDP per head, trade against GDP and distance, students against population: (whether it is refused, problem)."""
    gdp, people, path = _last(checked, "gdp_current_usd"), _last(checked, "population_persons"), _path(checked)
    incomes = {iso: gdp[iso] / people[iso] for iso in gdp if people.get(iso, 0.0) > 0.0}
    odd = {iso: income for iso, income in incomes.items() if not INCOME[0] <= income <= INCOME[1]}
    for iso, income in list(odd.items())[:MOST]:
        message = f"GDP per head of {iso} would be {income:,.4g} USD"
        yield True, Problem(message, "GDP is in current USD, population in persons", path)
    middle = median(incomes.values()) if incomes else 1000.0
    if not odd and not MEDIAN_INCOME[0] <= middle <= MEDIAN_INCOME[1]:
        message = f"GDP per head of the middle state would be {middle:,.4g} USD"
        yield False, Problem(message, "GDP is in current USD, population in persons", path)
    yield from _constant(checked)
    yield from _trade_size(checked, gdp)
    yield from _students_size(checked, people)


def _constant(checked: Mapping[str, Checked]) -> Iterator[tuple[bool, Problem]]:
    """GDP at current prices beside that at prices of 2015, around that year."""
    found = checked.get("state_years")
    if found is None or not {"gdp_current_usd", "gdp_constant_2015_usd"} <= set(found.numbers):
        return
    columns = (found.numbers[name] for name in ("year", "gdp_current_usd", "gdp_constant_2015_usd"))
    near = [
        math.log10(a / b) for year, a, b in zip(*columns, strict=True) if 2010 <= year <= 2020 and a > 0.0 and b > 0.0
    ]
    if near and abs(median(near)) > 0.5:
        message = f"GDP at current prices is in the middle {10 ** median(near):.3g} times GDP at prices of 2015"
        yield abs(median(near)) > 2.0, Problem(message, "both columns are in USD", found.sheet.path, 1)


def _trade_size(checked: Mapping[str, Checked], gdp: Mapping[str, float]) -> Iterator[tuple[bool, Problem]]:
    found = checked.get("trade_reports")
    if found is None or not found.numbers.get("year"):
        return
    distance = _distances(checked)
    flows: dict[tuple[str, str], float] = {}
    ends = list(zip(found.sheet.column("iso3_o"), found.sheet.column("iso3_d"), strict=True))
    columns = [found.numbers[name] for name in ("exporter_fob_kusd", "importer_cif_kusd") if name in found.numbers]
    year_of = found.numbers["year"]
    for row in sorted(range(len(ends)), key=year_of.__getitem__):
        known = [column[row] for column in columns if column[row] > 0.0]
        if known:  # the last year of each flow
            flows[ends[row]] = 1000.0 * math.exp(sum(map(math.log, known)) / len(known))
    total = implied = 0.0
    constant, size, far = GRAVITY
    for (a, b), value in flows.items():
        if a in gdp and b in gdp:
            total += value
            km = distance.get((min(a, b), max(a, b)), UNKNOWN_DISTANCE_KM)
            implied += 1e9 * constant * (gdp[a] * gdp[b] / 1e24) ** size / km**far
    if total > 0.0 and implied > 0.0 and not 1.0 / APART <= total / implied <= APART:
        ratio = total / implied
        message = (
            f"trade of {total / 1e9:,.4g} billion USD a year is {ratio:,.3g} times what GDP and distance imply"
            f"{_hint(max(ratio, 1.0 / ratio))}"
        )
        yield not 1e-2 < ratio < 1e2, Problem(message, "trade is in thousand current USD", found.sheet.path, 1)


def _students_size(checked: Mapping[str, Checked], people: Mapping[str, float]) -> Iterator[tuple[bool, Problem]]:
    found = checked.get("students")
    if found is None or not found.numbers.get("students_persons"):
        return
    flows: dict[tuple[str, str], float] = {}
    ends = list(zip(found.sheet.column("iso3_origin"), found.sheet.column("iso3_destination"), strict=True))
    for row in sorted(range(len(ends)), key=found.numbers["year"].__getitem__):
        if found.numbers["students_persons"][row] >= 0.0:
            flows[ends[row]] = found.numbers["students_persons"][row]
    million = sum(people.get(iso, 0.0) for iso in {origin for origin, _ in flows}) / 1e6
    if million > 0.0:
        rate = sum(flows.values()) / million
        low, high = STUDENTS_A_MILLION
        if not low <= rate <= high:
            message = f"{rate:,.3g} students abroad for each million of people; 30 to 2,500 are usual"
            yield False, Problem(message, "students are in persons", found.sheet.path, 1)


def torn(table: Table, found: Checked, states: Sequence[str]) -> Iterator[Problem]:
    """Rows that seem to be missing: states without any row, and a last year with a third fewer rows or amounts."""
    if table.record or table.empty or not found.sheet.rows or table.name == "states":
        return
    codes = [column.name for column in table.columns if column.type == "code" and column.required]
    present = {cell for name in codes for cell in found.sheet.column(name)}
    absent = [iso for iso in states if iso not in present] if table.name != "statuses" else []
    if absent and len(states) > len(absent):
        message = f"no row for {', '.join(absent[:8])}{' ...' if len(absent) > 8 else ''}: a torn download?"
        yield Problem(message, "add the rows, or go on without them", found.sheet.path)
    if table.pair and not absent:
        yield from _cut(table, found, states)
    if table.ordered and table.name == "ties" and not absent:
        pairs = len(states) * (len(states) - 1) // 2
        if len(found.sheet.rows) < pairs:
            message = f"{len(found.sheet.rows)} of {pairs} pairs have a row: a torn download?"
            yield Problem(message, "add the rows, or go on without them", found.sheet.path)
    if "year" in found.numbers and table.name != "students":
        yield from _falls(table, found)


def _cut(table: Table, found: Checked, states: Sequence[str]) -> Iterator[Problem]:
    """Many states that never stand first in a pair: a table sorted by it lacks its end."""
    first = (table.pair or ("", ""))[0]
    present = set(found.sheet.column(first))
    possible = sorted(states)[:-1] if table.ordered else sorted(states)
    absent = [iso for iso in possible if iso not in present]
    if len(absent) > len(possible) / 4:
        message = f"{first}: no row begins with {', '.join(absent[:8])}{' ...' if len(absent) > 8 else ''}"
        yield Problem(f"{message}: a torn download?", "add the rows, or go on without them", found.sheet.path)


def _falls(table: Table, found: Checked) -> Iterator[Problem]:
    """A total of the last year more than a third below that of the year before, over the same keys or in rows."""
    rows: dict[int, int] = {}
    for value in found.numbers["year"]:
        rows[int(value)] = rows.get(int(value), 0) + 1
    last = max(rows)
    before = last - 1
    if rows.get(before, 0) >= 6 and rows[last] < rows[before] * 2 / 3:
        message = f"{last} has {rows[last]} rows, {before} has {rows[before]}: a torn download?"
        yield Problem(message, "add the rows, or leave the year out", found.sheet.path)
        return
    keys = list(zip(*(found.sheet.column(name) for name in table.key if name != "year"), strict=True))
    for column in table.columns:
        if column.type == "number" and "usd" in column.unit.casefold() and column.name in found.numbers:
            yield from _total_falls(found, column, keys, last)


def _total_falls(found: Checked, column: Column, keys: Sequence[tuple[str, ...]], last: int) -> Iterator[Problem]:
    """Totals beside the year before, over what is known in both years."""
    by_year: dict[int, dict[tuple[str, ...], float]] = {}
    for key, year, value in zip(keys, found.numbers["year"], found.numbers[column.name], strict=True):
        if value > 0.0:
            by_year.setdefault(int(year), {})[key] = value
    for year, now in sorted(by_year.items()):
        then = by_year.get(year - 1, {})
        both = now.keys() & then.keys()
        old, new = sum(then[key] for key in both), sum(now[key] for key in both)
        if old > 0.0 and (not 0.3 < new / old < 3.0 or (year == last and new < old * 2 / 3)):
            message = f"{column.name}: the total of {year} is {new / old:.2g} times that of {year - 1}"
            word = "a torn download or another unit?" if new < old else "another unit?"
            yield Problem(f"{message}: {word}", f"the column is in {column.unit}", found.sheet.path)


def _series(found: Checked, key: str, column: str) -> Series:
    return _by_key(found.sheet.column(key), found.numbers["year"], found.numbers[column])


def _by_key(keys: Iterable[str], years: Iterable[float], values: Iterable[float]) -> Series:
    """Values by key and year with their rows; gaps are left out."""
    out: Series = {}
    for row, (key, year, value) in enumerate(zip(keys, years, values, strict=True)):
        if not math.isnan(value):
            out.setdefault(key, {})[int(year)] = (value, row)
    return out


def _last(checked: Mapping[str, Checked], column: str) -> dict[str, float]:
    """The last known value of a state, from state_years or states."""
    out: dict[str, float] = {}
    for name in ("states", "state_years"):
        found = checked.get(name)
        if found is None or column not in found.numbers:
            continue
        isos, values = found.sheet.column("iso3"), found.numbers[column]
        years = found.numbers.get("year", [0.0] * len(isos)) if name == "state_years" else [0.0] * len(isos)
        for row in sorted(range(len(isos)), key=years.__getitem__):
            if not math.isnan(values[row]):
                out[isos[row]] = values[row]
    return out


def _path(checked: Mapping[str, Checked]) -> str:
    return next((checked[name].sheet.path for name in ("state_years", "states") if name in checked), "")


def _distances(checked: Mapping[str, Checked]) -> dict[tuple[str, str], float]:
    found = checked.get("ties")
    if found is None or "distance_km" not in found.numbers:
        return {}
    ends = zip(found.sheet.column("iso3_a"), found.sheet.column("iso3_b"), strict=True)
    return {pair: km for pair, km in zip(ends, found.numbers["distance_km"], strict=True) if not math.isnan(km)}


def _unit(factor: float) -> str:
    """What a factor near a thousand or a million suggests; empty if it suggests nothing."""
    for size, word in ((1e3, "thousands"), (1e6, "millions"), (1e9, "billions")):
        if size / 4.0 < factor < size * 4.0:
            return word
    return ""


def _hint(factor: float) -> str:
    unit = _unit(factor)
    return f": another unit? ({unit})" if unit else ""


def _at(found: Checked, row: int, column: str, message: str, remedy: str) -> Problem:
    return Problem(message, remedy, found.sheet.path, found.sheet.lines[row], found.sheet.place(column))


def _some(
    found: Checked, wrong: Sequence[tuple[int, str]], column: str, remedy: str, usual: int = 0
) -> Iterator[Problem]:
    """The first few of some odd rows; none if they are as few as in any real table."""
    if len(wrong) <= usual:
        return
    for row, message in wrong[:MOST]:
        yield _at(found, row, column, message, remedy)
    if len(wrong) > MOST:
        yield _at(found, wrong[MOST][0], column, f"and {len(wrong) - MOST} more such rows", "")
