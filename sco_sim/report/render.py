"""A page of records as one self-contained HTML file."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from sco_sim.report import map_svg, svg
from sco_sim.report.page import Forest, Page, Panel
from sco_sim.report.ties import TieMap

HERE = Path(__file__).parent
BREAKS = re.compile(r"(?<=\w)[_/](?=\w)|(?<=[a-z])\.(?=[a-z])")
"""Where a long name may be broken."""
INTERVAL = re.compile(r" (\([^()]+ to [^()]+\))$")
"""An interval at the end of a cell, which goes to the next line as a whole."""
SPECIAL = ("answer", "table", "map", "levers")
"""Sections with a template of their own; all others are words, figures and tables."""


def html(page: Page) -> str:
    """The page: no request to anywhere, its own style and script only, everything escaped that is not made here."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["ticks"] = _ticks
    environment.filters["soft"] = _soft
    style, script = joined("figures.css", "page.css"), joined("map.js", "levers.js", "tables.js", "page.js")
    data = {"readings": _packed(_json(_readings(page))), "csv": _packed(page.csv) if page.csv else ""}
    return environment.get_template("page.html.j2").render(
        page=page,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=Markup(_json(data)),
        looks=Markup(svg.looks()),
        swatch=lambda number: Markup(svg.swatch(number)),
        lines=lambda panel, zero: Markup(svg.lines(panel, spoken(panel, page), zero=zero)),
        forest=lambda figure: Markup(svg.forest(figure, spoken_forest(figure, page))),
        tie_map=Markup(map_svg.tie_map(page.map, spoken_map(page.map, page))) if page.map else "",
        map_key={
            name: [(Markup(swatch), words) for swatch, words in rows] for name, rows in map_svg.key_of(page.map).items()
        }
        if page.map
        else {},
        scenarios=page.scenarios,
        special=SPECIAL,
    )


def joined(*names: str) -> str:
    """Files of the style or the script, one after another."""
    return "\n".join((HERE / name).read_text(encoding="utf-8").strip() for name in names)


def _readings(page: Page) -> dict[str, Any]:
    """What the cursor of each figure reads and what the map shows."""
    return {"panels": _panels(page), "map": _map(page.map) if page.map else None,
            "levers": asdict(page.levers) if page.levers else None, "tables": page.packed}  # fmt: skip


def _map(one: TieMap) -> dict[str, Any]:
    """What the script of the map needs: every number as it is read, and the rules by which it is drawn."""
    legs: dict[tuple[str, str], list[Any]] = {}
    for leg in one.legs:
        legs.setdefault(leg.ends, []).append((leg.scenario, [round(share, 3) for share in leg.share]))
    return {
        "years": one.years, "ties": one.ties, "levels": one.levels, "gaps": one.gaps, "settled": one.settled,
        "states": {disc.iso3: disc.name for disc in one.discs}, "legs": list(legs.values()), "breaks": one.breaks,
        "level": asdict(one.level), "gap": {key: asdict(rule) for key, rule in one.gap.items()},
        "faded": map_svg.FADED, "seen": map_svg.SEEN,
    }  # fmt: skip


def spoken_map(one: TieMap, page: Page) -> str:
    """What a screen reader says of the map: the ties that move most; all are in the table below it."""
    gaps = one.gaps[one.shown - 1]["trade"][-1]
    most = sorted(range(len(gaps)), key=lambda tie: -abs(map_svg.number(gaps[tie])))[:5]
    words = "; ".join(f"{'-'.join(one.ties[tie])} {gaps[tie]}" for tie in most)
    return (
        f"Map of the ties: difference in trade in {one.years[-1]}, bn USD of 2015, "
        f"{page.scenarios[one.shown].title}. Most of all: {words}"
    )


def _panels(page: Page) -> dict[str, Any]:
    """What the cursor of each figure reads: the years, where they stand, and the figures in words."""
    return {
        name: {"years": one.years, "x": svg.columns(one), "words": [line.words for line in one.lines]}
        for name, one, _ in page.panels
    }


def _ticks(text: str) -> Markup:
    """Words in which what stands between backticks is code."""
    parts = (escape(part) for part in text.split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def _soft(text: str) -> Markup:
    """Words that may go on in the next line behind each underscore, so that long names do not widen a table."""
    words = BREAKS.sub(r"\g<0><wbr>", str(escape(text)).replace(" %", "\N{NO-BREAK SPACE}%"))
    return Markup(INTERVAL.sub(r' <span class="range">\1</span>', words))


def spoken(panel: Panel, page: Page) -> str:
    """What a screen reader says of a figure: the figures of the last year."""
    words = "; ".join(f"{page.called(line.scenario)} {line.words[-1]}" for line in panel.lines)
    return f"{panel.title}{', ' + panel.unit if panel.unit else ''}, in {panel.years[-1]}: {words}"


def spoken_forest(figure: Forest, page: Page) -> str:
    """What a screen reader says of states or ties: every figure."""
    rows = "; ".join(
        f"{name}: {', '.join(f'{page.called(dot.scenario)} {dot.words}' for dot in dots)}" for name, dots in figure.rows
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
