"""The tables of a case as the model needs them. Missing stays missing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from sco_sim.case.age import Age
from sco_sim.case.bonds import arms, bonds
from sco_sim.case.catalog import Catalog
from sco_sim.case.changes import Candidate
from sco_sim.case.fallbacks import completed
from sco_sim.case.growth import GROWTH_YEARS, with_growth
from sco_sim.case.ledger import Ledger, read_ledger
from sco_sim.case.lines import lines_of
from sco_sim.case.memo import Memo
from sco_sim.case.read_catalog import catalog_of, read_catalog
from sco_sim.case.routes import legs_of, network_of, prices_of
from sco_sim.case.schema.check import ledger_of, require_case, sheet_of
from sco_sim.case.schema.sheet import Sheet
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.case.wants import with_wants
from sco_sim.errors import CaseError
from sco_sim.numerics.arrays import Array
from sco_sim.shipped import default_case
from sco_sim.world.detours import Detours
from sco_sim.world.facts import Facts
from sco_sim.world.routes import Prices
from sco_sim.world.ties import Ties

T = TypeVar("T")
Membership = Mapping[str, int | Candidate | None]
TREND_YEARS = 10
"""Years whose growth by volume goes on."""
PRICE_YEAR = 2015
"""Price year of all money in the model."""


class Site(NamedTuple):
    """What a map needs to know of a state: its name and its capital, in degrees."""

    name: str
    latitude: float
    longitude: float


class Case:
    """A folder of tables and a ledger; every table is read once, when it is first needed."""

    def __init__(self, folder: Path | str | None = None) -> None:
        self.folder = default_case() if folder is None else Path(folder)
        self._tables: dict[str, pd.DataFrame] = {}
        self._replaced: frozenset[str] = frozenset()
        self._kept: dict[Hashable, Any] = {}
        self.memo = Memo()
        """Filters of the tables by what they were asked, for the next batch of worlds."""

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` returns, called once for the key."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: T = self._kept[key]
        return kept

    def _array(self, key: Hashable, make: Callable[[], Array]) -> Array:
        """An array of the tables, built once for the key; nobody may write into it."""
        array = self._once(key, make)
        array.setflags(write=False)
        return array

    @cached_property
    def catalog(self) -> Catalog:
        """The names the case knows, and when what was observed."""
        if not self._replaced:
            return read_catalog(self.folder)
        require_case(self.folder)
        own = {name: _as_sheet(self._tables[name]) for name in self._replaced}
        return catalog_of(self.folder, lambda name: own[name] if name in own else sheet_of(self.folder, name))

    @property
    def lender(self) -> Case:
        """The case that lends observations to one that has too few: the shipped one."""
        return shipped_case()

    @property
    def studied(self) -> tuple[str, ...]:
        """The states whose ties the ledger is fitted to: those that are members by the last dated status."""
        return tuple(sorted(iso for iso, since in self.catalog.member_from.items() if since is not None))

    @property
    def written(self) -> Ledger:
        """The ledger as written, without a fit: a fit must not depend on the fit before it."""
        return with_wants(read_ledger(ledger_of(self.folder), fitted=False), self.table("states")["iso3"])

    @cached_property
    def ledger(self) -> Ledger:
        """The parameters."""
        states = sorted(self.table("states")["iso3"])
        ledger = with_wants(read_ledger(ledger_of(self.folder)), states)
        lacking = [iso for iso in states if f"growth.mean.{iso}" not in ledger.entries]
        return with_growth(ledger, lacking, self.gdp(tuple(lacking), GROWTH_YEARS)) if lacking else ledger

    def table(self, name: str) -> pd.DataFrame:
        """One table of the case, completed by its fallback; raises CaseError with all that is wrong with the tables.

        Give it back by `with_table` after a change.
        """
        if name not in self._tables:
            require_case(self.folder)
            path = self.folder / "data" / f"{name}.csv"
            raw = None
            try:
                if path.is_file() or name not in BY_NAME:
                    # "NA" is no gap here: a code could read so, and gaps are empty cells
                    raw = pd.read_csv(path, keep_default_na=False, na_values=[""])
            except (OSError, ValueError) as error:
                raise CaseError(f"{path}: cannot be read: {error}") from error
            self._tables[name] = completed(name, raw, lambda: self.table("states"))
        return self._tables[name].copy(deep=False)  # what is done to it in place does not reach the case

    def ages(self, states: Sequence[str], start: int) -> tuple[Age, ...]:
        """How old the evidence on some states is at a start."""
        return self.catalog.observations.ages(states, start)

    def first_year(self, table: str, latest: int) -> int:
        """First year of a table, or `latest` if it begins later or is empty."""
        years = self.table(table)["year"]
        return min(int(years.min()), latest) if len(years) else latest

    def first_trade_year(self, latest: int) -> int:
        """First year of trade, by reports or by figures made of both, or `latest` if it begins later or is empty."""
        return min(self.first_year(table, latest) for table in ("trade_reports", "trade_reconciled"))

    def with_table(self, name: str, table: pd.DataFrame) -> Case:
        """The same case with one table replaced, for everything that is read from it."""
        other = Case(self.folder)
        other._tables = {**self._tables, name: table.copy()}
        other._replaced = self._replaced | {name}
        return other

    @cached_property
    def us_prices(self) -> pd.Series[float]:
        """US GDP in current over constant USD of 2015 in the years known: by this case, else by the shipped one."""
        usa = self.table("state_years").query("iso3 == 'USA'").set_index("year").sort_index()
        own: pd.Series[float] = (usa["gdp_current_usd"] / usa["gdp_constant_2015_usd"]).dropna()
        return own if self.folder == default_case() else own.combine_first(Case().us_prices).sort_index()

    @cached_property
    def known_deflator(self) -> pd.Series[float]:
        """US GDP deflator of the years known, 1 in the price year."""
        return self.us_prices / self.us_prices[PRICE_YEAR]

    @cached_property
    def deflator(self) -> pd.Series[float]:
        """US GDP deflator by year, 1 in the price year; the last known value holds on."""
        known = self.known_deflator
        last = max(int(known.index.max()), int(self.table("state_years")["year"].max()))
        return known.reindex(range(int(known.index.min()), last + 1)).ffill()

    def state_path(self, column: str, states: tuple[str, ...], years: range) -> Array:
        """A column of state_years as (year, state), gaps as NaN, years outside the table as NaN."""

        def make() -> Array:
            wide = self.table("state_years").pivot(index="year", columns="iso3", values=column)
            return wide.reindex(index=list(years), columns=list(states)).to_numpy(dtype=float)

        return self._array(("state_path", column, states, years), make)

    def gdp(self, states: tuple[str, ...], years: range) -> Array:
        """Ln GDP in USD of 2015 at market rates, (year, state)."""

        def make() -> Array:
            current = self.state_path("gdp_current_usd", states, years)
            factor = self.known_deflator.reindex(list(years)).to_numpy(dtype=float)
            return np.log(current / factor[:, None])

        return self._array(("gdp", states, years), make)

    def volume(self, states: tuple[str, ...], years: range) -> Array:
        """Ln GDP by volume, in constant USD of 2015, (year, state)."""

        def make() -> Array:
            return np.log(self.state_path("gdp_constant_2015_usd", states, years))

        return self._array(("volume", states, years), make)

    def _volume_trend(self, states: tuple[str, ...], start: int) -> Array:
        """Mean yearly growth of GDP by volume over the `TREND_YEARS` before a start, (state,); NaN if none is known."""
        growth = np.diff(self.volume(states, range(start - TREND_YEARS, start + 1)), axis=0)
        known = np.isfinite(growth)
        number = known.sum(axis=0)
        mean = np.where(known, growth, 0.0).sum(axis=0) / np.maximum(number, 1)
        return np.where(number > 0, mean, np.nan)

    def last_gdp(self, states: tuple[str, ...], year: int) -> tuple[Array, Array]:
        """Ln GDP in USD of 2015 of the last year known up to a year, NaN if none, and that year, each (state,)."""
        years = range(int(self.table("state_years")["year"].min()), year + 1)
        known = self.gdp(states, years)
        calendar = np.array(list(years), dtype=float)[:, None]
        last = np.where(~np.isnan(known), calendar, -np.inf).max(axis=0, initial=-np.inf)
        rows = np.where(np.isfinite(last), last - years.start, 0.0).astype(int)
        seen = np.isfinite(last)
        value = known[rows, np.arange(len(states))] if len(years) else np.full(len(states), np.nan)
        return np.where(seen, value, np.nan), np.where(seen, last, np.nan)

    def sites(self, states: Iterable[str]) -> dict[str, Site]:
        """Names and capitals by code, in the order of the table."""
        wanted = set(states)
        rows = self.table("states")[["iso3", "name", "capital_lat_deg", "capital_lon_deg"]].itertuples(index=False)
        return {
            str(iso): Site(str(name), float(latitude), float(longitude))
            for iso, name, latitude, longitude in rows
            if iso in wanted
        }

    def held(self, column: str, states: tuple[str, ...], years: range, default: float) -> Array:
        """A column with gaps filled by the last known value, then the first known, then the default, (year, state)."""
        first = int(self.table("state_years")["year"].min())
        whole = self.state_path(column, states, range(min(first, years.start), years.stop))
        filled = pd.DataFrame(whole).ffill().bfill().fillna(default).to_numpy(dtype=float)
        return filled[-len(years) :]

    def population(self, states: tuple[str, ...], years: range) -> Array:
        """Ln population, (year, state): the first value before the table, the last yearly growth after it."""
        table = self.table("state_years")
        first, last = int(table["year"].min()), int(table["year"].max())
        known = np.log(self.state_path("population_persons", states, range(first, last + 1)))
        rate = known[-1] - known[-2]
        ahead = np.arange(1, max(years.stop - last, 1))[:, None]
        whole = np.vstack([known, known[-1] + ahead * rate])
        return whole[[max(year - first, 0) for year in years]]

    def tie_column(self, table: str, column: str, ties: Ties, default: float) -> Array:
        """A static column of a table keyed by pair, as (tie,)."""

        def make() -> Array:
            series = self.table(table).set_index(["iso3_a", "iso3_b"])[column]
            return series.reindex(list(ties.pairs)).fillna(default).to_numpy(dtype=float)

        return self._array(("tie_column", table, column, ties.states, repr(default)), make)

    def tie_path(self, column: str, ties: Ties, years: range) -> Array:
        """A column of tie_years as (year, tie), gaps as NaN."""

        def make() -> Array:
            table = self.table("tie_years")
            if table.empty:
                return np.full((len(years), len(ties)), np.nan)
            wide = table.pivot(index="year", columns=["iso3_a", "iso3_b"], values=column)
            whole = wide.reindex(index=list(years), columns=pd.MultiIndex.from_tuples(ties.pairs))
            return whole.to_numpy(dtype=float)

        return self._array(("tie_path", column, ties.states, years), make)

    def openness(self, ties: Ties, years: range) -> Array:
        """Mean visa openness of the two directions, 0-1, shape (year, tie).

        Each year has the last regime seen by then, bans of the pandemic left out; years before the first snapshot have
        the first, and years after the last keep the last.
        """
        visas = self.table("visas").dropna(subset="openness")
        if visas.empty:
            return np.zeros((len(years), len(ties)))
        wide = visas.pivot(index="year", columns=["iso3_passport", "iso3_destination"], values="openness")
        calendar = range(min(int(wide.index.min()), years.start), max(int(wide.index.max()) + 1, years.stop))
        regime = wide.reindex(list(calendar)).ffill().bfill().loc[years.start : years.stop - 1]
        there = regime.reindex(columns=pd.MultiIndex.from_tuples(ties.pairs)).fillna(0.0).to_numpy(dtype=float)
        turned = pd.MultiIndex.from_tuples([(b, a) for a, b in ties.pairs])
        back = regime.reindex(columns=turned).fillna(0.0).to_numpy(dtype=float)
        mean: Array = 0.5 * (there + back)
        return mean

    def facts(self, years: range, membership: Membership, ties: Ties) -> Facts:
        """Everything dated and static about some states and years, built once for them.

        Args:
            years: First to last year of the horizon.
            membership: First year as a member or the chance of accession by code, None for never; else as dated.
            ties: The states.
        """
        members = tuple(sorted(membership.items()))
        return self._once(("facts", years, ties.states, members), lambda: self._facts(years, membership, ties))

    def _facts(self, years: range, membership: Membership, ties: Ties) -> Facts:
        first = self.first_year("tie_years", years.start)
        agreements = self.tie_path("trade_agreement", ties, range(first, years.stop))
        dated, chance = self._members(membership, ties, years)
        in_force = pd.DataFrame(agreements).ffill().fillna(0.0).to_numpy(dtype=float)[-len(years) :]
        return Facts(
            log_gdp=self.gdp(ties.states, years),
            volume_growth=np.diff(self.volume(ties.states, range(years.start - 1, years.stop)), axis=0),
            volume_trend=self._volume_trend(ties.states, years.start),
            log_population=self.population(ties.states, years),
            stability=self.held("stability_wgi_pv", ties.states, years, 0.0),
            capacity=self.held("effectiveness_wgi_ge", ties.states, years, 0.0),
            volatility=self.held("uncertainty_wui", ties.states, years, 0.0),
            member=dated,
            accession_chance=chance,
            heritage_sites=self._heritage_sites(ties),
            border=self.tie_column("ties", "land_border", ties, 0.0),
            common_language=self.tie_column("ties", "common_official_language", ties, 0.0),
            openness=self.openness(ties, years),
            rivalry=self.rivalries(ties, years),
            trade_agreement=in_force,
            claims=tuple(self._claims(ties, year) for year in years),
            bonds=bonds(self.table("alignments"), ties, years),
            arms=arms(self.table("arms_shares"), ties, years),
            corridors=self.catalog.corridors,
            lines=lines_of(self.table("energy_links"), ties),
            detours=self._detours(ties, years.start),
        )

    def _detours(self, ties: Ties, year: int) -> Detours:
        """By the routes open in a year; none without tables of them."""
        known = len(self.table("route_legs")) > 0
        prices = prices_of(self.ledger.entries) if known else Prices({})
        unbuilt = (leg for leg in legs_of(self.table) if not leg.operates(year) and leg.operates(year, built=True))
        return Detours(ties.states, network_of(self.table, prices, year), unbuilt)

    def _members(self, membership: Membership, ties: Ties, years: range) -> tuple[Array, Array]:
        """Dated membership 0/1, and the yearly chance of accession, each (year, state)."""
        dated, chance = np.zeros((len(years), len(ties.states))), np.zeros((len(years), len(ties.states)))
        calendar = np.array(list(years))
        for iso, row in ties.row.items():
            since = membership.get(iso, self.catalog.member_from.get(iso))
            if isinstance(since, Candidate):
                chance[:, row] = since.chance * (calendar >= since.start)
            elif since is not None:
                dated[:, row] = calendar >= since
        return dated, chance

    def rivalries(self, ties: Ties, years: range) -> Array:
        """Whether a strategic rivalry is in force, 0/1, shape (year, tie)."""
        start = self.tie_column("ties", "rivalry_from_year", ties, np.inf)
        stop = self.tie_column("ties", "rivalry_to_year", ties, np.inf)
        return np.array([((start <= year) & (year <= stop)) * 1.0 for year in years])

    def _heritage_sites(self, ties: Ties) -> Array:
        sites = self.table("states").set_index("iso3")["world_heritage_sites"]
        return sites.reindex(list(ties.states)).fillna(0.0).to_numpy(dtype=float)

    def exercises(self, ties: Ties, start: int) -> Array:
        """Joint exercises of the ten years up to the start in which both ends took part, shape (tie,)."""
        out = np.zeros(len(ties))
        for row in self.table("exercises").itertuples():
            year, named = int(str(row.start_date)[:4]), str(row.participants_iso3).split(";")
            if start - 10 < year <= start:
                out += [float(a in named and b in named) for a, b in ties.pairs]
        return out

    def _claims(self, ties: Ties, year: int) -> dict[int, tuple[int, ...]]:
        table = self.table("claims")
        still_open = table[(table["from_year"] <= year) & (table["to_year"].fillna(9999) >= year)]
        out: dict[int, tuple[int, ...]] = {}
        for row in still_open.dropna(subset="claim_id").itertuples():
            key = (str(row.iso3_a), str(row.iso3_b))
            if key in ties.index:
                number = int(float(str(row.claim_id)))
                out[number] = (*out.get(number, ()), ties.index[key])
        return out


def _as_sheet(table: pd.DataFrame) -> Sheet:
    """A table as the cells of a file; whole numbers without a decimal point, gaps empty."""
    columns = [["" if pd.isna(cell) else _as_cell(cell) for cell in table[name]] for name in table]
    return Sheet("", tuple(map(str, table.columns)), [list(row) for row in zip(*columns, strict=True)], [])


def _as_cell(cell: object) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


@cache
def shipped_case() -> Case:
    """The shipped case."""
    return Case()
