"""A page of records as Markdown with its figures as SVG files, for papers and repositories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sco_sim.report import map_svg, svg
from sco_sim.report.page import Page, Section, Story, Table
from sco_sim.report.render import joined, spoken, spoken_forest, spoken_map

FIGURES = "report_figures"
"""Folder of the figures beside the Markdown."""
DASH = "\N{EN DASH}"


def markdown(page: Page) -> tuple[str, dict[str, str]]:
    """The page, and its figures by the name of their file.

    The same words, tables and figures as in HTML, without what needs a script: the map shows the last year.
    """
    figures: dict[str, str] = {}
    lines = [f"# {_text(page.title)}", ""]
    for one in page.scenarios:
        reference = " (reference)" if one.number == 0 and len(page.scenarios) > 1 else ""
        lines.append(f"* **{_text(one.title)}**{reference}: {_text(one.question) or 'No question is given.'}")
    lines += ["", _text(page.size), ""]
    for caution in page.cautions:
        lines += [f"> {_text(caution)}", ""]
    for section in page.sections:
        if section.anchor == "levers":
            continue  # they need a script
        lines += [f"## {_text(_titled(section, page))}", "", *_section(section, page, figures)]
    lines += ["## Make it again, and cite it", "", "```sh", *page.commands, "```", ""]
    lines += _table("Digests of the runs and versions that made them.", page.runs)
    lines += [
        f"Cite as: The sco_sim developers, *sco_sim: scenarios of multilateral cooperation*, version {page.version}, "
        "MIT licence (CITATION.cff). The sources of the data and their licences are in calibration/PROVENANCE.md; "
        "please cite them too.",
    ]
    return "\n".join(lines) + "\n", figures


def _titled(section: Section, page: Page) -> str:
    return f"{section.title} by {page.year}" if section.anchor == "table" else section.title


def _section(section: Section, page: Page, figures: dict[str, str]) -> Iterator[str]:
    special = {"answer": _answer, "table": _verdicts}.get(section.anchor)
    if special:
        yield from special(page)
    for line in section.words:
        yield from (line.replace(" Arrow keys or the pointer read a year.", ""), "")
    for number, (line, below) in enumerate(section.lines, start=1):
        yield from (f"{number}. {_text(line)}", *(f"   * {each}" for each in below))
    if section.lines:
        yield ""
    if section.key and (section.panels or section.forests):
        yield from (_key(section, figures), "")
    for name, title, picture in _pictures(section, page):
        figures[f"{name}.svg"] = _file(picture)
        yield from (f"![{_alt(title)}]({FIGURES}/{name}.svg)", "")
    for caption, table in section.tables:
        yield from _table(caption, table)
    for story in section.stories:
        yield from _story(story)
    if section.points_title:
        yield from (f"### {section.points_title}", "")
    for point in section.points:
        yield f"* {point}"
    if section.points:
        yield ""


def _story(story: Story) -> Iterator[str]:
    """A world, year by year."""
    yield from (f"### {_text(story.title)}", "")
    for year, groups in story.years:
        yield from (f"**{year}**", "")
        for head, lines in groups:
            yield from (*(f"* *{_text(head)}*: {_text(line)}" for line in lines), "")
    yield from _table(story.caption, story.table)


def _pictures(section: Section, page: Page) -> Iterator[tuple[str, str, str]]:
    """Name, words and drawing of every figure of a section."""
    for panel in section.panels:
        words = spoken(panel, page)
        yield f"{section.anchor}-{panel.key}", words, svg.lines(panel, words, zero=section.zero, headed=True)
    for figure in section.forests:
        words = spoken_forest(figure, page)
        yield f"{section.anchor}-{figure.key}", words, svg.forest(figure, words, headed=True)
    if section.anchor == "map" and page.map:
        words = spoken_map(page.map, page)
        yield "map", words, map_svg.tie_map(page.map, words)


def _key(section: Section, figures: dict[str, str]) -> str:
    parts = []
    for one in section.key:
        name = f"key-{one.number}.svg"
        figures[name] = _file(
            svg.swatch(one.number).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" width="34" height="12" ')
        )
        parts.append(f"![]({FIGURES}/{name}) {_text(one.title)}")
    return " \N{MIDDLE DOT} ".join(parts)


def _file(picture: str) -> str:
    """An inline picture as a file of its own: with its style, in the colours of paper, and the marks it uses."""
    head, _, rest = picture.partition(">")
    return f"{head}><style>{joined('figures.css')}</style><defs>{svg.looks()}</defs>{rest}\n"


def _answer(page: Page) -> Iterator[str]:
    if page.answer is None:
        return
    rest = page.rest_of_answer or page.answer
    for caution in rest.cautions:
        yield from (f"> {_text(caution)}", "")
    if page.above:
        yield f"* {page.above}"
    for sentence in rest.sentences:
        yield f"* {_text(sentence.text)}"
    yield ""


def _verdicts(page: Page) -> Iterator[str]:
    if not page.cells:
        yield from ("No outcome differs in any world.", "")
        return
    headers = ("Outcome", "Scenario", "Difference", f"5{DASH}95 %", "Reading", "Better", "Prior", "Evidence")
    rows = tuple(
        (
            one.outcome, page.scenarios[one.scenario].title, one.difference, one.interval, one.tone, one.better,
            one.prior, one.evidence,
        )
        for one in page.cells
    )  # fmt: skip
    yield from _table(f"Differences from the reference in {page.year}: means over worlds.", Table(headers, rows))


def _table(caption: str, table: Table) -> Sequence[str]:
    if not table.rows:
        return ()
    cells = [table.headers, tuple("---" for _ in table.headers), *table.rows]
    return (_text(caption), "", *(f"| {' | '.join(map(_text, row))} |" for row in cells), "")


def _text(words: str) -> str:
    """Words that Markdown takes as they are: no tag, no cell, no line and no emphasis begins in them."""
    for sign in "\\*_[]|`":
        words = words.replace(sign, f"\\{sign}")
    return " ".join(words.replace("&", "&amp;").replace("<", "&lt;").split())


def _alt(words: str) -> str:
    return _text(words)
