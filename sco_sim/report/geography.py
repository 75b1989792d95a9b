"""Where states stand on a map: an equal-area projection about them, and the coastlines around. No border is drawn.

Lambert's azimuthal equal-area projection (Snyder 1987, Map Projections: A Working Manual, page 182) keeps areas and
has no seam at 180 degrees; only the point opposite its centre cannot be drawn. Cases without the coordinates of all
capitals get a ring without coastlines.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path

from sco_sim.case.case import Site

LAND = Path(__file__).parent / "land.json"
"""Coastlines, written by calibration/build_land.py."""
TENTHS = 10.0
WIDTH = 1000.0
"""Width of the picture; its height follows from where the capitals are."""
LOWEST, HIGHEST = 460.0, 760.0
ROOM = 0.09
"""Part of the width and height left free on each side of the capitals."""
EDGE = 26.0
"""How near to the edge a state may stand that lies beyond the picture."""
FAR = 1.5
"""A state lies beyond the others if it is so many times farther from the centre than nine in ten of them."""
LONGEST = 6.0
"""Degrees of the longest straight piece of a coast: longer ones are cut, as a line that is straight in degrees is not
so on the map."""

Point = tuple[float, float]


class Projection:
    """Degrees to the plane, in radii of the earth, with north up at the centre."""

    def __init__(self, longitude: float, latitude: float) -> None:
        """A projection with its centre there, in degrees."""
        self.longitude, self.latitude = math.radians(longitude), math.radians(latitude)

    @classmethod
    def about(cls, spots: Sequence[Point]) -> Projection:
        """About the middle of spots (longitude, latitude); about the first if they have no middle."""
        vectors = [_vector(*spot) for spot in spots]
        x, y, z = (sum(vector[k] for vector in vectors) for k in range(3))
        if math.sqrt(x * x + y * y + z * z) < 1e-6 * len(spots):
            return cls(*spots[0])
        return cls(math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y))))

    def __call__(self, longitude: float, latitude: float) -> Point:
        """East and north of the centre."""
        turn, up = math.radians(longitude) - self.longitude, math.radians(latitude)
        near = math.sin(self.latitude) * math.sin(up) + math.cos(self.latitude) * math.cos(up) * math.cos(turn)
        k = math.sqrt(2.0 / max(1.0 + near, 1e-9))
        return (
            k * math.cos(up) * math.sin(turn),
            k * (math.cos(self.latitude) * math.sin(up) - math.sin(self.latitude) * math.cos(up) * math.cos(turn)),
        )

    @property
    def opposite(self) -> Point:
        """Longitude and latitude of the point that cannot be drawn."""
        longitude = math.degrees(self.longitude) + 180.0
        return (longitude + 180.0) % 360.0 - 180.0, -math.degrees(self.latitude)


def _vector(longitude: float, latitude: float) -> tuple[float, float, float]:
    turn, up = math.radians(longitude), math.radians(latitude)
    return math.cos(up) * math.cos(turn), math.cos(up) * math.sin(turn), math.sin(up)


class Ground:
    """The states of a case in a picture: where each stands, how high the picture is, and the land as a path."""

    def __init__(self, sites: Mapping[str, Site]) -> None:
        """By their capitals; on a ring if one of them has no coordinates or there are fewer than two."""
        self.beyond: tuple[str, ...] = ()
        """Codes of states far beyond the others: they stand at the edge, on the side where they lie."""
        self.mapped = len(sites) > 1 and not any(math.isnan(one.latitude + one.longitude) for one in sites.values())
        if not self.mapped:
            self.height, self.where, self.land = HIGHEST, _ring(sorted(sites)), ""
            return
        spots = {iso: (one.longitude, one.latitude) for iso, one in sites.items()}
        projection = Projection.about(list(spots.values()))
        flat = {iso: projection(*spot) for iso, spot in spots.items()}
        self.beyond = _beyond(flat)
        framed = [point for iso, point in flat.items() if iso not in self.beyond]
        west, south, east, north = (end(point[k] for point in framed) for end in (min, max) for k in (0, 1))
        across, up = max(east - west, 1e-6), max(north - south, 1e-6)
        scale = (1.0 - 2.0 * ROOM) * min(WIDTH / across, HIGHEST / up)
        self.height = max(LOWEST, up * scale / (1.0 - 2.0 * ROOM))
        middle = (east + west) / 2.0, (north + south) / 2.0

        def picture(point: Point) -> Point:
            return WIDTH / 2.0 + scale * (point[0] - middle[0]), self.height / 2.0 - scale * (point[1] - middle[1])

        self.where = {iso: self._drawn_in(picture(point)) for iso, point in flat.items()}
        self.land = "".join(
            _path(_clipped([picture(projection(*spot)) for spot in ring], self.height)) for ring in _land()
        )
        if any(_inside(ring, projection.opposite) for ring in _land()):
            self.land += f"M-1-1H{WIDTH + 1:.0f}V{self.height + 1:.0f}H-1Z"  # what is inside of the ring lies outside

    def _drawn_in(self, point: Point) -> Point:
        """A point beyond the picture, brought to its edge on the line to its middle."""
        step = point[0] - WIDTH / 2.0, point[1] - self.height / 2.0
        room = WIDTH / 2.0 - EDGE, self.height / 2.0 - EDGE
        part = min(1.0, *(have / max(abs(ask), 1e-9) for have, ask in zip(room, step, strict=True)))
        return WIDTH / 2.0 + part * step[0], self.height / 2.0 + part * step[1]


def _beyond(flat: Mapping[str, Point]) -> tuple[str, ...]:
    """States much farther from the centre than nine in ten are: with them in the frame the others would crowd."""
    away = sorted((math.hypot(*point), iso) for iso, point in flat.items())
    limit = FAR * away[math.ceil(0.9 * len(away)) - 1][0]
    return tuple(sorted(iso for distance, iso in away if distance > limit))


def _ring(states: Sequence[str]) -> dict[str, Point]:
    turn = 2.0 * math.pi / max(len(states), 1)
    half = WIDTH / 2.0, HIGHEST / 2.0
    return {
        iso: (half[0] + 0.78 * half[0] * math.sin(turn * i), half[1] - 0.82 * half[1] * math.cos(turn * i))
        for i, iso in enumerate(states)
    }


@cache
def _land() -> tuple[tuple[Point, ...], ...]:
    """Every ring of the coastlines in degrees, its long pieces cut."""
    out = []
    for ring in json.loads(LAND.read_text(encoding="utf-8")):
        across, up = (list(accumulate(ring[k::2])) for k in (0, 1))
        corners = [(x / TENTHS, y / TENTHS) for x, y in zip(across, up, strict=True)]
        points = corners[:1]
        for x, y in corners[1:] + corners[:1]:
            last = points[-1]
            east, north = (x - last[0] + 180.0) % 360.0 - 180.0, y - last[1]  # a coast may go on beyond 180 degrees
            pieces = math.ceil(max(abs(east), abs(north), 1e-9) / LONGEST)
            points += [
                (last[0] + east * part / pieces, last[1] + north * part / pieces) for part in range(1, pieces + 1)
            ]
        out.append(tuple(points))
    return tuple(out)


def _inside(ring: Sequence[Point], point: Point) -> bool:
    """Whether a ring in degrees holds a point: a line to the east meets it an odd number of times."""
    if abs(ring[-1][0] - ring[0][0]) > 180.0:  # it goes round the pole
        ring = [*ring, (ring[-1][0], -90.0), (ring[0][0], -90.0)]
    inside = False
    for turn in (-360.0, 0.0, 360.0):
        x, y = point[0] + turn, point[1]
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                inside = not inside
    return inside


def _clipped(ring: list[Point], height: float) -> list[Point]:
    """The part of a ring in the picture, by its four edges one after another (Sutherland and Hodgman 1974)."""
    for axis, edge, sign in ((0, -1.0, 1.0), (0, WIDTH + 1.0, -1.0), (1, -1.0, 1.0), (1, height + 1.0, -1.0)):
        kept: list[Point] = []
        for before, now in zip(ring[-1:] + ring[:-1], ring, strict=True):
            first, second = sign * (before[axis] - edge), sign * (now[axis] - edge)
            if (first >= 0.0) != (second >= 0.0):
                part = first / (first - second)
                kept.append((before[0] + part * (now[0] - before[0]), before[1] + part * (now[1] - before[1])))
            if second >= 0.0:
                kept.append(now)
        ring = kept
    return ring


def _path(ring: Sequence[Point]) -> str:
    """A ring as part of a path in whole units, each point as its step from the one before."""
    whole = [(round(x), round(y)) for x, y in ring]
    points = [one for number, one in enumerate(whole) if number == 0 or one != whole[number - 1]]
    if len(points) < 3:
        return ""
    moves = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    return f"M{points[0][0]} {points[0][1]}l{' '.join(f'{x} {y}' for x, y in moves)}Z".replace(" -", "-")
