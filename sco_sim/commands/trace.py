"""`sco-sim trace`: one world told year by year, and what is otherwise in the same world under another scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.opened import opened
from sco_sim.commands.files import check_pairable, load
from sco_sim.commands.folders import check_not_typed, is_run
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, hanging, heading, note, say, table
from sco_sim.commands.written import check_out, writing
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.scenario.schema import Scenario
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.trace.facts import Fact, Line, difference, side_by_side
from sco_sim.studies.trace.stored_worlds import ends, is_stored, of_run
from sco_sim.studies.trace.trace import Trace
from sco_sim.studies.wording import believed


def main(
    scenario: str, *, world: int, against: str | None, seed: int, replicates: int, typed: Sequence[str],
    sets: Sequence[str], case: Path | None, out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Simulate the world, write, print; the exit code."""
    check_out(out)
    source = _opened(scenario, sets, case, seed, replicates, typed)
    loaded, tables = source.scenario, opened(source.case)
    mine = source.traced(world, tables)
    rival, theirs = None, None
    if against is not None:
        rival = _opened(against, sets, source.case, source.seed, source.replicates, ())
        check_pairable(loaded, rival.scenario)
        _check_same_worlds(source, rival, against)
        theirs = rival.traced(world, tables)
    other = None if rival is None else rival.scenario
    apart = None if theirs is None else difference(mine.facts, theirs.facts)
    if out is not None:
        written = [(loaded, mine.facts), *([] if other is None or theirs is None else [(other, theirs.facts)])]
        _write(out, written)
    if as_json:
        say_observed([loaded], source.case, aside=True)
        emit(
            {"scenario": loaded.name, **of_view(loaded), **observed_of(loaded, source.case), "world": world,
             "stored": source.has(world), "seed": source.seed,
             "facts": [asdict(fact) for fact in mine.facts], "outcomes": mine.last,
             "against": None if other is None else other.name, "difference": None if apart is None else asdict(apart),
             "outcomes_against": None if theirs is None else theirs.last}
        )  # fmt: skip
        return 0
    say(f"World {world} of {loaded.title or loaded.name} ({loaded.name}), seed {source.seed}", "bold")
    say_view([loaded] if other is None else [loaded, other])
    say_observed([loaded], source.case, aside=False)
    if apart is None or other is None or theirs is None:
        _tell(mine.facts)
    else:
        names = _told_apart(loaded, other)
        _compare(side_by_side(mine.facts, theirs.facts), *names)
        heading(f"Where it ends, {loaded.horizon.end}")
        headers = ["Outcome", *names, "Difference"]
        table(headers, ends(mine.last, theirs.last), headers[1:])
    say(
        "One world is one history of thousands that the evidence allows: it shows how things hang together, and not "
        "what will happen. Numbers behind reasons are z of readiness (equation 5) below the mean of the other voters.",
        "dim",
    )
    return 0


@dataclass(frozen=True)
class _Source:
    """A scenario with how its worlds are simulated, and the stored run that this is taken from."""

    scenario: Scenario
    case: Path | None
    seed: int
    replicates: int
    run: StoredRun | None = None

    @property
    def fixed(self) -> bool:
        """Whether its worlds hold the ledger at its centre."""
        return self.run is not None and bool(self.run.manifest["fixed_parameters"])

    def has(self, world: int) -> bool | None:
        """Whether the world is stored; None where nothing is."""
        return None if self.run is None else is_stored(self.run, world)

    def traced(self, world: int, tables: Case) -> Trace:
        """The world, simulated; a note says so if it is none of those stored."""
        if self.run is None:
            return Trace(self.scenario, tables, world, seed=self.seed, replicates=self.replicates)
        if not self.has(world):
            stored = f"{counted(len(self.run.done()), 'world')} stored in {self.run.path}"
            anew = "it is simulated anew from the manifest, with nothing stored to hold it against"
            note(f"world {world} is none of the {stored}: {anew}")
        return of_run(self.run, tables, world)


def _opened(
    item: str, sets: Sequence[str], case: Path | None, seed: int, replicates: int, typed: Sequence[str]
) -> _Source:
    """The scenario of a file or of a stored run, with the seed, replicates and case that it runs with."""
    if not is_run(item):
        return _Source(load(item, sets, case), case, seed, replicates)
    from sco_sim.store.manifest import case_of
    from sco_sim.store.stored_run import open_run

    check_not_typed(item, typed)
    if sets:
        remedy = "leave out --set, --nowcast and --view"
        raise ScenarioError(Problem("this is a stored run, whose scenario cannot be changed", remedy, item))
    run = open_run(item)
    manifest = run.manifest
    return _Source(run.scenario, case or case_of(manifest), manifest["seed"], manifest["replicates"], run)


def _check_same_worlds(one: _Source, other: _Source, where: str) -> None:
    """Raises ScenarioError if a number is not the same world in both, or one ends before the other."""
    remedy = "name a run of the same, or a scenario"
    if (one.seed, one.replicates) != (other.seed, other.replicates):
        of_each = [f"seed {of.seed} and {counted(of.replicates, 'replicate')}" for of in (one, other)]
        if one.run is None:
            remedy = f"give --seed {other.seed} --replicates {other.replicates}"
        raise ScenarioError(Problem(f"{of_each[1]} here, {of_each[0]} there: no world is the same", remedy, where))
    ends = [of.scenario.horizon.end for of in (one, other)]
    if ends[0] != ends[1]:
        message = f"{other.scenario.name} ends in {ends[1]}, {one.scenario.name} in {ends[0]}"
        how = f"give --set horizon.end={ends[1]}" if one.run is None else remedy
        raise ScenarioError(Problem(message, how, where))
    if one.fixed != other.fixed:
        message = "only one of the two holds its parameters at the centre: no world is the same"
        raise ScenarioError(Problem(message, "name runs that both do, or neither", where))


def _tell(facts: Sequence[Fact]) -> None:
    if not facts:
        say("Nothing happens in it: no text, shock or dispute.")
    for year, of_year in groupby(facts, key=lambda fact: fact.year):
        heading(str(year))
        hanging([("*", fact.words) for fact in of_year])


def _told_apart(one: Scenario, other: Scenario) -> tuple[str, str]:
    """What two scenarios are called: by their names, with the view or which it is where those are the same."""
    if one.name != other.name:
        return one.name, other.name
    if one.view != other.view:
        return believed(one.name, one.view), believed(other.name, other.view)
    return f"{one.name} (first)", f"{other.name} (second)"


def _compare(lines: Sequence[Line], one: str, other: str) -> None:
    """What is otherwise, year by year."""
    who = {"here": f"{one} only", "there": f"{other} only", "otherwise": "otherwise"}
    apart = [line for line in lines if line.who != "both"]
    heading(f"What is otherwise in the same world under {other}")
    if not apart:
        say("Nothing: the same happens in both.")
    for year, of_year in groupby(apart, key=lambda line: line.fact.year):
        heading(str(year))
        hanging([("*", f"[{who[line.who]}] {_words(line, one, other)}") for line in of_year])


def _words(line: Line, one: str, other: str) -> str:
    return line.fact.words if line.other is None else f"{one}: {line.fact.words} {other}: {line.other.words}"


def _write(out: Path, each: Sequence[tuple[Scenario, Sequence[Fact]]]) -> None:
    """All facts as CSV, with the view that they follow from."""
    rows = [{"scenario": one.name, "view": one.view, **asdict(fact)} for one, facts in each for fact in facts]
    columns = ["scenario", "view", *Fact.__dataclass_fields__]
    with writing(out):
        pd.DataFrame(rows, columns=columns).to_csv(out, index=False, float_format="%.6g", lineterminator="\n")
    note(f"written to {out}")
