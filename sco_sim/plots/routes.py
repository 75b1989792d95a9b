"""The map of the freight routes: what each leg carries, and what its loss would cost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib.pyplot as plt
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from sco_sim.numerics.labels import Disc, Label, labels
from sco_sim.plots.style import INK, QUIET, RULE, head
from sco_sim.studies.routes import Closure, RouteStudy
from sco_sim.world.routes import Leg, Node

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOSS = LinearSegmentedColormap.from_list("loss", ["#c9d3d9", "#e3b27a", "#d9622f", "#7f1010"])
SCALE = LogNorm(0.01, 3.0, clip=True)
STYLES: dict[str, Any] = {"rail": "-", "road": (0, (4, 1.2)), "sea": (0, (1, 1.2)), "caspian": (0, (1, 1.2))}


class Frame(NamedTuple):
    """A part of the map, in degrees."""

    west: float
    east: float
    south: float
    north: float

    def holds(self, node: Node) -> bool:
        """Whether a node lies in it."""
        return self.west < node.longitude < self.east and self.south < node.latitude < self.north


FAR, NEAR = Frame(22.0, 137.0, -8.0, 63.0), Frame(57.0, 81.0, 32.0, 46.0)
SIZE, LETTER, DOT = 6.4, 0.56, 2.6
"""Height of the letters and of the dots in points, and width of a letter in heights."""
KEY_TRADE = (1e3, 1e4, 1e5)
"""Trade of the legs in the key, million USD of 2015."""


@dataclass(frozen=True)
class RouteMap:
    """What the map shows."""

    year: int
    nodes: Mapping[str, Node]
    quiet: tuple[Leg, ...]
    """Legs that cross a border and carry nothing."""
    used: tuple[Leg, ...]
    carried: Mapping[str, float]
    """Trade on each leg in use by its key, million USD of 2015 a year."""
    loss: Mapping[str, float]
    """Rise of the cost of all trade if a leg is lost, per cent."""


def map_of(study: RouteStudy, closures: Collection[Closure]) -> RouteMap:
    """What the map shows of a study."""
    quiet = tuple(leg for leg in study.network.legs if leg.key not in study.used and leg.borders)
    used = tuple(study.used.values())
    names = {name for leg in (*quiet, *used) for name in leg.nodes}
    return RouteMap(
        year=study.year,
        nodes={name: node for name, node in study.network.nodes.items() if name in names},
        quiet=quiet,
        used=used,
        carried=study.carried,
        loss={one.name: one.percent for one in closures if one.sort == "leg"},
    )


def route_map(shown: RouteMap, about: str = "") -> Figure:
    """Legs that carry trade: width by trade, colour by the cost of losing the leg, line by mode."""
    figure, axes = plt.subplots(1, 2, figsize=(11.5, 5.6), width_ratios=(1.55, 1.0))
    used = {name for leg in shown.used for name in leg.nodes}
    crowded = {name for name in used if NEAR.holds(shown.nodes[name])}
    parts = ((axes[0], FAR, used - crowded), (axes[1], NEAR, crowded))
    for axis, frame, _ in parts:
        quiet = [_line(shown, leg) for leg in shown.quiet]
        axis.add_collection(LineCollection(quiet, colors=RULE, linewidths=0.6, zorder=1))
        for leg in shown.used:
            loss = shown.loss.get(leg.key, 0.0)
            axis.plot(
                *zip(*_line(shown, leg), strict=True), linestyle=STYLES[leg.mode], color=LOSS(SCALE(max(loss, 1e-9))),
                linewidth=_width(shown.carried[leg.key]), zorder=2.0 + min(loss, 50.0), solid_capstyle="round",
            )  # fmt: skip
        spots = [shown.nodes[name] for name in used]
        across, up = [spot.longitude for spot in spots], [spot.latitude for spot in spots]
        axis.plot(across, up, "o", markersize=2.6, color=INK, zorder=60, linestyle="")
        axis.set_xlim(frame.west, frame.east)
        axis.set_ylim(frame.south, frame.north)
        axis.set_aspect(1.25)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(axis is axes[1])
    axes[1].set_title("Central Asia, nearer")
    _keys(figure, list(axes))
    head(
        figure,
        about or f"Freight routes in {shown.year}: trade on each leg and what its loss would cost all ties together",
    )
    figure.draw_without_rendering()  # where everything stands is known only then
    for axis, frame, names in parts:
        _labels(axis, {name: shown.nodes[name] for name in used if frame.holds(shown.nodes[name])}, names)
    return figure


def _line(shown: RouteMap, leg: Leg) -> list[tuple[float, float]]:
    return [(shown.nodes[name].longitude, shown.nodes[name].latitude) for name in leg.nodes]


def _width(musd: float) -> float:
    """Width of a leg in points: a tenfold trade is about twice as wide."""
    return float(0.5 + 0.32 * (musd / 1e3) ** 0.45)


def _labels(axis: Axes, nodes: Mapping[str, Node], names: Collection[str]) -> None:
    """Names beside their places, none over another; in points from the left and the top of the map."""
    box, points = axis.get_window_extent(), 72.0 / axis.figure.dpi
    width, height = box.width * points, box.height * points
    spots = []
    for name, node in sorted(nodes.items()):
        x, y = axis.transData.transform((node.longitude, node.latitude))
        spots.append(Disc(name, name, (x - box.x0) * points, height - (y - box.y0) * points, DOT / 2.0))
    texts = {name: _words(nodes[name]) if name in names else "" for name in nodes}
    discs = {spot.iso3: spot for spot in spots}
    for label in labels(spots, texts, SIZE, width, height, LETTER, near=1.8, step=2.0):
        if label.text:
            _label(axis, label, discs[label.iso3].x, (width, height), state=bool(nodes[label.iso3].state))


def _label(axis: Axes, label: Label, beside: float, size: tuple[float, float], *, state: bool) -> None:
    """A name, with a line where it stands away from its place; `beside` is how far to the right that is."""
    (width, height), box = size, label.box
    if label.line:
        x1, y1, x2, y2 = label.line
        axis.plot(
            (x1 / width, x2 / width), (1.0 - y1 / height, 1.0 - y2 / height), color=QUIET, linewidth=0.4,
            transform=axis.transAxes, zorder=59,
        )  # fmt: skip
    side = "left" if box.left > beside else "right" if box.right < beside else "center"
    across = {"left": box.left, "right": box.right, "center": (box.left + box.right) / 2.0}[side]
    text = axis.text(
        across / width, 1.0 - (box.top + box.bottom) / 2.0 / height, label.text, transform=axis.transAxes,
        fontsize=SIZE, ha=side, va="center", zorder=61, color=INK if state else QUIET,
        style="normal" if state else "italic",
    )  # fmt: skip
    text.set_in_layout(False)
    text.set_path_effects([withStroke(linewidth=1.8, foreground="white")])


def _words(node: Node) -> str:
    return node.name.replace("_", " ") if node.state else node.name.replace("_", " ").title()


def _keys(figure: Figure, axes: list[Axes]) -> None:
    bar = figure.colorbar(
        ScalarMappable(SCALE, LOSS), ax=axes, location="bottom", fraction=0.03, pad=0.01, aspect=50, shrink=0.6
    )
    bar.set_ticks([0.01, 0.03, 0.1, 0.3, 1.0, 3.0], labels=["0.01 %", "0.03", "0.1", "0.3", "1", "3 %"])
    bar.ax.minorticks_off()
    bar.outline.set_visible(False)
    bar.set_label("rise of the cost of all trade if the leg is lost, mean weighted with trade")
    lines = [
        Line2D([], [], color=QUIET, linewidth=_width(musd), label=f"{musd / 1e3:g} bn USD a year") for musd in KEY_TRADE
    ]
    lines += [
        Line2D([], [], color=QUIET, linewidth=1.4, linestyle=STYLES[mode], label=label)
        for mode, label in (("rail", "rail"), ("road", "road"), ("sea", "ship"))
    ]
    figure.legend(handles=lines, loc="outside lower center", ncols=6, columnspacing=1.6)
