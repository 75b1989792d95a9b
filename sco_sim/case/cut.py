"""A case as it was known at the end of a year: every table without its later rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from sco_sim.case.case import PRICE_YEAR, Case
from sco_sim.case.catalog import Catalog
from sco_sim.case.ledger import Ledger
from sco_sim.numerics.arrays import Array

DATED = {
    "exercises": "start_date", "statuses": "date", "summits": "date", "documents": "date", "agenda": "raised",
    "heritage": "year_inscribed", "corridors": "opened_or_planned_year", "links": "since_year", "claims": "from_year",
    "alignments": "from_year", "energy_links": "since", "arms_shares": "to_year",
}  # fmt: skip
"""Column that says since when a row has been known, for tables without a column `year`."""
LASTING = ("states", "ties", "state_names", "columns")
"""Tables of what does not change with time; a few of their columns do."""


def cut_table(name: str, table: pd.DataFrame, year: int) -> pd.DataFrame:
    """What a table held at the end of a year.

    Rows without a date and tables without any (sister cities, outlooks of later years) count as unknown: nothing says
    that they were known by then.
    """
    if name in LASTING:
        return _LASTING[name](table, year) if name in _LASTING else table
    if table.empty:
        return table
    column = "year" if "year" in table else DATED.get(name)
    if column is None:
        return table.iloc[:0]
    since = table[column]
    if not pd.api.types.is_numeric_dtype(since):
        since = pd.to_numeric(since.astype("string").str[:4], errors="coerce")
    known = table[(since <= year).fillna(False).to_numpy(dtype=bool)]
    return _open_ended(known, "to_year", year)


def _open_ended(table: pd.DataFrame, column: str, year: int) -> pd.DataFrame:
    """The table with the ends that were still to come left out."""
    if column not in table or not (table[column] >= year).any():
        return table
    return table.assign(**{column: table[column].where(table[column] < year)})


def _states(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Sizes and membership only if they are not later; sites of the list of 2024 are not known."""
    later = table["year"].fillna(np.inf).to_numpy(dtype=float) > year
    columns = {name: table[name].mask(later) for name in ("gdp_current_usd", "population_persons")}
    columns["member_from"] = table["member_from"].where(table["member_from"] <= year)
    return table.assign(**columns, world_heritage_sites=np.nan)


def _ties(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rivalries that had begun, open where their end was still to come."""
    begun = table["rivalry_from_year"] <= year
    known = table.assign(
        **{name: table[name].where(begun) for name in ("rivalry_from_year", "rivalry_to_year")},
        joint_world_heritage_sites=np.nan,
    )
    return _open_ended(known, "rivalry_to_year", year)


_LASTING = {"states": _states, "ties": _ties}


class CutCase(Case):
    """A case of which nothing later than a year is known, with a ledger of its own."""

    def __init__(self, whole: Case, year: int, studied: tuple[str, ...], realised_gdp: bool = False) -> None:
        """Cut a case.

        Args:
            whole: The case.
            year: Last year that is known.
            studied: Codes of the states that are studied; the ledger is fitted to the ties between them.
            realised_gdp: Whether GDP and the deflator of later years are known all the same.
        """
        super().__init__(whole.folder)
        self.whole, self.year, self.realised_gdp = whole, year, realised_gdp
        self._studied = tuple(sorted(studied))
        self.ledger = whole.written
        """As written; whoever fits it to what is known puts the fitted one here."""

    @property
    def studied(self) -> tuple[str, ...]:
        """The states that are studied, whoever was a member by then."""
        return self._studied

    @property
    def written(self) -> Ledger:
        """The ledger in force: the fit of one stage rests on the stages before it."""
        return self.ledger

    @cached_property
    def lender(self) -> Case:
        """The case that lends observations, cut at the same year."""
        return CutCase(self.whole.lender, self.year, self.whole.lender.studied, self.realised_gdp)

    @cached_property
    def catalog(self) -> Catalog:
        """The names the case knows, and the members of the time."""
        members: Mapping[str, int] = {
            iso: since for iso, since in self.whole.catalog.member_from.items() if since <= self.year
        }
        return replace(self.whole.catalog, member_from=members)

    def table(self, name: str) -> pd.DataFrame:
        """One table as it was known; raises CaseError with all that is wrong with the tables."""
        if name not in self._tables:
            self._tables[name] = cut_table(name, self.whole.table(name), self.year)
        return self._tables[name].copy(deep=False)

    def with_table(self, name: str, table: pd.DataFrame) -> Case:
        """The same case, cut at the same year, with one table of the whole replaced."""
        other = CutCase(self.whole.with_table(name, table), self.year, self._studied, self.realised_gdp)
        other.ledger = self.ledger
        return other

    @cached_property
    def us_prices(self) -> pd.Series[float]:
        """US GDP in current over constant USD of 2015, as far as it was known."""
        known = self.whole.us_prices
        return known if self.realised_gdp else known[known.index <= self.year]

    @cached_property
    def known_deflator(self) -> pd.Series[float]:
        """US GDP deflator of the years known.

        Where the price year is still to come, the ratio of current to constant prices stands for it: what a price is
        worth in the price year is the unit of the constant prices, and a fact of no later year.
        """
        seen = self.realised_gdp or self.year >= PRICE_YEAR
        return super().known_deflator if seen else self.us_prices

    def gdp(self, states: tuple[str, ...], years: range) -> Array:
        """Ln GDP in USD of 2015 at market rates, (year, state); NaN after the year unless it is realised."""
        return self._realised(super().gdp(states, years), self.whole.gdp, states, years)

    def volume(self, states: tuple[str, ...], years: range) -> Array:
        """Ln GDP by volume, (year, state); NaN after the year unless it is realised."""
        return self._realised(super().volume(states, years), self.whole.volume, states, years)

    def _realised(
        self, known: Array, whole: Callable[[tuple[str, ...], range], Array], states: tuple[str, ...], years: range
    ) -> Array:
        if not self.realised_gdp:
            return known
        later = np.array(list(years)) > self.year
        return np.where(later[:, None], whole(states, years), known)
