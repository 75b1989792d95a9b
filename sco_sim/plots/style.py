"""How every figure looks, and how it is written: the same bytes for the same numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG

from sco_sim.errors import Problem, StoreError
from sco_sim.studies.plain_words import first_up, label_in_words, usual_names
from sco_sim.studies.wording import believed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sco_sim.scenario.schema import Scenario

INK, QUIET, RULE = "#222222", "#6b6b6b", "#d9d9d9"
REFERENCE = "#555555"
"""The reference is grey; the scenarios take the colours of Okabe and Ito (2008) in this order."""
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8c6d1f", "#000000")
SMALL = 0.01
"""Smallest half-width of the axis of a difference, as a share of the 5-95 % range over worlds of the reference."""

RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.labelsize": 8.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.08,
    "figure.constrained_layout.w_pad": 0.08,
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "svg.fonttype": "path",
    "svg.hashsalt": "sco-sim",
}


@contextmanager
def styled() -> Iterator[None]:
    """The style of the project, for the figures drawn inside."""
    with matplotlib.rc_context(RC):
        yield


FORMATS = ("png", "svg", "pdf")
BOTH = FORMATS[:2]
"""What is written where nothing else is asked for."""


def save(figure: Figure, folder: Path, name: str, formats: Sequence[str] = BOTH) -> list[Path]:
    """Write a figure as PNG, SVG or PDF and close it; the date is left out, so equal figures are equal files.

    Raises StoreError if the disk refuses, or if the name, which can come from a stored file, leads out of the folder.
    """
    try:
        if Path(name).name != name:
            raise StoreError(
                Problem(f"'{name}' is no name of a figure", "the stored files have been changed", str(folder))
            )
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{name}.{one}" for one in formats]
        figure.draw_without_rendering()  # lay out once: laying out costs more than drawing
        figure.set_layout_engine("none")
        # the canvases themselves: savefig draws every figure once more for nothing
        for path in paths:
            if path.suffix == ".png":
                figure.set_dpi(matplotlib.rcParams["savefig.dpi"])
                png: Any = FigureCanvasAgg(figure)
                png.print_png(path, metadata={"Software": None})
            elif path.suffix == ".svg":
                svg: Any = FigureCanvasSVG(figure)
                svg.print_svg(path, metadata={"Date": None, "Creator": None})
            else:
                pdf: Any = FigureCanvasPdf(figure)
                pdf.print_pdf(path, metadata={"CreationDate": None, "Creator": None, "Producer": None})
    except OSError as error:
        raise StoreError(Problem(f"cannot write {folder}: {error.strerror}", "choose another --out")) from error
    finally:
        plt.close(figure)
    return paths


def words(name: str) -> str:
    """A key as words, with a capital at its beginning and at those of names of states."""
    return first_up(label_in_words(name, usual_names().values()))


def titles(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """Name of each scenario to its title, with the name beside it where two share a title or one has none.

    A view that is belief stands behind it.
    """
    shared = [scenario.title for scenario in scenarios]
    return {
        scenario.name: belief(
            scenario,
            words(scenario.name)
            if not scenario.title
            else f"{scenario.title} ({scenario.name})"
            if shared.count(scenario.title) > 1
            else scenario.title,
        )
        for scenario in scenarios
    }


def belief(scenario: Scenario, title: str) -> str:
    """A title, with the view behind it if the figure rests on a belief."""
    return believed(title, scenario.view)


def quoted(title: str) -> str:
    """A title in quotation marks."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{title}\N{RIGHT DOUBLE QUOTATION MARK}"


def named_axis(title: str, unit: str) -> str:
    """Title and unit of an axis, the unit once."""
    return title if not unit or unit.lower() in title.lower() else f"{title}, {unit}"


def folded(title: str, width: int = 34, lines: int = 3) -> str:
    """A title for a legend, in a few lines."""
    return textwrap.fill(textwrap.shorten(title, width * lines, placeholder=" ..."), width)


def head(figure: Figure, text: str) -> None:
    """The heading of a figure, folded to its width."""
    figure.suptitle(
        textwrap.fill(text, int(12.5 * figure.get_figwidth())), x=0.01, ha="left", fontsize=9.5, fontweight="bold"
    )


def on_the_scale_of(axis: Axes, spread: float, which: Literal["x", "y"] = "y") -> None:
    """Widen the axis of a difference to a hundredth of the reference's own spread, if what is drawn is smaller.

    Else a panel in which nothing changes shows noise at full height.

    Args:
        axis: The panel.
        spread: Width of the 5-95 % range over worlds of the outcome in the reference.
        which: The axis that shows the difference.
    """
    reach, least = max(abs(edge) for edge in getattr(axis, f"get_{which}lim")()), SMALL * spread
    if reach < least:
        getattr(axis, f"set_{which}lim")(-least, least)
        note = f"axis: {100 * SMALL:g} % of the reference's 5-95 % range"
        if which == "x":
            axis.set_xlabel(f"{axis.get_xlabel()}\n{note}")
        else:
            axis.text(0.02, 0.03, note, transform=axis.transAxes, fontsize=6.5, color=QUIET)


def colours(scenarios: Sequence[str]) -> dict[str, str]:
    """A colour per scenario; the first of several is the reference."""
    if len(scenarios) == 1:
        return {scenarios[0]: COLOURS[0]}
    rest = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(scenarios[1:])}
    return {scenarios[0]: REFERENCE, **rest}


def years_axis(axes: Axes, start: int, end: int) -> None:
    """Whole years, a handful of ticks, and the last year always among them."""
    step = max(1, round((end - start) / 4)) if end - start < 15 else 5 * max(1, round((end - start) / 20))
    axes.set_xticks(sorted({*range(start, end + 1, step), end} - set(range(end - step // 2, end))))
    axes.set_xlim(start, end)
