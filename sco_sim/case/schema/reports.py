"""The two reports of a trade flow beside one another: all of them, those of a year, of a reporter, of a flow, and rows.

Each level is set beside what the level above it has, so that one slip gives one message.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Finding, at, hint, keys_of, log_ratio, some, times, unit_of
from sco_sim.case.schema.steps import series_of, swings_of
from sco_sim.case.schema.tables import TRADE_REPORTS
from sco_sim.errors import Problem, counted

FOB, CIF = "exporter_fob_kusd", "importer_cif_kusd"
REMEDY = "both columns are in thousand current USD"
CERTAIN = 2.0
"""log10 of the factor by which the middle of many reports cannot differ from the other reports."""
LARGE_KUSD = 1e5
"""Trade from which a slip in one direction and year is worth a look."""
HUGE_KUSD = 1e6
WIPED_KUSD = 1e4
"""Trade that one report has and the other has as 0; no row of the shipped case has both."""
APART = 400.0
"""Factor between the two reports of one row."""
USUAL = 20
"""Rows with huge reports so far apart that a real table has: Iran and the United States report so of one another."""
ENDS = {FOB: "iso3_o", CIF: "iso3_d"}
"""Who gives each report."""

Gaps = dict[int, float]
"""log10 of the exporter's over the importer's report, by row."""
Level = Iterator[tuple[list[int], Finding]]
"""Rows, and what is odd about them together."""


def reports(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Where the reports of exporter and importer differ by more than those of real tables do."""
    content = checked.get("trade_reports")
    if content is None or not {FOB, CIF, "year"} <= set(content.numbers):
        return
    yield from _zeros(content)
    both = enumerate(zip(content.numbers[FOB], content.numbers[CIF], strict=True))
    gaps = {row: log_ratio(a, b) for row, (a, b) in both if a > 0.0 and b > 0.0}
    if not gaps:
        return
    middle = median(gaps.values())
    if abs(middle) > 0.7:
        message = f"the exporters' reports are in the middle {times(middle)} the importers': another unit?"
        yield Finding(len(gaps) >= 5 and abs(middle) > CERTAIN, Problem(message, REMEDY, content.sheet.path, 1))
        return
    seen: set[int] = set()
    for level in (_by_year, _by_reporter, _by_reporter_and_year, _by_flow):
        for rows, finding in level(content, {row: gap for row, gap in gaps.items() if row not in seen}):
            seen |= set(rows)
            yield finding
    yield from _slips(content, seen)
    yield from _rows(content, {row: gap for row, gap in gaps.items() if row not in seen})


def _zeros(content: Checked) -> Iterator[Finding]:
    """Nothing by one report and much by the other: their mean is nothing, so the zero wipes out the other report."""
    for name, other in ((FOB, CIF), (CIF, FOB)):
        wrong = [
            (row, f"{name} is 0 and {other} {b:,.0f}: not known?")
            for row, (a, b) in enumerate(zip(content.numbers[name], content.numbers[other], strict=True))
            if a == 0.0 and b > WIPED_KUSD
        ]
        problems = some(content, wrong, name, "leave the cell empty where nothing is known")
        yield from (Finding(False, problem) for problem in problems)


def _groups(gaps: Gaps, keys: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], list[int]]:
    """Rows by their key; `keys` has one for each row of the table."""
    out: dict[tuple[str, ...], list[int]] = {}
    for row in gaps:
        out.setdefault(keys[row], []).append(row)
    return out


def _middles(gaps: Gaps, keys: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], tuple[list[int], float]]:
    """Rows by their key, and the middle of their gaps."""
    return {key: (rows, median(gaps[row] for row in rows)) for key, rows in _groups(gaps, keys).items()}


def _by_year(content: Checked, gaps: Gaps) -> Level:
    """A year in which one column is in another unit; `steps` names the column."""
    years = content.sheet.column("year")
    stepped = {year for name in (FOB, CIF) for year in swings_of(content, TRADE_REPORTS, TRADE_REPORTS.column(name))}
    for (year,), (rows, middle) in _middles(gaps, [(year,) for year in years]).items():
        if len(rows) >= 5 and abs(middle) > 0.85:
            message = f"the exporters' reports of {year} are in the middle {times(middle)} the importers'{hint(middle)}"
            refused = abs(middle) > CERTAIN and int(content.numbers["year"][rows[0]]) not in stepped
            yield rows, Finding(refused, _problem(content, rows, FOB, message))


def _by_reporter(content: Checked, gaps: Gaps) -> Level:
    for column, end in ENDS.items():
        for (state,), (rows, middle) in _middles(gaps, keys_of(content, end)).items():
            if len(rows) >= 10 and abs(middle) > 1.0:
                yield rows, _of_reporter(content, rows, column, state, middle)


def _by_reporter_and_year(content: Checked, gaps: Gaps) -> Level:
    for column, end in ENDS.items():
        usual = _middles(gaps, keys_of(content, end))
        for (state, year), (rows, middle) in _middles(gaps, keys_of(content, end, "year")).items():
            if len(rows) >= 5 and min(abs(middle - usual[state,][1]), abs(middle)) > 1.0:
                yield rows, _of_reporter(content, rows, column, f"{state} in {year}", middle)


def _of_reporter(content: Checked, rows: list[int], column: str, state: str, middle: float) -> Finding:
    word, other, log = ("exporter", "importers", middle) if column == FOB else ("importer", "exporters", -middle)
    message = f"the reports of {state} as {word} are in the middle {times(log)} those of the {other}{hint(log)}"
    return Finding(abs(middle) > CERTAIN, _problem(content, rows, column, message))


def _by_flow(content: Checked, gaps: Gaps) -> Level:
    """A flow whose two reports are a unit apart in most years."""
    for (a, b), (rows, middle) in _middles(gaps, keys_of(content, "iso3_o", "iso3_d")).items():
        large = max(median(content.numbers[name][row] for row in rows) for name in (FOB, CIF))
        if len(rows) >= 6 and abs(middle) > 2.3 and large > HUGE_KUSD:
            message = (
                f"{FOB} of {a}>{b} is in the middle of {counted(len(rows), 'year')} {times(middle)} {CIF}{hint(middle)}"
            )
            yield rows, Finding(False, _problem(content, rows, FOB, message))


def _slips(content: Checked, seen: set[int]) -> Iterator[Finding]:
    """Single cells a unit away from the year before, the year after and the other report, as far as they are known."""
    series = {name: series_of(content, TRADE_REPORTS, TRADE_REPORTS.column(name)) for name in (FOB, CIF)}
    for name, other in ((FOB, CIF), (CIF, FOB)):
        wrong = []
        for flow, own in series[name].items():
            beside = series[other].get(flow, {})
            years = sorted(own)
            for number, year in enumerate(years):
                value, row = own[year]
                near = [own[y][0] for y in years[max(0, number - 1) : number + 2] if y != year]
                log = _common_unit(value, [*near, beside[year][0]] if year in beside else near)
                if log and row not in seen:
                    message = f"{name} of {'>'.join(flow)} is {times(log)} the figures beside it{hint(log)}"
                    wrong.append((row, message))
                    seen.add(row)
        yield from (Finding(False, problem) for problem in some(content, wrong, name, REMEDY))


def _common_unit(value: float, others: list[float]) -> float:
    """log10 of how far a value lies from all of two or more others, if it is the same unit for all; else 0."""
    if len(others) < 2 or min(value, *others) <= 0.0 or max(value, *others) < LARGE_KUSD:
        return 0.0
    if 0.01 < value / others[0] < 100.0:
        return 0.0
    logs = [log_ratio(value, other) for other in others]
    middle = median(logs)
    same = {unit_of(log) if log * middle > 0.0 else "" for log in logs}
    return middle if len(same) == 1 and "" not in same else 0.0


def _rows(content: Checked, gaps: Gaps) -> Iterator[Finding]:
    """Huge reports that lie far apart, if there are more of them than real tables have."""
    wrong = [
        (row, f"the two reports differ by {times(abs(gap))}{hint(gap)}")
        for row, gap in gaps.items()
        if abs(gap) > math.log10(APART) and max(content.numbers[FOB][row], content.numbers[CIF][row]) > HUGE_KUSD
    ]
    if len(wrong) > USUAL:
        yield from (Finding(False, problem) for problem in some(content, wrong, FOB, REMEDY))


def _problem(content: Checked, rows: list[int], column: str, message: str) -> Problem:
    return at(content, min(rows), column, message, REMEDY)
