"""`sco-sim implementation`: what became of what was signed, beside what the model makes of the same."""

from __future__ import annotations

from pathlib import Path

from sco_sim.case.age_words import as_records, in_words
from sco_sim.case.opened import opened
from sco_sim.commands.screen.output import emit, heading, note, say, table
from sco_sim.store.disk import guard, under_its_name
from sco_sim.studies.council.implementation import RECORD_END, Implementation
from sco_sim.studies.council.implementation_report import markdown, sections


def main(
    *, worlds: int, draws: int, seed: int, everything: bool, case: Path | None, out: Path | None, as_json: bool
) -> int:
    """Simulate what the record holds, print both side by side or write the page; the exit code."""
    tables = opened(case)
    record = Implementation(tables, worlds=worlds, draws=draws, seed=seed)
    ages = tables.ages(tuple(sorted(tables.catalog.member_from)), RECORD_END)
    if as_json or out is not None:
        note(in_words(ages))
    else:
        say(in_words(ages), "dim")
    if out is not None:
        with guard(out, "write the page"), under_its_name(out) as temporary:
            temporary.write_text(markdown(record), encoding="utf-8")
        note(f"written to {out}")
    parts = [] if out is not None and not as_json else sections(record)
    if as_json:
        written = [
            {"title": part.title, "rows": [dict(zip(part.headers, row, strict=True)) for row in part.rows],
             "words": list(part.words)}
            for part in parts
        ]  # fmt: skip
        emit({"worlds": worlds, "draws": draws, "seed": seed, "sections": written, **as_records(ages)})
        return 0
    for part in parts:
        heading(part.title)
        if everything:
            table(part.headers, part.rows)
        for words in part.words if everything else part.words[:1]:
            say(words)
    if parts and not everything:
        say()
        say("--all prints the tables, and what they rest on; --out writes all of it as a page.", "dim")
    return 0
