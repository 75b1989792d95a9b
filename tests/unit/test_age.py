"""How old the evidence is: refused where it is too old, told in any case, and paid for with noise."""

from __future__ import annotations

import numpy as np
import pytest

from sco_sim.case.age import OBSERVABLES, Age, Observations, Source, Unit, as_years, in_words, of_years, start_problem
from sco_sim.case.case import Case
from sco_sim.commands.files import shipped
from sco_sim.engine.build import build_model
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario, vary
from tests.unit.command_line import call, fine

LIMITED = [variable for variable in OBSERVABLES if variable.most is not None]


def observations(**last: int) -> Observations:
    """Four states, each of them and each pair observed from 1990 to a year; that of AAA alone can differ."""
    variable_of = {source: variable for variable in OBSERVABLES for source in variable.sources}

    def read(source: Source) -> list[tuple[Unit, int]]:
        variable = variable_of[source]
        units = [frozenset("A"), frozenset("B")] if len(source.ends) == 1 else [frozenset("AB"), frozenset("AC")]
        year = last.get(variable.name.replace(" ", "_"), 2020)
        return [(unit, seen) for unit in units for seen in range(1990, year + 1)]

    return Observations(read)


@pytest.mark.parametrize("variable", LIMITED, ids=[variable.name for variable in LIMITED])
def test_a_start_three_years_after_the_last_observation_is_refused(variable: object) -> None:
    """Catches a variable whose age is never judged, and a limit that is off by one."""
    assert {one.name for one in LIMITED} == {"trade", "GDP", "events"}
    others = {one.name.replace(" ", "_"): 2030 for one in OBSERVABLES}
    seen = observations(**{**others, variable.name: 2020})  # type: ignore[attr-defined]
    assert start_problem(seen.ages("ABC", 2022)) is None
    problem = start_problem(seen.ages("ABC", 2023))
    assert problem is not None
    assert f"{variable.name} up to 2020" in problem.message  # type: ignore[attr-defined]
    assert "start in 2022 or earlier" in problem.remedy
    assert "--nowcast" in problem.remedy


def test_one_state_whose_gdp_ends_early_is_enough_and_one_pair_is_not() -> None:
    """Catches GDP judged by its most recent state, and trade judged by its worst reporter."""

    def read(source: Source) -> list[tuple[Unit, int]]:
        if source.table == "state_years":
            return [(frozenset("A"), 2023), (frozenset("B"), 2015)]
        if source.table == "trade_reports":
            return [(frozenset(pair), year) for pair, year in (("AB", 2023), ("AC", 2022), ("BC", 1999))]
        return []

    ages = {age.variable.name: age for age in Observations(read).ages("ABC", 2023)}
    assert ages["GDP"].year == 2015
    assert ages["GDP"].too_old
    assert ages["trade"].year == 2022
    assert ages["trade"].behind == ("B-C",)
    assert not ages["trade"].too_old
    assert ages["events"].year is None


def test_what_is_later_than_the_start_does_not_count() -> None:
    """Catches a start in 2001 that boasts of trade of 2023."""
    ages = observations(trade=2023).ages("ABC", 2001)
    assert ages[0].year == 2001
    assert of_years(as_years(ages), 2001) == tuple(Age(age.variable, 2001, age.year) for age in ages)


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
    assert "Nowcast: trade, GDP and events carried on to 2030" in fine(
        "validate", "baseline", "--set", late, "--nowcast"
    )


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


def test_the_line_names_the_years() -> None:
    """Catches a line that drops a variable, or that is silent on what was never observed."""
    ages = Case().ages(load_scenario("baseline").states, 2023)
    assert in_words(ages).startswith("Last observed: trade 2023, GDP 2023, events 2023")
    assert all(f"{variable.name} " in in_words(ages) for variable in OBSERVABLES)
    assert str(Age(OBSERVABLES[0], 2023, None)) == "trade never"
    assert in_words(()) == ""
