"""The map of a report as inline SVG, drawn for one year and scenario; the script of the page redraws its ties."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import pairwise
from math import floor, log10

from sco_sim.components.registry import metric
from sco_sim.numerics.labels import Disc, Label
from sco_sim.report.geography import WIDTH, Point
from sco_sim.report.ties import CODES, NAMES, NARROW, SMALLEST_NARROW, WIDE, Strokes, TieMap

BEND = 0.09
"""How far a tie bends to its side, in lengths, so that those on one line are told apart and corridors stand free."""
SEEN = 0.05
"""Share of worlds from which a corridor is drawn."""
TIE = 1e-9
"""Halves of the last digit go up, as in the page's own script."""


def number(text: str) -> float:
    """A number as it is read, as a number."""
    return float(text.replace(",", ""))


def drawn(value: float, rule: tuple[float, float, float], top: float) -> float:
    """How wide or how solid a number is drawn: the script of the page has the same line."""
    least, span, power = rule
    return least + span * float((abs(value) / top) ** power)


def tie_map(one: TieMap, title: str) -> str:
    """The map with the differences of trade in the last year.

    Args:
        one: What is drawn.
        title: What a screen reader says.
    """
    where = {disc.iso3: (disc.x, disc.y) for disc in one.discs}
    parts = [f'<path class="land" fill-rule="evenodd" d="{one.land}"/>' if one.land else ""]
    parts += _legs(one, where)
    parts += ['<g class="ties">', *(_tie(one, index, where) for index in range(len(one.ties))), "</g>"]
    parts += [_disc(disc) for disc in one.discs]
    parts += _labels(one.names, "names", NAMES)
    parts += _labels(one.codes, "codes", CODES)
    return (
        f'<svg class="map" id="map-picture" role="img" viewBox="0 0 {WIDTH:g} {one.height:.0f}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _tie(one: TieMap, index: int, where: Mapping[str, Point]) -> str:
    gap = number(one.gaps[one.shown - 1][WIDE][-1][index])
    settled = one.settled[one.shown - 1][WIDE][-1][index] == "1"
    width, opacity = stroke_of_gap(gap, settled, one.gap[WIDE])
    side = "up" if gap > 0 else "down"
    (ax, ay), (bx, by) = (where[iso] for iso in one.ties[index])
    bend = (ax + bx) / 2.0 + BEND * 2.0 * (by - ay), (ay + by) / 2.0 - BEND * 2.0 * (bx - ax)
    return (
        f'<path class="tie {side}" stroke-width="{width:.1f}" opacity="{opacity:.2f}" '
        f'd="M{ax:.0f} {ay:.0f}Q{bend[0]:.0f} {bend[1]:.0f} {bx:.0f} {by:.0f}"/>'
    )


FADED = 0.35
"""How solid a difference is drawn whose sign is not settled."""


def stroke_of_gap(gap: float, settled: bool, rule: Strokes) -> tuple[float, float]:
    """Width and opacity of a difference."""
    return drawn(gap, rule.width, rule.top), drawn(gap, rule.opacity, rule.top) if settled else FADED


def _legs(one: TieMap, where: Mapping[str, Point]) -> list[str]:
    """Every leg of a corridor of any scenario, once."""
    out = []
    for ends in dict.fromkeys(leg.ends for leg in one.legs):
        (ax, ay), (bx, by) = (where[iso] for iso in ends)
        own = (leg.share[-1] for leg in one.legs if leg.ends == ends and leg.scenario == one.shown)
        share = max(own, default=0.0)
        opacity = share + TIE if share >= SEEN else 0.0
        out.append(f'<path class="leg" opacity="{opacity:.2f}" d="M{ax:.0f} {ay:.0f}L{bx:.0f} {by:.0f}"/>')
    return out


def _disc(disc: Disc) -> str:
    look = "state small" if disc.radius < SMALLEST_NARROW else "state"
    return f'<circle class="{look}" cx="{disc.x:.0f}" cy="{disc.y:.0f}" r="{disc.radius:.1f}"/>'


def _labels(all_labels: tuple[Label, ...], look: str, size: float) -> list[str]:
    parts = [f'<g class="{look}" font-size="{size:g}">']
    for label in all_labels:
        if label.line:
            x1, y1, x2, y2 = label.line
            parts.append(f'<path class="lead" d="M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}"/>')
        x, y = (label.box.left + label.box.right) / 2.0, label.box.bottom - 0.28 * size
        parts.append(f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{escape(label.text)}</text>')
    return [*parts, "</g>"]


def key_of(one: TieMap) -> dict[str, list[tuple[str, str]]]:
    """Swatches and words of the two keys: of levels and of differences."""
    tops = [round_number(one.level.top / part) for part in (1.0, 10.0, 100.0)]
    levels = [(_sample("tie c0", *(drawn(top, rule, one.level.top) for rule in (one.level.width, one.level.opacity))),
               f"{top:,g}") for top in tops]  # fmt: skip
    colours = [(_sample(f"tie c{number}", 5.0, 0.9), words) for number, words in enumerate(_classes(one.breaks))]
    gaps = {}
    for key in (WIDE, NARROW):
        rule = one.gap[key]
        sizes = [round_number(rule.top / part) for part in (1.0, 10.0)]
        good, bad = "+-" if metric(key).better == "higher" else "-+"
        gaps[key] = [(_sample("tie up", *stroke_of_gap(size, True, rule)), f"{good}{size:,g}") for size in sizes]
        gaps[key] += [(_sample("tie down", *stroke_of_gap(size, True, rule)), f"{bad}{size:,g}") for size in sizes]
        gaps[key] += [(_sample("tie up", *stroke_of_gap(sizes[0], False, rule)), "pale: sign not settled")]
    return {"levels": levels, "colours": colours, "gap-trade": gaps[WIDE], "gap-share": gaps[NARROW]}


def _classes(breaks: tuple[float, ...]) -> list[str]:
    middle = [f"{low:g}-{high:g} %" for low, high in pairwise(breaks)]
    return [f"under {breaks[0]:g} %", *middle, f"over {breaks[-1]:g} %"]


def round_number(value: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is not above a number."""
    power = 10.0 ** floor(log10(value))
    return next(float(f"{power * one:.3g}") for one in (5.0, 2.0, 1.0) if power * one <= value * 1.0000001)


def _sample(look: str, width: float, opacity: float) -> str:
    """A piece of a line at the scale of the map: the style makes it as wide as its 50 units are there."""
    return (
        f'<svg class="sample" aria-hidden="true" viewBox="0 0 50 16"><path class="{look}" stroke-width="{width:.1f}" '
        f'opacity="{opacity:.2f}" d="M6 8L44 8"/></svg>'
    )
