"""What to take home of a comparison, what is worth knowing for the choice, and what it would take."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sco_sim.components.registry import metric
from sco_sim.report.commands import named
from sco_sim.report.page import Section, Table
from sco_sim.scenario.schema import EVIDENCE
from sco_sim.store.checksums import check_tables
from sco_sim.studies.candidates.candidate import on_worlds, three
from sco_sim.studies.comparison.compare import Comparison
from sco_sim.studies.take_home import Judged, candidates, kept, weak_in
from sco_sim.studies.wording import Row, believed
from sco_sim.studies.worth.information import FEWEST
from sco_sim.studies.worth.words import MEANING, cells_of, headers_of, rows_of, sentences_of

TOP = 5
"""Entries of the table of what is worth knowing."""
THRESHOLDS = "thresholds.csv"


def take_home(
    comparison: Comparison, rows: Sequence[Row], choice: Judged | None, names: Mapping[str, str], compared_by: str
) -> Section:
    """The three sentences, each with its command and what would overturn it.

    Args:
        comparison: Whose they are.
        rows: Of comparison.csv, until the year of the page.
        choice: Of `judged`.
        names: What the scenarios are called.
        compared_by: The command that gives the comparison.
    """
    left = kept(comparison.path)
    commands = left.commands if left else (compared_by, compared_by, f"sco-sim worth {named(comparison.path)}")
    said = candidates(
        comparison, rows, choice, rules=left.rules if left else None, commands=commands, names=names,
        weak=weak_in(comparison), others=left.others if left else (),
    )  # fmt: skip
    ledger = entries_of(comparison)
    lines = tuple(
        (one.text, (f"From `{one.command}`{on_worlds(one)}.", f"Would be overturned by {one.overturned_by}.",
                    *_explained(f"{one.text} {one.overturned_by}", ledger)))
        for one in three(said)
    )  # fmt: skip
    return Section("brief", "To take home", "To take home", lines=lines)


def entries_of(comparison: Comparison) -> dict[str, str]:
    """What each entry of the ledger is, by its name there."""
    return {str(one["parameter"]): str(one["name"]) for one in comparison.runs[0].manifest["parameters"]}


def _explained(text: str, ledger: Mapping[str, str]) -> tuple[str, ...]:
    """A line for each entry of the ledger that a sentence names."""
    entries = (entry for entry in dict.fromkeys(text.split("`")[1::2]) if entry in ledger)
    return tuple(f"`{entry}`: {ledger[entry]}." for entry in entries)


def knowing(choice: Judged | None, names: Mapping[str, str], folder: Path | None, ledger: Mapping[str, str]) -> Section:
    """What is worth knowing before choosing among the scenarios: two numbers an entry, and words.

    Args:
        choice: Of `judged`.
        names: What the scenarios are called.
        folder: Of the comparison.
        ledger: What each entry of the ledger is.
    """
    title, short = "What is worth knowing", "Worth knowing"
    if choice is None:
        why = f"It takes {FEWEST} settings or more that all scenarios share, and parameters that are drawn, to say it."
        return Section("worth", short, title, (why,))
    options, known = choice
    rows = rows_of(options, known)
    by = f"By {metric(options.outcome).title} in {options.year}"
    command = f"sco-sim worth {named(folder)} --outcome {options.outcome} --year {options.year}"
    words = [f"{by}: `{command}` has every entry."]
    words += sentences_of(options, rows, names)
    some = [row for row in rows if row["changes"] > 0.0][:TOP]
    cells = ((entry, ledger.get(entry, ""), *rest) for entry, *rest in cells_of(options, some, names))
    first, *others = headers_of(options)
    table = Table((first, "What it is", *others), tuple(cells))
    return Section("worth", short, title, tuple(words), tables=((MEANING, table),) if some else ())


def thresholds(comparison: Comparison) -> Section | None:
    """What `sco-sim threshold --out` wrote inside the folder of the comparison; none if nothing is there."""
    names = {str(run.manifest["name"]) for run in comparison.runs}
    written = [row for row in _written(comparison.path) if row.get("scenario") in names]
    if not written:
        return None
    table = Table(
        ("What", "Scenario", "Needed", "From", "To", "Evidence, low", "high", "Times", "Worlds"),
        tuple(
            (
                row["title"] or row["path"], believed(row["scenario"], row.get("view") or EVIDENCE),
                *(_number(row[name]) for name in NUMBERS),
                f"{100.0 * float(row['share']):.0f} %",
            )
            for row in written
        ),
    )  # fmt: skip
    caption = (
        "Least value at which the change is reached in the share of worlds asked for, with its 95 % interval, beside "
        "the range of the evidence. Times: distance from nothing over that of the end of the evidence."
    )
    words = tuple(believed(row["sentence"], row.get("view") or EVIDENCE) for row in written)
    return Section("thresholds", "What it would take", "What it would take", words, tables=((caption, table),))


NUMBERS = ("needed", "needed_low", "needed_high", "evidence_low", "evidence_high", "multiple")


def _written(folder: Path | None) -> Iterator[dict[str, str]]:
    """Rows of every table of thresholds in the folders inside one."""
    for path in sorted(folder.glob(f"*/{THRESHOLDS}")) if folder else ():
        check_tables(path.parent, [THRESHOLDS], "give `sco-sim threshold --out` again")
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _number(text: str) -> str:
    return f"{float(text):.3g}" if text else ""
