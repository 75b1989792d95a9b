"""The names a case knows, read without a table library: enough to check a scenario file."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat
from pathlib import Path

from sco_sim.case.age import Observations, Seen
from sco_sim.case.catalog import Catalog
from sco_sim.case.entries import LedgerEntries
from sco_sim.case.ledger_file import read_ledger_file
from sco_sim.case.observables import Source
from sco_sim.case.schema.check import Signature, ledger_of, require_case, sheet_of, signature_with_ledger
from sco_sim.case.schema.sheet import Sheet
from sco_sim.case.schema.tables import BASE_YEAR
from sco_sim.case.state_names import StateNames
from sco_sim.world.pairs import Pair, pair

Row = Mapping[str, str]
Sheets = Callable[[str], Sheet | None]
"""The cells of a table of the case by its name; None if it has no such table."""

_KEPT: dict[str, tuple[Signature, Catalog]] = {}


def read_catalog(case: Path) -> Catalog:
    """The catalogue of a case folder, read once a process while no file of it changes.

    Raises CaseError with everything that is wrong with its tables or its ledger.
    """
    require_case(case)
    now, kept = signature_with_ledger(case), _KEPT.get(str(case))
    if kept is None or kept[0] != now:
        kept = _KEPT[str(case)] = (now, catalog_of(case, lru_cache(maxsize=2)(lambda name: sheet_of(case, name))))
    return kept[1]


def catalog_of(case: Path, sheets: Sheets) -> Catalog:
    """The catalogue of tables that may stand in place of those of a checked case folder."""
    named = {row["iso3"]: row["name"] for row in _rows(sheets, "states")}
    corridors: dict[str, dict[Pair, None]] = {}  # a dict keeps the order and drops a leg that is listed twice
    for row in _rows(sheets, "links"):
        corridors.setdefault(row["corridor"], {})[pair(row["iso3_a"], row["iso3_b"])] = None
    ties = _rows(sheets, "ties")
    parameters = frozenset(map(str, read_ledger_file(ledger_of(case))["parameters"]))
    return Catalog(
        states=frozenset(named),
        member_from=_member_from(sheets),
        borders=frozenset(pair(row["iso3_a"], row["iso3_b"]) for row in ties if row.get("land_border") in ("1", "1.0")),
        corridors={key: tuple(legs) for key, legs in corridors.items()},
        parameters=parameters | {f"growth.{stem}.{iso}" for iso in named for stem in ("mean", "spread", "prices")},
        ledger=LedgerEntries(ledger_of(case)),
        gdp_from=_gdp_from(sheets),
        names=StateNames(named, case / "data"),
        observations=Observations(lambda source: _observed(sheets, source)),
    )


def _rows(sheets: Sheets, table: str) -> list[Row]:
    """Rows of a table; none if there is no such table."""
    sheet = sheets(table)
    return [] if sheet is None else [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]


def _gdp_from(sheets: Sheets) -> dict[str, int]:
    """First year whose GDP is known, by code: from the table of years, else from the states."""
    years: dict[str, int] = {}
    for row in _rows(sheets, "state_years"):
        if row.get("gdp_current_usd"):
            years[row["iso3"]] = min(int(row["year"]), years.get(row["iso3"], 9999))
    for row in _rows(sheets, "states"):
        if row.get("gdp_current_usd"):
            years.setdefault(row["iso3"], int(row.get("year") or BASE_YEAR))
    return years


def _member_from(sheets: Sheets) -> dict[str, int]:
    """First year as a member, by code, in the order of the codes: from the statuses, else from the states."""
    years: dict[str, int] = {}
    dated = [(row["iso3"], row["date"]) for row in _rows(sheets, "statuses") if row["status"] == "member"]
    if sheets("statuses") is None:
        dated = [(row["iso3"], row["member_from"]) for row in _rows(sheets, "states") if row["member_from"]]
    for iso, date in dated:
        years[iso] = min(int(date[:4]), years.get(iso, 9999))
    return dict(sorted(years.items()))


def _observed(sheets: Sheets, source: Source) -> Iterator[Seen]:
    """Who was observed when, by one table."""
    sheet = sheets(source.table)
    there = set(() if sheet is None else sheet.header)
    needed = {*source.ends, *([source.beside] if source.beside else ())}
    if sheet is None or not needed <= there or not there & set(source.columns):
        return
    years = _years_of(sheet.column(source.year) if source.year in there else [""] * len(sheet.rows))
    ends = zip(*map(sheet.column, source.ends), strict=True) if source.ends else repeat((), len(sheet.rows))
    beside = sheet.column(source.beside) if source.beside else repeat("1", len(sheet.rows))
    values = zip(*(sheet.column(name) for name in source.columns if name in there), strict=True)
    weighing = source.weighed or source.least is not None
    least = -math.inf if source.least is None else source.least
    for unit, (year, dated), known, row in zip(ends, years, beside, values, strict=True):
        cells = [cell for cell in row if cell]
        if cells and known:
            weight = _weight(cells, source.added) if weighing else 1.0
            if weight >= least:
                yield unit, year, weight if source.weighed else 1.0, dated


def _years_of(dates: Sequence[str]) -> Iterator[tuple[int, bool]]:
    """The year of each date and True, or the one that stands for a missing date and False."""
    known = {date: (int(float(date[:4])), True) if date else (BASE_YEAR, False) for date in set(dates)}
    return map(known.__getitem__, dates)


def _weight(cells: Sequence[str], added: bool) -> float:
    numbers = map(float, cells)
    return sum(numbers) if added else max(numbers)
