"""Trade that a state's GDP can hardly carry: a flag on figures that a reader would else take at their face."""

from __future__ import annotations

from typing import Any

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.store.stored_run import StoredRun

Record = dict[str, Any]

HEAVY = 100.0
"""Trade with the states of the run over GDP, %, from which a state is named: only hubs of re-exports trade more with
a few partners than they produce (of the ten members in 2023 Kyrgyzstan alone, 156 %)."""


def heavy_traders(run: StoredRun, last: int | None = None) -> list[Record]:
    """States whose trade with the others exceeds HEAVY per cent of GDP in the median world of a year, the last if none.

    Each with the code, the median at the start and in that year, and the share of the worlds that exceed it; the
    heaviest first. Nothing for a run stored before the metric `trade_gdp_share` was there.
    """
    if "trade_gdp_share" not in run.manifest["metrics"]:
        return []
    first, end = (int(year) for year in run.manifest["years"])
    last = end if last is None else last
    then, now = (_shares(run, year) for year in (first, last))
    rows: list[Record] = [
        {
            "iso3": iso, "start_year": first, "year": last, "share_at_start_pct": float(np.median(then[iso])),
            "share_pct": float(np.median(shares)), "worlds_above": float((shares > HEAVY).mean()),
        }
        for iso, shares in now.items()
    ]  # fmt: skip
    heavy = [row for row in rows if row["share_pct"] > HEAVY]
    return sorted(heavy, key=lambda row: -float(row["share_pct"]))


def _shares(run: StoredRun, year: int) -> dict[str, Array]:
    """Shares of the worlds in a year, %, by code."""
    grouped = run.states([year]).groupby("iso3")["trade_gdp_share"]
    return {str(iso): shares.to_numpy(dtype=float) for iso, shares in grouped}


def heavy_in_words(rows: list[Record]) -> str:
    """The flag as one sentence; "" for nobody."""
    if not rows:
        return ""
    named = "; ".join(
        f"{row['iso3']} {row['share_pct']:.0f} % in {row['year']} ({row['share_at_start_pct']:.0f} % in "
        f"{row['start_year']}, above in {100.0 * row['worlds_above']:.0f} % of worlds)"
        for row in rows
    )
    return f"Trade with the other states is more than {HEAVY:.0f} % of GDP in the median world: {named}."
