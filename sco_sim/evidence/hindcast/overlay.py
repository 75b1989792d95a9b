"""Observations of one's own laid over the tables of a case, so that the engine starts from them too."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.trade_reports import CIF_OVER_FOB
from sco_sim.evidence.events import EVENTS
from sco_sim.evidence.hindcast.panel import Pair, Panel
from sco_sim.numerics.arrays import Array

Rows = Mapping[tuple[Pair, int], float]
"""Value of one's own by pair and year."""


def with_rows(case: Case, channel: str, rows: Rows, alone: Collection[tuple[Pair, int]] = ()) -> Case:
    """The case with rows of one's own in place of what it has for the same pairs and years.

    Trade of the pairs and years in `alone` errs as a report that stands alone.
    """
    return _trade(case, rows, alone) if channel == "trade" else _OVERLAYS[channel](case, rows)


def with_flows(case: Case, reports: pd.DataFrame, reconciled: pd.DataFrame) -> Case:
    """The case with directed flows in place of what it has for the same directions and years, thousand current USD.

    Columns as in the tables `trade_reports` and `trade_reconciled`; a direction stands in one of the two.
    """
    key = ["iso3_o", "iso3_d", "year"]
    own = pd.concat([reports[key], reconciled[key]], ignore_index=True)
    for name, rows in (("trade_reports", reports), ("trade_reconciled", reconciled)):
        table = case.table(name)
        rest, new = _without(table, own, key), rows.reindex(columns=table.columns)
        parts = [part for part in (rest, new) if len(part)]
        case = case.with_table(name, pd.concat(parts, ignore_index=True) if parts else table.iloc[:0])
    return case


def own_after(panel: Panel, rows: Rows, origin: int, unit: Callable[[Array], Array]) -> Panel:
    """The panel with nothing but the rows of one's own after an origin; `unit` turns values into what a panel holds."""
    y = np.where(np.array(panel.years)[:, None] > origin, np.nan, panel.y)
    column, first = {pair: i for i, pair in enumerate(panel.columns)}, panel.years[0]
    for (pair, year), value in rows.items():
        if year > origin:
            y[year - first, column[pair]] = float(unit(np.array(value)))
    return replace(panel, y=y)


def _trade(case: Case, rows: Rows, alone: Collection[tuple[Pair, int]]) -> Case:
    """Half of the trade of a pair to each direction, as both ends report it, or the exporter alone."""
    half = [
        (a, b, year, value / 2000.0, np.nan if (pair, year) in alone else CIF_OVER_FOB * value / 2000.0)
        for pair, year, value in _flat(rows)
        for a, b in _ways(*pair)
    ]
    columns = ["iso3_o", "iso3_d", "year", "exporter_fob_kusd", "importer_cif_kusd"]
    none = case.table("trade_reconciled").iloc[:0]
    return with_flows(case, pd.DataFrame(half, columns=columns), none)


def _students(case: Case, rows: Rows) -> Case:
    columns = ["iso3_origin", "iso3_destination", "year", "students_persons"]
    own = pd.DataFrame([(*pair, year, value) for pair, year, value in _flat(rows)], columns=columns)
    return case.with_table("students", _replaced(case.table("students"), own, columns[:3]))


def _trust(case: Case, rows: Rows) -> Case:
    """A share of cooperation as counts: as many events as the case has of the tie and year, or as count at least."""
    table = case.table("tie_years")
    names = ["icews_cooperative_events", "icews_conflictual_events"]
    key = ["iso3_a", "iso3_b", "year"]
    totals = table.set_index(key)[names].sum(axis=1) if len(table) else pd.Series(dtype=float)
    known: dict[object, float] = totals.to_dict()
    counted = []
    for (a, b), year, share in _flat(rows):
        total = max(known.get((a, b, year), 0.0), float(EVENTS))
        counted.append((a, b, year, share * total, (1.0 - share) * total))
    own = pd.DataFrame(counted, columns=[*key, *names]).set_index(key)
    merged = own.combine_first(table.set_index(key)).reset_index() if len(table) else own.reset_index()
    return case.with_table("tie_years", merged.reindex(columns=table.columns))


_OVERLAYS: dict[str, Callable[[Case, Rows], Case]] = {"students": _students, "trust": _trust}


def with_gdp(case: Case, table: pd.DataFrame) -> Case:
    """The case with GDP of one's own in place of what it has for the same states and years."""
    keys = ["iso3", "year"]
    merged = table.set_index(keys).combine_first(case.table("state_years").set_index(keys)).reset_index()
    return case.with_table("state_years", merged)


def _flat(rows: Rows) -> list[tuple[Pair, int, float]]:
    return [(pair, year, value) for (pair, year), value in rows.items()]


def _ways(a: str, b: str) -> tuple[Pair, Pair]:
    return (a, b), (b, a)


def _without(table: pd.DataFrame, own: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The rows of a table that have no like among one's own."""
    if table.empty:
        return table
    taken = pd.MultiIndex.from_frame(own[key])
    return table[~pd.MultiIndex.from_frame(table[key]).isin(taken)]


def _replaced(table: pd.DataFrame, own: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    rest = _without(table, own, key)
    rows = own.reindex(columns=table.columns)
    return rows if rest.empty else pd.concat([rest, rows], ignore_index=True)
