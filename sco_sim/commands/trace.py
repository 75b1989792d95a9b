"""`sco-sim trace`: one world told year by year, and what is otherwise in the same world under another scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import pandas as pd

from sco_sim.case.opened import opened
from sco_sim.commands.files import check_pairable, load
from sco_sim.commands.folders import is_run
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, hanging, heading, note, say, table
from sco_sim.commands.written import check_out, writing
from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.trace.facts import Fact, Line, difference, side_by_side
from sco_sim.studies.trace.stored_worlds import ends
from sco_sim.studies.trace.trace import Trace


def main(
    scenario: str, *, world: int, against: str | None, seed: int, replicates: int, sets: Sequence[str],
    case: Path | None, out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Simulate the world, write, print; the exit code."""
    check_out(out)
    loaded, seed, replicates, case = _opened(scenario, sets, case, seed, replicates)
    tables = opened(case)
    mine = Trace(loaded, tables, world, seed=seed, replicates=replicates)
    other, theirs = None, None
    if against is not None:
        other = _opened(against, sets, case, seed, replicates)[0]
        check_pairable(loaded, other)
        theirs = Trace(other, tables, world, seed=seed, replicates=replicates)
    apart = None if theirs is None else difference(mine.facts, theirs.facts)
    if out is not None:
        written = [(loaded, mine.facts), *([] if other is None or theirs is None else [(other, theirs.facts)])]
        _write(out, written)
    if as_json:
        say_observed([loaded], case, aside=True)
        emit(
            {"scenario": loaded.name, **of_view(loaded), **observed_of(loaded, case), "world": world, "seed": seed,
             "facts": [asdict(fact) for fact in mine.facts], "outcomes": mine.last,
             "against": None if other is None else other.name, "difference": None if apart is None else asdict(apart),
             "outcomes_against": None if theirs is None else theirs.last}
        )  # fmt: skip
        return 0
    say(f"World {world} of {loaded.title or loaded.name} ({loaded.name}), seed {seed}", "bold")
    say_view([loaded] if other is None else [loaded, other])
    say_observed([loaded], case, aside=False)
    if apart is None or other is None or theirs is None:
        _tell(mine.facts)
    else:
        _compare(side_by_side(mine.facts, theirs.facts), loaded, other)
        _outcomes(mine, theirs, loaded, other)
    say(
        "One world is one history of thousands that the evidence allows: it shows how things hang together, and not "
        "what will happen. Numbers behind reasons are z of readiness (equation 5) below the mean of the other voters.",
        "dim",
    )
    return 0


def _opened(
    item: str, sets: Sequence[str], case: Path | None, seed: int, replicates: int
) -> tuple[Scenario, int, int, Path | None]:
    """The scenario of a file or of a stored run, with the seed, replicates and case that it runs with."""
    if not is_run(item):
        return load(item, sets, case), seed, replicates, case
    from sco_sim.store.manifest import case_of
    from sco_sim.store.stored_run import open_run

    if sets:
        remedy = "leave out --set, --nowcast and --view"
        raise ScenarioError(Problem("this is a stored run, whose scenario cannot be changed", remedy, item))
    run = open_run(item)
    if run.manifest["fixed_parameters"]:
        remedy = "trace its scenario instead"
        raise ScenarioError(
            Problem("this run holds its parameters at the centre, and a trace draws them", remedy, item)
        )
    return run.scenario, run.manifest["seed"], run.manifest["replicates"], case or case_of(run.manifest)


def _tell(facts: Sequence[Fact]) -> None:
    if not facts:
        say("Nothing happens in it: no text, shock or dispute.")
    for year, of_year in groupby(facts, key=lambda fact: fact.year):
        heading(str(year))
        hanging([("*", fact.words) for fact in of_year])


def _compare(lines: Sequence[Line], one: Scenario, other: Scenario) -> None:
    """What is otherwise, year by year."""
    who = {"here": f"{one.name} only", "there": f"{other.name} only", "otherwise": "otherwise"}
    apart = [line for line in lines if line.who != "both"]
    heading(f"What is otherwise in the same world under {other.name}")
    if not apart:
        say("Nothing: the same happens in both.")
    for year, of_year in groupby(apart, key=lambda line: line.fact.year):
        heading(str(year))
        hanging([("*", f"[{who[line.who]}] {_words(line, one, other)}") for line in of_year])


def _words(line: Line, one: Scenario, other: Scenario) -> str:
    return line.fact.words if line.other is None else f"{one.name}: {line.fact.words} {other.name}: {line.other.words}"


def _outcomes(mine: Trace, theirs: Trace, one: Scenario, other: Scenario) -> None:
    heading(f"Where it ends, {one.horizon.end}")
    headers = ["Outcome", one.name, other.name, "Difference"]
    table(headers, ends(mine.last, theirs.last), headers[1:])


def _write(out: Path, each: Sequence[tuple[Scenario, Sequence[Fact]]]) -> None:
    """All facts as CSV, with the view that they follow from."""
    rows = [{"scenario": one.name, "view": one.view, **asdict(fact)} for one, facts in each for fact in facts]
    columns = ["scenario", "view", *Fact.__dataclass_fields__]
    with writing(out):
        pd.DataFrame(rows, columns=columns).to_csv(out, index=False, float_format="%.6g", lineterminator="\n")
    note(f"written to {out}")
