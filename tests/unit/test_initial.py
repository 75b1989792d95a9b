"""The initial state: one draw a setting, as wide as what is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sco_sim.case.initial import Initial, initial_normals, initial_state
from sco_sim.errors import CaseError
from sco_sim.scenario.schema import Horizon
from sco_sim.world.state import VARIABLES
from sco_sim.world.ties import Ties
from tests.worlds import CASE, model_of, variant

SCENARIO = variant()
TIES = Ties(SCENARIO.states)
SETTINGS = range(3000)


@pytest.fixture(scope="module")
def initial() -> Initial:
    """What is known at the end of 2020."""
    return initial_state(SCENARIO.horizon.start, CASE, CASE.ledger, TIES, CASE.rivalries(TIES, range(2020, 2021))[0])


@pytest.fixture(scope="module")
def drawn(initial: Initial) -> dict[str, np.ndarray]:
    """Many draws of it, at a fixed shift of the students that no source lists."""
    return initial.draw(initial_normals(1, SETTINGS, TIES, centre=False), np.full(len(SETTINGS), -1.0))


def value(name: str) -> float:
    """The centre of a parameter."""
    return CASE.ledger[name].central


def test_the_centre_is_the_estimate(initial: Initial) -> None:
    """Catches luck in a run that asked for none."""
    centre = initial.draw(initial_normals(1, [0, 7], TIES, centre=True), np.array([-1.0, 0.0]))
    assert np.array_equal(centre["trust_level"], np.tile(initial.trust.level, (2, 1)))
    assert np.array_equal(centre["trust_deviation"], np.tile(initial.trust.deviation, (2, 1)))
    assert np.array_equal(centre["trade"], np.tile(initial.channels["trade"].mean, (2, 1)))
    shifted = initial.channels["students_ab"].mean - initial.unseen("students_ab")
    assert np.array_equal(centre["students_ab"], [shifted, initial.channels["students_ab"].mean])


def test_draws_have_the_width_of_the_estimate(initial: Initial, drawn: dict[str, np.ndarray]) -> None:
    """Catches a variance used as a standard deviation, and level and deviation drawn as if unrelated."""
    near = 6.0 / np.sqrt(len(SETTINGS))
    for name, mean, sd in (
        ("trust_level", initial.trust.level, initial.trust.level_sd),
        ("trust_deviation", initial.trust.deviation, initial.trust.deviation_sd),
        ("trade", initial.channels["trade"].mean, initial.channels["trade"].sd),
    ):
        assert np.abs(drawn[name].mean(axis=0) - mean).max() < near * sd.max(), name
        assert np.abs(drawn[name].std(axis=0) / sd - 1.0).max() < near, name
    level, deviation = drawn["trust_level"], drawn["trust_deviation"]
    both = ((level - level.mean(axis=0)) * (deviation - deviation.mean(axis=0))).mean(axis=0)
    scale = initial.trust.level_sd * initial.trust.deviation_sd
    assert (np.abs(both - initial.trust.covariance) < near * scale).all()
    assert abs(((both - initial.trust.covariance) / scale).mean()) < near / 6.0  # over 45 ties the error is small
    assert (initial.trust.covariance < 0.0).mean() > 0.9  # what is seen is their sum


def test_every_draw_is_within_the_declared_bounds(drawn: dict[str, np.ndarray]) -> None:
    """Catches a negative number of students or air links."""
    bounds = {v.name: (v.low, v.high) for v in VARIABLES}
    for name, values in drawn.items():
        low, high = bounds[name]
        assert np.isfinite(values).all(), name
        assert values.min() >= low, name
        assert values.max() <= high, name


def test_ties_have_luck_of_their_own(drawn: dict[str, np.ndarray]) -> None:
    """Catches one number drawn for all ties, and two variables on one stream."""
    trade = np.corrcoef(drawn["trade"].T)
    assert np.abs(trade - np.eye(len(TIES))).max() < 0.1
    assert abs(np.corrcoef(drawn["trade"][:, 0], drawn["trust_level"][:, 0])[0, 1]) < 0.1


def test_worlds_of_a_setting_share_its_draw() -> None:
    """Catches an initial state drawn per world, which would hide parameter uncertainty in noise."""
    model = model_of(SCENARIO, worlds=[2, 3, 4, 17], replicates=4)
    for name in ("trust_level", "trade", "students_ab", "log_gdp"):
        values = model.state.arrays[name]
        assert np.array_equal(values[0], values[1])
        if name != "log_gdp":
            assert not np.array_equal(values[1], values[2])
    assert all(len(set(column[:2, 0])) == 1 for column in model.year.p.values())
    assert model.settings.tolist() == [0, 0, 1, 4]


def test_known_sizes_at_the_end_of_2020(initial: Initial) -> None:
    """Catches a table read with the wrong unit, year or pair."""
    at = {name: TIES.index[tuple(name.split("-"))] for name in ("CHN-RUS", "KGZ-TJK", "BLR-RUS", "IND-PAK")}  # type: ignore[index]
    assert np.exp(initial.channels["trade"].mean[at["CHN-RUS"]]) == pytest.approx(100e9, rel=0.15)
    assert initial.channels["cities"].mean[at["BLR-RUS"]] == 219
    assert initial.years_since_dispute[at["KGZ-TJK"]] < 10
    assert initial.years_since_dispute.max() == 99.0
    gdp = dict(zip(TIES.states, np.exp(initial.log_gdp), strict=True))
    assert gdp["CHN"] == pytest.approx(13.5e12, rel=0.05)
    assert not initial.gdp_age.any()
    expit = 1.0 / (1.0 + np.exp(-initial.trust.level))
    assert expit[at["IND-PAK"]] < 0.75 < np.median(expit)


def test_an_old_last_observation_is_wider_than_a_new_one(initial: Initial) -> None:
    """Catches age that is ignored or a size that is; a series that is not listed is the least known."""
    for name in ("students_ab", "students_ba"):
        known = initial.channels[name]
        listed = initial.unseen(name) == 0.0
        recent, old = listed & (known.year >= 2019), listed & (known.year <= 2017)
        scale = np.exp(value("students.noise_size") * np.maximum(known.mean, value("students.noise_floor")))
        if recent.any() and old.any():
            assert (known.sd / scale)[recent].max() <= (known.sd / scale)[old].min() + 1e-12
        assert known.sd[~listed].min() > 1.0
        assert (known.year[~listed] == -1).all()
        assert (known.year[listed] <= 2020).all()
    assert set(initial.channels["people"].year) <= {2014.0, -1.0}


def test_students_that_no_source_lists_go_from_and_to_by_the_size_of_each_end(initial: Initial) -> None:
    """Catches a prediction that is the same both ways: as many Chinese in Tajikistan as Tajiks in China."""
    neither = (initial.unseen("students_ab") == 1.0) & (initial.unseen("students_ba") == 1.0)
    assert neither.any()
    assert not np.isclose(
        initial.channels["students_ab"].mean[neither], initial.channels["students_ba"].mean[neither]
    ).any()


def test_a_state_without_gdp_up_to_the_start_is_refused_by_name() -> None:
    """Catches NaN that spreads through every tie of the state."""
    changes: dict[str, Any] = {
        "horizon": Horizon(start=1996, end=1998),
        "states": ("AFG", "CHN", "RUS"),
        "nowcast": True,
    }
    with pytest.raises(CaseError, match="no GDP up to 1996 for AFG"):
        model_of(variant(**changes))
