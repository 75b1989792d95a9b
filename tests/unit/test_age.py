"""How old the evidence is: refused where it is too old, told in any case, and paid for with noise."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Mapping
from datetime import date
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pytest

from sco_sim.case.age import Age, Observations, Seen
from sco_sim.case.age_words import as_records, in_words, of_records, start_problem
from sco_sim.case.case import Case
from sco_sim.case.filters import filter_trust
from sco_sim.case.observables import OBSERVABLES, Observable, Source
from sco_sim.case.opened import opened
from sco_sim.case.schema.check import CaseWarning
from sco_sim.commands.files import shipped
from sco_sim.engine.build import build_model
from sco_sim.errors import ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.runs.run import run
from sco_sim.scenario.load import load_scenario, vary
from sco_sim.shipped import default_case
from sco_sim.world.ties import Ties
from tests.unit.command_line import call, fine
from tests.unit.test_unit_effects import QUIET

LIMITED = [variable for variable in OBSERVABLES if variable.most is not None]
STATES = ("AAA", "BBB", "CCC")


def seen_to(last: Mapping[str, int], default: int = 2020, trade: Mapping[str, float] | None = None) -> Observations:
    """Three states observed from 1990: all of a variable to its year in `last`, or one flow by its name: AAA-BBB."""
    variable_of = {source: variable for variable in OBSERVABLES for source in variable.sources}

    def read(source: Source) -> list[Seen]:
        name = variable_of[source].name
        out: list[Seen] = []
        pick = permutations if variable_of[source].directed else combinations
        for unit in pick(STATES, len(source.ends)):
            tie = "-".join(unit)
            year = last.get(f"{name} {tie}", last.get(name, default))
            weight = (trade or {}).get(tie, 1.0) if source.weighed else 1.0
            out += [(unit, observed, weight, True) for observed in range(1990, year + 1)]
        return out

    return Observations(read)


def age(seen: Observations, name: str, start: int) -> Age:
    """The age of one variable."""
    return next(one for one in seen.ages(STATES, start) if one.variable.name == name)


@pytest.mark.parametrize("variable", LIMITED, ids=[variable.name for variable in LIMITED])
def test_a_start_three_years_after_the_last_observation_is_refused(variable: Observable) -> None:
    """Catches a variable whose age is never judged, and a limit that is off by one."""
    assert {one.name for one in LIMITED} == {"trade", "GDP", "events"}
    seen = seen_to({variable.name: 2020}, default=2030)
    assert start_problem(seen.ages(STATES, 2022)) is None
    problem = start_problem(seen.ages(STATES, 2023))
    assert problem is not None
    assert f"{variable.name} up to 2020" in problem.message
    assert "start in 2022 or earlier" in problem.remedy
    assert "--nowcast" in problem.remedy


@pytest.mark.parametrize("variable", LIMITED, ids=[variable.name for variable in LIMITED])
def test_one_large_part_that_is_old_is_refused(variable: Observable) -> None:
    """Catches a variable that is judged by its most recent half: one state or tie out of three is enough."""
    unit = "-".join(STATES[: len(variable.sources[0].ends)])
    shown = unit.replace("-", " to ") if variable.directed else unit
    old = age(seen_to({f"{variable.name} {unit}": 2010}, default=2023), variable.name, 2023)
    assert old.too_old
    assert old.year == 2010
    assert old.older == {shown: 2010}
    never = age(seen_to({f"{variable.name} {unit}": 1980}, default=2023), variable.name, 2023)
    assert never.older == {shown: None}
    assert never.too_old == (variable.name != "GDP")  # a state without GDP is refused anyway


def test_one_direction_of_a_tie_is_judged_by_itself() -> None:
    """Catches exports that ended years ago behind imports of last year: half of a flow is then taken for the whole."""
    seen = seen_to({"trade BBB-AAA": 2015}, default=2023)
    old = age(seen, "trade", 2023)
    assert old.too_old
    assert old.older == {"BBB to AAA": 2015}


def test_events_that_are_too_few_to_be_used_do_not_count() -> None:
    """Catches a tie that passes as observed by a balance of a few days, which the filter does not use."""
    case = Case()
    ages = {one.variable.name: one for one in case.ages(load_scenario("baseline").states, 2023)}
    known = filter_trust(case, case.ledger, ties := Ties(load_scenario("baseline").states), 2023, np.zeros(len(ties)))
    assert set(ages["events"].older) == {name for name, year in zip(ties.names, known.year, strict=True) if year < 2021}


def test_trade_is_judged_by_value_and_a_small_old_tie_is_named() -> None:
    """Catches ties that count alike: a thousandth of trade may be old, if it is named, and a fifth may not."""
    last = {"trade AAA-BBB": 2012}
    small = age(seen_to(last, 2023, {"AAA-BBB": 0.001}), "trade", 2023)
    assert (small.year, small.too_old) == (2023, False)
    assert "Older than the rest, trade: AAA to BBB 2012." in in_words([small])
    grown = age(seen_to(last, 2023, {"AAA-BBB": 0.05}), "trade", 2023)
    assert (grown.year, grown.too_old) == (2012, True)  # by now it may be half as much as the others
    large = age(seen_to(last, 2023, {"AAA-BBB": 0.5}), "trade", 2023)
    assert (large.year, large.too_old) == (2012, True)
    problem = start_problem([large])
    assert problem is not None
    assert "95 % of the value traded; older: AAA to BBB 2012" in problem.message


def test_what_was_never_observed_is_reported() -> None:
    """Catches a case without events that passes with a word in a long line."""
    nothing = age(seen_to({"events": 1980}), "events", 2020)
    assert (nothing.year, nothing.known, nothing.too_old, nothing.older) == (None, False, False, {})
    assert "Nothing was observed up to 2020 of events: what size, distance and the other ties let expect" in in_words(
        [nothing]
    )


def test_what_is_carried_on_is_named_within_the_limit_too() -> None:
    """Catches a start two years after the data that adds noise and does not say so."""
    words = in_words(seen_to({}, default=2023).ages(STATES, 2025))
    assert "Carried on to 2025 with the noise of every year between: trade, GDP, events, students, air links." in words
    assert "Carried on" not in in_words(seen_to({}, default=2025).ages(STATES, 2025))


def test_what_is_later_than_the_start_does_not_count() -> None:
    """Catches a start in 2001 that boasts of trade of 2023."""
    ages = seen_to({"trade": 2023, "trade AAA-BBB": 1998}).ages(STATES, 2001)
    assert ages[0].year == 1998
    assert ages[1].year == 2001
    assert of_records(as_records(ages), 2001) == ages


def test_every_shipped_scenario_stands_on_recent_evidence() -> None:
    """Catches a shipped start without data behind it."""
    case = Case()
    for name in shipped():
        scenario = load_scenario(name)
        assert start_problem(case.ages(scenario.states, scenario.horizon.start)) is None, name


def test_every_way_to_start_a_run_is_told() -> None:
    """Catches a way round the check: the command line, Python, a sweep of starts, a scenario made by hand."""
    late = "horizon.start=2030"
    with pytest.raises(ScenarioError, match="too far from what was observed: trade up to 2023"):
        load_scenario("baseline", [late])
    scenario = load_scenario("baseline")
    with pytest.raises(ScenarioError, match="too far"):
        vary(scenario, {"horizon.start": 2030}, Case().catalog)
    moved = scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update={"start": 2030})})
    with pytest.raises(ScenarioError, match="too far"):
        build_model(moved)
    for command in ("run", "show", "validate"):
        done = call(command, "baseline", "--set", late)
        assert done.exit_code == 2, command
        assert "--set horizon.start: the start in 2030 is too far from what was observed" in done.stderr
    assert "Nowcast: carried on to 2030 with the noise of every year between: trade, GDP, events" in fine(
        "validate", "baseline", "--set", late, "--nowcast"
    )


@pytest.mark.slow
def test_a_nowcast_is_wider_for_every_variable_that_is_drawn() -> None:
    """Catches a variable that a nowcast takes to be as well known as on the day it was observed."""
    seen = build_model(load_scenario("baseline"), worlds=400, replicates=1)
    late = build_model(load_scenario("baseline", ["horizon.start=2028", "nowcast=true"]), worlds=400, replicates=1)
    for name in ("trade", "trust_level", "log_gdp", "students_ab", "people"):
        now, then = (np.median(model.state.arrays[name].std(axis=0)) for model in (seen, late))
        assert then > 1.1 * now, name
    growth = np.median(late.state.log_gdp, axis=0) - seen.state.log_gdp[0]
    assert (growth > 0.0).all()
    assert np.median(late.state.trade) > np.median(seen.state.trade)


@pytest.mark.slow
def test_the_band_of_a_nowcast_is_that_of_a_run_for_the_total_too() -> None:
    """Catches ties and states that are carried on each by itself: their errors would cancel in the total."""
    run = build_model(load_scenario("no_events"), worlds=400, replicates=1)
    while run.year.year < 2026:
        run.step()
    late = build_model(load_scenario("no_events", ["horizon.start=2026", "nowcast=true"]), worlds=400, replicates=1)
    for name in ("trade", "log_gdp"):
        totals = [np.log(np.exp(model.state.arrays[name]).sum(axis=1)) for model in (run, late)]
        widths = [np.subtract(*np.quantile(total, [0.95, 0.05])) for total in totals]
        assert widths[1] == pytest.approx(widths[0], rel=0.2), name


@pytest.mark.slow
def test_a_cell_of_zero_observes_no_trade(tmp_path: Path) -> None:
    """Catches a table filled up with zeros whose years count as observed, though no estimate uses them."""
    case = tmp_path / "case"
    shutil.copytree(default_case(), case)
    for name in ("trade_reports", "trade_reconciled"):
        path = case / "data" / f"{name}.csv"
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        columns = header.split(",")
        at = [columns.index(column) for column in columns if column.endswith("_kusd")]
        lines = []
        for row in rows:
            cells = row.split(",")
            if int(cells[columns.index("year")]) > 2019:
                cells = [("0" if index in at and cell else cell) for index, cell in enumerate(cells)]
            lines.append(",".join(cells))
        path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CaseWarning)  # that the columns are all zero
        with pytest.raises(ScenarioError, match="trade up to 2019"):
            load_scenario("baseline", case=case)


def test_now_lies_near_the_horizon() -> None:
    """Catches a typing error in `now` that silently takes the nowcast out of every figure."""
    for wrong in (1995, 2100):
        with pytest.raises(ScenarioError, match="whose events are facts"):
            load_scenario("baseline", [f"horizon.now={wrong}"])
    with pytest.raises(ScenarioError, match="which has not come"):
        load_scenario("baseline", [f"horizon.now={date.today().year + 1}"])


def test_a_nowcast_knows_the_events_since_the_observations() -> None:
    """Catches an event that ends after the start and gives back trade that no observation had lost, and one forgotten.

    The border closed in 2025 and opens again in 2027: a start in 2026 has to be where a run from 2023 is by then.
    """
    closed = "events=[{border_closing: {between: [CHN, IND], start: 2025, end: 2026}}, "
    closed += "{dispute: {between: [IND, PAK], year: 2025, severity: 2.0}}]"

    def trade(*changes: str) -> dict[int, Array]:
        model = build_model(load_scenario("no_events", list(changes)), fixed_parameters=True, values=values)
        out = {model.year.year: model.state.trade[0].copy()}
        while model.year.year < 2029:
            model.step()
            out[model.year.year] = model.state.trade[0].copy()
        return out

    values = {name: np.array([value]) for name, value in QUIET.items()}
    late = ("horizon.start=2026", "nowcast=true")
    tie = Ties(load_scenario("no_events").states).tie
    for ends in (("CHN", "IND"), ("IND", "PAK")):
        gap = {
            start: {year: with_it[year][tie(*ends)] - without[year][tie(*ends)] for year in (2026, 2027, 2029)}
            for start, with_it, without in (
                (2023, trade(closed), trade()), (2026, trade(closed, *late), trade(*late)),
            )
        }  # fmt: skip
        assert gap[2023][2026] < -0.2
        for year in (2026, 2027, 2029):
            assert gap[2026][year] == pytest.approx(gap[2023][year], abs=0.05), (ends, year)


@pytest.mark.slow
def test_the_deflator_of_a_case_without_late_years_is_that_of_the_shipped_one(tmp_path: Path) -> None:
    """Catches prices of 2019 for the trade of 2023, where the rows of the United States end early."""
    case = tmp_path / "case"
    shutil.copytree(default_case(), case)
    path = case / "data" / "state_years.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not ("USA" in row and int(row.split(",")[header.split(",").index("year")]) > 2019)]
    path.write_text("\n".join([header, *kept]) + "\n", encoding="utf-8")
    assert Case(case).deflator.to_dict() == pytest.approx(Case().deflator.to_dict())
    states = ("CHN", "IND")
    assert Case(case).gdp(states, range(2018, 2025)) == pytest.approx(Case().gdp(states, range(2018, 2025)))


def test_the_line_names_the_years() -> None:
    """Catches a line that drops a variable, or that is silent on what was never observed."""
    ages = Case().ages(load_scenario("baseline").states, 2023)
    assert in_words(ages).startswith("Last observed: trade 2023, GDP 2023, events 2023")
    assert all(f"{variable.name} " in in_words(ages) for variable in OBSERVABLES)
    assert (
        "Older than the rest, trade: BLR to IRN 2020, IRN to BLR 2020, IRN to TJK 2020, TJK to IRN 2020."
        in in_words(ages)
    )
    assert str(Age(OBSERVABLES[0], 2023, None)) == "trade never"
    assert in_words(()) == ""


def test_every_variable_that_is_carried_on_is_declared_so() -> None:
    """Catches a variable that gets its own noise and of which the line is silent, or the other way round."""
    assert {one.name for one in OBSERVABLES if one.ages} == {"trade", "GDP", "events", "students", "air links"}


@pytest.mark.slow
def test_a_tie_that_stops_early_is_refused_or_named_by_the_command_line(tmp_path: Path) -> None:
    """Catches a cut of the largest tie alone, in the tables of a case, and a population that only states.csv holds."""
    case = tmp_path / "case"
    shutil.copytree(default_case(), case)
    for name in ("trade_reports", "trade_reconciled"):
        path = case / "data" / f"{name}.csv"
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        year = header.split(",").index("year")
        kept = [row for row in rows if not ("CHN" in row and "RUS" in row and int(row.split(",")[year]) > 2010)]
        path.write_text("\n".join([header, *kept]) + "\n", encoding="utf-8")
    done = call("validate", "baseline", "--case", case)
    assert done.exit_code == 2
    assert "trade up to 2010" in done.stderr
    assert "older: CHN to RUS 2010, RUS to CHN 2010" in done.stderr
    assert "CHN to RUS 2010" in fine("validate", "baseline", "--case", case, "--nowcast")
    club = tmp_path / "club"
    fine("new", "case", club)
    assert "population 20" in fine("validate", club / "scenarios" / "baseline.yaml", "--case", club)


@pytest.mark.slow
def test_a_scenario_runs_on_the_case_that_it_was_loaded_with(tmp_path: Path) -> None:
    """Catches a model of the shipped tables for a scenario that was checked against others."""
    club = tmp_path / "club"
    fine("new", "case", club)
    file = club / "scenarios" / "baseline.yaml"
    scenario = load_scenario(file, case=club)
    own, given = build_model(scenario, worlds=2), build_model(file, case=club, worlds=2)
    assert own.state.trade.tolist() == given.state.trade.tolist()
    varied = vary(scenario, {"horizon.end": scenario.horizon.end - 1}, Case(club).catalog)
    assert build_model(varied).state.trade.shape[1] == given.state.trade.shape[1]
    stored = run(scenario, worlds=2, out=tmp_path / "run")
    assert stored.manifest["case"] == str(club)
    assert load_scenario("baseline").case is None


def test_a_case_is_read_again_when_a_file_of_it_changes(tmp_path: Path) -> None:
    """Catches a model of yesterday's tables or ledger, and tables that are read anew for every model."""
    case = tmp_path / "case"
    shutil.copytree(default_case(), case)
    first = opened(case)
    assert opened(case) is first
    ledger = case / "parameters.yaml"
    ledger.write_text(ledger.read_text(encoding="utf-8") + "\n# a word\n", encoding="utf-8")
    second = opened(case)
    assert second is not first
    (case / "data" / "trains.csv").unlink()
    assert opened(case) is not second
