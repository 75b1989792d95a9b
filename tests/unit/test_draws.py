"""Random numbers: whose they are, and that nobody else's change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, kstest

from sco_sim.numerics import streams as draws
from sco_sim.numerics.streams import TINY, Draws, setting_firsts, setting_uniforms, tag, uniforms

TIES = [f"A{number:02d}-B{number:02d}" for number in range(45)]
WORLD = [""]
MANY = [str(number) for number in range(400)]


def test_they_lie_strictly_between_0_and_1_and_are_uniform() -> None:
    """Catches a uniform of 0 or 1, whose quantile is infinite, and a generator fed badly."""
    values = Draws(3, range(50), 20).uniforms("trade", TIES)
    assert values.shape == (50, 20, 45)
    assert values.min() > 0.0
    assert values.max() < 1.0
    counts = np.histogram(values, bins=100, range=(0.0, 1.0))[0]
    expected = values.size / 100
    assert ((counts - expected) ** 2 / expected).sum() < chi2.ppf(0.9999, 99)


def test_a_zero_of_the_generator_becomes_the_smallest_uniform(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches the one draw in 2**53 that would make a normal of minus infinity."""
    monkeypatch.setattr(draws, "compiled", lambda: None)
    monkeypatch.setattr(draws, "_philox", lambda keys, tags, block: [np.zeros((1, 1), dtype=np.uint64)] * 4)
    assert (uniforms(np.array([[1, 2]], dtype=np.uint64), np.zeros(1, dtype=np.uint64), 4) == TINY).all()


def test_the_numbers_are_those_of_numpys_philox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a wrong round or carry, a counter that starts at 0, a tag in the wrong word, a tail of under four."""
    key = draws._keys(["1/17/"], ["trade"])
    for fast in (None, draws.compiled()):
        monkeypatch.setattr(draws, "compiled", lambda fast=fast: fast)
        found = Draws(1, [17], 7).uniforms("trade", ["CHN-RUS", "IND-PAK", ""])[0]
        for column, unit in enumerate(("CHN-RUS", "IND-PAK", "")):
            number = int(key[0, 0]) | int(key[0, 1]) << 64
            numpys = np.random.Generator(np.random.Philox(key=number, counter=tag(unit) << 64))
            assert np.array_equal(found[:, column], numpys.random(7))


def test_a_state_or_pair_keeps_its_luck_whoever_else_is_simulated() -> None:
    """Catches luck that belongs to a place in a list: another member would give every pair another future."""
    few, many = ["CHN-RUS", "IND-PAK"], ["CHN-IND", "CHN-RUS", "CHN-TUR", "IND-PAK", "RUS-TUR"]
    assert np.array_equal(
        Draws(5, [2], 9).uniforms("trade", few), Draws(5, [2], 9).uniforms("trade", many)[..., [1, 3]]
    )
    assert np.array_equal(
        setting_uniforms(5, [2], "initial/trade", few), setting_uniforms(5, [2], "initial/trade", many)[:, [1, 3]]
    )
    assert len({tag(unit) for unit in [*many, "", "CHN", "RUS"]}) == 8


@given(a=st.integers(0, 10**6), b=st.integers(0, 10**6), name=st.sampled_from(["trade", "trust.level", "council.x"]))
@settings(max_examples=30, derandomize=True, deadline=None)
def test_streams_of_other_replicates_seeds_and_names_are_unrelated(a: int, b: int, name: str) -> None:
    """Catches keys that collide or that are correlated when they are neighbours."""
    one = Draws(a, [b], 1).uniforms(name, MANY).ravel()
    for other in (Draws(a + 1, [b], 1), Draws(a, [b + 1], 1), Draws(b, [a], 1) if a != b else Draws(a, [b + 2], 1)):
        again = other.uniforms(name, MANY).ravel()
        assert abs(np.corrcoef(one, again)[0, 1]) < 0.3
    assert abs(np.corrcoef(one, Draws(a, [b], 1).uniforms(name + ".luck", MANY).ravel())[0, 1]) < 0.3


def test_first_numbers_of_many_keys_are_uniform_too() -> None:
    """Catches structure across replicates, which a test within one stream does not see."""
    assert kstest(Draws(1, range(4000), 1).uniforms("growth", WORLD).ravel(), "uniform").pvalue > 1e-4


def test_the_parts_of_a_key_are_kept_apart() -> None:
    """Catches seed 1, replicate 12 on the stream of seed 11, replicate 2."""
    assert not np.array_equal(Draws(1, [12], 1).uniforms("a", TIES), Draws(11, [2], 1).uniforms("a", TIES))
    of_setting = setting_uniforms(1, [3], "growth", TIES)
    assert not np.array_equal(of_setting[0], Draws(1, [3], 1).uniforms("growth", TIES)[0, 0])


def test_the_keys_are_these_for_ever() -> None:
    """Catches a change that would give every stored run other numbers under the same seed."""
    assert Draws(1, [17], 2).uniforms("trade", ["CHN-RUS", "IND-PAK"])[0].tolist() == FIRST_OF_WORLD_17


FIRST_OF_WORLD_17 = [[0.3612920257179201, 0.5848346449380386], [0.8990857870952539, 0.08531320096705752]]


def test_a_longer_horizon_keeps_its_prefix() -> None:
    """Catches draws laid out so that the length of the horizon moves them."""
    short, long = Draws(9, [4, 7], 5).uniforms("trust.level", TIES), Draws(9, [4, 7], 30).uniforms("trust.level", TIES)
    assert np.array_equal(short, long[:, :5])


def test_a_stream_does_not_depend_on_the_others_drawn_before_or_beside_it() -> None:
    """Catches a generator that is shared, or not set back when it is given its next key."""
    draws = Draws(2, [0, 5, 17], 4)
    first = draws.uniforms("people", TIES[:3]).copy()
    for name, units in (("trade", TIES[:7]), ("disputes", WORLD), ("council.x.luck", TIES[:11])):
        draws.uniforms(name, units)
    assert np.array_equal(draws.uniforms("people", TIES[:3]), first)
    assert np.array_equal(Draws(2, [17], 4).uniforms("people", TIES[:3])[0], first[2])
    assert np.array_equal(Draws(2, [17, 0], 4).uniforms("people", TIES[:3]), first[[2, 0]])


def test_a_stream_claimed_twice_is_refused() -> None:
    """Catches two components that would move together."""
    draws = Draws(1, [0], 1)
    draws.claim("trade", "trade")
    draws.claim("trade", "trade")
    with pytest.raises(ValueError, match="belongs to trade; people needs"):
        draws.claim("trade", "people")


@pytest.mark.parametrize("seed", [0, 7, 2**63])
def test_many_parameters_at_once_have_the_bits_of_each_alone(seed: int) -> None:
    """Catches a carry lost in the 128-bit products of the array form of Philox."""
    settings_, names = [0, 3, 999_999], [f"parameter/{number}" for number in range(400)]
    together = setting_firsts(seed, settings_, names)
    for name in names:
        assert np.array_equal(together[name], setting_uniforms(seed, settings_, name, WORLD)[:, 0]), name


def test_worlds_that_share_their_luck_have_the_bits_of_each_alone() -> None:
    """Catches rows mixed up when the points of a sweep draw the same stream once."""
    shared = Draws(3, [4, 9, 4, 1, 9], 6).uniforms("trade", TIES[:5])
    for row, replicate in enumerate([4, 9, 4, 1, 9]):
        assert np.array_equal(shared[row], Draws(3, [replicate], 6).uniforms("trade", TIES[:5])[0])
    twice = setting_uniforms(3, [2, 2, 5], "initial/trust", TIES[:4])
    assert np.array_equal(twice[[0, 2]], setting_uniforms(3, [2, 5], "initial/trust", TIES[:4]))
    assert np.array_equal(twice[0], twice[1])
