"""Several views side by side: what they conclude, where they differ, and the entry that splits them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from sco_sim.case.opened import opened
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.folders import results
from sco_sim.commands.observed import say_observed
from sco_sim.commands.screen.outcomes import chosen, of_worlds
from sco_sim.commands.screen.output import emit, hanging, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.view_names import several, under, without_view
from sco_sim.components.registry import metric
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import counted
from sco_sim.numerics.arrays import Ints
from sco_sim.scenario.schema import Scenario
from sco_sim.store.checksums import write_tables
from sco_sim.store.study_file import keep_study
from sco_sim.studies.comparison.verdict import same
from sco_sim.studies.views.conclusions import VIEW_TABLE, Conclusion, Stated, called, sentence, tables
from sco_sim.studies.views.search import splits
from sco_sim.studies.views.split import Measure, Pair, sign_of
from sco_sim.studies.views.worlds import OfYear
from sco_sim.studies.wording import decimals, scale, signed

MOST = 200
"""Worlds on which entries are switched, at most."""
Paired = Callable[[str, Conclusion, tuple[str, str]], Pair]
Read = Callable[[Sequence[str], int], Measure]
"""From outcomes, and how many worlds, to what reads them off a scenario."""


def compare(
    items: Sequence[str], *, sets: Sequence[str], case: Path | None, out: Path | None, years: str,
    outcomes: Sequence[str], everything: bool, figures: bool, report: bool, as_json: bool, **how: Any,
) -> int:  # fmt: skip
    """Compare scenarios under each view on the same worlds, each into a folder of its own, side by side."""
    from sco_sim.commands.files import numbers
    from sco_sim.plots.figures import plot_all
    from sco_sim.report.files import write_report
    from sco_sim.studies.comparison.compare import compare as run_comparison
    from sco_sim.studies.comparison.compare import default_name

    views, shown = several(sets), chosen(of_worlds(), outcomes, everything)
    loaded = {view: [load(item, under(sets, given), case) for item in items] for view, given in views.items()}
    names = [one.name for one in next(iter(loaded.values()))]
    folder = out if out is not None else results(f"{default_name(names)}_by_view", without_view(sets))
    comparisons = {}
    for view in views:
        with progress(f"{', '.join(names)} under {view}", folder / view) as tick:
            comparisons[view] = run_comparison(
                loaded[view], case=case, out=folder / view, years=numbers(years, "--years"), progress=tick, **how
            )
        if figures:
            plot_all(comparisons[view])
        if report:
            write_report(comparisons[view])
    conclusions = _compared({view: one.table.to_dict("records") for view, one in comparisons.items()}, shown)
    last = max((one.year for one in conclusions), default=0)

    def pair(view: str, one: Conclusion, two: tuple[str, str]) -> Pair:
        scenarios = {scenario.name: scenario for scenario in loaded[view]}
        return Pair(loaded[view][0], scenarios[one.subject])

    worlds = min(how["worlds"], MOST)
    same = {name: how[name] for name in ("replicates", "seed", "fixed_parameters")}

    def read(outcomes: Sequence[str], worlds: int) -> Measure:
        return OfYear(opened(case), outcomes, last, worlds=worlds, **same)

    conclusions = split(conclusions, pair, read, settings_of(range(worlds), how["replicates"]))
    return say_views(conclusions, loaded, case, folder, as_json, report=report)


def _compared(rows: Mapping[str, list[dict[Any, Any]]], shown: Sequence[str]) -> list[Conclusion]:
    """Conclusions of the last year of comparisons, view to the rows of its table."""
    last = max(row["year"] for own in rows.values() for row in own)
    subjects = dict.fromkeys(
        (row["scenario"], row["outcome"]) for own in rows.values() for row in own if row["outcome"] in shown
    )
    conclusions = []
    for scenario, outcome in subjects:
        by_view = {
            view: _stated(row) for view, own in rows.items() for row in own
            if (row["scenario"], row["outcome"], row["year"]) == (scenario, outcome, last)
        }  # fmt: skip
        if not any(said.difference != said.difference for said in by_view.values()):
            measure = metric(outcome)
            conclusions.append(Conclusion(scenario, outcome, measure.title, measure.unit, int(last), by_view))
    return conclusions


def _stated(row: Mapping[Any, Any]) -> Stated:
    size, low, high, error = (float(row[name]) for name in ("difference", "low_05", "high_95", "mean_se"))
    return Stated(size, low, high, error, "none" if same(row) else sign_of(size, error))


def split(conclusions: Sequence[Conclusion], pair: Paired, read: Read, settings: Ints) -> list[Conclusion]:
    """The conclusions with what splits the views, for each two views and subject that differ.

    Args:
        conclusions: Of every subject and outcome.
        pair: The two scenarios of a conclusion under a view; the two views that differ are given too.
        read: From outcomes, and how many worlds, to what reads them off a scenario.
        settings: Setting of each world on which entries are switched at most, shape (world,).
    """
    out = list(conclusions)
    every = list(dict.fromkeys(one.outcome for one in conclusions if one.differs))
    reader = cache(partial(read, every))  # what two views share with a third is simulated once
    for subject, two in dict.fromkeys((one.subject, two) for one in conclusions for two in one.apart):
        own = [number for number, one in enumerate(out) if one.subject == subject and two in one.apart]
        keys = [out[number].outcome for number in own]
        mine, theirs = (pair(view, out[own[0]], two) for view in two)
        with progress(f"{subject}: {two[0]} against {two[1]}", None) as tick:
            parts = splits(mine, theirs, keys, reader, settings, tick)
        for number in own:
            one = out[number]
            out[number] = replace(one, splits={**one.splits, two: parts[one.outcome]})
    return out


def say_views(
    conclusions: Sequence[Conclusion], loaded: Mapping[str, Sequence[Scenario]], case: Path | None, folder: Path | None,
    as_json: bool, *, report: bool = False,
) -> int:  # fmt: skip
    """Write and print what the views say; the exit code."""
    scenarios = [one for own in loaded.values() for one in own]
    files = [] if folder is None else write_tables(folder, tables(conclusions))
    if folder is not None:
        keep_study(folder, VIEW_TABLE, TYPED.get())
    page = _page(folder, write=report)
    beliefs = {view: own[0].is_belief for view, own in loaded.items()}
    if as_json:
        say_observed(scenarios, case, aside=True)
        frames = tables(conclusions)
        emit({"views": [{"view": view, "belief": belief} for view, belief in beliefs.items()],
              "conclusions": frames["views.csv"].to_dict("records"), "splits": frames["splits.csv"].to_dict("records"),
              "sentences": [line for one in conclusions if one.differs for line in sentence(one)],
              "files": files, "report": page})  # fmt: skip
        return 0
    say(
        f"Under {counted(len(loaded), 'view')} on the same worlds: {', '.join(called(view) for view in loaded)}", "bold"
    )
    if any(beliefs.values()):
        names = ", ".join(f"`{view}`" for view, belief in beliefs.items() if belief)
        say(f"Belief: what is shown under {names} is what follows from a belief and not what the evidence says.",
            "yellow")  # fmt: skip
    say_observed(scenarios, case, aside=False)
    _table(conclusions, list(loaded))
    _differing(conclusions)
    if folder is not None:
        say(f"written to {folder}" if page is None else f"written to {folder}; the report is {page}", "dim")
    return 0


def _page(folder: Path | None, *, write: bool) -> Path | None:
    """Write the page if asked; that of an earlier command does not stay beside the new tables."""
    from sco_sim.report.files import NAME, write_report

    if folder is None:
        return None
    if write:
        return write_report(folder)
    (folder / NAME).unlink(missing_ok=True)
    return None


def _table(conclusions: Sequence[Conclusion], views: Sequence[str]) -> None:
    heading("Side by side: mean, what it is, and whether they agree")
    rows = []
    for one in conclusions:
        factor, unit = scale(one.unit)
        digits = decimals(max(abs(factor * said.difference) for said in one.by_view.values()))
        cells = [
            f"{signed(factor * said.difference, digits)} {said.says}" if said.says in ("up", "down", "open", "none")
            else said.says for said in (one.by_view[view] for view in views)
        ]  # fmt: skip
        rows.append([one.subject, f"{one.title}{f', {unit}' if unit else ''}", *cells, "differ" if one.differs else ""])
    table(["Of", "Outcome", *(called(view) for view in views), ""], rows, [called(view) for view in views])


def _differing(conclusions: Sequence[Conclusion]) -> None:
    apart = [one for one in conclusions if one.differs]
    heading(f"Where they differ: {len(apart)} of {counted(len(conclusions), 'conclusion')}")
    if not apart:
        say("Nowhere: the views lead to the same conclusions.")
    for one in apart:
        first, *rest = sentence(one)
        hanging([("*", first), *((" ", line) for line in rest)])
    say(
        "Up and down: the mean is surely above or below zero (95 %); open: neither; none: the same in every world. An "
        "entry splits two views if the first, with this entry alone as the other has it, says what the other says.",
        "dim",
    )
