"""Counter-based random numbers keyed by (seed, replicate, component name).

A stream belongs to a decision, not to the order of calls: adding a component changes nobody else's draws, a longer
horizon keeps its prefix, and world 17 alone draws what world 17 of 200 draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sco_sim.numerics.compiled import compiled

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

TINY = 2.0**-54
"""Smallest uniform handed out, so that every quantile function stays finite."""


_MULTIPLIERS = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
"""Multipliers of Philox-4x64 (Salmon et al. 2011)."""
_INCREMENTS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
"""Its key increments."""
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


def _products(a: Words, multiplier: np.uint64) -> tuple[Words, Words]:
    """High and low 64 bits of the 128-bit products, each of the shape of `a`."""
    low, high = multiplier & _LOW, multiplier >> _HALF
    a_low, a_high = a & _LOW, a >> _HALF
    middle = a_high * low + ((a_low * low) >> _HALF)
    carried = a_low * high + (middle & _LOW)
    return a_high * high + (middle >> _HALF) + (carried >> _HALF), a * multiplier


def firsts(keys: Words) -> Floats:
    """The first uniform of the stream of each key, (key, 2) -> (key,): the bits of `uniforms`, all keys at once.

    Philox needs no state to start from, so the first block of every stream is one sum over arrays.
    """
    x = [np.ones(len(keys), dtype=np.uint64), *(np.zeros(len(keys), dtype=np.uint64) for _ in range(3))]
    k = [keys[:, 0].copy(), keys[:, 1].copy()]
    for _ in range(10):
        high_0, low_0 = _products(x[0], _MULTIPLIERS[0])
        high_1, low_1 = _products(x[2], _MULTIPLIERS[1])
        x = [high_1 ^ x[1] ^ k[0], low_1, high_0 ^ x[3] ^ k[1], low_0]
        k = [word + increment for word, increment in zip(k, _INCREMENTS, strict=True)]
    out: Floats = np.maximum((x[0] >> np.uint64(11)) * 2.0**-53, TINY)
    return out


def _keys(heads: Sequence[Any], tails: Sequence[str]) -> Words:
    """128-bit Philox keys, the same on every machine: SHA-256 of every head joined with every tail, (head x tail, 2).

    A head is a hash of what is in front.
    """
    ends = [tail.encode() for tail in tails]
    digests = bytearray()
    for head in heads:
        for end in ends:
            digest = head.copy()
            digest.update(end)
            digests += digest.digest()[:16]
    return np.frombuffer(bytes(digests), dtype="<u8").astype(np.uint64).reshape(-1, 2)


def uniforms(keys: Words, shape: tuple[int, ...]) -> Floats:
    """Uniforms in (0, 1), one independent stream per key (key, 2), shape (key, *shape)."""
    out = np.empty((len(keys), *shape))
    fast = compiled()
    if fast is not None:
        fast.fill_uniforms(keys, TINY, out.reshape(len(keys), -1))
        return out
    bits = np.random.Philox(key=0)
    generator = np.random.Generator(bits)
    fresh = bits.state  # re-keying one generator is five times cheaper than building a new one
    for row, key in enumerate(keys):
        fresh["state"]["key"][:] = key
        bits.state = fresh
        generator.random(out=out[row])
    np.maximum(out, TINY, out=out)
    return out


class Draws:
    """The uniforms of a batch of worlds over a number of years."""

    def __init__(self, seed: int, replicates: Sequence[int], years: int) -> None:
        self.seed = seed
        self.replicates = tuple(replicates)
        self.years = years
        self._owners: dict[str, str] = {}
        self._row = {replicate: row for row, replicate in enumerate(dict.fromkeys(self.replicates))}
        self._heads = self._hashes()

    def _hashes(self) -> list[Any]:
        """The hash of the front of every key."""
        return [hashlib.sha256(f"{self.seed}/{replicate}/".encode()) for replicate in self._row]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_heads"}  # a hash cannot be copied

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._heads = self._hashes()

    def claim(self, name: str, owner: str) -> None:
        """Reserve a stream for its owner; raises ValueError if another component already uses the name."""
        if self._owners.setdefault(name, owner) != owner:
            raise ValueError(f"the stream '{name}' belongs to {self._owners[name]}; {owner} needs a name of its own")

    def uniforms(self, name: str, size: int) -> Floats:
        """All years of one component at once, shape (world, year, size).

        Worlds of a sweep that share their numbers are drawn once.
        """
        drawn = uniforms(_keys(self._heads, [name]), (self.years, size))
        if len(self._row) == len(self.replicates):
            return drawn
        return drawn[[self._row[replicate] for replicate in self.replicates]]


def setting_uniforms(seed: int, settings: Sequence[int], name: str, size: int) -> Floats:
    """Uniforms of one named quantity drawn once a setting, shape (setting, size)."""
    known = {setting: row for row, setting in enumerate(dict.fromkeys(settings))}
    drawn = uniforms(
        _keys([hashlib.sha256(f"{seed}/setting/{setting}/".encode()) for setting in known], [name]), (size,)
    )
    return drawn if len(known) == len(settings) else drawn[[known[setting] for setting in settings]]


def setting_firsts(seed: int, settings: Sequence[int], names: Sequence[str]) -> dict[str, Floats]:
    """One uniform a setting of many named quantities, name -> (setting,): `setting_uniforms` of size 1, but quick.

    The arrays are shared with later calls for the same settings, as the scenarios of a comparison make, and read-only.
    """
    return dict(zip(names, _setting_firsts(seed, tuple(settings), tuple(names)), strict=True))


@lru_cache(maxsize=2)
def _setting_firsts(seed: int, settings: tuple[int, ...], names: tuple[str, ...]) -> Floats:
    """The same as one array, (name, setting)."""
    heads = [hashlib.sha256(f"{seed}/setting/{setting}/".encode()) for setting in settings]
    drawn = np.ascontiguousarray(firsts(_keys(heads, names)).reshape(len(settings), len(names)).T)
    drawn.flags.writeable = False
    return drawn
