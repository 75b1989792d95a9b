"""The gas pipelines of a case."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from sco_sim.world.lines import Line
from sco_sim.world.ties import Ties


def lines_of(table: pd.DataFrame, ties: Ties) -> tuple[Line, ...]:
    """Pipelines in service, or with a date from which they will be, between two of the states.

    One without a date or a capacity carries nothing that anybody knows of.
    """
    out = []
    known = table.dropna(subset=["capacity_bcm", "since"])
    for row in known.assign(via=known["via"].astype(object).fillna("")).itertuples():
        ends, via = (str(row.iso3_origin), str(row.iso3_destination)), str(row.via)
        if row.status == "operating" and set(ends) <= set(ties.states):
            way = [iso for iso in (ends[0], *via.split(";"), ends[1]) if iso]
            legs = [ties.tie(a, b) for a, b in pairwise(way) if {a, b} <= set(ties.states)]
            capacity, since = float(str(row.capacity_bcm)), _decimal(str(row.since))
            out.append(Line(ties.tie(*ends), tuple(legs), capacity, since, crosses=len(way) > 2))
    return tuple(out)


def _decimal(date: str) -> float:
    """2019-12 as a decimal year; the start of a year where no month is known."""
    year, *month = date.split("-")
    return float(year) + (float(month[0]) - 1.0) / 12.0 if month else float(year)
