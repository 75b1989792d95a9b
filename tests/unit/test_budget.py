"""The plan, the budget and who pays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sco_sim.components.metrics.contribution_musd import ContributionMusd
from sco_sim.components.policies.people_to_people import PeopleToPeople
from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.engine.budget import check_budget
from sco_sim.engine.build import plan
from sco_sim.errors import ScenarioError
from sco_sim.scenario.schema import Budget
from sco_sim.studies.comparison.cost import DISCOUNT, per_billion, so_far
from sco_sim.studies.statistics import standard_error
from tests.worlds import CASE, model_of, variant

FESTIVALS = PeopleToPeople(start=2023, end=2030, intensity=0.5, ramp_years=3)
RAILWAY = TradeCorridor(
    corridor="china_kyrgyzstan_uzbekistan_railway", start=2025, ramp_years=4, participants=("CHN", "KGZ", "UZB")
)


def test_the_plan_is_full_strength_over_the_years_in_force() -> None:
    """Catches a plan with the ramp, past the end, with today's members all along, or a corridor paid twice."""
    planned = plan(variant(policies=(FESTIVALS, RAILWAY)), CASE)
    ties = 36 + 7 * 45  # nine members in 2023, ten from 2024 to 2030
    assert planned["people_to_people"] == pytest.approx(2.0 * 0.5 * ties)
    assert planned["china_kyrgyzstan_uzbekistan_railway"] == pytest.approx(6350.0)


def test_a_plan_above_the_budget_is_refused_with_what_to_cut() -> None:
    """Catches a budget that nobody checks, and a remedy that does not save enough."""
    budget = Budget(total_musd=500.0)
    with pytest.raises(ScenarioError, match="6,701 million USD and the budget is 500") as caught:
        model_of(variant(policies=(FESTIVALS, RAILWAY), budget=budget))
    (problem,) = caught.value.problems
    assert "people_to_people 351" in problem.message
    assert "drop 'china_kyrgyzstan_uzbekistan_railway'" in problem.remedy
    assert "0.074" in problem.remedy
    model_of(variant(policies=(FESTIVALS,), budget=budget))
    with pytest.raises(ScenarioError, match="drop 'a' and 'b'"):
        check_budget(Budget(total_musd=1.0), {"a": 9.0, "b": 5.0, "c": 0.5})
    check_budget(Budget(total_musd=14.5), {"a": 9.0, "b": 5.0, "c": 0.5})


@pytest.mark.parametrize("key", ["gdp", "equal", {"CHN": 0.75, "RUS": 0.25}])
def test_contributions_sum_to_the_cost_and_follow_the_key(key: Any) -> None:
    """Catches outsiders who pay, and shares that do not add up."""
    model = model_of(variant(policies=(FESTIVALS,), budget=Budget(total_musd=5000.0, key=key)))
    while model.year.year < 2023:
        model.step()
    model.state.cost[:] = [100.0, 200.0, 0.0]
    paid = dict(zip(model.ties.states, ContributionMusd().measure(model.year).T, strict=True))
    assert sum(paid.values()) == pytest.approx(model.state.cost)
    assert not paid["BLR"].any()
    if key == "equal":
        assert paid["TJK"] == pytest.approx(model.state.cost / 9.0)
    elif key == "gdp":
        assert (paid["CHN"] >= paid["IND"]).all()
        assert (paid["KGZ"] >= 0.0).all()
    else:
        assert paid["RUS"] == pytest.approx(0.25 * model.state.cost)


def test_cost_effectiveness_is_per_billion_and_blank_where_nothing_was_spent() -> None:
    """Catches a division by zero, a sign turned by savings, and a ratio of quantiles to the mean cost."""
    settings = np.arange(4)
    spent, gain = np.array([400.0, 600.0, 400.0, 600.0]), np.array([2.0, 3.0, 1.2, 1.8])
    found = per_billion(gain, spent, settings)
    assert found.per_bn == pytest.approx(4.0)
    assert (found.low_05, found.high_95) == pytest.approx((3.0, 5.0))
    assert found.per_bn_se == pytest.approx(standard_error(gain - 0.004 * spent, settings) / 0.5)
    assert per_billion(gain, -spent, settings).per_bn == pytest.approx(4.0)
    assert per_billion(-gain, -spent, settings).per_bn == pytest.approx(-4.0)
    for nothing in (np.zeros(4), np.array([1.0, -1.0, 1.0, -0.9])):
        assert np.isnan(per_billion(gain, nothing, settings)).all()


def test_amounts_a_year_add_up_discounted() -> None:
    """Catches the last year's flow over all that was spent, and a first year that counts."""
    frame = pd.DataFrame([[5.0, 1.0, 2.0, 9.0]], columns=[2023, 2024, 2025, 2026])
    assert so_far(frame, 2025) == pytest.approx([1.0 / (1.0 + DISCOUNT) + 2.0 / (1.0 + DISCOUNT) ** 2])
