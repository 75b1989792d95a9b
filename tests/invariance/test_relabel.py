"""The codes of the states are names: under other names, in another order, every result is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sco_sim.components.deciders.follower import Follower
from sco_sim.components.registry import keys
from sco_sim.scenario.schema import Scenario
from sco_sim.world.channels import CHANNELS
from sco_sim.world.ties import Ties
from tests.invariance.relabel import Carried, relabelled_case, relabelled_scenario, shuffled
from tests.worlds import CASE, agree, busy, model_of, variant


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """New codes that turn the order of the ten upside down in many places."""
    return shuffled(sorted(CASE.catalog.states), 7)


@pytest.fixture(scope="module")
def folder(names: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case under the new codes."""
    return relabelled_case(tmp_path_factory.mktemp("case") / "relabelled", names)


def test_the_new_codes_change_the_order_and_turn_some_ties(names: dict[str, str]) -> None:
    """Catches a relabelling that would prove nothing."""
    carried = Carried(Ties(variant().states), names)
    assert (carried.rows != np.arange(10)).sum() >= 8
    assert 10 < carried.turned.sum() < 40
    assert sorted(carried.ties) == list(range(45))


SCENARIOS: dict[str, Scenario] = {f"busy {rule}": busy(rule) for rule in keys("rules")} | {
    name: variant(name) for name in ("rivalry", "history", "red_lines")
}
# No follower in full: it ties with its leader, and a tie for the least willing goes to the first code.
SCENARIOS["follower"] = variant("followers", decides={"KGZ": Follower(leader="RUS", weight=0.8)})


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_relabelling_the_states_permutes_the_results(
    name: str, names: dict[str, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a state favoured by its place in the alphabet, and a direction that turns with the order of a pair."""
    scenario = SCENARIOS[name]
    plain = model_of(scenario, worlds=[0, 5, 11])
    before = plain.run()
    carried = Carried(plain.ties, names)
    carried.patch(monkeypatch)
    other = model_of(relabelled_scenario(scenario, names), case=folder, worlds=[0, 5, 11])
    after = other.run()
    assert other.ties.states != plain.ties.states
    found: list[str] = []

    def check(what: str, new: Any, old: Any) -> None:
        if not agree(new, old):
            found.append(what)

    for key, values in before.metrics.items():
        check(key, after.metrics[key], values)
    for key, values in before.states.items():
        check(f"{key} by state", after.states[key], values[..., carried.rows])
    for key, values in before.ties.items():
        check(f"{key} by tie", after.ties[key], values[..., carried.ties])
    for key, values in before.agreements.items():
        if key == "hold_out":
            rows = np.r_[np.argsort(carried.rows), -1].astype(float)  # old row -> new row; -1 stays nobody
            values = rows[values.astype(int)]
        stem, _, iso = key.rpartition("_")
        check(f"{key} of the agreements", after.agreements[f"{stem}_{names[iso]}" if iso in names else key], values)
    for channel in (one for one in CHANNELS if one.directed):
        there, back = (plain.state.arrays[name][:, carried.ties] for name in channel.values)
        new = other.state.arrays[channel.values[0]]
        check(f"{channel.name} from the first to the second", new, np.where(carried.turned, back, there))
    assert not found
