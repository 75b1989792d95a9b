"""One history told: the middle world and the two extremes of a comparison, beside the same worlds of the reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from sco_sim.case.opened import opened
from sco_sim.components.registry import metric
from sco_sim.errors import SimError
from sco_sim.report.commands import named
from sco_sim.report.page import Named, Section, Story, Table
from sco_sim.store.manifest import case_of
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.brief import first_of
from sco_sim.studies.comparison.answer import Answer
from sco_sim.studies.comparison.compare import Comparison
from sco_sim.studies.comparison.verdict import same
from sco_sim.studies.trace.facts import Line
from sco_sim.studies.trace.stored_worlds import History, chosen, history_of
from sco_sim.studies.wording import Row, decimals, scale, signed

TITLE = "One history told"
RANKS = {"middle": "The middle world", "lowest": "The world of the lowest", "highest": "The world of the highest"}
KEPT = (
    "Means over worlds say what to expect, and not how it comes about. A world is one history of thousands that the "
    "evidence allows, and no forecast. Numbers behind reasons: by how much less ready to accept they "
    "make the state than the other voters are on average (equation 5 of docs/model.md)."
)


def history(comparison: Comparison, scenarios: Sequence[Named], rows: Sequence[Row], said: Answer) -> Section:
    """The middle world and the two extremes by the first outcome of the answer, of the scenario that moves it most.

    Args:
        comparison: Its worlds are simulated again by their numbers.
        scenarios: The reference first.
        rows: Of comparison.csv, until the year that the page is about.
        said: What is to be taken home of them.
    """
    final = [row for row in rows if int(row["year"]) == int(rows[-1]["year"]) and not same(row)]
    keys = first_of(said).outcomes
    moving = [row for row in final if row["outcome"] == keys[0] and row["difference"] == row["difference"]]
    if not moving:
        return Section("history", "One history", TITLE, ("No world differs from the same world of the reference.",))
    most = max(moving, key=lambda row: abs(float(row["difference"])))
    reference = comparison.runs[0]
    number, run = next(
        (at, run) for at, run in enumerate(comparison.runs) if run.manifest["name"] == str(most["scenario"])
    )
    why = _why_not(comparison, run)
    if why:
        return Section("history", "One history", TITLE, (why,))
    try:
        case = opened(case_of(dict(reference.manifest)))
        worlds = chosen(run, reference, str(most["outcome"]), int(most["year"]))
        histories = [history_of(run, reference, case, one) for one in worlds]
    except SimError as error:
        return Section("history", "One history", TITLE, (f"No world can be told here: {error.problems[0]}.",))
    names = (scenarios[number].title, scenarios[0].title)
    stories = tuple(_story(one, most, names) for one in histories)
    return Section(
        "history",
        "One history",
        TITLE,
        (_choice(most, names, run, reference.path, worlds[0].world), KEPT),
        stories=stories,
    )


def _why_not(comparison: Comparison, run: StoredRun) -> str:
    """Why no world of a run can be told beside the reference; empty if it can."""
    if not comparison.paired:
        return "Worlds are not paired: none has the same chance under two scenarios."
    if run.manifest["states"] != comparison.runs[0].manifest["states"]:
        return f"{run.manifest['name']} has other states than the reference: no world is the same in both."
    return ""


def _choice(row: Row, names: tuple[str, str], run: StoredRun, reference: Path, world: int) -> str:
    """How the worlds are chosen, and the command that tells any other."""
    title = metric(str(row["outcome"])).title
    return (
        f"Three worlds of {names[0]}, each beside the same world of {names[1]}: those of the middle, the lowest and "
        f"the highest difference in {title} in {int(row['year'])}, the first outcome to take home, where {names[0]} "
        f"moves it most. Any other: `sco-sim trace {named(run.path)} --against {named(reference)} --world {world}`."
    )


def _story(one: History, row: Row, names: tuple[str, str]) -> Story:
    key = str(row["outcome"])
    factor, unit = scale(metric(key).unit)
    gap = factor * one.chosen.difference
    size = f"{signed(gap, decimals(abs(gap)))} {unit}".rstrip()
    of = "" if one.chosen.rank == "middle" else " difference"
    title = f"{RANKS[one.chosen.rank]}{of}, world {one.chosen.world}: {metric(key).title} {size} in {int(row['year'])}"
    table = Table(("Outcome", *names, "Difference"), tuple(one.ends))
    return Story(
        title,
        tuple(_years(one.lines, names)),
        f"Where world {one.chosen.world} ends, in the last year simulated.",
        table,
    )


def _years(
    lines: Sequence[Line], names: tuple[str, str]
) -> Iterator[tuple[int, tuple[tuple[str, tuple[str, ...]], ...]]]:
    """Each year with what happens in both, only in one, and otherwise."""
    heads = {"both": "In both", "here": f"Only under {names[0]}", "there": f"Only under {names[1]}",
             "otherwise": "In both, otherwise"}  # fmt: skip
    for year, of_year in groupby(lines, key=lambda line: line.fact.year):
        own = list(of_year)
        groups = ((head, tuple(_words(line, names) for line in own if line.who == who)) for who, head in heads.items())
        yield year, tuple((head, words) for head, words in groups if words)


def _words(line: Line, names: tuple[str, str]) -> str:
    return line.fact.words if line.other is None else f"{line.fact.words} Under {names[1]}: {line.other.words}"
