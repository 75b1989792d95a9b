"""Tables of the freight routes, and the check that their legs join."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import MOST, Finding, at
from sco_sim.case.schema.declare import SOURCE, Column, Table, choice, count, flag, number, states, text
from sco_sim.errors import Problem, did_you_mean

MODES = ("rail", "road", "sea", "caspian")
SPEEDS = ("rail_express", "rail_ordinary", "rail_slow", "rail_slowest", "road", "road_mountain", "sea", "caspian")
"""Names of speeds: the ledger holds `routes.km_day.<name>` for each."""
NONE = "no routes: `sco-sim routes` has nothing to show"
DATE = r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?"
PERIOD = re.compile(rf"(?:{DATE})?\.\.(?:{DATE})?")
"""A closure: from..to, with years, months or days, and either end open."""


def _word(name: str, meaning: str) -> Column:
    return Column(name, "text", "text", meaning, required=True, filled=True)


ROUTE_NODES = Table(
    "route_nodes",
    "Hubs, ports and straits of the freight routes.",
    (
        _word("node", "name of the node"),
        states("state", "state it lies in, one of the case or another; empty for a strait", required=True),
        number("lat_deg", "degrees north", "latitude", -90.0, 90.0, "not on the map"),
        number("lon_deg", "degrees east", "longitude", -180.0, 180.0, "not on the map"),
        choice("role", "hub, port, strait, or outside the states of the case", "hub", "port", "strait", "outside",
               required=True),
        flag("main", "trade of the state begins and ends here", "every node of a state without a main one serves it"),
    ),
    fallback=NONE,
    key=("node",),
    empty=True,
)  # fmt: skip

ROUTE_LEGS = Table(
    "route_legs",
    "Legs of the freight routes by mode, with what they take and when they are shut.",
    (
        _word("leg", "key of the leg"),
        choice("mode", "rail, road, sea or caspian", *MODES, required=True),
        _word("node_a", "one end"),
        states("state_a", "state of that end, as in route_nodes.csv", required=True),
        _word("node_b", "other end"),
        states("state_b", "state of the other end, as in route_nodes.csv", required=True),
        states("transit_states", "other states the leg crosses, joined by ;"),
        text("crossing", "border point"),
        Column("length_km", "number", "km", "length", 1.0, 45000.0, required=True, filled=True),
        choice("speed", "name of its speed in the ledger, `routes.km_day.<name>`", *SPEEDS, required=True),
        flag("gauge_change", "wagons change their gauge on it"),
        number("border_hours", "hours", "time at the border, both sides", 0.0, 2000.0, "0"),
        number("border_cost_usd", "USD per container", "cost at the border", 0.0, 50000.0, "0"),
        choice("hours_basis", "measured, carried_over from a like border, or assumed", "measured", "carried_over",
               "assumed"),
        choice("status", "as of 2025: operating, under_construction, planned or closed", "operating",
               "under_construction", "planned", "closed", required=True),
        count("since_year", "year", "first year; of a leg under construction the year it is to open", 2200.0,
              "always, or never if planned or under construction"),
        text("closed_periods", "when it was shut, as from..to joined by ;, an open end left empty"),
        text("straits", "straits it passes, joined by ;"),
        SOURCE,
    ),
    fallback=NONE,
    key=("leg",),
    empty=True,
)  # fmt: skip


def joined(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Legs whose nodes are unknown, whose states are not those of their nodes, or whose closures are none."""
    if "route_legs" not in checked:
        return
    legs = checked["route_legs"]
    nodes = checked["route_nodes"].sheet if "route_nodes" in checked else None
    if nodes is None and Path(legs.sheet.path).with_name("route_nodes.csv").is_file():
        return  # what is wrong with the nodes is told already
    if nodes is None:
        remedy = "add route_nodes.csv, or take route_legs.csv away: there are no routes then"
        yield Finding(True, Problem("no leg joins without the table route_nodes", remedy, legs.sheet.path))
        return
    states = dict(zip(nodes.column("node"), nodes.column("state"), strict=True))
    wrong = [fault for row in range(len(legs.sheet.rows)) for fault in _faults(legs, row, states)]
    for row, column, message, remedy in wrong[: 2 * MOST]:
        yield Finding(True, at(legs, row, column, message, remedy))
    if len(wrong) > 2 * MOST:
        row, column, _, _ = wrong[2 * MOST]
        yield Finding(True, at(legs, row, column, f"and {len(wrong) - 2 * MOST} more such legs", ""))


def backward(period: str) -> bool:
    """Whether a period ends before it begins; of a year and a date in it neither is earlier."""
    begin, _, end = period.partition("..")
    return bool(begin and end) and end[: len(begin)] < begin[: len(end)]


def _faults(legs: Checked, row: int, states: Mapping[str, str]) -> Iterator[tuple[int, str, str, str]]:
    """Row, column, what is wrong and what to do, for each fault of a leg."""

    def cell(name: str) -> str:
        return legs.sheet.column(name)[row] if name in legs.sheet.header else ""

    leg, ends = cell("leg"), [(cell(f"node_{end}"), cell(f"state_{end}"), end) for end in "ab"]
    for node, state, end in ends:
        if node not in states:
            remedy = f"{did_you_mean(node, states) or 'correct it'}, or add it to route_nodes.csv"
            yield row, f"node_{end}", f"leg {leg} does not join: no node '{node}'", remedy
        elif states[node] != state:
            message = f"leg {leg} does not join: {node} lies in {states[node] or 'no state'}, not in {state or 'none'}"
            yield row, f"state_{end}", message, "write the state of the node, or another node"
    if ends[0][0] == ends[1][0]:
        yield row, "node_b", f"leg {leg} leads from {ends[0][0]} to itself", "name its other end"
    for period in filter(None, cell("closed_periods").split(";")):
        if not PERIOD.fullmatch(period):
            remedy = "write from..to with years, months or days, for example 2021-05..2025-03, or 2025-10.."
            yield row, "closed_periods", f"leg {leg}: '{period}' is no period", remedy
        elif backward(period):
            remedy = "write the earlier date first"
            yield row, "closed_periods", f"leg {leg}: the period '{period}' ends before it begins", remedy
    for strait in filter(None, cell("straits").split(";")):
        if strait not in states:
            yield row, "straits", f"leg {leg}: no strait '{strait}'", "add it to route_nodes.csv"
