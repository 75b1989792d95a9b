"""Build the coastlines of the report's map from Natural Earth's land, and nothing else of it: no border, no name.

    python calibration/build_land.py land-110m.json [--out sco_sim/report/land.json]

The source is `land-110m.json` of the npm package world-atlas 2.0.2 (TopoJSON made from Natural Earth 110m land; see
calibration/PROVENANCE.md). Rings are written as whole tenths of a degree, each point as its step from the one before.
Points nearer than TOLERANCE to the line between their neighbours and rings smaller than SMALLEST are left out.
"""

from __future__ import annotations

import argparse
import json
import math
from itertools import accumulate
from pathlib import Path
from typing import Any

TENTHS = 10
"""Units of the file in a degree."""
TOLERANCE = 0.12
"""Degrees that a simplified coast may lie beside the one of the source."""
SMALLEST = 0.4
"""Islands of less than so many square degrees are left out; a map of states needs their capitals, not their shores."""

Point = tuple[float, float]


def rings(topology: dict[str, Any]) -> list[list[Point]]:
    """Outer and inner rings of all land, in degrees."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [
        [(scale[0] * x + shift[0], scale[1] * y + shift[1])
         for x, y in accumulate(arc, lambda last, step: (last[0] + step[0], last[1] + step[1]))]
        for arc in topology["arcs"]
    ]  # fmt: skip
    out = []
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"]:
            for ring in polygon:
                points: list[Point] = []
                for number in ring:
                    arc = arcs[number] if number >= 0 else arcs[~number][::-1]
                    points += arc[1:] if points else arc
                out.append(points)
    return out


def simplified(points: list[Point]) -> list[Point]:
    """Fewer points of an open line that stays within the tolerance (Douglas and Peucker 1973)."""
    if len(points) < 3:
        return points
    (ax, ay), (bx, by) = points[0], points[-1]
    length = math.hypot(bx - ax, by - ay)

    def away(point: Point) -> float:
        if length == 0.0:
            return math.hypot(point[0] - ax, point[1] - ay)
        return abs((bx - ax) * (ay - point[1]) - (ax - point[0]) * (by - ay)) / length

    far = max(range(1, len(points) - 1), key=lambda number: away(points[number]))
    if away(points[far]) <= TOLERANCE:
        return [points[0], points[-1]]
    return simplified(points[: far + 1])[:-1] + simplified(points[far:])


def area(points: list[Point]) -> float:
    """Square degrees inside a ring."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1], strict=True))) / 2.0


def steps(points: list[Point]) -> list[int]:
    """A ring in tenths of a degree as first point and steps, without points that fall together."""
    whole = [(round(TENTHS * x), round(TENTHS * y)) for x, y in points]
    out: list[int] = []
    last = (0, 0)
    for number, point in enumerate(whole[:-1]):
        if number == 0 or point != last:
            out += [point[0] - last[0], point[1] - last[1]]
            last = point
    return out


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, metavar="land-110m.json")
    default = Path(__file__).resolve().parents[1] / "sco_sim" / "report" / "land.json"
    parser.add_argument("--out", type=Path, default=default)
    arguments = parser.parse_args()
    land = [simplified(ring) for ring in rings(json.loads(arguments.source.read_text())) if area(ring) >= SMALLEST]
    lines = ",\n".join(json.dumps(steps(ring), separators=(",", ":")) for ring in land)
    arguments.out.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(land)} rings, {sum(map(len, land))} points: {arguments.out}")


if __name__ == "__main__":
    main()
