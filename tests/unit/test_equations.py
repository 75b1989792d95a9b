"""Shared equations against scipy and against what they must be by definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats

from sco_sim.components.mechanism import partial_adjustment
from sco_sim.numerics.functions import expit, gini, poisson_quantile

FINITE = st.floats(-1e4, 1e4)
STEADY = settings(derandomize=True, deadline=None)
"""The same examples every time, however slow the machine."""


@STEADY
@given(arrays(float, st.integers(1, 20), elements=FINITE))
def test_expit_is_scipys(x: np.ndarray) -> None:
    """Catches overflow (warnings are errors here) and a wrong branch."""
    assert np.allclose(expit(x), special.expit(x), rtol=1e-14, atol=1e-300)
    assert np.allclose(expit(x) + expit(-x), 1.0, rtol=1e-15)


def test_expit_of_extremes_stays_within_0_and_1() -> None:
    """Catches an overflow at the far ends."""
    assert expit(np.array([-800.0, -np.inf, 0.0, np.inf, 800.0])).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]


@STEADY
@given(st.floats(0.0, 60.0), st.integers(0, 2**32 - 1))
def test_poisson_quantile_is_scipys(mean: float, seed: int) -> None:
    """Catches a count off by one, also at a mean of zero."""
    u = np.random.default_rng(seed).uniform(1e-9, 1.0 - 1e-9, 50)
    exact = np.zeros(50) if mean == 0.0 else stats.poisson.ppf(u, mean)
    mine = poisson_quantile(u, np.array(mean))
    knife = np.abs(stats.poisson.cdf(exact, mean) - u) < 1e-12  # rounding decides there
    assert np.array_equal(mine[~knife], exact[~knife])


def test_poisson_quantile_takes_each_mean_to_its_own_draw() -> None:
    """Catches means broadcast along the wrong axis, and a stop that is set by the smallest mean."""
    u = np.random.default_rng(3).uniform(size=(4, 6))
    means = np.array([[0.0], [0.2], [5.0], [300.0]])
    assert np.array_equal(poisson_quantile(u, means), np.vstack([np.zeros(6), stats.poisson.ppf(u[1:], means[1:])]))


def test_poisson_quantile_ends_at_the_largest_uniform() -> None:
    """Catches a loop without an end where the sum of the terms stays below 1 by rounding."""
    assert np.isfinite(poisson_quantile(np.array([1.0 - 2.0**-53]), np.array([7.0]))).all()


def test_gini_of_closed_forms() -> None:
    """Catches a formula off by (n - 1)/n: equal shares 0, all to one (n-1)/n, 1..n (n-1)/(3n)."""
    n = 10
    rows = np.array([np.full(n, 3.0), np.eye(n)[4], np.arange(1.0, n + 1.0), np.zeros(n)])
    assert np.allclose(gini(rows), [0.0, (n - 1) / n, (n * n - 1) / (3 * n * (n + 1)), 0.0], atol=1e-15)


@STEADY
@given(arrays(float, 6, elements=st.just(0.0) | st.floats(1e-3, 1e6)), st.floats(0.1, 100.0))
def test_gini_minds_neither_scale_nor_order(x: np.ndarray, scale: float) -> None:
    """Catches a coefficient that depends on units or on the order of the states."""
    value = gini(x)
    assert 0.0 <= value + 1e-12 <= 5.0 / 6.0 + 1e-9
    assert np.isclose(gini(x[::-1] * scale), value, atol=1e-9)
    direct = np.abs(x[:, None] - x[None, :]).sum() / (2.0 * 6.0 * max(x.sum(), 1e-9))
    assert np.isclose(value, direct, atol=1e-9)


def test_partial_adjustment_closes_a_share_of_the_gap_between_flows() -> None:
    """Catches arguments swapped, and a gap of logs, in equations 10 to 12."""
    moved = partial_adjustment(np.log([[40.0, 9.0]]), np.log([[140.0, 9.0]]), np.array([[0.1]]))
    assert np.exp(moved) == pytest.approx(np.array([[50.0, 9.0]]), rel=1e-12)
