"""Trade that a state's GDP can hardly carry: a flag on figures that a reader would else take at their face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.numerics.arrays import Array
from sco_sim.store.stored_run import StoredRun

Record = dict[str, Any]

HEAVY = 100.0
"""Trade with the states of the run over GDP, %, from which a state is named: only hubs of re-exports trade more with
a few partners than they produce (of the ten members in 2023 Kyrgyzstan alone, 156 %)."""
FIELDS = ("share_pct", "mean_pct", "share_at_start_pct", "mean_at_start_pct")
"""Median and mean over worlds, % of GDP, in the year and at the start: each of them is judged."""


def heavy_traders(run: StoredRun, last: int | None = None) -> list[Record]:
    """States whose trade with the others exceeds HEAVY per cent of GDP in the median world or in the mean over worlds.

    At the start or in a year, the last if none is given: totals that are printed are means, which a few worlds carry.
    Each with the code, median and mean at the start and in that year, and the share of the worlds that exceed it; the
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
            "mean_at_start_pct": float(then[iso].mean()), "share_pct": float(np.median(shares)),
            "mean_pct": float(shares.mean()), "worlds_above": float((shares > HEAVY).mean()),
        }
        for iso, shares in now.items()
    ]  # fmt: skip
    heavy = [row for row in rows if _most(row) > HEAVY]
    return sorted(heavy, key=lambda row: -_most(row))


def _most(row: Record) -> float:
    return max(float(row[field]) for field in FIELDS)


def _shares(run: StoredRun, year: int) -> dict[str, Array]:
    """Shares of the worlds in a year, %, by code."""
    frame = pd.concat(list(run.parts("states", [year], ["trade_gdp_share"])))
    grouped = frame.groupby("iso3")["trade_gdp_share"]
    return {str(iso): shares.to_numpy(dtype=float) for iso, shares in grouped}


def heavy_in_words(rows: list[Record]) -> str:
    """The flag as one sentence; "" for nobody."""
    if not rows:
        return ""
    named = "; ".join(
        f"{row['iso3']} {row['share_pct']:.0f} % in {row['year']}, mean {row['mean_pct']:.0f} % "
        f"({row['share_at_start_pct']:.0f} % in {row['start_year']}, above in {100.0 * row['worlds_above']:.0f} % of "
        "worlds)"
        for row in rows
    )
    return f"Trade with the other states is more than {HEAVY:.0f} % of GDP in the median world or the mean: {named}."


def heavy_in_runs(runs: Sequence[StoredRun], last: int | None = None) -> list[str]:
    """A sentence for the first run; of the others only what it does not name, behind their names."""
    lines, named = [], set[str]()
    for at, run in enumerate(runs):
        rows = [row for row in heavy_traders(run, last) if row["iso3"] not in named]
        named |= {row["iso3"] for row in rows} if at == 0 else set()
        if text := heavy_in_words(rows):
            lines.append(text if at == 0 else f"{run.scenario.name}, beyond that: {text}")
    return lines
