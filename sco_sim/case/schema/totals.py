"""Figures beside the size of the economies and populations: whole columns in another unit show there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from statistics import median

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Finding, hint, keys_of, log_ratio, some, times
from sco_sim.case.schema.tables import UNKNOWN_DISTANCE_KM
from sco_sim.errors import Problem

GRAVITY = (390.0, 0.8, 0.6)
"""Trade of a direction in billion USD a year is about 390 (GDP x GDP / 1e24 USD^2)^0.8 / km^0.6: total of the shipped
case in 2019; with these exponents regions of close neighbours trade up to six times as much."""
APART = 7.0
"""Factor by which total trade may differ from what GDP and distance imply."""
FAR_KUSD, FAR_FLOW = 1e5, 150.0
"""Trade of a direction from which it is looked at by itself, and how far it may exceed what GDP and distance imply."""
SHARE_OF_GDP = (2.0, 5.0)
"""Trade of one direction over the GDP of either state: odd, and never. Kyrgyzstan bought 1.8 times its GDP from China
in 2008, to sell it on."""
OPEN = 3.0
"""Trade of a state with the states of the case over its GDP; 2.4 at most in the shipped case."""
STUDENTS_A_MILLION = (30.0, 2500.0)
"""Students abroad in the case for each million of people; 290 in the shipped case."""
STUDENTS_SHARE = (0.03, 0.2)
"""Students in one destination over the population of their origin: odd, and never; at most 0.0035 in the shipped
case."""
INCOME = (30.0, 400_000.0)
"""GDP per head in USD that a state can have; 59 to 108,000 in the shipped case."""
ODD_INCOME = 150_000.0
"""GDP per head above which a state is odd."""
MEDIAN_INCOME = (400.0, 60_000.0)
"""GDP per head of the middle state."""
REPORTS = ("exporter_fob_kusd", "importer_cif_kusd")
TRADE_UNIT = "trade is in thousand current USD"
MOST = 5


def sizes(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """GDP per head, trade against GDP and distance, students against population."""
    gdp, people = _last(checked, "gdp_current_usd"), _last(checked, "population_persons")
    yield from _income(checked, gdp, people)
    yield from _constant(checked)
    yield from _trade_size(checked, gdp)
    yield from _flows_of_gdp(checked)
    yield from _students_size(checked, people)
    yield from _students_share(checked, people)


def _income(checked: Mapping[str, Checked], gdp: Mapping[str, float], people: Mapping[str, float]) -> Iterator[Finding]:
    """GDP per head, of each state and of the middle one."""
    path = next((checked[name].sheet.path for name in ("state_years", "states") if name in checked), "")
    remedy = "GDP is in current USD, population in persons"
    incomes = {iso: gdp[iso] / people[iso] for iso in gdp if people.get(iso, 0.0) > 0.0}
    odd = {iso: income for iso, income in incomes.items() if not INCOME[0] <= income <= ODD_INCOME}
    for iso, income in list(odd.items())[:MOST]:
        refused = not INCOME[0] <= income <= INCOME[1]
        yield Finding(refused, Problem(f"GDP per head of {iso} would be {income:,.4g} USD", remedy, path))
    middle = median(incomes.values()) if incomes else 1000.0
    if not odd and not MEDIAN_INCOME[0] <= middle <= MEDIAN_INCOME[1]:
        yield Finding(False, Problem(f"GDP per head of the middle state would be {middle:,.4g} USD", remedy, path))


def _constant(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """GDP at current prices beside that at prices of 2015, around that year, of all states and of each."""
    content = checked.get("state_years")
    if content is None or not {"gdp_current_usd", "gdp_constant_2015_usd"} <= set(content.numbers):
        return
    near: dict[str, list[float]] = {}
    columns = (content.numbers[name] for name in ("year", "gdp_current_usd", "gdp_constant_2015_usd"))
    for iso, year, current, constant in zip(content.sheet.column("iso3"), *columns, strict=True):
        if 2010 <= year <= 2020 and current > 0.0 and constant > 0.0:
            near.setdefault(iso, []).append(log_ratio(current, constant))
    middle = median(log for logs in near.values() for log in logs) if near else 0.0
    same = near and all(log == 0.0 for logs in near.values() for log in logs)
    if same:
        message = "GDP at current prices is that at prices of 2015 in every row: one column twice?"
        yield Finding(
            False, Problem(message, "take gdp_constant_2015_usd away if it is not known", content.sheet.path, 1)
        )
    groups = {"": middle} if abs(middle) > 0.5 else {f" of {iso}": median(logs) for iso, logs in near.items()}
    for whose, log in groups.items():
        if abs(log) > 0.5:
            message = f"GDP{whose} at current prices is in the middle {times(log)} GDP at prices of 2015{hint(log)}"
            yield Finding(abs(log) > 2.0, Problem(message, "both columns are in USD", content.sheet.path, 1))


def _trade_size(checked: Mapping[str, Checked], gdp: Mapping[str, float]) -> Iterator[Finding]:
    """Trade of the last year of each flow beside what GDP and distance imply: the total, and large flows."""
    content = checked.get("trade_reports")
    if content is None or not content.numbers.get("year"):
        return
    distance = _distances(checked)
    constant, size, far = GRAVITY
    total = expected = 0.0
    wrong = []
    for (a, b), (value, row) in _last_flows(content).items():
        if a not in gdp or b not in gdp:
            continue
        km = distance.get((min(a, b), max(a, b)), UNKNOWN_DISTANCE_KM)
        implied = 1e6 * constant * (gdp[a] * gdp[b] / 1e24) ** size / km**far
        total, expected = total + value, expected + implied
        if value > FAR_KUSD and value > FAR_FLOW * implied:
            ratio = log_ratio(value, implied)
            message = f"trade from {a} to {b} is {times(ratio)} what GDP and distance imply{hint(ratio)}"
            wrong.append((row, message))
    column = next(name for name in REPORTS if name in content.numbers)
    yield from (Finding(False, problem) for problem in some(content, wrong, column, TRADE_UNIT))
    ratio = log_ratio(total, expected) if total > 0.0 and expected > 0.0 else 0.0
    if abs(ratio) > math.log10(APART):
        message = (
            f"trade of {total / 1e6:,.4g} billion USD a year is {times(ratio)} what GDP and distance imply{hint(ratio)}"
        )
        yield Finding(abs(ratio) > 2.0, Problem(message, TRADE_UNIT, content.sheet.path, 1))


def _last_flows(content: Checked) -> dict[tuple[str, str], tuple[float, int]]:
    """The last value of each flow, the geometric mean of its reports, in thousand USD, with its row."""
    columns = [content.numbers[name] for name in REPORTS if name in content.numbers]
    ends, years = keys_of(content, "iso3_o", "iso3_d"), content.numbers["year"]
    out = {}
    for row in sorted(range(len(ends)), key=years.__getitem__):
        known = [column[row] for column in columns if column[row] > 0.0]
        if known:
            out[ends[row][0], ends[row][1]] = (math.exp(sum(map(math.log, known)) / len(known)), row)
    return out


def _flows_of_gdp(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Trade of one direction, and of a state with all others, beside GDP of the same year."""
    content, sizes_by_year = checked.get("trade_reports"), checked.get("state_years")
    if content is None or sizes_by_year is None or "gdp_current_usd" not in sizes_by_year.numbers:
        return
    numbers = sizes_by_year.numbers
    sized = zip(sizes_by_year.sheet.column("iso3"), numbers["year"], numbers["gdp_current_usd"], strict=True)
    gdp = {(iso, year): value for iso, year, value in sized if value > 0.0}
    ends, years = keys_of(content, "iso3_o", "iso3_d"), content.numbers["year"]
    for column in (name for name in REPORTS if name in content.numbers):
        traded: dict[tuple[str, float], float] = {}
        wrong: dict[bool, list[tuple[int, str]]] = {True: [], False: []}
        for row, (pair, year, value) in enumerate(zip(ends, years, content.numbers[column], strict=True)):
            for iso in pair if value > 0.0 else ():
                key = iso, year
                if key not in gdp:
                    continue
                share = 1000.0 * value / gdp[key]
                traded[key] = traded.get(key, 0.0) + share
                if share > SHARE_OF_GDP[0]:
                    message = f"{column} of {'>'.join(pair)} is {share:,.3g} times the GDP of {iso}"
                    wrong[share > SHARE_OF_GDP[1]].append((row, message))
        for refused, rows in wrong.items():
            yield from (Finding(refused, problem) for problem in some(content, rows, column, TRADE_UNIT))
        odd = {key: share for key, share in traded.items() if share > OPEN} if not any(wrong.values()) else {}
        for (iso, year), share in sorted(odd.items(), key=lambda item: -item[1])[:MOST]:
            message = f"{column}: trade of {iso} in {year:.0f} would be {share:,.3g} times its GDP"
            yield Finding(
                False, Problem(message, TRADE_UNIT, content.sheet.path, 1, content.sheet.column_number(column))
            )


def _students_size(checked: Mapping[str, Checked], people: Mapping[str, float]) -> Iterator[Finding]:
    """Students abroad for each million of people, the last count of each flow."""
    content = checked.get("students")
    if content is None or not content.numbers.get("students_persons"):
        return
    ends, counts = keys_of(content, "iso3_origin", "iso3_destination"), content.numbers["students_persons"]
    flows = {}
    for row in sorted(range(len(ends)), key=content.numbers["year"].__getitem__):
        if counts[row] >= 0.0:
            flows[ends[row]] = counts[row]
    million = sum(people.get(iso, 0.0) for iso in {origin for origin, _ in flows}) / 1e6
    if million > 0.0:
        rate = sum(flows.values()) / million
        low, high = STUDENTS_A_MILLION
        if not low <= rate <= high:
            message = f"{rate:,.3g} students abroad for each million of people; {low:,.0f} to {high:,.0f} are usual"
            yield Finding(False, Problem(message, "students are in persons", content.sheet.path, 1))


def _students_share(checked: Mapping[str, Checked], people: Mapping[str, float]) -> Iterator[Finding]:
    """Students in one destination over the population of their origin."""
    content = checked.get("students")
    if content is None or "students_persons" not in content.numbers:
        return
    wrong: dict[bool, list[tuple[int, str]]] = {True: [], False: []}
    ends = keys_of(content, "iso3_origin", "iso3_destination")
    for row, ((origin, destination), count) in enumerate(zip(ends, content.numbers["students_persons"], strict=True)):
        share = count / people[origin] if people.get(origin, 0.0) > 0.0 else 0.0
        if share > STUDENTS_SHARE[0]:
            message = f"students_persons of {origin}>{destination} are {100.0 * share:,.3g} % of the people of {origin}"
            wrong[share > STUDENTS_SHARE[1]].append((row, message))
    for refused, rows in wrong.items():
        problems = some(content, rows, "students_persons", "students are in persons")
        yield from (Finding(refused, problem) for problem in problems)


def _last(checked: Mapping[str, Checked], column: str) -> dict[str, float]:
    """The last known value of a state, from state_years or states."""
    out: dict[str, float] = {}
    for name in ("states", "state_years"):
        content = checked.get(name)
        if content is None or column not in content.numbers:
            continue
        isos, values = content.sheet.column("iso3"), content.numbers[column]
        years = content.numbers.get("year", [0.0] * len(isos)) if name == "state_years" else [0.0] * len(isos)
        for row in sorted(range(len(isos)), key=years.__getitem__):
            if not math.isnan(values[row]):
                out[isos[row]] = values[row]
    return out


def _distances(checked: Mapping[str, Checked]) -> dict[tuple[str, str], float]:
    content = checked.get("ties")
    if content is None or "distance_km" not in content.numbers:
        return {}
    ends = zip(content.sheet.column("iso3_a"), content.sheet.column("iso3_b"), strict=True)
    return {pair: km for pair, km in zip(ends, content.numbers["distance_km"], strict=True) if not math.isnan(km)}
