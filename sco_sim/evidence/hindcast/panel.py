"""Observations of one channel by column (tie or directed series) and year, and what of them was known at an origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.filters import gdelt_logit, trade_observations
from sco_sim.evidence.calibration.growth import expected_growth
from sco_sim.evidence.events import EVENTS
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.numerics.functions import expit
from sco_sim.world.ties import Ties

Pair = tuple[str, str]
Gdp = Literal["drawn", "realised"]
"""GDP after the origin: drawn by the engine (extrapolated by the naive forecasts), or as it came to be."""


@dataclass(frozen=True)
class Past:
    """What a naive forecast knows at an origin. Rows are years up to it; nothing later is in here but a path of GDP."""

    years: tuple[int, ...]
    y: Array
    """(year, column) observations on the scale of the channel, NaN where there are none."""
    gdp: Array
    """(year + horizon, state) ln GDP in current USD: known up to the origin, then as `gdp_path` says."""
    real: Array
    """(year + horizon, state) ln GDP in constant prices, likewise."""
    gdp_path: Gdp
    horizon: int
    first: Ints
    """(column,) row of one end."""
    second: Ints
    """(column,) row of the other end."""

    @property
    def origin(self) -> int:
        """The last year known."""
        return self.years[-1]

    @cached_property
    def gravity(self) -> Array:
        """Ln of the product of the two GDPs, (year + horizon, column)."""
        out: Array = self.gdp[:, self.first] + self.gdp[:, self.second]
        return out

    @cached_property
    def last(self) -> Array:
        """The last observation of each column, NaN if there is none."""
        filled: Array = pd.DataFrame(self.y).ffill().to_numpy(dtype=float)
        last: Array = filled[-1]
        return last

    @property
    def growth(self) -> Array:
        """Change of `gravity` from the origin on, (horizon, column)."""
        now = len(self.years)
        out: Array = self.gravity[now:] - self.gravity[now - 1]
        return out

    def cut(self, origin: int, horizon: int) -> Past:
        """What was known at an earlier origin, with the path of GDP made in the same way as here."""
        rows = self.years.index(origin) + 1
        gdp, real = _path(self.gdp, self.real, rows, horizon, self.gdp_path)
        return replace(self, years=self.years[:rows], y=self.y[:rows], gdp=gdp, real=real, horizon=len(gdp) - rows)


@dataclass(frozen=True)
class Panel:
    """All observations of a channel, and GDP of all states of the case."""

    channel: str
    columns: tuple[Pair, ...]
    states: tuple[str, ...]
    years: tuple[int, ...]
    y: Array
    """(year, column), NaN where nothing was observed."""
    gdp: Array
    """(year, state) ln current USD."""
    real: Array
    """(year, state) ln GDP in constant prices."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(f"{a}-{b}" for a, b in self.columns)

    @cached_property
    def ends(self) -> tuple[Ints, Ints]:
        """Rows in `states` of the two ends of each column."""
        row = {iso: i for i, iso in enumerate(self.states)}
        first, second = ([row[pair[end]] for pair in self.columns] for end in (0, 1))
        return np.array(first, dtype=np.intp), np.array(second, dtype=np.intp)

    def past(self, origin: int, horizon: int, gdp: Gdp) -> Past:
        """What was known at the origin; the path of GDP after it realised or extrapolated."""
        known = self.years.index(origin) + 1
        path, real = _path(self.gdp, self.real, known, horizon, gdp)
        return Past(self.years[:known], self.y[:known], path, real, gdp, horizon, *self.ends)

    def after(self, origin: int, horizon: int) -> Array:
        """The observations to score, (horizon, column), NaN where there are none."""
        known = self.years.index(origin) + 1
        return self.y[known : known + horizon]


def _path(gdp: Array, real: Array, rows: int, horizon: int, path: Gdp) -> tuple[Array, Array]:
    """GDP and its volume up to the origin and along the path after it."""
    if path == "realised":
        return gdp[: rows + horizon], real[: rows + horizon]
    return extrapolated(gdp[:rows], real[:rows], horizon)


def extrapolated(gdp: Array, real: Array, horizon: int) -> tuple[Array, Array]:
    """GDP as one could forecast it: volumes grow as in the last ten years, half of it the mean of all states.

    Prices in USD stay as they are: nobody forecasts exchange rates or prices of commodities (Meese and Rogoff 1983).
    """
    growth = np.arange(1, horizon + 1)[:, None] * expected_growth(np.diff(real, axis=0))
    return np.vstack([gdp, gdp[-1] + growth]), np.vstack([real, real[-1] + growth])


def log_gdp(case: Case, column: str, states: Sequence[str], years: range) -> Array:
    """Ln of a GDP column, (year, state); gaps inside are interpolated, ends held."""
    raw = np.log(case.state_path(column, tuple(states), years))
    return pd.DataFrame(raw).interpolate(limit_direction="both").to_numpy(dtype=float)


def _panel(case: Case, channel: str, columns: Sequence[Pair], years: range, y: Array) -> Panel:
    states = tuple(sorted(case.table("states")["iso3"]))
    gdp, real = (log_gdp(case, name, states, years) for name in ("gdp_current_usd", "gdp_constant_2015_usd"))
    real = np.where(np.isfinite(real), real, gdp)  # a case without volumes
    return Panel(channel, tuple(columns), states, tuple(years), y, gdp, real)


def trade_panel(case: Case, states: Sequence[str]) -> Panel:
    """Ln of trade of both directions in current USD, of all ties between some states."""
    ties = Ties(states)
    tables = [case.table(name)["year"] for name in ("trade_reports", "trade_reconciled")]
    years = _years([year for table in tables for year in table])
    y, _ = trade_observations(case, case.ledger, ties, years)
    deflator = case.deflator.reindex(list(years)).ffill().to_numpy(dtype=float)
    return _panel(case, "trade", ties.pairs, years, y + np.log(deflator)[:, None])


def students_panel(case: Case, states: Sequence[str]) -> Panel:
    """Ln(1 + persons) by origin and destination, every series between some states."""
    ties = Ties(states)
    columns = directed(ties)
    table = case.table("students")
    years = _years(table["year"])
    wide = table.pivot_table(index="year", columns=["iso3_origin", "iso3_destination"], values="students_persons")
    counted = wide.reindex(index=list(years), columns=pd.MultiIndex.from_tuples(columns)).to_numpy(dtype=float)
    return _panel(case, "students", columns, years, np.log1p(counted))


def events_panel(case: Case, states: Sequence[str]) -> Panel:
    """Share of conflictual events by ICEWS, of tie-years with twenty or more events."""
    ties = Ties(states)
    years = _years(case.table("tie_years").dropna(subset="icews_cooperative_events")["year"])
    cooperative, conflictual = (
        case.tie_path(f"icews_{which}_events", ties, years) for which in ("cooperative", "conflictual")
    )
    total = cooperative + conflictual
    share = np.where(total >= EVENTS, conflictual / np.maximum(total, 1.0), np.nan)
    return _panel(case, "conflict (ICEWS)", ties.pairs, years, share)


def days_panel(case: Case, states: Sequence[str]) -> Panel:
    """Share of conflict in the GDELT balance, of tie-years with sixty or more active days."""
    ties = Ties(states)
    years = _years(case.table("tie_years").dropna(subset="gdelt_balance")["year"])
    share = 1.0 - expit(gdelt_logit(case, ties, years))
    return _panel(case, "conflict (GDELT)", ties.pairs, years, share)


def disputes_panel(case: Case, states: Sequence[str]) -> Panel:
    """Whether a militarised dispute began, 0/1, of all ties between some states."""
    ties = Ties(states)
    years = _years(case.table("tie_years").dropna(subset="mid_onsets")["year"])
    onsets = case.tie_path("mid_onsets", ties, years)
    y = np.where(np.isnan(onsets), np.nan, (onsets > 0.0).astype(float))
    return _panel(case, "disputes", ties.pairs, years, y)


def directed(ties: Ties) -> tuple[Pair, ...]:
    """Both directions of every tie: first end in second, then second in first."""
    return (*ties.pairs, *((b, a) for a, b in ties.pairs))


def _years(values: Sequence[int] | pd.Series[int]) -> range:
    """From the first to the last year; none if there are no values."""
    return range(int(min(values)), int(max(values)) + 1) if len(values) else range(0)
