"""The sections of a report in words: what stands above each figure and table, written once for page and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sco_sim.errors import counted
from sco_sim.report.hindcast import scores, scores_in_words
from sco_sim.report.page import Forest, Named, Panel, Section, Table


def differs(each: Iterable[tuple[Named, Table]], reference: str) -> Section:
    """What differs between the files of the scenarios."""
    tables = [(f"{one.title}: fields that differ from {reference}", table) for one, table in each if table.rows]
    words = () if tables else ("Nothing but names and titles differs.",)
    return Section("differs", "What differs", "What differs between the files", words, tables=tuple(tables))


def differences(panels: Sequence[Panel], others: Sequence[Named]) -> Section:
    """Paired differences over the years."""
    words = (
        f"Line: mean difference from the reference in the same world, from {panels[0].years[0]} on; band, and bar at "
        "the right for the last year: 5-95 % of worlds. Arrow keys or the pointer read a year."
        if panels
        else "No outcome differs in any year."
    )
    return Section(
        "differences", "Differences", "Differences over the years", (words,), tuple(others), tuple(panels), zero=True
    )


def levels(panels: Sequence[Panel], scenarios: Sequence[Named]) -> Section:
    """Levels over the years."""
    words = (
        "Means over worlds; the band is the 5-95 % range of the reference, bars at the right those of the last year."
    )
    if len(scenarios) > 1:
        words += " Scenarios that lie on one another differ too little to be seen here."
    else:
        words = words.replace(" of the reference", "").replace("bars at", "the bar at")
    ring = next((panel.ring for panel in panels if panel.ring), None)
    if ring:
        words += (
            f" Ring: the state of {ring[0]}, as it was observed; drawn from {panels[0].years[0]}, a nowcast: dated "
            "events are facts up to it."
        )
    return Section("levels", "Levels", "Levels over the years", (words,), tuple(scenarios), tuple(panels))


def who(forests: Sequence[Forest], others: Sequence[Named], year: int, payers: Table) -> Section:
    """States and ties, and what each state pays and gains."""
    words = (
        "Dot: mean difference from the reference; bar: 5-95 % of worlds. Those that move most."
        if forests
        else "No state and no tie differs."
    )
    title = f"Who gains, who pays, by {year}"
    lent = "Contribution: paid so far, what is lent too until it is paid back. "
    said = (
        "Million USD of 2015, mean difference from the reference. Outlay: paid so far and still owed, less what is "
        f"still owed to it. {lent if 'Contribution' in payers.headers else ''}Ratio: USD of trade gained in the year "
        "for each USD of outlay, with its 95 % error; empty where a state does not surely pay."
    )
    tables = ((said, payers),) if payers.rows else ()
    return Section("who", "Who gains, who pays", title, (words,), tuple(others), forests=tuple(forests), tables=tables)


def agreements(agreed: Table, lost: Table, year: int) -> Section:
    """Agreements, and what was lost on their way."""
    tables = []
    if agreed.rows:
        tables.append(
            (
                f"Adopted: share of worlds by {year}. Year and ambition (0-1): means where adopted. Ratified (by a "
                "state that it binds), in force and half delivered: mean years where it came to that. Delivered (0-1): "
                "mean over all worlds. Held out most: the state most often least willing, and the share of worlds.",
                agreed,
            )
        )
    if agreed.rows and lost.rows:
        tables.append((f"Part of the ambition tabled (0-1) lost by {year}, mean over worlds.", lost))
    words = () if tables else ("No agreement is on any agenda.",)
    title = "Agreements: adopted or not, and who held out"
    return Section("agreements", "Agreements", title, words, tables=tuple(tables))


def rests(fragile: Table | None, assumed: Iterable[str]) -> Section:
    """What hangs on judgement, and what is assumed; no table for what has no conclusions."""
    words: tuple[str, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    if fragile is not None and fragile.rows:
        tables = (("Conclusions whose sign changes inside the ranges of the ledger, in the last year.", fragile),)
    elif fragile is not None:
        words = ("No conclusion changes its sign inside the ranges of the ledger.",)
    title = "What rests on judgement" if fragile is not None else "Assumptions"
    return Section(
        "rests", title, title, words, tables=tables, points=tuple(assumed),
        points_title="Assumptions" if fragile is not None else "",
    )  # fmt: skip


HINDCAST = (
    "The engine is begun in a past year with what was known then, and held against what came, beside naive forecasts: "
    "the last number, growth with GDP, a tie's own recent mean. Each tie or series: all count the same; weighted: by "
    "their size in that year. RMSE: root mean square error. ICEWS and GDELT count events in the news."
)


def hindcast(table: Table | None = None) -> Section:
    """How the engine did on years it had not seen; by the shipped scores if no others are given."""
    table = scores() if table is None else table
    title = "How the model did on years it had not seen"
    if not table.rows:
        words: tuple[str, ...] = (
            "The scores of the hindcast are not shipped with this copy; `sco-sim hindcast` makes them.",
        )
        return Section("hindcast", "Hindcast", title, words)
    tables = (("The engine begun in years past beside the best naive forecast; lower is better.", table),)
    return Section(
        "hindcast",
        "Hindcast",
        title,
        (HINDCAST,),
        lines=tuple(scores_in_words(table)),
        tables=tables,
        fold=f"All {counted(len(table.rows), 'score')}",
    )


def parameters(table: Table) -> Section:
    """The ledger in force."""
    fold = f"{counted(len(table.rows), 'parameter')} of the ledger; `sco-sim list parameters` gives their sources"
    tables = (("Each setting draws its parameters within these ranges.", table),)
    return Section("parameters", "Parameters", "Parameters in force", tables=tables, fold=fold, packed=True)
