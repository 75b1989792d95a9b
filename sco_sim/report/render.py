"""A page of records as one self-contained HTML file."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sco_sim.report import svg
from sco_sim.report.page import Forest, Page, Panel

HERE = Path(__file__).parent
SECTIONS = (
    ("question", "Question"), ("answer", "Answer"), ("differs", "What differs"), ("table", "What moved"),
    ("differences", "Differences"), ("levels", "Levels"), ("who", "Who gains, who pays"), ("agreements", "Agreements"),
    ("rests", "What rests on judgement"), ("hindcast", "Hindcast"), ("parameters", "Parameters"),
    ("again", "Make it again"),
)  # fmt: skip
"""Anchor and words of each section, in the order of the page."""


def html(page: Page) -> str:
    """The page: no request to anywhere, its own style and script only, everything escaped that is not made here."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style, script = ((HERE / name).read_text(encoding="utf-8").strip() for name in ("page.css", "page.js"))
    return environment.get_template("page.html.j2").render(
        page=page,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=Markup(_json({"panels": _readings(page), "csv": _packed(page.csv)})),
        looks=Markup(svg.looks()),
        swatch=lambda number: Markup(svg.swatch(number)),
        lines=lambda panel, zero: Markup(svg.lines(panel, _spoken(panel, page), zero=zero)),
        forest=lambda figure: Markup(svg.forest(figure, _spoken_forest(figure, page))),
        sections=SECTIONS,
    )


def _readings(page: Page) -> dict[str, Any]:
    """What the cursor of each figure reads: the years, where they stand, and the figures in words."""
    panels = [(f"difference-{one.key}", one) for one in page.differences]
    panels += [(f"level-{one.key}", one) for one in page.levels]
    return {
        name: {"years": one.years, "x": svg.columns(one), "words": [line.words for line in one.lines]}
        for name, one in panels
    }


def _spoken(panel: Panel, page: Page) -> str:
    """What a screen reader says of a figure: the figures of the last year."""
    words = "; ".join(f"{page.scenarios[line.scenario].title} {line.words[-1]}" for line in panel.lines)
    return f"{panel.title}{', ' + panel.unit if panel.unit else ''}, in {panel.years[-1]}: {words}"


def _spoken_forest(figure: Forest, page: Page) -> str:
    rows = "; ".join(
        f"{name}: {', '.join(f'{page.scenarios[dot.scenario].title} {dot.words}' for dot in dots)}"
        for name, dots in figure.rows
    )
    return f"{figure.title}{', ' + figure.unit if figure.unit else ''}. {rows}"


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _packed(text: str) -> str:
    """A table as gzip in base64: a fifth of its size; the browser unpacks it."""
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _json(data: object) -> str:
    """JSON that cannot end the script it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
