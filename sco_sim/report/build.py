"""A stored comparison as the records of its report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sco_sim.components.registry import metric
from sco_sim.errors import Problem, StoreError, counted
from sco_sim.report import sections as part
from sco_sim.report.commands import of_comparison
from sco_sim.report.history import history
from sco_sim.report.page import Cell, Named, Page, Section, Table
from sco_sim.report.panels import differences, levels, who
from sco_sim.report.plain import in_plain_words
from sco_sim.report.stored import (
    agreements_table,
    assumptions,
    parameters_table,
    payers_table,
    records,
    runs_table,
    sites_of,
)
from sco_sim.report.take_home import entries_of, knowing, take_home, thresholds
from sco_sim.report.ties import tie_map
from sco_sim.report.words import difference_in_words
from sco_sim.store.manifest import case_of
from sco_sim.studies.brief import SPOKEN_OF
from sco_sim.studies.comparison.answer import answer, finding, is_harm, shows, worse
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.compare import Comparison
from sco_sim.studies.comparison.cost import COST
from sco_sim.studies.comparison.fragile import fragile
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.comparison.payers import moving
from sco_sim.studies.comparison.verdict import same, settled
from sco_sim.studies.differences import differences as of_scenarios
from sco_sim.studies.differences import in_words
from sco_sim.studies.take_home import judged
from sco_sim.studies.wording import Row, believed, percent, scale, signed
from sco_sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd


MOST_IN_TITLE, LETTERS = 2, 90
"""Scenarios that the title of the page names, and of more the letters that all may have together to be named."""
FIELDS = ("title", "question")
"""What differs between any two scenarios and stands at the top of the page already."""


def page_of(comparison: Comparison, year: int | None = None) -> Page:
    """Everything the report of a stored comparison says.

    Args:
        comparison: Its tables are read.
        year: Year of interest that answer and table are about; the last if left out.

    Raises:
        StoreError: The tables cannot be read, or the year is none of interest.
    """
    rows = records(comparison.table)
    scenarios = tuple(_named(comparison))
    titles = {one.name: one.title for one in scenarios}
    shown = [key for key in IMPORTANT if key in set(comparison.table["outcome"])]
    last = _year(comparison, year)
    until = [row for row in rows if int(row["year"]) <= last]
    ties, commands = tie_map(comparison, sites_of(comparison.runs[0])), of_comparison(comparison)
    return Page(
        title=_title(scenarios),
        size=_size(comparison),
        cautions=tuple(_belief(comparison)),
        scenarios=scenarios,
        sections=in_plain_words(
            _sections(comparison, scenarios, until, shown, commands[0], with_map=ties is not None),
            {iso: site.name for run in comparison.runs for iso, site in sites_of(run).items()},
            {policy.label for run in comparison.runs for policy in run.scenario.policies},
        ),
        runs=runs_table(comparison.runs),
        commands=commands,
        version=__version__,
        year=last,
        answer=answer(until, comparison.settings, titles),
        cells=tuple(_cells([row for row in until if int(row["year"]) == last], list(titles), shown, last)),
        csv=_text(comparison, FILES[0]),
        map=ties,
    )


def _year(comparison: Comparison, year: int | None) -> int:
    years = sorted({int(one) for one in comparison.table["year"]})
    if year is None:
        return years[-1]
    if year not in years:
        remedy = f"choose one of {', '.join(map(str, years))}, or compare again with --years {year}"
        raise StoreError(Problem(f"{year} is no year of interest of this comparison", remedy, "--year"))
    return year


def _sections(
    comparison: Comparison, scenarios: Sequence[Named], rows: Sequence[Row], shown: Sequence[str], compared_by: str, *,
    with_map: bool,
) -> Iterator[Section]:  # fmt: skip
    """The parts of the page in their order."""
    titles = {one.name: one.title for one in scenarios}
    winners = int(comparison.winners["year"].max()) if len(comparison.winners) else int(rows[-1]["year"])
    names = {iso: site.name for iso, site in sites_of(comparison.runs[0]).items()}
    choice = judged(comparison, max(int(row["year"]) for row in rows))
    yield take_home(comparison, rows, choice, titles, compared_by)
    yield Section("answer", "Answer", "Answer")
    yield part.differs(_differs(comparison, scenarios), scenarios[0].title)
    yield Section("table", "What moved", "What moved")
    yield part.differences(differences(comparison, shown), scenarios[1:])
    yield part.levels(levels(comparison.runs, shown), scenarios)
    if with_map:
        yield Section("map", "Map", "Map of the ties")
    paying = payers_table(records(moving(comparison.payers)), titles, names)
    yield part.who(who(comparison.winners, list(titles), names), scenarios[1:], winners, paying)
    last = max(int(row["year"]) for row in rows)
    agreed = comparison.agreements
    yield part.agreements(
        agreements_table(records(agreed), titles, names), _lost(rows, titles, last), _only(agreed["year"], last)
    )
    yield knowing(choice, titles, comparison.path, entries_of(comparison))
    if needed := thresholds(comparison):
        yield needed
    yield history(comparison, scenarios, rows, answer(rows, comparison.settings, titles, SPOKEN_OF))
    yield part.rests(_rests(comparison, titles), assumptions(comparison.runs))
    yield part.hindcast()
    yield part.parameters(parameters_table(comparison.runs[0]))


def _only(years: pd.Series[int], otherwise: int) -> int:
    """The year that a table is about."""
    return int(years.max()) if len(years) else otherwise


def _named(comparison: Comparison) -> Iterator[Named]:
    """The scenarios; of two with one title each has its name beside it."""
    scenarios = [run.scenario for run in comparison.runs]
    titles = [one.title or one.name for one in scenarios]
    for number, one in enumerate(scenarios):
        title = titles[number] if titles.count(titles[number]) == 1 else f"{titles[number]} ({one.name})"
        yield Named(one.name, believed(title, one.view), one.question, number)


def _title(scenarios: Sequence[Named]) -> str:
    """All scenarios by their titles if they fit a heading, else the first two and how many more."""
    reference, *others = (one.title for one in scenarios)
    whole = len(others) <= MOST_IN_TITLE or sum(map(len, others)) <= LETTERS
    shown = others if whole else [*others[:MOST_IN_TITLE], f"{len(others) - MOST_IN_TITLE} more"]
    *first, last = shown
    return f"{', '.join(first)} and {last} against {reference}" if first else f"{last} against {reference}"


def _size(comparison: Comparison) -> str:
    manifest = comparison.runs[0].manifest
    worlds = min(len(run.worlds()) for run in comparison.runs)
    how = "paired world by world" if comparison.paired else "unpaired: every world with every other"
    case = "the shipped case" if manifest["case"] == "shipped" else f"case {manifest['case']}"
    return (
        f"{counted(worlds, 'world')} each, {counted(comparison.settings, 'setting')} of the parameters, seed "
        f"{manifest['seed']}, {manifest['years'][0]} to {manifest['years'][1]}, {how}; sco_sim {__version__}, {case}, "
        f"{counted(len(manifest['states']), 'state')}"
    )


def _belief(comparison: Comparison) -> Iterator[str]:
    for view in dict.fromkeys(run.scenario.view for run in comparison.runs if run.scenario.is_belief):
        yield f"Under the view '{view}' what is shown follows from a belief and not from the evidence."


def _differs(comparison: Comparison, scenarios: Sequence[Named]) -> Iterator[tuple[Named, Table]]:
    reference, *others = comparison.runs
    case = case_of(dict(reference.manifest))
    for run, named in zip(others, scenarios[1:], strict=True):
        rows = [
            (field, in_words(before), in_words(after))
            for field, before, after in of_scenarios(reference.scenario, run.scenario, Path(case) if case else None)
            if field not in FIELDS
        ]
        yield named, Table(("Field", scenarios[0].title, named.title), tuple(rows))


def _cells(rows: Sequence[Row], names: Sequence[str], shown: Sequence[str], last: int) -> Iterator[Cell]:
    """The rows of the last year in which anything differs, in the order of the outcomes."""
    for key in shown:
        for row in rows:
            if row["outcome"] == key and not same(row) and not math.isnan(float(row["difference"])):
                yield _cell(row, names, last)


def _cell(row: Row, names: Sequence[str], last: int) -> Cell:
    key = str(row["outcome"])
    factor, unit = scale(str(row["unit"]))
    ends = (factor * float(row[part]) for part in ("difference", "low_05", "high_95"))
    mean, _, interval = difference_in_words(*ends).partition(" (")
    title = metric(key).title
    shares = [float(row[name]) for name in ("chance_better", "prior_chance_better")]
    better, prior = ("" if math.isnan(share) else percent(share) for share in shares)
    return Cell(
        outcome=title if not unit or unit.lower() in title.lower() else f"{title}, {unit}",
        wanted=str(row["better"]),
        anchor=f"differences-{key}",
        scenario=names.index(str(row["scenario"])),
        difference=mean,
        interval=interval.rstrip(")"),
        better=better,
        prior=prior,
        evidence=str(row["evidence"]),
        tone=_tone(row, last),
    )


def _tone(row: Row, last: int) -> str:
    """How a row is read, in a word of the table."""
    if row["outcome"] == COST:
        return "costs"
    if is_harm(row, last):
        return "worse, would show" if shows(row) else "worse"
    if not settled(row):
        return "sign not settled"
    if row["better"] == "none" or worse(row) or not finding(str(row["outcome"])):
        return "moves"
    return "better, would show" if shows(row) else "better, would not show"


def _text(comparison: Comparison, name: str) -> str:
    if comparison.path is None:
        raise StoreError(Problem("the comparison has no folder", "write it first"))
    try:
        return (comparison.path / name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise StoreError(Problem(f"cannot read {comparison.path / name}", "compare again")) from error


def _lost(rows: Sequence[Row], titles: Mapping[str, str], last: int) -> Table:
    """What part of the ambition tabled was lost to vetoes and to delivery by the last year."""
    lines = []
    for name, title in titles.items():
        own = {row["outcome"]: row for row in rows if row["scenario"] == name and int(row["year"]) == last}
        parts = [own.get(key) for key in ("lost_to_veto_mean", "lost_to_delivery_mean")]
        if all(part is not None and not math.isnan(float(part["scenario_mean"])) for part in parts):
            lines.append((title, *(f"{float(part['scenario_mean']):.2f}" for part in parts if part is not None)))
    return Table(("Scenario", "Lost to veto", "Lost to delivery"), tuple(lines))


def _rests(comparison: Comparison, titles: Mapping[str, str]) -> Table:
    rows, ledger = [], entries_of(comparison)
    for row in records(fragile(comparison)):
        if row["outcome"] in IMPORTANT:
            entry = str(row["parameter"] or "")
            hangs = (entry, ledger.get(entry, ""), signed(float(row["rank_correlation"]), 2))
            rows.append(
                (titles[row["scenario"]], metric(row["outcome"]).title, percent(row["other_sign"]),
                 *(hangs if entry else ("no single one", "", "")))
            )  # fmt: skip
    headers = (
        "Scenario", "Outcome", "Draws with the other sign", "Judgement it hangs on most", "What it is",
        "Rank correlation",
    )  # fmt: skip
    return Table(headers, tuple(rows), grouped=True)
