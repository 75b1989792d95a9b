"""`sco-sim hindcast`: the engine begun in years past, scored beside naive forecasts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.case.age import Age
from sco_sim.case.age_words import as_records, in_words
from sco_sim.case.case import Case
from sco_sim.case.opened import opened
from sco_sim.case.schema.check import need_tables
from sco_sim.commands.screen.output import emit, heading, note, say, table
from sco_sim.errors import ScenarioError
from sco_sim.evidence.hindcast.cells import (
    BLOCKS,
    DISPUTE_HEADERS,
    HEADERS,
    UNIT,
    coverage_words,
    dispute_cells,
    score_cells,
    spans,
    title,
)
from sco_sim.evidence.hindcast.overlay import with_gdp
from sco_sim.evidence.hindcast.report import disputes_report, left_out, report
from sco_sim.evidence.hindcast.study import PATHS, Part, Study, nothing_to_score, own_observations
from sco_sim.evidence.hindcast.userfile import read_gdp
from sco_sim.store.disk import guard, under_its_name

Record = Mapping[str, Any]
TO_SCORE = ("trade_reports", "trade_reconciled", "students", "tie_years")
"""Tables of which one at least has rows."""


def main(
    observations: Path | None,
    origin: int | None,
    gdp_file: Path | None,
    ablations: bool,
    page: Path | None,
    case: Path | None,
    as_json: bool,
    worlds: int,
    seed: int,
) -> int:
    """Hindcast the tables of a case or a table of one's own, take the engine apart, or write the page; exit code."""
    tables = opened(case)
    if observations is None and all(tables.table(name).empty for name in TO_SCORE):
        need_tables(tables.folder, "a hindcast", ("trade_reports", "exporter_fob_kusd"))
    if ablations:
        return _ablations(tables, as_json)
    if observations is not None:
        if origin is None:
            raise ScenarioError("--observations needs --origin YEAR: the last year that may be known")
        study, parts = own_observations(observations, origin, tables, gdp_file, note, worlds, seed)
        return _show([report(part) for part in parts], None, study.engine.ages, as_json)
    if gdp_file is not None:
        tables = with_gdp(tables, read_gdp(gdp_file, tables, note))
    study = Study(tables, origin=origin, worlds=worlds, seed=seed)
    if page is not None:
        return _page(study, page)
    records = [report(part) for part in _parts(study)]
    chances = study.disputes()
    disputes = None if chances is None else disputes_report(chances)
    if not records and disputes is None:
        raise nothing_to_score(origin)
    missing = left_out([*records, *([disputes] if disputes else [])])
    if missing:
        note(f"Not scored, since nothing was observed or too little was known before: {', '.join(missing)}.")
    return _show(records, disputes, study.engine.ages, as_json)


def _parts(study: Study) -> list[Part]:
    return [part for gdp in (*PATHS, None) for part in study.parts(gdp)]


def _show(records: Sequence[Record], disputes: Record | None, ages: Mapping[int, Sequence[Age]], as_json: bool) -> int:
    if as_json:
        known = {str(origin): as_records(of) for origin, of in ages.items()}
        emit({"hindcasts": records, "disputes": disputes, "known": known})
        return 0
    _say_known(ages)
    for record in records:
        for key, words in BLOCKS.items():
            if key in record:
                heading(f"{title(record)}. {words}, {spans(record[key])} ({UNIT[record['channel']]})")
                table(HEADERS, score_cells(record[key]), HEADERS[1:])
                say(coverage_words(record[key]))
    if disputes is not None:
        heading(f"Disputes from {', '.join(map(str, disputes['origins']))} ({UNIT['disputes']})")
        table(DISPUTE_HEADERS, dispute_cells(disputes), DISPUTE_HEADERS[1:])
    say(
        "All scores are better when lower; ratios under 1 and differences under 0 favour the engine. Intervals: "
        "bootstrap over states and years, for totals over years.",
        "dim",
    )
    return 0


def _say_known(ages: Mapping[int, Sequence[Age]]) -> None:
    """How old the evidence was that the engine began with: in words for one origin, else in a table."""
    if len(ages) == 1:
        ((origin, of),) = ages.items()
        say(f"What the case knows by {origin}. {in_words(of)}", "dim")
        return
    heading("What the case knows by each origin: year in which each variable was last observed")
    headers = ["Origin", *dict.fromkeys(age.variable.name for of in ages.values() for age in of)]
    rows = [
        [str(origin), *("never" if age.year is None else str(age.year) for age in of)] for origin, of in ages.items()
    ]
    table(headers, rows, headers)


def _page(study: Study, folder: Path) -> int:
    """Write evidence.md and its figures."""
    from sco_sim.evidence.ablations import ablations
    from sco_sim.evidence.calibration.fit import calibrate
    from sco_sim.evidence.calibration.simulation import match
    from sco_sim.evidence.hindcast.aims import aims_table
    from sco_sim.evidence.hindcast.page import page
    from sco_sim.plots.evidence import by_tie, calibration, draw, posteriors

    tables, parts, chances = study.case, _parts(study), study.disputes()
    by_title = {title(report(part)): part for part in parts}
    if chances is None or TRADE not in by_title or CONFLICT not in by_title:
        raise ScenarioError("--report: the page is of the shipped case; use --json for another")
    stages = {fit.key: fit.record for fit in calibrate(tables, tables.folder / "fits")}
    tested = tables.folder / "recovery.json"
    recovery = json.loads(tested.read_text(encoding="utf-8")) if tested.is_file() else {}
    records = [report(part) for part in parts]
    text = page(
        records, disputes_report(chances), ablations(tables), stages, match(Case(tables.folder)), recovery
    )  # fmt: skip
    billion = np.log(1e9)
    shown = {words: by_title[words].single for words in (TRADE, CONFLICT)}
    ranks = {name: by_title[words].single for name, words in RANKS.items() if words in by_title}
    written = draw(
        {
            "hindcast_trade": lambda: by_tie(shown[TRADE], 2000, "ln bn current USD", lambda y: y - billion),
            "hindcast_conflict": lambda: by_tie(shown[CONFLICT], 2002, "share of conflictual events", np.asarray),
            "calibration": lambda: calibration(ranks),
            "posteriors": lambda: posteriors(stages),
        },
        folder / "figures",
    )
    pages = {folder / "evidence.md": text, folder / "evidence_aims.csv": aims_table(records)}
    for path, content in pages.items():
        with guard(folder, "write the page"), under_its_name(path) as temporary:
            temporary.write_text(content, encoding="utf-8", newline="\n")
    for path in (*pages, *written):
        say(str(path))
    return 0


TRADE, CONFLICT = "Trade 2011-20, GDP drawn by the engine", "Conflict (ICEWS) 2011-14"
RANKS = {
    "Trade 2011-20, drawn": TRADE,
    "Trade 2011-20, realised": "Trade 2011-20, GDP realised",
    "Students, drawn": "Students 2015-19, GDP drawn by the engine",
    "Conflict (ICEWS)": CONFLICT,
}
"""Panels of the figure on bands: title there, and title of the hindcast."""


def _ablations(tables: Case, as_json: bool) -> int:
    from sco_sim.evidence.ablations import ORIGIN, ablations
    from sco_sim.evidence.hindcast.page import ABLATION_HEADERS, ablation_cells

    rows, ages = ablations(tables), tables.ages(tables.studied, ORIGIN)
    if as_json:
        emit({"ablations": rows, "known": {str(ORIGIN): as_records(ages)}})
        return 0
    _say_known({ORIGIN: ages})
    heading("The coupled engine with parts taken out, scored on the same years")
    table(ABLATION_HEADERS, ablation_cells(rows), ABLATION_HEADERS[1:])
    return 0
