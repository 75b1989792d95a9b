"""Variance components against numbers worked out by hand and against components planted in the data."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sco_sim.manifest import make_manifest
from sco_sim.store import open_run
from sco_sim.study.variance import components, one_way
from sco_sim.writer import Writer
from tests.unit.fake_block import make_block, put, small


def test_by_hand() -> None:
    values = np.array([[1.0], [3.0], [5.0], [7.0], [9.0], [11.0]])
    between, within = one_way(values, np.array([0, 0, 1, 1, 2, 2]))
    assert within.tolist() == [2.0]  # squares 2 + 2 + 2 over 6 - 3
    assert between.tolist() == [15.0]  # ((32 + 0 + 32) / 2 - 2) / 2


def test_planted_components_are_found_with_unequal_groups() -> None:
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(4000), rng.integers(1, 6, size=4000))
    values = 3.0 * rng.normal(size=4000)[groups] + 2.0 * rng.normal(size=len(groups))
    between, within = one_way(values[:, None], groups)
    np.testing.assert_allclose([between[0], within[0]], [9.0, 4.0], rtol=0.05)


def test_a_negative_estimate_is_clipped_and_too_little_is_nan() -> None:
    between, within = one_way(np.array([[0.0], [2.0], [0.0], [2.0]]), np.array([0, 0, 1, 1]))
    assert (between[0], within[0]) == (0.0, 2.0)
    for groups in ([0, 0, 0, 0], [0, 1, 2, 3]):
        between, within = one_way(np.arange(4.0)[:, None], np.array(groups))
        assert np.isnan([between[0], within[0]]).all()


def test_worlds_are_grouped_by_the_replicates_of_the_run(tmp_path: Path) -> None:
    manifest = make_manifest(small(), seed=1, replicates=3, fixed_parameters=False, case=None)
    with Writer(tmp_path, manifest) as writer:
        put(writer, make_block(range(9), replicates=3))
    frame = components(open_run(tmp_path), years=[2022])
    values = make_block(range(9)).metrics["disputes"][:, 2:3]
    between, within = one_way(values, np.repeat([0, 1, 2], 3))
    row = frame.set_index("metric").loc["disputes"]
    np.testing.assert_allclose([row["parameters"], row["chance"]], [between[0], within[0]])
    np.testing.assert_allclose(row["parameter_share"], between[0] / (between[0] + within[0]))
    assert frame["year"].unique().tolist() == [2022]
