"""Reports of what `packages`, `sequence` and `enlargement` write: the sentences of the command, then its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sco_sim.errors import Problem, StoreError, counted
from sco_sim.report.page import Section, Table
from sco_sim.report.plain import in_plain_words
from sco_sim.report.words import difference_in_words, sized
from sco_sim.studies.council.rule_words import words
from sco_sim.studies.enlargement.enlargement import CAUSES, OUTCOMES, TOTAL, Enlargement
from sco_sim.studies.enlargement.words import NAMES, of
from sco_sim.studies.enlargement.words import records as rows_of
from sco_sim.studies.enlargement.words import sentences as on_enlargement
from sco_sim.studies.kept import AGAIN, FORMS, name_of_study, read
from sco_sim.studies.packages.clauses import helps
from sco_sim.studies.packages.study import Packages
from sco_sim.studies.packages.words import clause, money, records
from sco_sim.studies.packages.words import sentences as on_packages
from sco_sim.studies.plain_words import usual_names
from sco_sim.studies.sequence.sequence import SHIPPED, Sequences
from sco_sim.studies.sequence.trials import IN_FORCE, title_of, unit_of
from sco_sim.studies.sequence.words import sentences as on_sequence
from sco_sim.studies.wording import percent, scale

SHOWN = 25
"""Packages and clauses of a table; all are in the files."""
NAMED = 4
"""Hold-outs that a cell names."""


def study_of(folder: Path) -> str:
    """Which of these studies a folder holds; empty for another."""
    name = name_of_study(folder)
    return name if name in MADE else ""


def study_sections(folder: Path) -> tuple[str, list[Section]]:
    """Title and sections of a stored study; raises StoreError if it is not as it was written."""
    name = study_of(folder)
    try:
        result, about = read(folder, FORMS[name])
        labels = [label for field in LABELS[name] for label in _labels(result, field)]
        return about, list(in_plain_words(MADE[name](result), usual_names(), labels))
    except (LookupError, TypeError, ValueError) as error:  # a record that somebody has changed
        raise StoreError(Problem(f"it cannot be told in words: {error!r}"[:200], AGAIN, str(folder))) from error


def _labels(result: Any, field: str) -> list[str]:
    return list(result.alone["text"]) if field == "alone" else list(getattr(result, field))


def _said(lines: Iterable[str], note: str) -> Section:
    """What the command prints, and how to read the tables."""
    return Section("said", "What it finds", "What it finds", lines=tuple((line, ()) for line in lines), words=(note,))


def _hold_outs(codes: str) -> str:
    names = codes.split()
    rest = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return ", ".join(names[:NAMED] + rest)


def _packages(result: Packages) -> list[Section]:
    note = (
        "Every text is put before those who vote on it, in one year, in settings drawn from the ledger. Alone: each "
        "text by itself. As one: texts that pass or fail together. A hold-out is a state that would not accept."
    )
    sections = [_said(on_packages(result), note), _alone(result)]
    for make in (_prices, _as_one, _clauses):
        sections += make(result)
    return [*sections, _readiness(result)]


def _alone(result: Packages) -> Section:
    rules = [name.removeprefix("share_") for name in map(str, result.alone) if name.startswith("share_")]
    rows = [
        (row["text"], percent(row["share"]), *(percent(row[f"share_{key}"]) for key in rules),
         _hold_outs(row["hold_outs"]))
        for row in sorted(records(result.alone), key=lambda row: float(row["share"]))
    ]  # fmt: skip
    headers = ("Text", "As it is", *(words(key, True) for key in rules), "Hold-outs at the centre of the ledger")
    caption = "Share of settings in which each text passes alone: as the scenario has it, then under each rule."
    return Section("alone", "Alone", "Each text alone", tables=((caption, Table(headers, tuple(rows))),))


def _prices(result: Packages) -> list[Section]:
    singles = [row for row in records(result.bargains) if " + " not in row["of"]]
    if not singles:
        return []
    rows = tuple(
        (row["of"], _hold_outs(row["hold_outs"]), "none" if row["too_dear"] else money(row["total_musd"]),
         percent(row["asked"]), percent(row["share_paid"]) if row["asked"] else "")
        for row in singles
    )  # fmt: skip
    headers = ("Text", "Hold-outs", "Cheapest price, a year", "Held out", "Payable")
    caption = (
        f"Side payments of up to {100.0 * result.most:g} % of GDP a year. Held out: share of settings in which "
        "somebody does; payable: share of these in which the others can pay for all to accept."
    )
    return [Section("prices", "Money", "Who holds out, and for what money", tables=((caption, Table(headers, rows)),))]


def _as_one(result: Packages) -> list[Section]:
    moving = result.packages[(result.packages["gained"] > 0.0) | (result.packages["lost"] > 0.0)]
    if moving.empty:
        return []
    rows = tuple(
        (row["package"],
         *(percent(row[name]) for name in ("gained", "lost", "share", "share_parts")))
        for row in records(moving.head(SHOWN))
    )  # fmt: skip
    headers = ("Voted on as one", "Gained", "Lost", "Passes as one", "Each passes alone")
    caption = (
        f"{len(rows)} of {counted(len(result.packages), 'package')}, what brings through most first; those that gain "
        "and lose nothing are left out. Shares of settings; gained: passes though a part fails alone; lost: fails "
        "though each part passes alone."
    )
    return [Section("packages", "Packages", "Texts voted on as one", tables=((caption, Table(headers, rows)),))]


def _clauses(result: Packages) -> list[Section]:
    better = records(helps(result.clauses))
    if not better:
        return []
    rows = tuple(
        (row["text"], clause(row), percent(row["share_whole"]), percent(row["share"]),
         percent(row["lost"]) if row["lost"] == row["lost"] else "")
        for row in better[:SHOWN]
    )  # fmt: skip
    headers = ("Text", "Without the part that", "Passes whole", "Passes cut", "Effect lost")
    caption = f"{len(rows)} of {counted(len(better), 'clause')} whose cut helps, what helps most first."
    return [Section("clauses", "Clauses", "A clause less", tables=((caption, Table(headers, rows)),))]


def _readiness(result: Packages) -> Section:
    rows = [
        (row["of"], row["iso3"],
         difference_in_words(*(float(row[name]) for name in ("readiness", "low_05", "high_95"))),
         percent(row["accepts"]), words(row["because"]))
        for row in records(result.states)
        if " + " not in row["of"]
    ]  # fmt: skip
    caption = (
        "Readiness of each state (equation 5 of docs/model.md; from 0 on it accepts) at the centre of the ledger and "
        "5-95 % of settings, in how many settings it accepts, and what weighs most against the text."
    )
    headers = ("Text", "State", "Readiness (5-95 %)", "Accepts", "Most against it")
    table = Table(headers, tuple(rows), grouped=True)
    return Section("states", "States", "How ready each state is", tables=((caption, table),), fold="Every state")


def _sequence(result: Sequences) -> list[Section]:
    note = (
        "Orders are chosen in a random half of the settings and judged in the other, on the same worlds. Differences "
        "are from the scenario's own order; intervals are those of the mean (95 %)."
    )
    sections = [_said(on_sequence(result, not result.chairs.empty), note)]
    if result.different > 1:
        sections.append(_orders(result))
    return sections if result.chairs.empty else [*sections, _chairs(result)]


def _orders(result: Sequences) -> Section:
    rows = []
    for row in records(result.rows):
        factor, _ = scale(row["unit"])
        own = row["sequence"] == SHIPPED
        ends = [factor * float(row[name]) for name in ("difference", "low", "high")]
        moved = "" if own else difference_in_words(*ends)
        chair = f"; {row['chair']} in the chair in {result.years[0]}" if row["chair"] else ""
        order = row["order"].replace(" > ", ", ")
        rows.append(
            (_outcome(row["outcome"]), row["sequence"], sized(factor * float(row["level"])), moved,
             "" if own else percent(row["chance_better"]), order + chair)
        )  # fmt: skip
    headers = ("Outcome", "Sequence", f"Level in {result.year}", "Difference (95 %)", "Better in", "Order")
    caption = f"What there is in {result.year} by the scenario's order, the best and the worst."
    table = Table(headers, tuple(rows), grouped=True)
    return Section("orders", "Orders", "Orders of the texts", tables=((caption, table),))


def _chairs(result: Sequences) -> Section:
    rows = []
    for row in records(result.chairs):
        ends = [
            [scale(unit_of(key))[0] * float(row[f"{key}_throughout{end}"]) for end in ("", "_low", "_high")]
            for key in result.outcomes
        ]
        first = ", ".join(str(row["first"]).split()) or "nothing"
        rows.append((row["chair"], *(difference_in_words(*one) for one in ends), first))
    headers = ("Chair", *map(_outcome, result.outcomes), "Puts first")
    caption = "Each state in the chair throughout against nobody in it, the order as it is; mean and its 95 % interval."
    return Section("chairs", "Chair", "What the chair is worth", tables=((caption, Table(headers, tuple(rows))),))


def _outcome(key: str) -> str:
    title, unit = title_of(key), "" if key == IN_FORCE else scale(unit_of(key))[1]
    title = f"{title[:1].upper()}{title[1:]}"
    return f"{title}, {unit}" if unit else title


def _enlargement(result: Enlargement) -> list[Section]:
    note = (
        "Per cent of what the council's texts ask, mean over founders and texts: a part of it is lost as members "
        "join. Number: ordinary states without rivalries that want what the founders want; then what the rivalries, "
        "the wants and the size of those who join add. Intervals are those of the mean (95 %)."
    )
    rows, sections = rows_of(result), [_said(on_enlargement(result), note)]
    for key, what in OUTCOMES.items():
        tables = []
        for stage in reversed(result.stages[1:]):  # the largest first
            lines = [
                _loss(rule, of(rows, result, rule, key, stage.name))
                for rule in dict.fromkeys(str(row["rule"]) for row in rows if row["outcome"] == key)
            ]
            headers = ("Rule", "Before, %", "After, %", "Loss, points", *(_cause(cause) for cause in CAUSES))
            joined = ", ".join(stage.joined)
            caption = f"From {result.stages[0].name} to {stage.name} members, who join: {joined}."
            tables.append((caption, Table(headers, tuple(lines))))
        if tables and tables[0][1].rows:
            title = f"{what[:1].upper()}{what[1:]}"
            sections.append(Section(key, title, title, tables=tuple(tables)))
    return sections


def _cause(cause: str) -> str:
    return f"by {NAMES[cause]}"


def _loss(rule: str, mine: Mapping[str, Any]) -> tuple[str, ...]:
    whole = mine[TOTAL]
    cells = (
        difference_in_words(*(float(mine[cause][name]) for name in ("loss", "loss_low", "loss_high")))
        for cause in (TOTAL, *CAUSES)
    )
    return (words(rule), f"{whole['before']:.1f}", f"{whole['after']:.1f}", *cells)


MADE: Mapping[str, Callable[[Any], list[Section]]] = {
    "packages": _packages, "sequence": _sequence, "enlargement": _enlargement,
}  # fmt: skip
"""Name of a study, which is that of its command, to the sections of its page."""
LABELS = {"packages": ("alone",), "sequence": ("texts",), "enlargement": ("texts", "later")}
"""Name of a study to the fields that name its texts."""
