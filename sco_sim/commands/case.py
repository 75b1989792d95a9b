"""`sco-sim case check`: everything wrong or odd in the tables of a case, and which fallbacks hold."""

from __future__ import annotations

from pathlib import Path

from sco_sim.case.read_catalog import read_catalog
from sco_sim.case.schema.check import check_case
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.commands.screen.output import complain, emit, hanging, heading, note, say
from sco_sim.errors import CaseError


def check(folder: Path, as_json: bool) -> int:
    """Check a case folder; exit code 2 if it cannot be used."""
    report = check_case(folder)
    problems = report.problems
    if not problems:
        try:
            read_catalog(folder)
        except CaseError as error:  # the ledger
            problems = error.problems
    missing = [name for name in report.missing if not BY_NAME[name].record]
    if as_json:
        emit({
            "case": folder, "fine": not problems, "problems": [vars(problem) for problem in problems],
            "warnings": [vars(problem) for problem in report.warnings],
            "fallbacks": {name: BY_NAME[name].fallback for name in missing},
        })  # fmt: skip
        return 2 if problems else 0
    for problem in report.warnings:
        note(f"warning: {problem}")
    if problems:
        complain(CaseError(*problems))
        return 2
    say(f"{folder}: fine" if not report.warnings else f"{folder}: can be used; see the warnings")
    if missing:
        heading("Tables that are not there, and what holds instead")
        hanging([(" ", f"{name}: {BY_NAME[name].fallback}") for name in missing])
    return 0
