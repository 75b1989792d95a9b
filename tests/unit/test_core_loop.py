"""The arrows of the documents' core loop: each acts under the documents' view and is nothing under the sceptic's."""

from __future__ import annotations

import numpy as np
import pytest

from sco_sim.components.readiness import stakes
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from tests.unit.toy import Deal, toy
from tests.worlds import CASE

END = 2033
DOWNTURN = "events:\n  - downturn: {start: 2027, end: 2033, severity: 1}\n"


def after(scenario: Scenario, worlds: int = 12) -> tuple[CooperationModel, Array]:
    """A model at its end, and the disputes of all its years, (world,)."""
    model = build_model(scenario, case=CASE, worlds=range(worlds), replicates=2)
    disputes = np.zeros(worlds)
    while model.year.year < scenario.horizon.end:
        model.step()
        disputes += (model.state.dispute > 0.0).sum(axis=1)
    return model, disputes


def with_and_without(view: str, changed: str, *sets: str) -> tuple[Scenario, Scenario]:
    """A scenario under a view, with a downturn of seven years and without it."""
    common = [f"view={view}", f"horizon.end={END}", *sets]
    return load_scenario("people_to_people", common), load_scenario(changed, common)


@pytest.fixture
def fallen(tmp_path_factory: pytest.TempPathFactory) -> str:
    """People to people in a downturn."""
    file = tmp_path_factory.mktemp("downturn") / "fallen.yaml"
    file.write_text("extends: people_to_people.yaml\n" + DOWNTURN, encoding="utf-8")
    return str(file)


def given(scenario: Scenario) -> Scenario:
    """The same with every policy given, so that no vote bears on what is spent."""
    policies = tuple(p.model_copy(update={"decided_by": "given"}) for p in scenario.policies)
    return scenario.model_copy(update={"policies": policies})


def test_prosperity_by_hand() -> None:
    """A state that has grown by 0.3 above its path and one 0.1 below it: the one that is worse off counts."""
    rates = {f"growth.mean.{iso}": 0.05 for iso in ("AAA", "BBB", "CCC")}
    year = toy(**rates)
    year.state.log_volume[:] = year.reference.log_volume + 0.05 + np.array([0.3, -0.1, 0.0])
    assert np.allclose(year.prosperity(), [0.3, -0.1, 0.0])
    ab, ac, bc = np.tanh(-0.1), 0.0, np.tanh(-0.1)
    assert np.allclose(year.shared_prosperity(), [ab, ac, bc])


def test_a_downturn_takes_from_the_budget_of_culture(fallen: str) -> None:
    """Seven years of it once changed what is spent on culture by nothing, whatever the ledger said."""
    moved = {}
    for view in ("documents", "sceptic"):
        before, then = (after(given(one))[0].state.cost for one in with_and_without(view, fallen))
        moved[view] = (then / before - 1.0).mean()
    assert moved["documents"] < -0.02
    assert moved["sceptic"] == 0.0


def test_a_downturn_makes_for_quarrels(fallen: str) -> None:
    """With a base rate at which quarrels can be counted, and without the way through trade."""
    moved = {}
    for view in ("documents", "sceptic"):
        sets = ("parameters.dispute.base=-2", "parameters.dispute.trade=0", "parameters.dispute.income_gap=0")
        before, then = (after(one)[1] for one in with_and_without(view, fallen, *sets, "hazard_on=none"))
        moved[view] = (then - before).mean()
    assert moved["documents"] > 0.5
    assert moved["sceptic"] == 0.0


def test_community_makes_for_readiness_by_hand() -> None:
    year = toy(Deal(), **{"council.community": 0.8})
    year.state.community[:] = year.reference.community + np.array([0.25, 0.0, -0.5])
    assert np.allclose(stakes(year, year.agreements[0])["community"], [0.2, 0.0, -0.4])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "entry",
    ["trust.contact_effect", "trade.trust_elasticity", "council.trust", "dispute.trust", "council.community",
     "trust.community_effect", "culture.prosperity", "dispute.prosperity"],
)  # fmt: skip
def test_no_arrow_is_fixed_and_the_views_disagree_on_each(entry: str) -> None:
    """The ledger gives each a range that allows nothing, the documents' view none, the sceptic's nothing else."""
    ledger = CASE.ledger[entry]
    assert ledger.low <= 0.0 < ledger.high
    held = {view: load_scenario("baseline", [f"view={view}"]).parameters[entry] for view in ("documents", "sceptic")}
    low = held["documents"].low
    assert low is not None
    assert low > 0.0
    assert held["sceptic"].value == 0.0
