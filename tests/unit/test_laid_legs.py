"""A corridor of which some states are not bound: no line is laid through them, and no leg to them is paid."""

from __future__ import annotations

import numpy as np
import pytest

from sco_sim.components.deciders.fixed import Fixed
from sco_sim.components.policies.trade_corridor import TradeCorridor
from sco_sim.components.rules.opt_in import OptIn
from sco_sim.engine.model import CooperationModel
from tests.worlds import model_of, variant

LAST = 2040


def built(corridor: TradeCorridor, *refuse: str) -> CooperationModel:
    """The corridor under opt-in where some states refuse and all others accept in full."""
    scenario = variant(policies=(corridor,), end=LAST)
    decides = {iso: Fixed(level=0.0 if iso in refuse else 1.0) for iso in scenario.states}
    model = model_of(scenario.model_copy(update={"decision_rule": OptIn(minimum=2), "decides": decides}))
    model.run()
    return model


@pytest.mark.parametrize("years", [0, 3])
def test_no_line_is_laid_through_a_state_that_refuses(years: int) -> None:
    """Catches a railway from China to Uzbekistan, paid in full and built, while Kyrgyzstan is not bound."""
    line = TradeCorridor(legs=(("CHN", "KGZ"), ("KGZ", "UZB")), start=2025, construction_years=years)
    model = built(line, "KGZ")
    state = model.state
    assert (state.adopted_year[:, 0] == 2025).all()
    assert (state.built[:, 0] == 0.0).all()
    assert (state.cost == 0.0).all()
    assert not model.state.effect_trade.any()
    assert (built(line).state.built[:, 0] > 0.5).all()


def test_what_is_left_of_a_line_costs_what_is_left_of_it() -> None:
    """Catches one leg of two paid at the price of both, and a leg that is not built for the refusal at another end."""
    line = TradeCorridor(legs=(("CHN", "KAZ"), ("KAZ", "RUS")), start=2025, construction_years=1)
    whole, part = built(line), built(line, "RUS")
    for model in (whole, part):
        assert (model.state.built[:, 0] == 1.0).all()
    np.testing.assert_allclose(part.state.cost, 0.5 * whole.state.cost)
    tie = {(a, b): row for row, (a, b) in enumerate(part.ties.pairs)}
    assert (part.state.effect_trade[:, tie["CHN", "KAZ"]] > 0.0).all()
    assert (part.state.effect_trade[:, tie["KAZ", "RUS"]] == 0.0).all()
