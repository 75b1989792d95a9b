"""Where the names of states stand on a map: beside their discs, farther away with a line where it is crowded."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

LETTER, CAPITAL, LINE = 0.58, 0.74, 1.1
"""Width of a letter and of a capital, and height of a line, in sizes of the letters, in the wider system fonts."""
TURNS = (0.0, 180.0, -45.0, 45.0, -135.0, 135.0, -90.0, 90.0, -22.0, 22.0, 158.0, 202.0, -68.0, 68.0, -112.0, 112.0)
"""Directions that are tried in this order, in degrees below east."""
NEAR, STEP = 4.0, 7.0
"""On the map of a report: room between a disc and its name, and how much farther away the next round is tried."""
ROUNDS = 60
"""How often it is tried."""


Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether they overlap."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Disc:
    """A state on the map."""

    iso3: str
    name: str
    x: float
    y: float
    radius: float

    @property
    def box(self) -> Box:
        """The square about it."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@dataclass(frozen=True)
class Label:
    """A name: its box, and whether a line leads to its disc."""

    iso3: str
    """Of its disc."""
    text: str
    box: Box
    line: tuple[float, float, float, float] | None
    """From the disc to the name, where the name stands away from it."""


def labels(
    discs: Iterable[Disc],
    texts: Mapping[str, str],
    size: float,
    width: float,
    height: float,
    letter: float = LETTER,
    near: float = NEAR,
    step: float = STEP,
) -> tuple[Label, ...]:
    """A label for each disc, none over another or over a disc and none outside the picture.

    Args:
        discs: Those of the map.
        texts: What stands at each, by code.
        size: Height of the letters.
        width: Of the picture.
        height: Of the picture.
        letter: Width of a letter, in sizes.
        near: Room between a disc and its name.
        step: How much farther away the next round of directions is tried.
    """
    all_discs = tuple(discs)
    crowded = sorted(all_discs, key=lambda one: (_nearest(one, all_discs), one.iso3))
    taken: list[Box] = []
    out = []
    for disc in crowded:
        others = [one.box for one in all_discs if one is not disc]
        half = letter * size * len(texts[disc.iso3]) / 2.0, LINE * size / 2.0
        label = _label(disc, texts[disc.iso3], half, [*taken, *others], Box(0.0, 0.0, width, height), (near, step))
        taken.append(label.box)
        out.append(label)
    return tuple(out)


def _nearest(disc: Disc, discs: Iterable[Disc]) -> float:
    return min((math.hypot(disc.x - o.x, disc.y - o.y) for o in discs if o is not disc), default=math.inf)


def _label(disc: Disc, text: str, half: Point, taken: list[Box], frame: Box, apart: Point) -> Label:
    """The nearest free room in the directions; the last that was tried inside the frame if there is none."""
    last = None
    for number in range(ROUNDS):
        for turn in TURNS:
            way = math.cos(math.radians(turn)), math.sin(math.radians(turn))
            away = disc.radius + apart[0] + apart[1] * number
            x, y = disc.x + away * way[0] + half[0] * _side(way[0]), disc.y + away * way[1] + half[1] * _side(way[1])
            box = Box(x - half[0], y - half[1], x + half[0], y + half[1])
            if box.left < frame.left or box.right > frame.right or box.top < frame.top or box.bottom > frame.bottom:
                continue
            line = None
            if number > 1:
                line = disc.x, disc.y, x - half[0] * _side(way[0]), y - half[1] * _side(way[1])
            last = Label(disc.iso3, text, box, line)
            if not any(box.meets(other) for other in taken):
                return last
    return last or Label(disc.iso3, text, Box(disc.x, disc.y, disc.x + 2 * half[0], disc.y + 2 * half[1]), None)


def _side(step: float) -> float:
    """Towards which side a box hangs on its point: fully where the direction is clear, centred where it is not."""
    return max(-1.0, min(1.0, 2.0 * step))
