"""World numbers: one arithmetic for one number and for arrays, and every world has one place."""

from __future__ import annotations

import numpy as np
import pytest

from sco_sim.engine.numbering import Numbering, first_worlds, settings_of

CASES = [Numbering(4), Numbering(1, 3, 2), Numbering(3, 5, 1), Numbering(2, 1, 4)]


@pytest.mark.parametrize("of", CASES, ids=str)
def test_every_world_has_a_place_of_its_own_and_the_way_back(of: Numbering) -> None:
    worlds = range(of.points * of.replicates * 3)
    places = {(of.setting(w), of.replicate(w), of.row(w), of.scenario(w)) for w in worlds}
    assert len(places) == len(worlds)
    for setting, replicate, row, scenario in places:
        world = of.world(setting * of.replicates + replicate, of.point_of(row, scenario))
        assert (of.setting(world), of.replicate(world), of.row(world), of.scenario(world)) == (
            setting, replicate, row, scenario
        )  # fmt: skip


@pytest.mark.parametrize("of", CASES, ids=str)
@pytest.mark.parametrize(
    "name", ["point", "stream", "row", "scenario", "setting", "replicate", "stored_setting", "reference_of"]
)
def test_an_array_gives_what_its_numbers_give(of: Numbering, name: str) -> None:
    worlds = np.arange(60, dtype=np.intp)
    assert getattr(of, name)(worlds).tolist() == [getattr(of, name)(world) for world in worlds.tolist()]


def test_a_run_is_a_sweep_of_one_point() -> None:
    of = Numbering.of({"replicates": 4})
    assert (of.points, of.stream(7), of.setting(7), of.stored_setting(7), of.replicate(7)) == (1, 7, 1, 1, 3)
    assert settings_of(range(6), 4).tolist() == [0, 0, 0, 0, 1, 1]
    assert list(first_worlds(3, 4)) == [0, 4, 8]


def test_a_manifest_of_a_sweep_has_rows_in_scenarios() -> None:
    of = Numbering.of({"replicates": 2, "points": 6, "scenarios": [{}, {}]})
    assert (of.rows, of.scenarios) == (3, 2)
    assert of.reference_of(5) == 4
    assert Numbering.of({"replicates": 2, "points": 6, "scenarios": [{}]}).reference_of(5) == 0
