"""Tables of the freight routes: nodes, and the legs by rail, road, sea and Caspian that join them."""

from __future__ import annotations

import re
from pathlib import Path

from build.common import Row, Table, read

MAIN = frozenset((
    "Shanghai", "Tianjin", "Xi'an", "Moscow", "Minsk", "Astana", "Almaty", "Bishkek", "Tashkent", "Dushanbe", "Tehran",
    "Islamabad", "Karachi", "Delhi", "Mumbai", "Kabul", "Ulaanbaatar", "Kathmandu", "Yangon", "Baku", "Yerevan",
    "Ankara", "Istanbul", "Jebel_Ali", "Jeddah", "Dammam", "Hamad", "Manama", "Shuwaikh", "Port_Said", "Colombo",
    "Male", "Sihanoukville", "Los_Angeles", "New_York",
))  # fmt: skip
"""Where the trade of a state begins and ends: the capital or the node nearest to it, the largest city if that is
another node, and Xi'an, from where most trains from China to Central Asia leave."""
NO_CLOSURE = ("restricted", "frequent stops", "near-closure", "days", "Zhangmu")
"""Words of periods in which a leg was slower or half open, or shut for some days: it stays open in the table."""
PERIOD = re.compile(r"(\d{4}(?:-\d\d)?(?:-\d\d)?)?\s*\.\.\s*(?:about )?(\d{4}(?:-\d\d)?(?:-\d\d)?)?")
BASES = {"": "", "cpmm": "measured", "cpmm carried over from a like border": "carried_over", "assumed": "assumed"}
SLOWEST, SLOW = frozenset(("PAK", "AFG")), frozenset(("IRN", "TKM"))
ORDINARY = frozenset(("AZE", "GEO", "TUR", "ARM", "MNG", "IND", "NPL"))
MOUNTAIN = frozenset(("PAK", "AFG", "KGZ", "TJK"))


def route_nodes(source: Path) -> Table:
    """Hubs, ports, straits and points outside the 27 states."""
    rows: list[Row] = [
        {
            "node": row["node"],
            "state": row["iso3"],
            "lat_deg": row["lat"],
            "lon_deg": row["lon"],
            "role": row["kind"],
            "main": str(int(row["node"] in MAIN)),
        }
        for row in read(source, "routes/route_nodes.csv")
    ]
    missing = MAIN - {row["node"] for row in rows}
    if missing:
        raise ValueError(f"no such nodes: {sorted(missing)}")
    return Table("route_nodes", ("node", "state", "lat_deg", "lon_deg", "role", "main"), ("node",), rows)


def route_legs(source: Path) -> Table:
    """Legs between two nodes, with length, border hours, cost at the border and closures."""
    rows: list[Row] = []
    for row in read(source, "routes/route_legs.csv"):
        if row["status"] == "none":
            continue  # no road there: the Wakhjir pass
        since = row["since_year"] if re.fullmatch(r"19[0-9]{2}|20[0-9]{2}", row["since_year"]) else ""
        rows.append(
            {
                "leg": row["leg_id"],
                "mode": row["mode"].removeprefix("sea_"),
                "node_a": row["node_a"],
                "state_a": row["iso3_a"],
                "node_b": row["node_b"],
                "state_b": row["iso3_b"],
                "transit_states": row["transit_iso3"].replace("|", ";"),
                "crossing": row["border_node"],
                "length_km": row["length_km"],
                "speed": _speed(row),
                "gauge_change": "1" if row["gauge_change"] not in ("", "no") else "0",
                "border_hours": row["border_hours"],
                "border_cost_usd": row["border_cost_usd"],
                "hours_basis": BASES[row["border_hours_basis"]],
                "status": row["status"].split(",")[0].replace("opening", "operating"),
                "since_year": since,
                "closed_periods": _closed(row["closed_periods"]),
                "straits": row["straits"].replace("|", ";"),
                "source": row["source"],
            }
        )
    columns = tuple(rows[0])
    return Table("route_legs", columns, ("leg",), rows)


def _speed(row: Row) -> str:
    """The name of the speed in the ledger: that of the slower end."""
    states = {row["iso3_a"], row["iso3_b"], *row["transit_iso3"].split("|")}
    if row["mode"] == "rail":
        for group, name in ((SLOWEST, "slowest"), (SLOW, "slow"), (ORDINARY, "ordinary")):
            if states & group:
                return f"rail_{name}"
        return "rail_express"
    if row["mode"] == "road":
        return "road_mountain" if states & MOUNTAIN else "road"
    return row["mode"].removeprefix("sea_")


def _closed(text: str) -> str:
    """The periods in which a leg was shut, as from..to with an open end, in order; words are left out."""
    periods = []
    for part in text.split(";"):
        match = PERIOD.search(part)
        if match and not any(word in part for word in NO_CLOSURE):
            periods.append(f"{match[1] or ''}..{match[2] or ''}")
    return ";".join(periods)
