"""Reports of a single run and of what `rules`, `portfolio` and `hindcast` write: levels and tables, and no answer."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sco_sim.components.registry import metric
from sco_sim.errors import Problem, StoreError, counted
from sco_sim.report import sections as part
from sco_sim.report.commands import named, of_stored
from sco_sim.report.council_studies import study_of, study_sections
from sco_sim.report.hindcast import read_scores
from sco_sim.report.page import Named, Page, Section, Table
from sco_sim.report.panels import BY_STATE, levels
from sco_sim.report.plain import in_plain_words
from sco_sim.report.stored import agreements_table, assumptions, parameters_table, runs_table, sites_of
from sco_sim.report.words import difference_in_words, level_in_words
from sco_sim.store.checksums import check_tables
from sco_sim.store.stored_run import StoredRun
from sco_sim.store.study_file import read_study, typed_for
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.comparison.tables import agreements
from sco_sim.studies.council.rule_words import sentences
from sco_sim.studies.council.rules import RULE_AGREEMENTS, RULES
from sco_sim.studies.kept import AGAIN, FORMS, name_of_study, read
from sco_sim.studies.plain_words import usual_names
from sco_sim.studies.portfolio import verdict
from sco_sim.studies.statistics import HIGH, LOW
from sco_sim.studies.views.conclusions import VIEW_TABLE
from sco_sim.studies.wording import believed, percent, scale
from sco_sim.version import __version__

NO_RUNS = Table((), ())
PORTFOLIO, AIMS = "portfolio.csv", "evidence_aims.csv"
SHOWN = 25
"""Mixes of a table; all are in the file."""


def page_of_run(run: StoredRun) -> Page:
    """One scenario over the years: levels, states, agreements; nothing is compared and nothing is called better."""
    scenario, manifest = run.scenario, run.manifest
    title = believed(scenario.title or scenario.name, scenario.view)
    named = (Named(scenario.name, title, scenario.question, 0),)
    first, last = manifest["years"]
    shown = [key for key in IMPORTANT if key in run.metrics([last])]
    worlds = len(run.worlds())
    case = "the shipped case" if manifest["case"] == "shipped" else f"case {manifest['case']}"
    agreed = list(agreements(run))
    names = {iso: site.name for iso, site in sites_of(run).items()}
    return Page(
        title=title,
        size=(
            f"{counted(worlds, 'world')}, seed {manifest['seed']}, {first} to {last}; sco_sim {__version__}, {case}, "
            f"{counted(len(manifest['states']), 'state')}"
        ),
        cautions=("One scenario alone answers no question of what if: compare it with another.",),
        scenarios=named,
        sections=in_plain_words(
            (
                part.levels(levels([run], shown), named),
                _states(run, last),
                part.agreements(agreements_table(agreed, {scenario.name: title}, names), Table((), ()), last),
                part.rests(None, assumptions([run])),
                part.hindcast(),
                part.parameters(parameters_table(run)),
            ),
            names,
            [policy.label for policy in scenario.policies],
        ),
        runs=runs_table([run]),
        commands=of_stored(run),
        version=__version__,
        year=last,
    )


def _states(run: StoredRun, year: int) -> Section:
    """What each state has in the last year."""
    frame = run.states([year])
    keys = [key for key in BY_STATE if key in frame]
    rows = []
    for iso, site in sites_of(run).items():
        own = frame[frame["iso3"] == iso]
        cells = []
        for key in keys:
            factor = 100.0 if metric(key).unit == "share" else 1.0
            values = factor * own[key]
            cells.append(
                level_in_words(float(values.mean()), float(values.quantile(LOW)), float(values.quantile(HIGH)))
            )
        rows.append((site.name, *cells))
    headers = ("State", *(headed(key) for key in keys))
    tables = ((f"Means over worlds (5-95 %) in {year}.", Table(headers, tuple(rows))),)
    return Section("who", "States", f"States in {year}", tables=tables)


def headed(key: str) -> str:
    """An outcome with its unit, as the head of a column."""
    title, unit = metric(key).title, metric(key).unit
    unit = "%" if unit == "share" else unit
    return title if not unit or unit.lower() in title.lower() else f"{title}, {unit}"


def page_of_tables(folder: Path) -> Page | None:
    """The report of a folder with the tables of a study; none for another."""
    if study_of(folder):
        title, sections = study_sections(folder)
        return _page(folder, title, sections, typed_for(folder, ""))
    for name, make in ((PORTFOLIO, _portfolio), (RULES, _rules), (AIMS, _hindcast)):
        if (folder / name).is_file():
            title, sections, command = make(folder)
            again = typed_for(folder, name) or command
            about = str((read_study(folder, name) or {}).get("about") or "")  # names the scenario
            return _page(folder, about or title, sections, again)
    return None


def _page(folder: Path, title: str, sections: Sequence[Section], again: str) -> Page:
    return Page(
        title=title, size=f"From the tables in {folder.name}; sco_sim {__version__}", cautions=(), scenarios=(),
        sections=tuple(sections), runs=NO_RUNS, commands=(*filter(None, [again]), f"sco-sim report {named(folder)}"),
        version=__version__, year=0,
    )  # fmt: skip


def has_tables(folder: Path) -> bool:
    """Whether a folder holds the tables of a study that has a page, or of several views side by side."""
    return bool(study_of(folder)) or any((folder / name).is_file() for name in (PORTFOLIO, RULES, AIMS, VIEW_TABLE))


Parts = tuple[str, list[Section], str]
"""Title, sections, and the command that makes the tables."""


def _read(folder: Path, name: str, needed: Sequence[str] = ()) -> list[dict[str, str]]:
    """A table of a folder; raises StoreError if it was changed, cannot be read or lacks a column."""
    check_tables(folder, [name], AGAIN, bound=name != AIMS)
    try:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise StoreError(Problem(f"it cannot be read: {error}", AGAIN, str(folder / name))) from error
    lacking = [column for column in needed if rows and column not in rows[0]]
    if lacking or not rows:
        words = f"it has no column {lacking[0]}" if lacking else "it has no rows"
        raise StoreError(Problem(words, AGAIN, str(folder / name)))
    return rows


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")


OF_MIX = ("rule", "mix", "outcome", "difference", "low_05", "high_95", "chance_better", "planned_musd", "spent_musd",
          "front", "tied")  # fmt: skip


def _portfolio(folder: Path) -> Parts:
    rows = _read(folder, PORTFOLIO, OF_MIX)
    rules = list(dict.fromkeys(row["rule"] for row in rows))
    rule = "all" if "all" in rules else rules[0]
    own = [row for row in rows if row["rule"] == rule]
    sections, kept = [], _kept(folder, "portfolio")
    for key in dict.fromkeys(row["outcome"] for row in own):
        measure, (factor, unit) = metric(key), scale(metric(key).unit)
        sign = -1.0 if measure.better == "lower" else 1.0
        best = sorted((row for row in own if row["outcome"] == key), key=lambda row: -sign * _number(row["difference"]))
        table = Table(
            ("Mix", "Difference (5-95 %)", "Better", "Planned, million USD", "Spent", "As good as the best", "Front"),
            tuple(
                (
                    row["mix"],
                    difference_in_words(*(factor * _number(row[name]) for name in ("difference", "low_05", "high_95"))),
                    percent(_number(row["chance_better"])), f"{_number(row['planned_musd']):,.0f}",
                    f"{_number(row['spent_musd']):,.0f}", _yes(row["tied"]), _yes(row["front"]),
                )
                for row in best[:SHOWN]
            ),
        )  # fmt: skip
        amount = f"{len(table.rows)} of {counted(len(best), 'mix', 'mixes')}"
        caption = f"{amount}, the best first: difference from doing nothing{', ' + unit if unit else ''}"
        said = ((verdict(kept, key, rule), ()),) if kept is not None else ()
        sections.append(Section(key, measure.title, measure.title, lines=said, tables=((caption, table),)))
    how = (
        f"Decision rule: {'all rules together' if rule == 'all' else rule.replace('_', ' ')}. Better: share of worlds "
        "better than under doing nothing. As good: the mean is not distinguishable from that of the best (95 %). "
        "Front: on average no mix is as good in every outcome and better in one; among mixes that are not "
        "distinguishable that is chance."
    )
    return (
        "Mixes of policies under a budget",
        list(
            in_plain_words(
                [*sections, Section("how", "How to read it", "How to read it", (how,))],
                usual_names(),
                {label for row in own for label in LABEL.findall(row["mix"])},
            )
        ),
        f"sco-sim portfolio SCENARIO --budget MUSD --out {named(folder)}",
    )


LABEL = re.compile(r"[a-z]\w*")
"""A policy in the name of a mix."""


def _yes(text: str) -> str:
    return "yes" if text == "True" else ""


def _kept(folder: Path, name: str) -> Any:
    """The result of a study; None where the tables are there, and not what else it takes to tell it in words."""
    if name_of_study(folder) != name:
        return None
    try:
        return read(folder, FORMS[name])[0]
    except (LookupError, TypeError, ValueError) as error:  # a record that somebody has changed
        raise StoreError(Problem(f"it cannot be told in words: {error!r}"[:200], AGAIN, str(folder))) from error


MOVED = "Mean (5-95 %) over worlds; outcomes whose mean reads the same under every rule are left out."


def _rules(folder: Path) -> Parts:
    rows, texts = _read(folder, RULES, ("rule", "adopted", "ambition", "delay", "delivered")), []
    if (folder / RULE_AGREEMENTS).is_file():
        texts = _read(folder, RULE_AGREEMENTS, ("rule", "agreement", "adopted", "ambition", "delay", "delivered"))
    kept, moved = _kept(folder, "rules"), _by_rule(rows)
    headers = ("Rule", "Adopted", "Ambition", "Failed summits", "Delivered")
    table = Table(headers, tuple((row["rule"].replace("_", " "), *_agreed(row)) for row in rows))
    sections = [
        Section(
            "rules", "Rules", "The same agenda under every rule",
            ("Every rule decides on the same worlds, so that rows differ by the rule alone.",),
            lines=tuple((one, ()) for one in sentences(kept)) if kept is not None else (),
            tables=(("Means over worlds and agreements; ambition (0-1) where adopted.", table),),
        ),
        Section(
            "outcomes", "Outcomes", "Outcomes in the last year",
            () if moved.rows else ("The mean of no outcome reads otherwise under another rule.",),
            tables=((MOVED, moved),) if moved.rows else (),
        ),
    ]  # fmt: skip
    if texts:
        each = Table(
            ("Agreement", *headers, "Least willing"),
            tuple(
                (
                    row["agreement"],
                    row["rule"].replace("_", " "),
                    *_agreed(row),
                    row.get("hold_out", "") or "",
                )
                for row in sorted(texts, key=lambda row: row["agreement"])
            ),
            grouped=True,
        )
        sections.append(Section("agreements", "Agreements", "Each agreement", tables=(("Means over worlds.", each),)))
    sections = list(in_plain_words(sections, usual_names(), {row["agreement"] for row in texts}))
    return "One agenda under every decision rule", sections, f"sco-sim rules SCENARIO --out {named(folder)}"


def _agreed(row: Mapping[str, str]) -> tuple[str, ...]:
    values = [_number(row[name]) for name in ("adopted", "ambition", "delay", "delivered")]
    texts = [
        "" if value != value else f"{value:.{digits}f}" for value, digits in zip(values[1:], (2, 1, 2), strict=True)
    ]
    return percent(values[0]), *texts


def _by_rule(rows: Sequence[Mapping[str, str]]) -> Table:
    """Outcomes down, rules across; those whose mean reads the same under every rule are left out."""
    keys = [name.removesuffix("_low") for name in rows[0] if name.endswith("_low")]
    lines = []
    for key in keys:
        factor = 100.0 if metric(key).unit == "share" else 1.0
        ends = ([factor * _number(row[f"{key}{end}"]) for end in ("", "_low", "_high")] for row in rows)
        cells = [level_in_words(*one) for one in ends]
        if len({cell.partition(" ")[0] for cell in cells}) > 1:
            lines.append((headed(key), *cells))
    return Table(("Outcome", *(row["rule"].replace("_", " ") for row in rows)), tuple(lines))


def _hindcast(folder: Path) -> Parts:
    section = part.hindcast(read_scores(folder / AIMS))
    whole = "The whole page with its figures is evidence.md in the same folder."
    return (
        "Hindcast: the engine begun in years past",
        [section, Section("whole", "More", "More", (whole,))],
        f"sco-sim hindcast --report {named(folder)}",
    )
