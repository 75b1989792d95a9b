"""Compiled kernels and the plain path: the same numbers."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest
from scipy.special import ndtri

from sco_sim.numerics import compiled as fast
from sco_sim.numerics import streams as draws
from sco_sim.numerics.functions import to_normal
from sco_sim.numerics.streams import TINY, Draws

kernels = pytest.importorskip("sco_sim.numerics.kernels", reason="needs numba (extra `fast`)")


def test_keys_are_the_hashes_of_the_library() -> None:
    """Catches a wrong round of SHA-256, its padding where a block is full, and the wrong order of bytes."""
    heads = ["", "1/setting/7/", "9223372036854775807/setting/123456/"]
    tails = [*("x" * length for length in (0, 3, 43, 44, 51, 52, 55, 56, 63, 64, 119, 120, 200)), "parameter/a.b"]
    expected = [sha256((head + tail).encode()).digest()[:16] for head in heads for tail in tails]
    assert [key.astype("<u8").tobytes() for key in draws._keys(heads, tails)] == expected


def test_uniforms_are_those_of_the_plain_path_bit_for_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a wrong round, a counter that starts at 0, and a tail that is not a multiple of four."""
    units = [f"A-{number}" for number in range(7)]
    monkeypatch.setattr(draws, "compiled", lambda: None)
    plain = Draws(1, range(5), 3).uniforms("trade", units)
    monkeypatch.setattr(draws, "compiled", lambda: kernels)
    assert np.array_equal(Draws(1, range(5), 3).uniforms("trade", units), plain)
    assert plain.min() >= TINY


def test_normal_quantile_agrees_over_the_whole_range() -> None:
    """Catches a slip in a coefficient of any of the three pieces, and the seams between them."""
    seams = [0.1353352832366127, 0.8646647167633873, 1e-14, 1e-15, TINY, 0.5, 1.0 - 2.0**-53]
    u = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 5001), np.geomspace(TINY, 0.1, 2001), seams])
    z = u.copy()
    kernels.to_normal(z)
    np.testing.assert_allclose(z, ndtri(u), rtol=1e-12, atol=1e-12)
    alone = u[:1].copy()
    kernels.to_normal(alone)
    assert alone[0] == z[0]


@pytest.mark.parametrize("size", [2, 3, 10, 27])
def test_second_eigenvalue_agrees(size: int) -> None:
    """Catches a wrong reduction, and a bisection that finds the first or the third."""
    weight = np.random.default_rng(size).random((40, size, size)) ** 4
    weight[0] = 0.0  # no ties at all
    weight[1, : size // 2, size // 2 :] = 0.0  # two graphs beside each other
    matrix = -np.triu(weight, 1) - np.triu(weight, 1).transpose(0, 2, 1)
    matrix[:, np.arange(size), np.arange(size)] = -matrix.sum(axis=2)
    expected = np.linalg.eigvalsh(matrix)[:, 1]
    found = np.empty(40)
    kernels.fill_second(matrix.copy(), found)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    alone = np.empty(1)
    kernels.fill_second(matrix[7:8].copy(), alone)
    assert alone[0] == found[7]


def test_an_array_in_another_order_is_transformed_too() -> None:
    """Catches a copy that is transformed in place of the array."""
    u = np.random.default_rng(1).random((3, 4, 5)).transpose(2, 0, 1)
    np.testing.assert_allclose(to_normal(u.copy(order="K")), ndtri(u), rtol=1e-12)


def test_the_plain_path_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a switch that does nothing, or a manifest that says the wrong thing."""
    assert fast.kernels().startswith("numba ")
    monkeypatch.setenv(fast.PLAIN, "1")
    assert fast.kernels() == "plain"
