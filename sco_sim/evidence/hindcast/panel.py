"""Observations of one channel by tie and year, and what of them was known at an origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sco_sim.case.case import Case
from sco_sim.case.trade_reports import CIF_OVER_FOB, reconcile
from sco_sim.numerics.arrays import Array

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]
Pair = tuple[str, str]
Gdp = Literal["realised", "forecast"]
Rule = Literal["two_reports", "best_flow"]
"""`two_reports`: geometric mean of both reports, or the one there is. `best_flow`: the same, but Uzbekistan's reports
before 2017 give way to its partner's where the two differ more than fivefold (the rows of the design's table).
"""

GROWTH_YEARS = 10
"""Years of GDP growth that a forecast of GDP is made from."""


@dataclass(frozen=True)
class Past:
    """What is known at an origin. Rows are years up to the origin; nothing later is in here but the path of GDP."""

    channel: str
    years: tuple[int, ...]
    y: Array
    """(year, column) ln of the channel, NaN where not observed."""
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
    traits: Array
    """(column, trait) ln distance, common language, land border."""
    pool: Bools
    """(column,) the ties that bands and constants of naive forecasts are fitted on; the others only lend strength."""

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

    @cached_property
    def volume(self) -> Array:
        """Ln of the product of the two volumes of GDP, (year + horizon, column)."""
        out: Array = self.real[:, self.first] + self.real[:, self.second]
        return out

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
    """All observations of a channel."""

    channel: str
    columns: tuple[Pair, ...]
    states: tuple[str, ...]
    years: tuple[int, ...]
    y: Array
    gdp: Array
    real: Array
    traits: Array
    pool: Bools
    """(column,) ties that bands and naive constants are fitted on."""
    scored: Bools
    """(column,) ties that are scored."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(f"{a}-{b}" for a, b in self.columns)

    def past(self, origin: int, horizon: int, gdp: Gdp) -> Past:
        """What was known at the origin; the path of GDP after it realised or extrapolated."""
        row = {iso: i for i, iso in enumerate(self.states)}
        known = self.years.index(origin) + 1
        path, real = _path(self.gdp, self.real, known, horizon, gdp)
        return Past(
            channel=self.channel,
            years=self.years[:known],
            y=self.y[:known],
            gdp=path,
            real=real,
            gdp_path=gdp,
            horizon=horizon,
            first=np.array([row[a] for a, _ in self.columns], dtype=np.intp),
            second=np.array([row[b] for _, b in self.columns], dtype=np.intp),
            traits=self.traits,
            pool=self.pool,
        )

    def after(self, origin: int, horizon: int) -> Array:
        """The observations to score, (horizon, column), NaN where none or where the column is not scored."""
        known = self.years.index(origin) + 1
        return np.where(self.scored, self.y[known : known + horizon], np.nan)


def _path(gdp: Array, real: Array, rows: int, horizon: int, path: Gdp) -> tuple[Array, Array]:
    """GDP and its volume up to the origin and along the path after it."""
    if path == "realised":
        return gdp[: rows + horizon], real[: rows + horizon]
    return extrapolated(gdp[:rows], real[:rows], horizon)


def extrapolated(gdp: Array, real: Array, horizon: int) -> tuple[Array, Array]:
    """GDP as one could forecast it: volumes grow as in the last ten years, half of it the mean of all states.

    Prices in USD stay as they are: nobody forecasts exchange rates or prices of commodities (Meese and Rogoff 1983).
    """
    recent = np.diff(real[-GROWTH_YEARS - 1 :], axis=0).mean(axis=0)
    growth = np.arange(1, horizon + 1)[:, None] * (0.5 * recent + 0.5 * recent.mean())
    return np.vstack([gdp, gdp[-1] + growth]), np.vstack([real, real[-1] + growth])


def log_gdp(case: Case, column: str, states: Sequence[str], years: range) -> Array:
    """Ln of a GDP column, (year, state); gaps inside are interpolated, ends held."""
    raw = np.log(case.state_path(column, tuple(states), years))
    return pd.DataFrame(raw).interpolate(limit_direction="both").to_numpy(dtype=float)


def traits(case: Case, columns: Sequence[Pair]) -> Array:
    """Ln distance, common language and land border of each column, (column, 3)."""
    table = case.table("ties").set_index(["iso3_a", "iso3_b"])
    rows = table.reindex([(a, b) if a < b else (b, a) for a, b in columns])
    distance = np.log(rows["distance_km"].to_numpy(dtype=float)) - 8.0
    flags = [rows[name].fillna(0.0).to_numpy(dtype=float) for name in ("common_official_language", "land_border")]
    return np.column_stack([distance, *flags])


def trade_by_rule(case: Case, rule: Rule) -> pd.DataFrame:
    """Ln of trade of both directions in current USD, (year, tie), by one fixed rule for the two reports."""
    reports = case.table("trade_reports")
    flows = reconcile(reports)
    value = flows.value
    if rule == "best_flow":
        gap = np.abs(np.log(np.where(flows.both, flows.importer * CIF_OVER_FOB / flows.exporter, 1.0)))
        apart = (gap > np.log(5.0)) & (reports["year"].to_numpy() < 2017)
        value = np.where(apart & (reports["iso3_o"] == "UZB").to_numpy(), flows.importer, value)
        value = np.where(apart & (reports["iso3_d"] == "UZB").to_numpy(), flows.exporter, value)
    origin, destination = reports["iso3_o"], reports["iso3_d"]
    table = pd.DataFrame(
        {
            "year": reports["year"],
            "a": origin.where(origin < destination, destination),
            "b": destination.where(origin < destination, origin),
            "value": value * 1000.0,
        }
    )
    wide = table.groupby(["year", "a", "b"])["value"].sum().unstack(["a", "b"]).sort_index(axis=1)
    return pd.DataFrame(np.log(wide))


def pairs_of(wide: pd.DataFrame) -> tuple[Pair, ...]:
    """The pairs that head the columns of a table."""
    return tuple((str(column[0]), str(column[1])) for column in wide.columns)


def between_members(case: Case, columns: Sequence[Pair]) -> Bools:
    """Which columns join two states that are members by the last dated status of the case, (column,)."""
    members = {iso for iso, since in case.catalog.member_from.items() if since is not None}
    return np.array([a in members and b in members for a, b in columns])


def trade_panel(case: Case, rule: Rule = "two_reports") -> Panel:
    """Trade of all ties of the case; the ties between its members are scored."""
    wide = trade_by_rule(case, rule)
    columns = pairs_of(wide)
    years = range(int(wide.index.min()), int(wide.index.max()) + 1)
    inside = between_members(case, columns)
    states = tuple(sorted({iso for pair in columns for iso in pair}))
    return Panel(
        channel="trade",
        columns=columns,
        states=states,
        years=tuple(years),
        y=wide.reindex(list(years)).to_numpy(dtype=float),
        gdp=log_gdp(case, "gdp_current_usd", states, years),
        real=log_gdp(case, "gdp_constant_2015_usd", states, years),
        traits=traits(case, columns),
        pool=inside,
        scored=inside,
    )
