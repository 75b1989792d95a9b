"""Each shield wards off the events of its own kinds and no others (equation 20)."""

from __future__ import annotations

from itertools import product
from typing import cast

import numpy as np
import pytest

from sco_sim.components.event import Event
from sco_sim.components.registry import example, find, keys
from sco_sim.engine.build import build_model
from sco_sim.engine.shocks import apply_event
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from sco_sim.world.channels import SHIELDED
from sco_sim.world.shields import SHIELDS
from tests.worlds import CASE

RAISED_BY = {
    "health_cooperation": "health", "heritage_protection": "heritage", "media_dialogue": "talk", "meetings": "channels",
}  # fmt: skip
YEAR = 2030


def harm(event: str, shield: str) -> dict[str, Array]:
    """What an event of one year adds to the shocks of that year, with a shield of a half or with none."""
    _, fields = example("events", event)
    component = find("events", event)
    dated = {name: YEAR for name in ("start", "end", "year") if name in component.model_fields}
    year = build_model(load_scenario("no_events"), case=CASE, worlds=2).year
    year.year = YEAR
    if shield:
        year.state.arrays[f"effect_shield_{shield}"][:] = 0.5
    apply_event(cast("Event", component.model_validate({**fields, **dated})), year)
    return {name: year.state.arrays[name] for name in SHIELDED}


@pytest.mark.parametrize(("event", "shield"), list(product(keys("events"), SHIELDS)))
def test_a_shield_halves_what_it_is_for_and_leaves_the_rest(event: str, shield: str) -> None:
    """Catches one shield against everything: archaeology that opens borders, media that heal."""
    left = 0.5 if shield in cast("type[Event]", find("events", event)).warded_off_by else 1.0
    bare, shielded = harm(event, ""), harm(event, shield)
    for name, added in bare.items():
        np.testing.assert_allclose(shielded[name], np.where(added < 0.0, left * added, added), atol=1e-12)


def test_every_shield_is_raised_by_a_policy_and_named_by_an_event() -> None:
    """Catches a shield that nothing raises or that wards off nothing."""
    assert set(RAISED_BY.values()) == set(SHIELDS)
    named = {name for key in keys("events") for name in cast("type[Event]", find("events", key)).warded_off_by}
    assert named == set(SHIELDS)
    for policy, shield in RAISED_BY.items():
        assert f"effect_shield_{shield}" in find("policies", policy).writes
