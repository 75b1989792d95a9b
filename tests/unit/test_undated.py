"""Observations without a year, of too few events, and in tables that were replaced: none of them may pass for more."""

from __future__ import annotations

import json
import warnings
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import sco_sim
from sco_sim.case.age import Age, Observations, Seen
from sco_sim.case.age_words import in_words, start_problem
from sco_sim.case.case import Case
from sco_sim.case.observables import Source
from sco_sim.case.schema.tables import BASE_YEAR
from sco_sim.engine.build import build_model
from sco_sim.errors import EvidenceWarning, ScenarioError
from sco_sim.scenario.load import load_scenario
from tests.unit.command_line import call, fine, parsed

STATES = ("AAA", "BBB", "CCC", "DDD")


def events_of(numbers: dict[tuple[str, int], float]) -> Age:
    """The age in 2023 of events by tie and year, of four states whose GDP and trade are known."""

    def read(source: Source) -> list[Seen]:
        if source.table == "state_years":
            return [((iso,), 2023, 1.0, True) for iso in STATES]
        if "icews_cooperative_events" not in source.columns:
            return []
        return [(tuple(tie.split("-")), year, number, True) for (tie, year), number in numbers.items()]

    return next(one for one in Observations(read).ages(STATES, 2023) if one.variable.name == "events")


TIES = ["-".join(tie) for tie in combinations(STATES, 2)]


def test_a_year_with_a_few_events_is_no_year() -> None:
    """Catches a download that ends in January of its last year and passes for a year observed."""
    whole = {(tie, year): 200.0 for tie in TIES for year in range(2005, 2020)}
    assert events_of(whole | {(tie, 2023): 50.0 for tie in TIES}).year == 2023
    thin = events_of(whole | {(tie, 2023): 49.0 for tie in TIES})
    assert (thin.year, thin.too_old) == (2019, True)
    assert events_of(whole | {("AAA-BBB", 2023): 1.0}).year == 2019
    quiet = {(tie, year): 4.0 for tie in TIES for year in range(2005, 2023)}
    assert events_of(quiet | {(tie, 2023): 1.0 for tie in TIES}).year == 2023  # usual for such ties


def test_one_tie_does_not_stand_for_all() -> None:
    """Catches one event on one tie, and no other ever, that passes for the events of all."""
    lone = events_of({("AAA-BBB", 2023): 1.0})
    assert (lone.year, lone.too_old) == (None, True)
    assert lone.older == dict.fromkeys(TIES[1:])
    problem = start_problem([lone])
    assert problem is not None
    assert "events not observed" in problem.message
    assert "what was never observed is what size, distance and the other ties let expect" in problem.remedy


def test_a_year_that_is_assumed_is_said(tmp_path: Path) -> None:
    """Catches sizes of any year that pass for those of the year of the start."""
    club = tmp_path / "club"
    fine("new", "case", club)
    file = club / "scenarios" / "baseline.yaml"
    said = f"No year is given for GDP and population of ALA, BOR, CYR, DOL: {BASE_YEAR} is assumed."
    text = " ".join(fine("validate", file, "--case", club).split())
    assert f"GDP {BASE_YEAR} (assumed)" in text
    assert said in text
    answer = json.loads(call("validate", file, "--case", club, "--json").stdout)[0]
    assert answer["assumed"]["GDP"] == dict.fromkeys(("ALA", "BOR", "CYR", "DOL"), BASE_YEAR)
    late = call("validate", file, "--case", club, "--set", "horizon.start=2026")
    assert late.exit_code == 2
    assert f"GDP up to {BASE_YEAR}, a year that is assumed" in late.stderr


@pytest.mark.slow
def test_a_run_keeps_that_a_year_is_assumed(tmp_path: Path) -> None:
    """Catches a manifest, and an answer for machines, in which an assumed year looks like one observed."""
    fine("new", "case", tmp_path / "club")
    words = (tmp_path / "club" / "scenarios" / "baseline.yaml", "--case", tmp_path / "club", "--worlds", 2)
    answer = parsed("run", *words, "--out", tmp_path / "run")
    assert "No year is given for GDP and population" in fine("show", *words[:3], "--only", "phases")
    assert answer["assumed"]["GDP"] == dict.fromkeys(("ALA", "BOR", "CYR", "DOL"), BASE_YEAR)


@pytest.mark.slow
def test_python_is_warned_of_a_nowcast(tmp_path: Path) -> None:
    """Catches a notebook in which figures of a nowcast look like those of fresh evidence."""
    late = load_scenario("baseline", ["horizon.start=2031", "horizon.end=2032", "nowcast=true"])
    with pytest.warns(EvidenceWarning, match="Nowcast: carried on to 2031"):
        sco_sim.run(late, worlds=1, out=tmp_path / "run")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sco_sim.build_model(late)  # once is enough
        sco_sim.build_model("baseline")
    other = load_scenario("baseline", ["horizon.start=2032", "horizon.end=2033", "nowcast=true"])
    with pytest.warns(EvidenceWarning, match="Nowcast: carried on to 2032"):
        sco_sim.build_model(other)


def test_sizes_of_states_count_only_where_no_year_has_any(tmp_path: Path) -> None:
    """Catches a GDP of states.csv that the engine does not use and that makes an old one look fresh."""
    club = tmp_path / "club"
    fine("new", "case", club)
    sizes = {"ALA": 4.5e11, "BOR": 1.8e11, "CYR": 9.5e10, "DOL": 3e10}
    rows = [f"{iso},{year},{gdp:.0f},9500000" for iso, gdp in sizes.items() for year in (2014, 2015)]
    text = "\n".join(["iso3,year,gdp_current_usd,population_persons", *rows]) + "\n"
    (club / "data" / "state_years.csv").write_text(text, encoding="utf-8")
    done = call("validate", club / "scenarios" / "baseline.yaml", "--case", club)
    assert done.exit_code == 2
    assert "GDP up to 2015" in done.stderr


def test_sizes_of_states_count_in_their_year_though_no_row_of_the_years_has_it(tmp_path: Path) -> None:
    """Catches a scenario that `validate` passes and `run` refuses, since its GDP has no row to stand in."""
    club = tmp_path / "club"
    fine("new", "case", club)
    rows = [f"{iso},{year},9500000" for iso in ("ALA", "BOR", "CYR", "DOL") for year in (2018, 2019)]
    text = "\n".join(["iso3,year,population_persons", *rows]) + "\n"
    (club / "data" / "state_years.csv").write_text(text, encoding="utf-8")
    case, states = Case(club), ("ALA", "BOR", "CYR", "DOL")
    assert np.isfinite(case.gdp(states, range(2023, 2024))).all()
    assert np.exp(case.population(states, range(2023, 2024)))[0] == pytest.approx(9.5e6)


def test_a_table_changed_in_place_is_not_the_case_s() -> None:
    """Catches figures taken out behind the back of what is judged: a change counts once it is given to `with_table`."""
    case = Case()
    table = case.table("trade_reconciled")
    table["fob_kusd"] = 0.0
    table.pop("year")
    assert case.table("trade_reconciled")["fob_kusd"].max() > 0.0
    given = case.table("trade_reconciled")
    other = case.with_table("trade_reconciled", given)
    given.pop("year")
    assert set(other.table("trade_reconciled")["year"]) == {2023}


@pytest.mark.slow
def test_a_replaced_table_is_what_is_judged() -> None:
    """Catches ages, members, borders and first years of GDP that are read from the folder behind a replaced table."""
    case = Case()
    old = case
    for name in ("trade_reports", "trade_reconciled"):
        table = case.table(name)
        old = old.with_table(name, table[table["year"] <= 2015])
    states = load_scenario("baseline").states
    assert next(iter(old.ages(states, 2023))).year == 2015
    assert next(iter(case.ages(states, 2023))).year == 2023
    with pytest.raises(ScenarioError, match="trade up to 2015"):
        build_model(load_scenario("baseline"), case=old, worlds=1)
    kept = case.with_table("ties", case.table("ties"))
    for what in ("states", "member_from", "borders", "corridors", "parameters", "gdp_from"):
        assert getattr(kept.catalog, what) == getattr(case.catalog, what), what
    assert in_words(kept.ages(states, 2023)) == in_words(case.ages(states, 2023))
    years = case.table("state_years")
    late = case.with_table("state_years", years[(years["iso3"] != "KGZ") | (years["year"] >= 2010)])
    assert late.catalog.gdp_from["KGZ"] == 2010
    assert late.with_table("ties", case.table("ties")).catalog.gdp_from["KGZ"] == 2010
    members = case.table("statuses")
    assert "IND" not in case.with_table("statuses", members[members["iso3"] != "IND"]).catalog.member_from
