"""Observations of one's own: read a tie-year table and lay it over the tables of the case."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.evidence.hindcast.panel import Panel, log_gdp, traits
from sco_sim.numerics.arrays import Array

CHANNELS = ("trade", "trust", "students")
COLUMNS = ("iso3_a", "iso3_b", "year", "channel", "value")
SECOND = "second_report"
#: Problems told at most.
MOST = 20
#: Fewest years of history a forecast is made from.
HISTORY = 8

Pair = tuple[str, str]
Rows = dict[tuple[Pair, int], float]


@dataclass
class _Reader:
    """Cells of one file, and what is wrong with them."""

    path: Path
    problems: list[Problem] = field(default_factory=list)

    def rows(self, needed: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Line number and cells of every row; raises ScenarioError if the file or its header cannot be used."""
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ScenarioError(
                Problem(f"cannot be read: {error}", "give a CSV file in UTF-8", str(self.path))
            ) from error
        lines = csv.DictReader(text.splitlines())
        header = [name.strip() for name in lines.fieldnames or ()]
        lines.fieldnames = header
        missing = [name for name in needed if name not in header]
        if missing:
            remedy = f"the columns are {', '.join(needed)}"
            raise ScenarioError(Problem(f"has no column {', '.join(missing)}", remedy, str(self.path), 1))
        for row in lines:
            if any(cell for cell in row.values()):
                yield lines.line_num, {str(k): (v or "").strip() for k, v in row.items() if isinstance(v, str | None)}

    def wrong(self, line: int, message: str, remedy: str = "") -> None:
        """Keep a problem."""
        self.problems.append(Problem(message, remedy, str(self.path), line))

    def finish(self) -> None:
        """Raise ScenarioError if anything was wrong."""
        if self.problems:
            more = len(self.problems) - MOST
            told = self.problems[:MOST]
            raise ScenarioError(*told, *([Problem(f"and {more} more problems in {self.path}")] if more > 0 else []))

    def number(self, line: int, column: str, text: str) -> float:
        """A finite number; NaN and a problem if it is none."""
        try:
            value = float(text)
        except ValueError:
            value = np.nan
        if not np.isfinite(value):
            self.wrong(line, f"{column} '{text}' is no number", "leave the row out where nothing is known")
        return float(value)

    def year(self, line: int, text: str) -> int:
        """A calendar year; 0 and a problem if it is none."""
        if not (text.isdecimal() and len(text) == 4):
            self.wrong(line, f"year '{text}' is no calendar year")
            return 0
        return int(text)

    def state(self, line: int, column: str, text: str, known: Sequence[str]) -> str:
        """A state of the case; a problem if it is none."""
        if text not in known:
            self.wrong(line, f"{column} '{text}' is no state of the case", did_you_mean(text, known))
        return text


def read_observations(path: Path, case: Case) -> dict[str, Rows]:
    """Values by channel, then by pair and year, in the unit of the channel.

    Trade and trust belong to unordered pairs, students to origin (iso3_a) and destination (iso3_b). With a second
    report the value is the geometric mean of both. Raises ScenarioError naming file and line of all that is wrong.
    """
    reader, known = _Reader(path), sorted(case.table("states")["iso3"])
    out: dict[str, Rows] = {}
    for line, row in reader.rows(COLUMNS):
        a, b = (reader.state(line, column, row[column], known) for column in ("iso3_a", "iso3_b"))
        if a == b:
            reader.wrong(line, f"'{a}' has no tie with itself")
        year, channel = reader.year(line, row["year"]), row["channel"]
        if channel not in CHANNELS:
            reader.wrong(line, f"channel '{channel}' cannot be scored", did_you_mean(channel, CHANNELS))
            continue
        value = _value(reader, line, channel, row)
        pair = (a, b) if channel == "students" or a < b else (b, a)
        if (pair, year) in out.setdefault(channel, {}):
            reader.wrong(line, f"{channel} {pair[0]}-{pair[1]} {year} is given twice", "give one row a tie and year")
        out[channel][pair, year] = value
    reader.finish()
    if not out:
        raise ScenarioError(Problem("has no rows", "give at least one tie and year", str(path)))
    return out


def _value(reader: _Reader, line: int, channel: str, row: Mapping[str, str]) -> float:
    value = reader.number(line, "value", row["value"])
    low, high = {"trade": (0.0, np.inf), "trust": (0.0, 1.0), "students": (0.0, np.inf)}[channel]
    if row.get(SECOND):
        second = reader.number(line, SECOND, row[SECOND])
        value = float(np.sqrt(value * second)) if value >= 0.0 and second >= 0.0 else -1.0
    if value < low or value > high:
        reader.wrong(line, f"{channel} {value:g} lies outside {low:g} to {high:g}")
    elif channel == "trade" and value == 0.0:
        reader.wrong(line, "trade of zero cannot be told from a missing report", "leave the row out")
    return value


def read_gdp(path: Path, case: Case) -> pd.DataFrame:
    """GDP in current USD, and in constant USD of 2015 if the file has it, by state and year."""
    reader, known = _Reader(path), sorted(case.table("states")["iso3"])
    records = []
    for line, row in reader.rows(("iso3", "year", "gdp_current_usd")):
        record: dict[str, object] = {
            "iso3": reader.state(line, "iso3", row["iso3"], known),
            "year": reader.year(line, row["year"]),
        }
        for column in ("gdp_current_usd", "gdp_constant_2015_usd"):
            if row.get(column):
                record[column] = reader.number(line, column, row[column])
                if not float(str(record[column])) > 0.0:
                    reader.wrong(line, f"{column} {row[column]} is not above zero")
        records.append(record)
    reader.finish()
    return pd.DataFrame(records)


def over(
    panel: Panel, rows: Rows, origin: int, unit: Callable[[Array], Array], path: Path, case: Case
) -> tuple[Panel, int]:
    """The panel with the rows laid over its past and in place of its future, and the last year to score.

    Only ties with a row after the origin are scored. `unit` turns values into what the panel holds. Raises
    ScenarioError if there is nothing before or after the origin.
    """
    late = [year for _, year in rows if year > origin]
    first = panel.years[0]
    if not late:
        raise ScenarioError(Problem(f"has no {panel.channel} after {origin}", "give an earlier --origin", str(path)))
    if origin < first + HISTORY:
        raise ScenarioError(
            f"--origin {origin}: {panel.channel} is known from {first} on, so give {first + HISTORY} or later"
        )
    columns = (*panel.columns, *sorted({pair for pair, _ in rows} - set(panel.columns)))
    years = tuple(range(first, max(*late, origin) + 1))
    y = np.full((len(years), len(columns)), np.nan)
    past = [i for i, year in enumerate(panel.years) if year <= origin]
    y[: len(past), : len(panel.columns)] = panel.y[past]
    place = {pair: i for i, pair in enumerate(columns)}
    scored = np.zeros(len(columns), dtype=bool)
    for (pair, year), value in rows.items():
        if year >= first:
            y[year - first, place[pair]] = float(unit(np.array(value)))
            scored[place[pair]] |= year > origin
    pool = scored | np.pad(panel.pool, (0, len(columns) - len(panel.pool)))
    wider = replace(panel, columns=columns, years=years, y=y, pool=pool, scored=scored)
    if panel.channel == "trust":
        flat = np.zeros((len(years), len(panel.states)))
        return replace(wider, gdp=flat, real=flat), max(late)
    states = tuple(sorted({iso for pair in columns for iso in pair}))
    span = range(years[0], years[-1] + 1)
    gdp, real = (log_gdp(case, column, states, span) for column in ("gdp_current_usd", "gdp_constant_2015_usd"))
    return replace(wider, states=states, gdp=gdp, real=real, traits=traits(case, columns)), max(late)


def with_gdp(case: Case, table: pd.DataFrame) -> Case:
    """The case with GDP of one's own in place of what it has for the same states and years."""
    keys = ["iso3", "year"]
    merged = table.set_index(keys).combine_first(case.table("state_years").set_index(keys)).reset_index()
    return case.with_table("state_years", merged)
