"""A case as it was known at the end of a year, and the forecast from it."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from sco_sim.case.case import Case
from sco_sim.case.cut import DATED, LASTING, CutCase, cut_table
from sco_sim.case.ledger import Ledger
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.evidence.hindcast.engine import Origins, would_observe
from sco_sim.evidence.hindcast.study import PANELS

WORLDS = 20
UNTOUCHED = ("trade.report_error", "trade.reconciled_error", "trade.direction_step")
"""Measured entries that are properties of the reports and are fitted to no year."""


@cache
def case() -> Case:
    return Case()


class Spoilt(Case):
    """The shipped case with every value after a year spoilt, and every measured entry of the ledger."""

    def __init__(self, year: int) -> None:
        super().__init__()
        rng = np.random.default_rng(1)
        self._tables = {name: spoilt(name, case().table(name), year, rng) for name in BY_NAME}

    @property
    def written(self) -> Ledger:
        ledger = super().written
        for name, entry in ledger.entries.items():
            if entry.kind == "measured" and name not in UNTOUCHED and not name.startswith(("corridor.", "trust.gdelt")):
                ledger = ledger.measured(name, 0.5 * entry.central - 0.1, "spoilt")
        return ledger


def spoilt(name: str, table: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    """The table with other values in every row after the year, or in all that has no date."""
    if name in ("states", "ties", "state_names", "columns") or table.empty:
        return _lasting(name, table, year)
    column = "year" if "year" in table else DATED.get(name)
    if column is None:
        late = np.ones(len(table), dtype=bool)
    else:
        since = pd.to_numeric(table[column].astype("string").str[:4], errors="coerce").to_numpy(dtype=float)
        late = ~(since <= year)
    out = table.copy()
    for other in out.columns:
        if other != column and pd.api.types.is_numeric_dtype(out[other]) and other != "year":
            values = out[other].to_numpy(dtype=float).copy()
            values[late] = np.nan_to_num(values[late], nan=1.0) * rng.uniform(0.2, 5.0, late.sum()) + 1.0
            out[other] = values
    if name == "statuses":
        out.loc[late, "date"] = f"{year + 1}-01-01"
    if name == "claims":
        out["to_year"] = out["to_year"].where(out["to_year"] < year, year + 1.0)
    return out


def _lasting(name: str, table: pd.DataFrame, year: int) -> pd.DataFrame:
    if name == "states":
        return table.assign(world_heritage_sites=99.0)
    if name == "ties":
        begun = table["rivalry_from_year"] <= year
        ended = table["rivalry_to_year"] < year
        return table.assign(
            rivalry_from_year=table["rivalry_from_year"].where(begun, year + 1.0),
            rivalry_to_year=table["rivalry_to_year"].where(ended, year + 2.0),
        )
    return table


@pytest.mark.slow
@pytest.mark.parametrize("year", [2004, 2018])
def test_no_year_after_the_origin_and_no_entry_measured_on_it_changes_the_forecast(year: int) -> None:
    """Catches any leak: tables, the ledger that was measured on all years, members, deflator, lent observations."""
    other = Spoilt(year)
    before, after = (Origins(one, case().studied, worlds=WORLDS) for one in (case(), other))
    for channel in (*PANELS, "disputes"):
        if channel == "conflict (GDELT)" and year < 2018:
            continue  # nothing is known of GDELT, and nothing is predicted
        drawn = [would_observe(one.worlds(year, "drawn"), channel) for one in (before, after)]
        assert np.array_equal(*drawn), channel
    realised = [would_observe(one.worlds(year, "realised"), "trade") for one in (before, after)]
    assert not np.array_equal(*realised), "the spoilt tables are not read"


def test_what_ends_later_is_open_and_what_began_later_is_gone() -> None:
    """Catches a rivalry, a claim, a member or an exercise that only a later reader knows of."""
    ties = cut_table("ties", case().table("ties"), 2005)
    whole = case().table("ties")
    assert not (ties["rivalry_from_year"] > 2005).any()
    assert not (ties["rivalry_to_year"] >= 2005).any()
    assert (ties["rivalry_to_year"] < 2005).sum() == (whole["rivalry_to_year"] < 2005).sum()
    claims = cut_table("claims", case().table("claims"), 2005)
    assert claims["from_year"].max() <= 2005
    assert not (claims["to_year"] >= 2005).any()
    exercises = cut_table("exercises", case().table("exercises"), 2005)
    assert 0 < len(exercises) < len(case().table("exercises"))
    known = CutCase(case(), 2010, case().studied)
    assert set(known.catalog.member_from) == {"CHN", "KAZ", "KGZ", "RUS", "TJK", "UZB"}
    assert len(known.table("visas")) == 0


def test_every_table_of_the_schema_is_cut() -> None:
    """Catches a table without a date that is taken as known for ever."""
    for name in BY_NAME:
        table = case().table(name)
        dated = "year" in table or name in DATED
        assert dated or name in LASTING or cut_table(name, table, 2100).empty, name


def test_gdp_before_the_price_year_is_known() -> None:
    """Catches the KeyError of a deflator whose base is still to come."""
    known, whole = CutCase(case(), 2010, case().studied), case()
    years = range(2005, 2013)
    gdp, later = (one.gdp(("CHN", "RUS"), years) for one in (known, whole))
    assert gdp[:6] == pytest.approx(later[:6], abs=0.01)
    assert np.isnan(gdp[6:]).all()
    realised = CutCase(case(), 2010, case().studied, realised_gdp=True).gdp(("CHN", "RUS"), years)
    assert np.array_equal(realised, later)


def test_a_replaced_table_is_cut_too() -> None:
    """Catches a table of one's own through which the years after the origin come back."""
    known = CutCase(case(), 2010, case().studied)
    other = known.with_table("trade_reports", case().table("trade_reports"))
    for name in ("trade_reports", "state_years"):
        assert other.table(name)["year"].max() == 2010, name
    assert other.ledger is known.ledger
