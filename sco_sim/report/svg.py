"""Figures of a report as inline SVG: pure functions from records to strings."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from sco_sim.report.page import Dot, Forest, Line, Panel
from sco_sim.report.words import short

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 50, 14, 10, 24
"""Margins of a panel; with several scenarios the right one also holds their intervals in the last year."""
ENDS = 9
"""Width of one interval at the right of a panel."""
LOOKS = 8
"""Colours and dashes beside those of the reference."""
NAMES, WIDEST, LETTER = 96, 160, 6.6
"""Width of the names at the left of a forest, at most so much where they are long, and of a letter."""
APART = 34
"""Least distance between the labels of two years."""
ROOM = 6
"""Room for the ring at the left edge."""
ROW = 13
"""Height of one dot in a forest."""

Scale = Callable[[float], float]


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from low to high, at most so many."""
    if not high > low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * one for one in (1.0, 2.0, 2.5, 5.0, 10.0) if power * one >= rough * 0.999999)
    first = math.ceil(low / step - 1e-9)
    return [step * number for number in range(first, math.floor(high / step + 1e-9) + 1)]


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """From values to coordinates."""
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def columns(panel: Panel) -> list[float]:
    """Where the years stand in a panel."""
    x = _across(panel)
    return [round(x(year), 1) for year in panel.years]


def _across(panel: Panel) -> Scale:
    right = RIGHT + ENDS * len(panel.lines)
    first = panel.ring[0] if panel.ring else panel.years[0]
    return linear(first, max(panel.years[-1], first + 1), LEFT + (ROOM if panel.ring else 0), WIDTH - right)


def lines(panel: Panel, title: str, *, zero: bool, headed: bool = False) -> str:
    """Lines with bands over the years, and the intervals of the last year at their right.

    Args:
        panel: What is drawn.
        title: What a screen reader says; it holds the numbers.
        zero: Whether zero is drawn and the axis is about differences.
        headed: Whether the name of the outcome stands above it, as in a file of its own.
    """
    low, high = _reach(panel, zero)
    x, y = _across(panel), linear(low, high, HEIGHT - BOTTOM, TOP)
    parts = [_frame(panel, x, y, low, high, zero)]
    parts += [_band(line, panel.years, x, y) for line in panel.lines if _filled(line, panel, zero)]
    parts += [_line(line, panel.years, x, y) for line in panel.lines]
    if panel.ring:
        parts.append(f'<circle class="ring" cx="{x(panel.ring[0]):.1f}" cy="{y(panel.ring[1]):.1f}" r="3.2"/>')
    end = x(panel.years[-1])
    for number, line in enumerate(panel.lines):
        dot = Dot(line.scenario, line.mean[-1], line.low[-1], line.high[-1], "")
        parts.append(_upright(dot, end + ENDS * (number + 0.9), y))
    parts.append(f'<line class="now" x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
    return _svg(WIDTH, HEIGHT, title, "".join(parts), "panel", panel if headed else None)


def _filled(line: Line, panel: Panel, zero: bool) -> bool:
    """Bands of many levels would hide one another: only the reference has one there."""
    return zero or line.scenario == 0 or len(panel.lines) == 1


def _reach(panel: Panel, zero: bool) -> tuple[float, float]:
    values = [v for line in panel.lines for v in (*line.low, *line.high, *line.mean) if math.isfinite(v)]
    values += [panel.ring[1]] if panel.ring else []
    low, high = min(values, default=0.0), max(values, default=1.0)
    if zero:
        low, high = min(low, -panel.least, 0.0), max(high, panel.least, 0.0)
    elif low >= 0.0 and low < 0.4 * high:
        low = 0.0
    room = 0.04 * (high - low) or 1.0
    return low - (room if low else 0.0), high + room


def _frame(panel: Panel, x: Scale, y: Scale, low: float, high: float, zero: bool) -> str:
    marks = ticks(low, high)
    step = marks[1] - marks[0] if len(marks) > 1 else abs(high - low) or 1.0
    right = x(panel.years[-1])
    parts = []
    for value in marks:
        look = "zero" if zero and abs(value) < 1e-12 else "grid"
        sign = "+" if zero and value > 1e-12 else ""
        parts.append(
            f'<path class="{look}" d="M{LEFT} {y(value):.1f}H{right:.1f}"/>'
            f'<text class="beside" x="{LEFT - 6}" y="{y(value) + 3.5:.1f}">'
            f"{sign}{short(value, step)}</text>"
        )
    named = [year for year in panel.years if year % 5 == 0 or year == panel.years[0]]
    if panel.ring:
        named.insert(0, panel.ring[0])
    shown: list[int] = []
    for year in named:
        if not shown or x(year) - x(shown[-1]) > APART:
            shown.append(year)
    parts += [f'<text class="below" x="{x(year):.1f}" y="{HEIGHT - 7}">{year}</text>' for year in shown]
    return "".join(parts)


def _points(values: Sequence[float], years: Sequence[int], x: Scale, y: Scale) -> list[str]:
    return [f"{x(year):.1f} {y(value):.1f}" for year, value in zip(years, values, strict=True) if math.isfinite(value)]


def _band(line: Line, years: Sequence[int], x: Scale, y: Scale) -> str:
    up, down = _points(line.high, years, x, y), _points(line.low, years, x, y)
    return f'<path class="band s{_look(line.scenario)}" d="M{" ".join([*up, *reversed(down)])}Z"/>' if up else ""


def _line(line: Line, years: Sequence[int], x: Scale, y: Scale) -> str:
    points = _points(line.mean, years, x, y)
    return f'<path class="line s{_look(line.scenario)}" d="M{" ".join(points)}"/>' if points else ""


def _look(scenario: int) -> int:
    """Number of the colour and dash: eight of them beside the reference."""
    return 0 if scenario == 0 else (scenario - 1) % LOOKS + 1


def _upright(dot: Dot, x: float, y: Scale) -> str:
    if not math.isfinite(dot.mean):
        return ""
    look = _look(dot.scenario)
    return (
        f'<path class="bar s{look}" d="M{x:.1f} {y(dot.low):.1f}V{y(dot.high):.1f}"/>'
        f"{marker(dot.scenario, x, y(dot.mean))}"
    )


def marker(scenario: int, x: float, y: float) -> str:
    """The mark of a scenario, so that colour never stands alone."""
    return f'<use href="#m{_look(scenario)}" x="{x:.1f}" y="{y:.1f}"/>'


def swatch(scenario: int) -> str:
    """Line and mark of a scenario for a key."""
    return f'<svg class="swatch" aria-hidden="true"><use href="#k{_look(scenario)}"/></svg>'


def looks() -> str:
    """The mark and the swatch of every look, drawn once for the page."""
    parts = []
    for look in range(LOOKS + 1):
        parts.append(f'<g id="m{look}">{_shape(look)}</g>')
        parts.append(
            f'<g id="k{look}"><path class="line s{look}" d="M1 6L33 6"/><use href="#m{look}" x="17" y="6"/></g>'
        )
    return "".join(parts)


def _shape(look: int) -> str:
    r, shape = 3.1, look % 4
    if shape == 1:
        return f'<circle class="dot s{look}" r="{r}"/>'
    corners = {
        0: ((-r, -r), (r, -r), (r, r), (-r, r)),
        2: ((0, -r - 0.8), (r + 0.8, r), (-r - 0.8, r)),
        3: ((0, -r - 1), (r + 1, 0), (0, r + 1), (-r - 1, 0)),
    }[shape]
    return f'<polygon class="dot s{look}" points="{" ".join(f"{dx:g},{dy:g}" for dx, dy in corners)}"/>'


def forest(figure: Forest, title: str, *, headed: bool = False) -> str:
    """States or ties below each other, each scenario a dot with its interval."""
    reach = [v for _, dots in figure.rows for dot in dots for v in (dot.low, dot.high, dot.mean)]
    low, high = min([0.0, *reach]), max([0.0, *reach])
    room = 0.03 * (high - low) or 1.0
    low, high = low - (room if low else 0.0), high + room
    longest = max((len(name) for name, _ in figure.rows), default=0)
    names = round(min(max(NAMES, LETTER * longest), WIDEST))
    x = linear(low, high, names + 6, WIDTH - 12)
    heights = [max(1, len(dots)) * ROW + 7 for _, dots in figure.rows]
    bottom = sum(heights) + 8
    marks = ticks(low, high, 4)
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    parts = []
    for value in marks:
        look = "zero" if abs(value) < 1e-12 else "grid"
        sign = "+" if value > 1e-12 else ""
        parts.append(
            f'<path class="{look}" d="M{x(value):.1f} 4V{bottom}"/>'
            f'<text class="below" x="{x(value):.1f}" y="{bottom + 15}">'
            f"{sign}{short(value, step)}</text>"
        )
    top = 8
    for (name, dots), height in zip(figure.rows, heights, strict=True):
        middle = top + (height - 7) / 2
        parts.append(f'<text class="name beside" x="{names}" y="{middle + 4:.1f}">{escape(_fitting(name))}</text>')
        for number, dot in enumerate(dots):
            parts.append(_level_bar(dot, x, top + ROW * (number + 0.5)))
        top += height
    return _svg(WIDTH, bottom + 22, title, "".join(parts), "forest", figure if headed else None)


def _fitting(name: str) -> str:
    """A name that is never cut at its beginning: what is too long ends in dots."""
    most = int(WIDEST / LETTER)
    return name if len(name) <= most else f"{name[: most - 3]}..."


def _level_bar(dot: Dot, x: Scale, y: float) -> str:
    look = _look(dot.scenario)
    return (
        f'<path class="bar s{look}" d="M{x(dot.low):.1f} {y:.1f}H{x(dot.high):.1f}"/>'
        f"{marker(dot.scenario, x(dot.mean), y)}"
    )


HEAD = 20
"""Height of the name above a figure that is a file of its own."""


def _svg(width: float, height: float, title: str, content: str, look: str, headed: Panel | Forest | None = None) -> str:
    above, top = "", 0
    if headed:
        unit = f", {headed.unit}" if headed.unit and headed.unit.lower() not in headed.title.lower() else ""
        above, top = f'<text class="name" x="4" y="-6">{escape(headed.title + unit)}</text>', HEAD
    file = f' width="{width:g}" height="{height + top:g}" xmlns="http://www.w3.org/2000/svg"' if headed else ""
    return (
        f'<svg class="{look}" role="img" viewBox="0 {-top} {width:g} {height + top:g}"{file}>'
        f"<title>{escape(title)}</title>{above}{content}</svg>"
    )
