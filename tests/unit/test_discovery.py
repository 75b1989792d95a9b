from __future__ import annotations

import numpy as np
import pytest

from sco_sim.errors import ScenarioError
from sco_sim.studies.discovery.boxes import Limit, cart, in_words, prim, recommended, simplified
from sco_sim.studies.discovery.cases import Cases, Discovery, discover
from sco_sim.studies.discovery.conditions import conditions
from sco_sim.studies.discovery.held_out import score_test
from sco_sim.studies.sweep.design import block, sample
from sco_sim.studies.sweep.experiment import Sweep

FACTORS = ("growth", "noise", "start", "rule")


@pytest.fixture(scope="module")
def planted() -> tuple[np.ndarray, np.ndarray]:
    """A box in three of four factors, one of them categorical, with five per cent of cases flipped."""
    luck = np.random.default_rng(1)
    points = np.column_stack(
        [luck.random(3000), luck.random(3000), luck.integers(2023, 2028, 3000), luck.integers(0, 3, 3000)]
    )
    cases = (points[:, 0] > 0.6) & (points[:, 2] <= 2025) & (points[:, 3] != 1)
    return points, cases ^ (luck.random(3000) < 0.05)


@pytest.mark.slow
def test_prim_finds_the_planted_box_and_leaves_the_idle_factor_free(planted):
    points, cases = planted
    box = simplified(recommended(prim(FACTORS, points, cases, ["rule"])), FACTORS, points, cases)
    assert set(box.limits) == {"growth", "start", "rule"}
    assert box.limits["growth"].low == pytest.approx(0.6, abs=0.02)
    assert box.limits["growth"].high > 0.99
    assert (box.limits["start"].low, box.limits["start"].high) == (-np.inf, 2025.0)
    assert box.limits["rule"].values == {0, 2}
    assert box.density > 0.9
    true = (points[:, 0] > 0.6) & (points[:, 2] <= 2025) & (points[:, 3] != 1)
    assert (box.holds(FACTORS, points) == true).mean() > 0.99
    box = discover(Cases(FACTORS, points, cases, {"rule": ("x", "y", "z")}, ("start",), np.arange(len(cases)))).box
    assert max(box.chances[name] for name in box.limits) < 1e-6
    assert box.chances["noise"] == 1.0


def found_in(seed: int, points: int, worlds: int, planted: float, shared: bool) -> Discovery:
    """Four factors, of which the first matters if planted; every point has a level of its own, and luck."""
    luck = np.random.default_rng(seed)
    x = luck.random((points, 4))
    value = planted * (x[:, :1] > 0.6) + luck.normal(0.0, 0.7, (points, 1))  # what no factor tells of a point
    value = value + luck.normal(0.0, 0.7, (1 if shared else points, worlds)) + luck.normal(0.0, 0.5, (points, worlds))
    clusters = np.repeat(np.arange(points), worlds)
    return discover(
        Cases(("true", "a", "b", "c"), np.repeat(x, worlds, axis=0), (value > 1.0).ravel(), {}, (), clusters)
    )


def counted(found: Discovery) -> set[str]:
    return {name for name in found.box.limits if found.box.chances[name] <= 0.05}


@pytest.mark.slow
@pytest.mark.parametrize(("shared", "points", "worlds"), [(False, 60, 20), (True, 60, 20), (False, 200, 1)], ids=str)
def test_factors_without_effect_are_luck_as_often_as_they_should_be(shared: bool, points: int, worlds: int) -> None:
    """Catches worlds of a point taken as independent, and limits tested on the worlds that they were sought in."""
    rounds = 40
    wrong = sum(bool(counted(found_in(seed, points, worlds, 0.0, shared))) for seed in range(rounds))
    assert wrong <= 5, f"{wrong} of {rounds}; more than 5 has a chance of 1 % at the nominal 5 %"


@pytest.mark.slow
def test_the_planted_limit_counts_and_idle_ones_beside_it_do_not() -> None:
    told = [counted(found_in(seed, 200, 8, 1.8, True)) for seed in range(20)]
    assert sum("true" in names for names in told) == 20
    assert sum(bool(names - {"true"}) for names in told) <= 3


def test_the_test_of_one_limit_holds_its_rate_where_worlds_share_a_point() -> None:
    """Catches a variance that takes worlds as independent: 5 % becomes 30 % and more."""
    chances = []
    for seed in range(400):
        luck = np.random.default_rng(seed)
        level = luck.normal(size=(40, 1)) + luck.normal(size=(1, 25))  # of points, and luck that they share
        cases = (level + luck.normal(size=(40, 25)) > 1.0).ravel()
        inside = np.repeat(luck.random(40) < 0.4, 25)
        chances.append(score_test(inside, cases, np.repeat(np.arange(40), 25)))
    assert 0.025 < np.mean(np.array(chances) <= 0.05) < 0.075
    assert np.mean(chances) == pytest.approx(0.5, abs=0.05)


def test_points_of_a_sobol_block_are_one_cluster() -> None:
    """Catches blocks cut at the wrong rows: the rows of one differ from its first in few factors."""
    factors = {name: {"path": f"parameters.{name}", "low": 0.0, "high": 1.0} for name in ("a", "b", "c", "d", "e")}
    sweep = Sweep.model_validate({"factors": factors, "design": {"sobol": {"n": 64}}})
    unit, size = sample(sweep), block(sweep)
    rows = np.arange(len(unit))
    assert size == 7
    for start in rows[::size]:
        assert (unit[start : start + size, :4] == unit[start, :4]).sum() >= 20
    wrong = []
    for seed in range(200):
        bumps = np.random.default_rng(seed).normal(size=5)
        value = np.cos(6.0 * unit[:, :4] @ bumps[:4] + bumps[4])  # a function of the other four
        cases, inside = value > np.quantile(value, 0.7), unit[:, 4] > np.random.default_rng(seed).random()
        wrong.append(score_test(inside, cases, rows // size) <= 0.05)
    assert np.mean(wrong) < 0.08


def test_cart_finds_it_too(planted):
    points, cases = planted
    leaves = cart(FACTORS, points, cases, ["rule"])
    assert sum(leaf.coverage for leaf in leaves) == pytest.approx(
        cases[(points[:, 0] > 0.6) & (points[:, 2] <= 2025) & (points[:, 3] != 1)].sum() / cases.sum(), abs=0.05
    )
    assert all("noise" not in leaf.limits for leaf in leaves[:1])
    assert leaves[0].density > 0.9


def test_trajectory_trades_coverage_for_density(planted):
    boxes = prim(FACTORS, *planted, ["rule"])
    assert boxes[0].coverage == 1.0
    assert boxes[0].density == pytest.approx(planted[1].mean())
    assert all(box.mass >= 0.05 for box in boxes)
    inside = boxes[5].holds(FACTORS, planted[0])
    assert boxes[5].density == planted[1][inside].mean()


def test_nothing_to_find_is_said(planted):
    points, _ = planted
    for cases, word in ((np.zeros(3000, bool), "nowhere"), (np.ones(3000, bool), "everywhere")):
        for method in (prim, cart):
            with pytest.raises(ScenarioError, match=word):
                method(FACTORS, points, cases)


def test_words():
    assert in_words(Limit(low=0.6), "growth") == "growth at least 0.6"
    assert in_words(Limit(2022.5, 2025.2), "start", whole=True) == "start from 2023 to 2025"
    assert (
        in_words(Limit(values=frozenset({0, 2})), "rule", ["consensus", "opt_in", "vote"])
        == "rule is consensus or vote"
    )


def test_condition_is_read_and_not_evaluated():
    first, second = conditions("trust_min_2035 > 0.08 and cost_2030<=-1e3", ["trust_min", "cost"], [2030, 2035])
    assert (first.outcome, first.year, first.sign, first.bound) == ("trust_min", 2035, ">", 0.08)
    assert (second.year, second.bound) == (2030, -1000.0)
    assert first.holds(np.array([0.08, 0.09])).tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("__import__('os').system('true')", "is no condition"),
        ("trust_min_2035 > 0.1 and", "is no condition"),
        ("trust_min > 0.1", "is no condition"),
        ("trust_mim_2035 > 0.1", "did you mean 'trust_min'"),
        ("trust_min_2031 > 0.1", "not kept for 2031"),
        ("trust_min_2035 > 1; import os", "is no condition"),
        ("", "is no condition"),
    ],
)
def test_condition_that_cannot_be_read(text, says):
    with pytest.raises(ScenarioError, match=says):
        conditions(text, ["trust_min"], [2035])


def test_missing_values_do_not_count_as_false():
    (one,) = conditions("trust_min_2035 < 1", ["trust_min"], [2035])
    with pytest.raises(ScenarioError, match="no value in 1 of 2 worlds"):
        one.holds(np.array([0.5, np.nan]))
