"""Observations of one's own: read a tie-year table and lay it over the tables of the case."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.downloads.download import CIF, FOB, RECONCILED, Download
from sco_sim.case.downloads.recognise import read_download
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.evidence.hindcast.overlay import with_flows
from sco_sim.evidence.hindcast.own_cells import OwnCells
from sco_sim.evidence.hindcast.own_units import units
from sco_sim.evidence.hindcast.panel import trade_panel

CHANNELS = ("trade", "trust", "students")
COLUMNS = ("iso3_a", "iso3_b", "year", "channel", "value")
SECOND = "second_report"
GDP = ("gdp_current_usd", "gdp_constant_2015_usd")
Pair = tuple[str, str]
Rows = dict[tuple[Pair, int], float]
Line = tuple[int, str, Pair, int, float]
"""Line, channel, pair, year and value of a row."""


@dataclass(frozen=True)
class Observed:
    """What a file of one's own says."""

    rows: Mapping[str, Rows]
    """Values by channel, then by pair and year, in the unit of the channel."""
    alone: frozenset[tuple[Pair, int]] = field(default_factory=frozenset)
    """Pairs and years whose trade one report gives: they err as a report that stands alone."""


def silent(line: str) -> None:
    """Where nobody wants to know of conversions."""


def read_observations(path: Path, case: Case, tell: Callable[[str], None] = silent) -> Observed:
    """Values by channel, pair and year, and whose trade rests on one report.

    Trade and trust belong to unordered pairs, students to origin (iso3_a) and destination (iso3_b). With a second
    report the value is the geometric mean of both. A trade file of the IMF, CEPII or UN is read as it comes, and `tell`
    gets one line about its conversion. Raises ScenarioError naming file and line of all that is wrong.
    """
    cells = OwnCells(path)
    download = read_download(path, case.catalog.names, case.catalog.states)
    if download is not None:
        tell(download.line())
    out, lines, alone = _from_rows(cells, case) if download is None else _from_download(download, case)
    for channel, unit, floor in (("trade", "USD", 1e8), ("students", "persons", 1000.0)):
        own = [(line, pair, year, value) for line, kept, pair, year, value in lines if kept == channel]
        if own:
            cells.problems += units(own, _known(case, channel), channel, unit, path, floor=floor, keys="ties")
    cells.finish()
    if not out:
        raise ScenarioError(Problem("has no rows", "give at least one tie and year", str(path)))
    return Observed(out, frozenset(alone))


Read = tuple[dict[str, Rows], list[Line], set[tuple[Pair, int]]]
"""Values, lines, and pairs and years whose trade one report gives."""


def _from_rows(cells: OwnCells, case: Case) -> Read:
    out: dict[str, Rows] = {}
    lines: list[Line] = []
    alone: set[tuple[Pair, int]] = set()
    for line, row in cells.rows(COLUMNS, (SECOND,)):
        a, b = (cells.state(line, column, row[column], case.catalog) for column in ("iso3_a", "iso3_b"))
        if a == b:
            cells.wrong(line, f"'{a}' has no tie with itself")
        year, channel = cells.year(line, row["year"]), row["channel"]
        if channel not in CHANNELS:
            cells.wrong(line, f"channel '{channel}' cannot be scored", did_you_mean(channel, CHANNELS))
            continue
        value = _value(cells, line, channel, row)
        pair = (a, b) if channel == "students" or a < b else (b, a)
        if (pair, year) in out.setdefault(channel, {}):
            cells.wrong(line, f"{channel} {pair[0]}-{pair[1]} {year} is given twice", "give one row a tie and year")
        out[channel][pair, year] = value
        lines.append((line, channel, pair, year, value))
        if channel == "trade" and not row.get(SECOND):
            alone.add((pair, year))
    return out, lines, alone


def _from_download(download: Download, case: Case) -> Read:
    """Trade of both directions in current USD, by the rules of the model for two reports and for a single direction.

    CaseError becomes the caller's.
    """
    if not download.trade:
        remedy = "give IMF Direction of Trade, CEPII BACI or UN Comtrade, or the columns " + ", ".join(COLUMNS)
        raise ScenarioError(Problem("holds no trade of these states", remedy, str(download.path)))
    flows, years = download.trade, {year for _, _, year in download.trade}
    reports = [(*flow, of.get(FOB, np.nan), of.get(CIF, np.nan)) for flow, of in flows.items() if RECONCILED not in of]
    reconciled = [(*flow, of[RECONCILED], "reconciled") for flow, of in flows.items() if RECONCILED in of]
    laid = with_flows(
        case,
        pd.DataFrame(reports, columns=["iso3_o", "iso3_d", "year", FOB, CIF]),
        pd.DataFrame(reconciled, columns=["iso3_o", "iso3_d", "year", RECONCILED, "basis"]),
    )
    panel = trade_panel(laid, sorted({iso for one, other, _ in flows for iso in (one, other)}))
    given = {(min(one, other), max(one, other), year) for one, other, year in flows}
    rows: Rows = {
        (pair, year): float(np.exp(panel.y[row, column]))
        for row, year in enumerate(panel.years) if year in years
        for column, pair in enumerate(panel.columns)
        if (*pair, year) in given and np.isfinite(panel.y[row, column])
    }  # fmt: skip
    sure = {flow for flow, of in flows.items() if RECONCILED in of or {FOB, CIF} <= set(of)}
    alone = {((a, b), year) for (a, b), year in rows if not {(a, b, year), (b, a, year)} <= sure}
    return {"trade": rows}, [(0, "trade", pair, year, value) for (pair, year), value in rows.items()], alone


def _known(case: Case, channel: str) -> dict[Hashable, dict[int, float]]:
    """What the case knows of a channel, by pair and year."""
    out: dict[Hashable, dict[int, float]] = {}
    if channel == "students":
        table = case.table("students")
        columns = (table[name] for name in ("iso3_origin", "iso3_destination", "year", "students_persons"))
        for origin, destination, year, value in zip(*columns, strict=True):
            out.setdefault((origin, destination), {})[int(year)] = float(value)
        return out
    panel = trade_panel(case, sorted(case.table("states")["iso3"]))
    for pair, series in zip(panel.columns, panel.y.T, strict=True):
        known = zip(panel.years, series, strict=True)
        out[pair] = {year: float(np.exp(value)) for year, value in known if not np.isnan(value)}
    return out


def _value(cells: OwnCells, line: int, channel: str, row: Mapping[str, str]) -> float:
    value = cells.number(line, "value", row["value"])
    low, high = {"trade": (0.0, np.inf), "trust": (0.0, 1.0), "students": (0.0, np.inf)}[channel]
    if row.get(SECOND):
        second = cells.number(line, SECOND, row[SECOND])
        value = float(np.sqrt(value * second)) if value >= 0.0 and second >= 0.0 else -1.0
    if value < low or value > high:
        cells.wrong(line, f"{channel} {value:g} lies outside {low:g} to {high:g}")
    elif channel == "trade" and value == 0.0:
        cells.wrong(line, "trade of zero cannot be told from a missing report", "leave the row out")
    return value


def read_gdp(path: Path, case: Case, tell: Callable[[str], None] = silent) -> pd.DataFrame:
    """GDP in current USD, and in constant USD of 2015 if the file has it, by state and year.

    A wide table of the World Bank is read as it comes. Raises ScenarioError naming file and line of all that is wrong.
    """
    cells = OwnCells(path)
    download = read_download(path, case.catalog.names, case.catalog.states)
    if download is not None:
        tell(download.line())
        keys = sorted({key for column in GDP for key in download.states.get(column, {})})
        if not keys:
            remedy = "give the indicator NY.GDP.MKTP.CD of the World Bank, or the columns iso3, year, " + GDP[0]
            raise ScenarioError(Problem("holds no GDP of these states", remedy, str(path)))
        rows = [(0, {"iso3": iso, "year": year}, download.states, (iso, year)) for iso, year in keys]
        records = [
            {**record, **{c: values[c][key] for c in GDP if key in values.get(c, {})}}
            for _, record, values, key in rows
        ]
        lines = [0] * len(records)
    else:
        records, lines = _gdp_rows(cells, case)
    table = case.table("state_years")
    for column in GDP:
        known: dict[Hashable, dict[int, float]] = {}
        for iso, year, value in zip(table["iso3"], table["year"], table[column], strict=True):
            if value > 0.0:
                known.setdefault(iso, {})[int(year)] = float(value)
        own = [
            (line, str(record["iso3"]), int(str(record["year"])), float(str(record[column])))
            for line, record in zip(lines, records, strict=True) if column in record
        ]  # fmt: skip
        cells.problems += units(own, known, column, "USD", path, keys="states")
    cells.finish()
    return pd.DataFrame(records)


def _gdp_rows(cells: OwnCells, case: Case) -> tuple[list[dict[str, object]], list[int]]:
    records: list[dict[str, object]] = []
    lines: list[int] = []
    seen: dict[tuple[str, int], int] = {}
    for line, row in cells.rows(("iso3", "year", GDP[0]), GDP[1:]):
        iso, year = cells.state(line, "iso3", row["iso3"], case.catalog), cells.year(line, row["year"])
        if (iso, year) in seen:
            cells.wrong(line, f"{iso} {year} stands in line {seen[iso, year]} already", "keep one of the two rows")
        seen.setdefault((iso, year), line)
        record: dict[str, object] = {"iso3": iso, "year": year}
        for column in GDP:
            if row.get(column):
                value = cells.number(line, column, row[column])
                record[column] = value
                if value <= 0.0:
                    cells.wrong(line, f"{column} {row[column]} is not above zero")
        records.append(record)
        lines.append(line)
    return records, lines
