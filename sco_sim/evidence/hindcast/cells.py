"""Cells of the tables of a hindcast, for the command line and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sco_sim.errors import counted
from sco_sim.evidence.hindcast.rolling import ENGINE

Record = Mapping[str, Any]
HEADERS = (
    "Forecast", "RMSE", "Bias", "CRPS", "Ignorance", "Interval score", "in 50 %", "in 80 %", "in 95 %",
    "Engine's RMSE over its (5-95 %)", "Engine's CRPS less its (5-95 %)",
)  # fmt: skip
DISPUTE_HEADERS = (
    "Forecast",
    "Expected",
    "Observed",
    "Brier score",
    "Ignorance",
    "Engine's ignorance less its (5-95 %)",
)
UNIT = {
    "trade": "ln of trade in current USD", "students": "ln(1 + students)",
    "conflict (ICEWS)": "share of conflictual events", "conflict (GDELT)": "share of conflict in the GDELT balance",
    "disputes": "chance of a militarised dispute",
}  # fmt: skip
BLOCKS = {
    "total": "The total of the group", "weighted": "Weighted by size at the origin", "columns": "Each tie or series"
}  # fmt: skip
"""Blocks of a record in their order."""


def title(record: Record) -> str:
    """The channel, its unit, the years and the GDP."""
    gdp = {"drawn": ", GDP drawn by the engine", "realised": ", GDP realised", None: ""}[record["gdp"]]
    channel = str(record["channel"])
    return f"{channel[0].upper()}{channel[1:]} {record['years']}{gdp}"


def spans(block: Record) -> str:
    """The origins with the last year scored from each, in words."""
    origins = block["origins"]
    if len(origins) > 3:
        first = counted(len(origins), "origin")
        return f"{first} {origins[0]['origin']}-{origins[-1]['origin']}, up to {origins[-1]['end']}"
    return "from " + ", ".join(f"{o['origin']} to {o['end']}" for o in origins)


def score_cells(block: Record) -> list[list[str]]:
    """A row a forecast: scores, and the engine beside it with the interval of the bootstrap."""
    against = {row["against"]: row for row in block["differences"]}
    rows = []
    for name, s in block["scores"].items():
        numbers = [f"{s[key]:.3f}" for key in ("rmse", "bias", "crps", "ignorance", "interval")]
        inside = [f"{100 * s[f'coverage_{level}']:.0f}" for level in (50, 80, 95)]
        rows.append([name, *numbers, *inside, *_beside(against.get(name))])
    return rows


def _beside(row: Record | None) -> tuple[str, str]:
    if row is None:
        return "", ""
    ratio = f"{row['rmse_ratio']:.3f} ({row['rmse_ratio_low_05']:.3f} to {row['rmse_ratio_high_95']:.3f})"
    crps = f"{row['crps_difference']:+.4f} ({row['crps_low_05']:+.4f} to {row['crps_high_95']:+.4f})"
    return ratio, crps


def coverage_words(block: Record) -> str:
    """How often the engine's 80 % interval held."""
    c = block["coverage"]["80"]
    return (
        f"The engine's 80 % interval held {100 * c['share']:.0f} % of {block['n']} "
        f"(5-95 %: {100 * c['low_05']:.0f} to {100 * c['high_95']:.0f})."
    )


def dispute_cells(record: Record) -> list[list[str]]:
    """A row a forecast of disputes."""
    rows = []
    for name, s in record["scores"].items():
        d = record["differences"].get(name)
        beside = (
            f"{d['ignorance_difference']:+.4f} ({d['low_05']:+.4f} to {d['high_95']:+.4f})" if name != ENGINE else ""
        )
        rows.append(
            [name, f"{s['expected']:.1f}", f"{s['observed']:.0f}", f"{s['brier']:.4f}", f"{s['ignorance']:.4f}", beside]
        )
    return rows
