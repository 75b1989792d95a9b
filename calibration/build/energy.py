"""Gas pipelines between two states, and what is known of the gas that goes through them.

Oil and electricity are left out: no oil line comes with volumes of its own, and no line for electricity between two of
the states simulated is in service but that of the Gulf.
"""

from __future__ import annotations

import re
from pathlib import Path

from build.common import Row, Table, fixed, in_states, read

BCM_OF_MMCFD = 0.0103358
"""Billion cubic metres a year of a million cubic feet a day: 365.25 x 0.0283168 / 1,000."""
MT_OF_BCM = 2.96 / 4.1
"""Million tonnes of a billion cubic metres: Russia to China in 2020, which the source has in both units."""
SHARES = {
    "Central Asia-China gas pipeline C": (("UZB", "KAZ", 10.0), ("KAZ", "", 5.0)),
    "TurkStream": (("RUS", "", 15.75),),
    "TANAP": (("AZE", "GEO", 6.0),),
}
"""Origin, transit and capacity where the source gives a line for several: by design, or what is not for others."""


def energy_links(source: Path) -> Table:
    """Gas pipelines with both ends among the states: capacity, transit states, first month and status."""
    columns = ("line", "iso3_origin", "via", "iso3_destination", "capacity_bcm", "since", "status", "basis", "source")
    rows: list[Row] = []
    for row in read(source, "stakes/energy_links.csv"):
        if row["commodity"] != "gas":
            continue
        scale = BCM_OF_MMCFD if row["unit"] == "MMcf/d" else 1.0
        whole = ((row["iso3_from"], row["via"], scale * float(row["capacity"] or "nan")),)
        for origin, via, capacity in SHARES.get(row["link"], whole):
            ends = {"iso3_origin": origin, "iso3_destination": row["iso3_to"]}
            if in_states(ends, *ends):
                rows.append({
                    **ends, "line": row["link"], "via": via, "status": _status(row["status"]),
                    "capacity_bcm": "" if capacity != capacity else fixed(str(capacity), 2),
                    "since": _month(row["start"]), "source": row["source"],
                    "basis": "general_knowledge" if "general" in row["basis"] + row["start"] else "page",
                })  # fmt: skip
    return Table("energy_links", columns, ("line", "iso3_origin", "iso3_destination"), rows)


def _status(words: str) -> str:
    if words.startswith("operating"):
        return "operating"
    if "cancelled" in words:
        return "cancelled"
    return "under_construction" if "construction" in words else "planned"


def _month(words: str) -> str:
    """The month or year in front; the last year of a decade that is all that is known."""
    dated = re.match(r"\d{4}(-\d{2})?", words)
    return dated.group() if dated else words.replace("x", "9")


def energy_volumes(source: Path) -> Table:
    """Gas through the pipelines between two of the states, at the rate of a year; the figure of most months counts."""
    columns = ("iso3_origin", "iso3_destination", "year", "months", "flow_bcm", "basis", "source")
    rows: dict[tuple[str, ...], Row] = {}
    for row in read(source, "stakes/energy_volumes.csv"):
        factor = {"bcm": 1.0, "Mt": 1.0 / MT_OF_BCM, "mcm a month": 12e-3}.get(row["unit"])
        if factor is None or "gas" not in row["commodity"] or not in_states(row, "iso3_from", "iso3_to"):
            continue
        months = 1 if "month" in row["unit"] else 10 if row["period"].endswith("/10") else 12
        rate = 1.0 if months == 1 else 12.0 / months
        new = {
            "iso3_origin": row["iso3_from"], "iso3_destination": row["iso3_to"], "year": row["period"][:4],
            "months": str(months), "flow_bcm": fixed(str(float(row["value"]) * factor * rate), 2),
            "basis": row["basis"].replace(" ", "_"), "source": row["source"],
        }  # fmt: skip
        key = tuple(new[name] for name in columns[:3])
        if key not in rows or int(rows[key]["months"]) < months:
            rows[key] = new
    return Table("energy_volumes", columns, columns[:3], list(rows.values()))
