"""The freight routes of a case: its tables and the ledger as a network of one year."""

from __future__ import annotations

import calendar
import math
from collections.abc import Collection, Hashable, Mapping

import pandas as pd

from sco_sim.case.case import Case
from sco_sim.world.routes import Leg, Network, Node, Prices


def network_of(
    case: Case, year: int, built: Collection[str] = (), prices: Mapping[str, float] | None = None
) -> Network:
    """The legs that are open in a year.

    Args:
        case: Its tables route_nodes and route_legs.
        year: Legs that were shut for half of it or more are left out.
        built: Keys of legs that count as finished.
        prices: Parameters `routes.*` by name; the centre of the ledger if left out.
    """
    if prices is None:
        prices = {name: one.central for name, one in case.ledger.entries.items() if name.startswith("routes.")}
    open_legs = (leg for leg in legs_of(case) if leg.operates(year, leg.key in built))
    return Network(nodes_of(case), open_legs, Prices(prices))


def nodes_of(case: Case) -> dict[str, Node]:
    """Every node by its name."""
    return {
        str(row["node"]): Node(
            str(row["node"]),
            _text(row["state"]),
            _number(row["lat_deg"], math.nan),
            _number(row["lon_deg"], math.nan),
            main=_number(row["main"]) == 1.0,
        )
        for row in case.table("route_nodes").to_dict("records")
    }


def legs_of(case: Case) -> tuple[Leg, ...]:
    """Every leg, open or not."""
    return tuple(_leg(row) for row in case.table("route_legs").to_dict("records"))


def _leg(row: Mapping[Hashable, object]) -> Leg:
    status, since = str(row["status"]), _number(row["since_year"], math.nan)
    if math.isnan(since):
        since = -math.inf if status in ("operating", "closed") else math.inf
    return Leg(
        key=str(row["leg"]), mode=str(row["mode"]), nodes=(str(row["node_a"]), str(row["node_b"])),
        states=(_text(row["state_a"]), _text(row["state_b"])), km=_number(row["length_km"]), speed=str(row["speed"]),
        transit=_parts(row["transit_states"]), crossing=_text(row["crossing"]), hours=_number(row["border_hours"]),
        usd=_number(row["border_cost_usd"]), gauge_change=_number(row["gauge_change"]) == 1.0, status=status,
        since=since, closed=tuple(_period(part) for part in _parts(row["closed_periods"])),
        straits=_parts(row["straits"]),
    )  # fmt: skip


def _text(cell: object) -> str:
    return "" if pd.isna(cell) else str(cell)  # type: ignore[call-overload]


def _parts(cell: object) -> tuple[str, ...]:
    return tuple(part for part in _text(cell).split(";") if part)


def _number(cell: object, gap: float = 0.0) -> float:
    return float(text) if (text := _text(cell)) else gap


def _period(text: str) -> tuple[float, float]:
    """2021-05..2025-03-13 as decimal years; an end takes the whole of its year, month or day."""
    start, end = text.split("..")
    return (_moment(start, False) if start else -math.inf, _moment(end, True) if end else math.inf)


def _moment(text: str, end: bool) -> float:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return parts[0] + float(end)
    whole = calendar.monthrange(parts[0], parts[1])[1]
    days = float(end) * whole if len(parts) == 2 else parts[2] - 1.0 + float(end)
    return parts[0] + (parts[1] - 1.0 + days / whole) / 12.0
