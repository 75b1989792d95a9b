"""The freight routes of a case: its tables and the ledger as a network of one year."""

from __future__ import annotations

import calendar
import math
from collections.abc import Callable, Collection, Hashable, Mapping

import pandas as pd

from sco_sim.case.entries import Entry
from sco_sim.case.schema.route_tables import MODES, SPEEDS
from sco_sim.errors import CaseError, Problem
from sco_sim.world.routes import Leg, Network, Node, Prices

Tables = Callable[[str], pd.DataFrame]
"""Gives a table of a case by its name."""
PRICES = (
    *(f"routes.km_day.{speed}" for speed in SPEEDS),
    *(f"routes.usd_km.{mode}" for mode in MODES),
    *(
        f"routes.{name}"
        for name in (
            "port_usd",
            "port_days",
            "reload_days",
            "gauge_hours",
            "day_value",
            "container_value",
            "split",
        )
    ),
)
"""Entries of the ledger that make a price of time and transport."""


def prices_of(entries: Mapping[str, Entry]) -> Prices:
    """The prices at the centre of a ledger; raises CaseError if it lacks some."""
    lacking = [name for name in PRICES if name not in entries]
    if lacking:
        raise CaseError(
            Problem(f"the ledger has no {lacking[0]}", "copy the entries routes.* of the shipped parameters.yaml")
        )
    return Prices({name: entries[name].central for name in PRICES})


def network_of(tables: Tables, prices: Prices, year: int, built: Collection[str] = ()) -> Network:
    """The legs that are open in a year.

    Args:
        tables: Those of the case.
        prices: What time and transport cost.
        year: Legs that were shut for half of it or more are left out.
        built: Keys of legs that count as finished.
    """
    open_legs = (leg for leg in legs_of(tables) if leg.operates(year, leg.key in built))
    return Network(nodes_of(tables), open_legs, prices)


def nodes_of(tables: Tables) -> dict[str, Node]:
    """Every node by its name."""
    return {
        str(row["node"]): Node(
            str(row["node"]),
            _text(row["state"]),
            _number(row["lat_deg"], math.nan),
            _number(row["lon_deg"], math.nan),
            main=_number(row["main"]) == 1.0,
        )
        for row in tables("route_nodes").to_dict("records")
    }


def legs_of(tables: Tables) -> tuple[Leg, ...]:
    """Every leg, open or not."""
    return tuple(_leg(row) for row in tables("route_legs").to_dict("records"))


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
