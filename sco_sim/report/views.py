"""The report of several views side by side: where they differ, the entry that splits them, every conclusion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sco_sim.errors import counted
from sco_sim.report.commands import named as path
from sco_sim.report.page import Dot, Forest, Named, Page, Section, Table
from sco_sim.report.words import difference_in_words
from sco_sim.scenario.schema import EVIDENCE
from sco_sim.store.stored_run import StoredRun
from sco_sim.store.study_file import typed_for
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.compare import read_comparison
from sco_sim.studies.statistics import Z
from sco_sim.studies.views.conclusions import VIEW_TABLE, Conclusion, Stated, called, sentence
from sco_sim.studies.views.stored import stored
from sco_sim.studies.wording import decimals, scale, signed
from sco_sim.version import __version__

SIGNS = {"up": "up", "down": "down", "open": "open", "none": "no change"}
"""What a view says of a difference, as the tables have it."""
ABOUT = {
    True: "What the ledger has: ranges from what is published and, where nothing is, from judgement.",
    False: "Belief: what would follow if this were so. No evidence gives these sizes.",
}
"""What is said of a view at the top, by whether it is the evidence."""


def page_of_views(folder: Path) -> Page:
    """Everything the report of a folder with views side by side says; raises StoreError for tables changed since."""
    conclusions = stored(folder)
    views = list(dict.fromkeys(view for one in conclusions for view in one.by_view))
    numbers, beliefs = numbered(views), [view for view in views if view != EVIDENCE]
    named = tuple(Named(view, called(view), ABOUT[view == EVIDENCE], numbers[view]) for view in views)
    runs = _runs(folder, views)
    titles = {run.scenario.name: run.scenario.title or run.scenario.name for run in runs}
    conclusions = [replace(one, subject=titles.get(one.subject, one.subject)) for one in conclusions]
    subjects = list(dict.fromkeys(one.subject for one in conclusions))
    against = f" against {titles[runs[0].scenario.name]}" if runs else ""
    return Page(
        title=f"{_listed(subjects)}{against} under {counted(len(views), 'view')}",
        size=(
            f"{_worlds(runs)}The same worlds under every view; differences in {_years(conclusions)}; from the tables "
            f"in {folder.name}; sco_sim {__version__}"
        ),
        cautions=(f"What is shown under {' and '.join(beliefs)} follows from a belief and not from the evidence.",)
        if beliefs
        else (),
        scenarios=tuple(sorted(named, key=lambda one: one.number)),
        sections=tuple(_sections(conclusions, named, folder)),
        runs=Table((), ()),
        commands=(_again(folder, views), f"sco-sim report {path(folder)}"),
        version=__version__,
        year=max((one.year for one in conclusions), default=0),
    )


def _runs(folder: Path, views: Sequence[str]) -> tuple[StoredRun, ...]:
    """The runs under the first view, if scenarios were compared; for effects, mixes and points there are none."""
    first = folder / views[0] if views else folder
    return read_comparison(first).runs if (first / FILES[0]).is_file() else ()


def _worlds(runs: Sequence[StoredRun]) -> str:
    if not runs:
        return ""
    return f"{counted(min(len(run.worlds()) for run in runs), 'world')} each, seed {runs[0].manifest['seed']}. "


def _again(folder: Path, views: Sequence[str]) -> str:
    """What was typed, or what could be."""
    return typed_for(folder, VIEW_TABLE) or f"sco-sim compare SCENARIO... --view {','.join(views)} --out {path(folder)}"


def numbered(views: Sequence[str]) -> dict[str, int]:
    """The number that chooses colour, dash and mark of each view: 0, the reference, is the evidence."""
    others = (view for view in views if view != EVIDENCE)
    return {EVIDENCE: 0} | {view: number for number, view in enumerate(others, start=1)}


def _listed(subjects: Sequence[str]) -> str:
    return ", ".join(subjects) if len(subjects) <= 2 else f"{subjects[0]} and {len(subjects) - 1} more"


def _years(conclusions: Sequence[Conclusion]) -> str:
    return ", ".join(map(str, sorted({one.year for one in conclusions})))


def _sections(conclusions: Sequence[Conclusion], views: Sequence[Named], folder: Path) -> Iterator[Section]:
    apart = [one for one in conclusions if one.differs]
    yield _differing(conclusions, apart)
    yield _figure(apart or conclusions, views, differ=bool(apart))
    yield _tables(conclusions, views, folder)
    if rows := tuple(_splits(apart)):
        headers = ("Of", "Outcome", "Between", "Entry", "Of the gap", "+/-", "Worlds", "Alone it brings")
        caption = "Every entry that moves the outcome, taken alone from the second view; the first as it is otherwise."
        yield Section(
            "entries", "Entries", "Every entry that splits them", tables=((caption, Table(headers, rows)),),
            fold=counted(len(rows), "entry", "entries"),
        )  # fmt: skip


def _differing(conclusions: Sequence[Conclusion], apart: Sequence[Conclusion]) -> Section:
    """What each view says of what they differ on, and the entry that splits them."""
    title = f"Where they differ: {len(apart)} of {counted(len(conclusions), 'conclusion')}"
    if not apart:
        return Section("differ", "Where they differ", title, ("Nowhere: the views lead to the same conclusions.",))
    lines = tuple((first, tuple(rest)) for first, *rest in map(sentence, apart))
    words = (
        "Up and down: the mean is surely above or below zero (95 %); open: neither; no change: the same in every "
        "world. An entry splits two views if the first, with this entry alone as the other has it, says what the other "
        "says.",
    )
    return Section("differ", "Where they differ", title, words, lines=lines)


def _figure(conclusions: Sequence[Conclusion], views: Sequence[Named], *, differ: bool) -> Section:
    """A panel for each outcome, with a mark for each view: in a row of its own, or all in the row of each subject."""
    alone, forests = len({one.subject for one in conclusions}) == 1, []
    for outcome in dict.fromkeys(one.outcome for one in conclusions):
        own = [one for one in conclusions if one.outcome == outcome]
        if alone:
            rows = tuple((view.title, tuple(_dots(own[0], [view]))) for view in views)
        else:
            rows = tuple((one.subject, tuple(_dots(one, views))) for one in own)
        forests.append(Forest(outcome, own[0].title, scale(own[0].unit)[1], rows, 0))
    title = "What each view expects" + (" where they differ" if differ else "")
    words = ("Mean difference with its 95 % interval. A mark on the line at zero says that nothing changes.",)
    key = tuple(sorted(views, key=lambda one: one.number))
    return Section("figure", "Figure", title, words, key=key, forests=tuple(forests))


def _dots(one: Conclusion, views: Sequence[Named]) -> Iterator[Dot]:
    factor, _ = scale(one.unit)
    for view in views:
        if said := one.by_view.get(view.name):
            mean, half = factor * said.difference, factor * Z * said.error
            half = half if half == half else 0.0
            yield Dot(view.number, mean, mean - half, mean + half, _cell(said, factor))


def _tables(conclusions: Sequence[Conclusion], views: Sequence[Named], folder: Path) -> Section:
    """One column a view: a table for each outcome, or one for all where there is one subject."""
    heads = (*(view.title for view in views), "")
    outcomes = list(dict.fromkeys(one.outcome for one in conclusions))
    tables: list[tuple[str, Table]] = []
    if len({one.subject for one in conclusions}) == 1:
        rows = tuple((_titled(one), *_row(one, views)) for one in conclusions)
        tables.append((_caption(conclusions[0], conclusions[0].subject), Table(("Outcome", *heads), rows)))
    else:
        for outcome in outcomes:
            own = [one for one in conclusions if one.outcome == outcome]
            rows = tuple((one.subject, *_row(one, views)) for one in own)
            tables.append((_caption(own[0], _titled(own[0])), Table(("Of", *heads), rows)))
    inside = [view.name for view in views if (folder / view.name).is_dir()]
    words = (
        (f"Each view has a folder of its own: `sco-sim report {path(folder / inside[0])}` is the page of the first.",)
        if inside
        else ()
    )
    return Section("side", "Side by side", "Side by side", words, tables=tuple(tables))


def _caption(one: Conclusion, name: str) -> str:
    return f"{name}: mean difference in {one.year} (5-95 % of worlds), and what the view says."


def _titled(one: Conclusion) -> str:
    unit = scale(one.unit)[1]
    return one.title if not unit or unit.lower() in one.title.lower() else f"{one.title}, {unit}"


def _row(one: Conclusion, views: Sequence[Named]) -> tuple[str, ...]:
    factor, _ = scale(one.unit)
    cells = (one.by_view.get(view.name) for view in views)
    return (*("" if said is None else _cell(said, factor) for said in cells), "differ" if one.differs else "")


def _cell(said: Stated, factor: float) -> str:
    mean = factor * said.difference
    if said.low != said.low:
        return f"{signed(mean, decimals(abs(mean)))}, {SIGNS.get(said.says, said.says)}"
    size = difference_in_words(mean, factor * said.low, factor * said.high)
    return size if size == "the same" else f"{size}, {SIGNS.get(said.says, said.says)}"


def _splits(apart: Sequence[Conclusion]) -> Iterator[tuple[str, ...]]:
    for one in apart:
        for (mine, theirs), parts in one.splits.items():
            for part in parts:
                share = "" if part.share != part.share else f"{100.0 * part.share:.0f} %"
                error = "" if part.error != part.error else f"{100.0 * part.error:.0f}"
                brings = SIGNS.get(one.by_view[theirs].says, one.by_view[theirs].says) if part.alone else ""
                yield one.subject, one.title, f"{mine} and {theirs}", part.entry, share, error, str(part.worlds), brings
