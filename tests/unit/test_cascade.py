"""The cascade of a quarrel: where it is felt, how ties rank, what a user can ask wrongly."""

from __future__ import annotations

import pytest

from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.studies.cascade import OUTCOMES, CascadeStudy, tie_of, unofficial
from tests.unit.command_line import call
from tests.worlds import CASE

SHORT = ["horizon.end=2029", "parameters.quarrel.spread=0"]


@pytest.fixture(scope="module")
def study() -> CascadeStudy:
    """Two years of a quarrel in three worlds, with one text."""
    scenario = load_scenario("no_events", [*SHORT, "policies=[{trade_facilitation: {start: 2025}}]"])
    return CascadeStudy(scenario, CASE, year=2027, severity=2.0, worlds=3, seed=1, replicates=1)


def test_a_quarrel_is_felt_on_its_tie_and_hardly_elsewhere(study: CascadeStudy) -> None:
    """Catches two worlds that are no pair, the wrong tie, a sign that is turned about."""
    path = study.path(("IND", "PAK"), channels=False)
    first = path[path["year"] == 2027].set_index("outcome")["mean"]
    assert list(first.index) == [outcome.key for outcome in OUTCOMES]
    assert first["own_trade"] < -30.0
    assert first["own_conflict"] > 1.0
    assert abs(first["other_conflict"]) < 0.01
    assert abs(first["other_trade"]) < 1.0
    assert first["votes"] <= 0.0


def test_ties_are_ranked_by_what_all_lose(study: CascadeStudy) -> None:
    """Catches an order by name, and costs that are no losses."""
    ranking = study.ranking([("IND", "PAK"), ("CHN", "RUS")])
    assert list(ranking["tie"]) == ["CHN-RUS", "IND-PAK"]
    assert (ranking["trade_busd"] > 0.0).all()
    assert (ranking["conflict_points"] > 0.0).all()


def test_texts_given_beside_the_others_do_not_thin_out_what_is_lost(study: CascadeStudy) -> None:
    """Catches a mean over texts that falls because three more are there."""
    assert study.texts(channels=False).tolist() == [1.0, 1.0, 1.0]
    assert study.texts(channels=True).tolist() == [1.0 + len(unofficial())] * 3


def test_what_cannot_be_asked_is_said() -> None:
    scenario = load_scenario("no_events", SHORT)
    assert tie_of("pak-ind", scenario) == ("IND", "PAK")
    with pytest.raises(ScenarioError, match="no tie 'IND-XXX'"):
        tie_of("IND-XXX", scenario)
    with pytest.raises(ScenarioError, match="lies outside the years simulated"):
        CascadeStudy(scenario, CASE, year=2050, severity=1.0, worlds=1, seed=1, replicates=1)
    wrong = call("cascade", "no_events", "--tie", "nonsense")
    assert wrong.exit_code == 2
    assert "Traceback" not in wrong.output
