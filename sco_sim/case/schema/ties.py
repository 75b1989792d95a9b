"""Measures of ties beside others: distances beside the coordinates of capitals and nodes, shares of one whole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Finding, at, log_ratio, some, times
from sco_sim.errors import Problem

EARTH_KM = 6371.0
NEAR_KM = 300.0
"""Straight lines up to this say little about a distance."""
USUAL = (0.8, 1.5)
"""Middle distance of ties, and middle length of legs, over the straight line: 1.03 and 1.3 in the shipped case; a mile
is 0.62 km."""
POSSIBLE = 3.5
"""Factor by which one distance may differ from the line between capitals; 2.6 at most in the shipped case."""
SHORT = 0.75
"""Length of a leg over the straight line that rounded coordinates allow."""
Point = tuple[float, float]


def measures(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Distances of ties, lengths of legs, shares of arms, and events of conflict beside those of cooperation."""
    yield from _distances(checked)
    yield from _legs(checked)
    yield from _shares(checked)
    yield from _events(checked)


def _distances(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    content = checked.get("ties")
    capitals = _points(checked.get("states"), "iso3", "capital_lat_deg", "capital_lon_deg")
    if content is None or "distance_km" not in content.numbers:
        return
    ends = zip(content.sheet.column("iso3_a"), content.sheet.column("iso3_b"), strict=True)
    logs = _beside_lines(list(ends), content.numbers["distance_km"], capitals)
    middle = 10.0 ** median(logs.values()) if len(logs) > 2 else 1.0
    if not USUAL[0] <= middle <= USUAL[1]:
        message = f"distance_km is in the middle {middle:.2g} times the line between the capitals: another unit?"
        yield Finding(False, at(content, 0, "distance_km", message, "the column is in km, a mile is 1.609 km"))
        return
    wrong = [
        (row, f"distance_km is {times(log)} the line between the capitals: another unit?")
        for row, log in logs.items()
        if abs(log) > math.log10(POSSIBLE)
    ]
    yield from (Finding(False, problem) for problem in some(content, wrong, "distance_km", "the column is in km"))


def _legs(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    content = checked.get("route_legs")
    nodes = _points(checked.get("route_nodes"), "node", "lat_deg", "lon_deg")
    if content is None or "length_km" not in content.numbers:
        return
    ends = zip(content.sheet.column("node_a"), content.sheet.column("node_b"), strict=True)
    logs = _beside_lines(list(ends), content.numbers["length_km"], nodes)
    middle = 10.0 ** median(logs.values()) if len(logs) > 2 else 1.0
    if middle > 2.0 * USUAL[1]:
        message = f"length_km is in the middle {middle:.3g} times the straight line: another unit?"
        yield Finding(False, at(content, 0, "length_km", message, "the column is in km"))
    wrong = [
        (row, f"length_km is {times(log)} the straight line between its nodes")
        for row, log in logs.items()
        if log < math.log10(SHORT)
    ]
    remedy = "no way is shorter: correct the length, its unit or the coordinates"
    yield from (Finding(False, problem) for problem in some(content, wrong, "length_km", remedy))


def _beside_lines(
    ends: Sequence[tuple[str, str]], lengths: Sequence[float], points: Mapping[str, Point]
) -> dict[int, float]:
    """log10 of a length over the straight line, by row, where both are known and the line is long."""
    out = {}
    for row, ((a, b), length) in enumerate(zip(ends, lengths, strict=True)):
        line = straight_km(points[a], points[b]) if a in points and b in points else 0.0
        if line > NEAR_KM and length > 0.0:
            out[row] = log_ratio(length, line)
    return out


def _points(content: Checked | None, key: str, latitude: str, longitude: str) -> dict[str, Point]:
    if content is None or not {latitude, longitude} <= set(content.numbers):
        return {}
    rows = zip(content.sheet.column(key), content.numbers[latitude], content.numbers[longitude], strict=True)
    return {name: (lat, lon) for name, lat, lon in rows if not (math.isnan(lat) or math.isnan(lon))}


def straight_km(one: Point, two: Point) -> float:
    """Length of the great circle between two points given in degrees."""
    (a, b), (c, d) = ((math.radians(x) for x in point) for point in (one, two))
    half = math.sin((c - a) / 2.0) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2.0) ** 2
    return 2.0 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _shares(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Shares of the suppliers of one state in the same years, which are at most the whole."""
    content = checked.get("arms_shares")
    if content is None or "share" not in content.numbers:
        return
    sums: dict[tuple[str, str], float] = {}
    keys = zip(content.sheet.column("iso3_recipient"), content.sheet.column("to_year"), strict=True)
    for row, (key, share) in enumerate(zip(keys, content.numbers["share"], strict=True)):
        before = sums.get(key, 0.0)
        sums[key] = before + (0.0 if math.isnan(share) else share)
        if before <= 1.01 < sums[key]:
            message = f"the shares of {key[0]} to {key[1]} add up to more than 1"
            yield Finding(True, at(content, row, "share", message, "share is a part of all imports of the recipient"))


def _events(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    content = checked.get("tie_years")
    names = ("icews_cooperative_events", "icews_conflictual_events")
    if content is None or not set(names) <= set(content.numbers):
        return
    good, bad = (sum(value for value in content.numbers[name] if value > 0.0) for name in names)
    if bad > good:
        message = f"{names[1]} are in total {times(log_ratio(bad, good))} {names[0]}: are the columns swapped?"
        remedy = "most of what states do to one another is cooperative: swap them, or go on if it is true"
        yield Finding(False, Problem(message, remedy, content.sheet.path, 1, content.sheet.column_number(names[1])))
