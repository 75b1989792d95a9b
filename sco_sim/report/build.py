"""A stored comparison as the records of its report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sco_sim.case.age_words import in_words as ages_in_words
from sco_sim.case.age_words import of_records
from sco_sim.case.case import Site
from sco_sim.case.opened import opened
from sco_sim.components.registry import metric
from sco_sim.errors import Problem, StoreError, counted
from sco_sim.report.hindcast import scores, scores_in_words
from sco_sim.report.page import Cell, Named, Page, Table
from sco_sim.report.panels import differences, levels, who
from sco_sim.report.ties import tie_map
from sco_sim.report.words import difference_in_words
from sco_sim.store.manifest import case_of
from sco_sim.studies.carried import heavy_in_runs
from sco_sim.studies.comparison.answer import IMPORTANT, answer, finding, is_harm, same, shows, worse
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.compare import Comparison
from sco_sim.studies.comparison.cost import COST
from sco_sim.studies.comparison.fragile import fragile
from sco_sim.studies.comparison.verdict import settled
from sco_sim.studies.differences import differences as of_scenarios
from sco_sim.studies.differences import in_words
from sco_sim.studies.wording import Row, believed, percent, scale, signed
from sco_sim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

    from sco_sim.store.stored_run import StoredRun

MOST_IN_TITLE = 2
"""Scenarios that the title of the page names."""
FIELDS = ("title", "question")
"""What differs between any two scenarios and stands at the top of the page already."""


def page_of(comparison: Comparison) -> Page:
    """Everything the report of a stored comparison says; raises StoreError if its tables cannot be read."""
    rows = records(comparison.table)
    scenarios = tuple(_named(comparison))
    titles = {one.name: one.title for one in scenarios}
    names, sites = list(titles), _sites(comparison)
    shown = [key for key in IMPORTANT if key in set(comparison.table["outcome"])]
    last = int(comparison.table["year"].max())
    return Page(
        title=_title(scenarios),
        size=_size(comparison),
        cautions=tuple(_belief(comparison)),
        scenarios=scenarios,
        answer=answer(rows, comparison.settings, titles),
        differs=tuple(_differs(comparison, scenarios)),
        year=last,
        cells=tuple(_cells([row for row in rows if int(row["year"]) == last], names, shown, last)),
        csv=_text(comparison, FILES[0]),
        differences=differences(comparison, shown),
        levels=levels(comparison, shown),
        map=tie_map(comparison, sites),
        who=who(comparison.winners, names, {iso: site.name for iso, site in sites.items()}),
        agreements=_agreements(comparison, titles),
        lost=_lost(rows, titles, last),
        rests=_rests(comparison, titles),
        hindcast=scores(),
        hindcast_words=tuple(scores_in_words(scores())),
        assumptions=tuple(_assumptions(comparison)),
        parameters=_parameters(comparison.runs[0]),
        runs=_runs(comparison),
        commands=tuple(_commands(comparison)),
        version=__version__,
    )


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as mappings from column to value."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _named(comparison: Comparison) -> Iterator[Named]:
    """The scenarios; of two with one title each has its name beside it."""
    scenarios = [run.scenario for run in comparison.runs]
    titles = [one.title or one.name for one in scenarios]
    for number, one in enumerate(scenarios):
        title = titles[number] if titles.count(titles[number]) == 1 else f"{titles[number]} ({one.name})"
        yield Named(one.name, believed(title, one.view), one.question, number)


def _title(scenarios: Sequence[Named]) -> str:
    reference, *others = (one.title for one in scenarios)
    shown, more = others[:MOST_IN_TITLE], len(others) - MOST_IN_TITLE
    if more <= 0:
        *first, last = shown
        return f"{' and '.join([*first, last])} against {reference}"
    return f"{', '.join(shown)} and {more} more against {reference}"


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
        anchor=f"difference-{key}",
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
        return "worse"
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


def _sites(comparison: Comparison) -> dict[str, Site]:
    """Names and capitals of the states by their codes."""
    reference = comparison.runs[0]
    return opened(case_of(dict(reference.manifest))).sites(tuple(reference.manifest["states"]))


def _agreements(comparison: Comparison, titles: Mapping[str, str]) -> Table:
    rows = []
    for row in records(comparison.agreements):
        out = row["hold_out"] if isinstance(row["hold_out"], str) and row["hold_out"] else ""
        rows.append(
            (
                titles[str(row["scenario"])], str(row["agreement"]), percent(float(row["adopted_share"])),
                _number(row["adopted_year_mean"], 0), _number(row["delay_mean_years"], 1),
                _number(row["ambition_where_adopted"], 2), _number(row["delivered_mean"], 2),
                f"{out} ({percent(float(row['hold_out_share']))})" if out else "",
            )
        )  # fmt: skip
    headers = ("Scenario", "Agreement", "Adopted", "Year", "Summits failed", "Ambition", "Delivered", "Held out most")
    return Table(headers, tuple(rows))


def _number(value: Any, digits: int) -> str:
    return "" if math.isnan(float(value)) else f"{float(value):.{digits}f}"


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
    rows = []
    for row in records(fragile(comparison)):
        if row["outcome"] in IMPORTANT:
            correlation = (
                f"{row['parameter']} ({signed(float(row['rank_correlation']), 2)})" if row["parameter"] else ""
            )
            rows.append(
                (titles[row["scenario"]], metric(row["outcome"]).title, percent(row["other_sign"]), correlation)
            )
    headers = ("Scenario", "Outcome", "Draws with the other sign", "Judgement it hangs on most (rank correlation)")
    return Table(headers, tuple(rows))


def _assumptions(comparison: Comparison) -> Iterator[str]:
    """GDP, age of the evidence, and trade that its states could not carry: what any reader has to know."""
    reference = comparison.runs[0]
    frame, first = reference.metrics(), int(reference.manifest["years"][0])
    last = int(comparison.table["year"].max())
    if "gdp_total_busd" in frame:
        means = frame.groupby("year")["gdp_total_busd"].mean()
        years = max(last - first, 1)
        growth = 100.0 * ((float(means[last]) / float(means[first])) ** (1.0 / years) - 1.0)
        yield (
            f"GDP of the group in {reference.scenario.name}: {means[first]:,.0f} bn USD of 2015 in {first}, "
            f"{means[last]:,.0f} in {last} on average over worlds ({growth:.1f} % a year). Growth is drawn, and is the "
            "same in the same world of every scenario unless a scenario says otherwise."
        )
    yield from ages_in_words(of_records(reference.manifest, first)).splitlines()
    yield from heavy_in_runs(comparison.runs, last)


def _parameters(run: StoredRun) -> Table:
    """The ledger in force in the reference."""
    rows = []
    for entry in run.manifest["parameters"]:
        low, high = (f"{float(entry[name]):g}" if name in entry else "" for name in ("low", "high"))
        central = f"{float(entry['central']):g}" if "central" in entry else ""
        rows.append((str(entry["parameter"]), str(entry["name"]), central, low, high, str(entry["kind"])))
    return Table(("Parameter", "Name", "Central", "Low", "High", "Evidence"), tuple(rows))


def _runs(comparison: Comparison) -> Table:
    rows = [
        (
            run.scenario.name, str(run.manifest["content"])[:16], str(run.manifest["data_hash"])[:16],
            str(run.manifest["code_hash"])[:16], str(run.manifest["versions"]["sco_sim"]),
            str(run.manifest["versions"]["python"]), str(run.manifest["versions"]["numpy"]),
        )
        for run in comparison.runs
    ]  # fmt: skip
    return Table(("Run", "Scenario", "Data", "Code", "sco_sim", "Python", "NumPy"), tuple(rows))


def _commands(comparison: Comparison) -> Iterator[str]:
    names = " ".join(run.scenario.name for run in comparison.runs)
    manifest = comparison.runs[0].manifest
    worlds = max(len(run.worlds()) for run in comparison.runs)
    fixed = " --fixed-parameters" if manifest["fixed_parameters"] else ""
    unpaired = "" if comparison.paired else " --unpaired"
    folder = comparison.path.name if comparison.path else "DIR"
    yield (
        f"sco-sim compare {names} --worlds {worlds} --replicates {manifest['replicates']} --seed {manifest['seed']}"
        f"{fixed}{unpaired} --out {folder}"
    )
    yield f"sco-sim report {folder}"
    yield f"sco-sim rerun {folder}/runs/{comparison.runs[-1].scenario.name}   # the same bits from its manifest"
    yield f"sco-sim verify {folder}"
