"""Counter-based random numbers keyed by (seed, replicate, component name) and by the state or pair of states.

A stream belongs to a decision and to who it is about, not to the order of calls: adding a component changes nobody
else's draws, a longer horizon keeps its prefix, world 17 alone draws what world 17 of 200 draws, and a scenario with
another member gives the states and pairs that it shares the same draws. The key of Philox is the hash of seed,
replicate and component, the second word of its counter the hash of the name of the state or pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from sco_sim.numerics.compiled import compiled

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

TINY = 2.0**-54
"""Smallest uniform handed out, so that every quantile function stays finite."""
_AT_ONCE = 4096


_MULTIPLIERS = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
"""Multipliers and key increments of Philox-4x64 (Salmon et al. 2011)."""
_INCREMENTS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


def _products(a: Words, multiplier: np.uint64) -> tuple[Words, Words]:
    """High and low 64 bits of the 128-bit products."""
    low, high = multiplier & _LOW, multiplier >> _HALF
    a_low, a_high = a & _LOW, a >> _HALF
    middle = a_high * low + ((a_low * low) >> _HALF)
    carried = a_low * high + (middle & _LOW)
    return a_high * high + (middle >> _HALF) + (carried >> _HALF), a * multiplier


def tag(unit: str) -> int:
    """The 64-bit number of a state or a pair of states by its name; 0 for the world as a whole, named ""."""
    return int.from_bytes(sha256(unit.encode()).digest()[:8], "little") if unit else 0


def _philox(keys: Words, tags: Words, block: int) -> list[Words]:
    """Four words of one block of the stream of every key and tag, each (key, tag).

    The counter of Philox-4x64 is (block, tag, 0, 0): NumPy's Philox with that counter gives the same words.
    """
    shape = (len(keys), len(tags))
    x = [np.full(shape, block, dtype=np.uint64), np.broadcast_to(tags, shape), *(np.zeros(shape, np.uint64),) * 2]
    k = [keys[:, 0, None].copy(), keys[:, 1, None].copy()]
    for _ in range(10):
        high_0, low_0 = _products(x[0], _MULTIPLIERS[0])
        high_1, low_1 = _products(x[2], _MULTIPLIERS[1])
        x = [high_1 ^ x[1] ^ k[0], low_1, high_0 ^ x[3] ^ k[1], low_0]
        k = [word + increment for word, increment in zip(k, _INCREMENTS, strict=True)]
    return x


def _as_uniforms(words: Words) -> Floats:
    """Uniforms in (0, 1) of 64-bit words, of the same shape."""
    out: Floats = np.maximum((words >> np.uint64(11)) * 2.0**-53, TINY)
    return out


def firsts(keys: Words) -> Floats:
    """The first uniform of the untagged stream of each key, (key, 2) -> (key,): all keys at once."""
    return uniforms(keys, np.zeros(1, dtype=np.uint64), 1)[:, 0, 0]


def _keys(heads: Sequence[str], tails: Sequence[str]) -> Words:
    """128-bit key of every head joined with every tail, shape (head x tail, 2): the first half of a SHA-256.

    The bits are the same on every machine and in every process.
    """
    fronts, ends = [head.encode() for head in heads], [tail.encode() for tail in tails]
    fast = compiled()
    if fast is not None:
        out = np.empty((len(fronts) * len(ends), 2), dtype=np.uint64)
        fast.fill_keys(*_as_rows(fronts), *_as_rows(ends), out)
        return out
    digests = b"".join([sha256(front + end).digest() for front in fronts for end in ends])
    halves = np.frombuffer(digests, dtype="<u8").reshape(-1, 4)[:, :2]
    return np.ascontiguousarray(halves, dtype=np.uint64)


def _as_rows(texts: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Texts as rows of bytes, as wide as the longest, and their lengths."""
    lengths = np.array([len(text) for text in texts], dtype=np.intp)
    width = int(lengths.max(initial=0))
    joined = b"".join([text.ljust(width, b"\0") for text in texts])
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(texts), width), lengths


def uniforms(keys: Words, tags: Words, number: int) -> Floats:
    """Uniforms in (0, 1), one independent stream for every key and tag, shape (key, number, tag).

    Args:
        keys: 128-bit keys, shape (key, 2).
        tags: Numbers of the units, shape (tag,).
        number: Uniforms of each stream; fewer are a prefix of more.
    """
    out = np.empty((len(keys), number, len(tags)))
    fast = compiled()
    if fast is not None:
        fast.fill_uniforms(keys, tags, TINY, out)
        return out
    rows = max(_AT_ONCE // max(len(tags), 1), 1)  # a few keys at a time stay in the cache
    for first in range(0, len(keys), rows):
        some = slice(first, first + rows)
        for start in range(0, number, 4):
            for offset, words in enumerate(_philox(keys[some], tags, start // 4 + 1)[: number - start]):
                out[some, start + offset] = _as_uniforms(words)
    return out


class Draws:
    """The uniforms of a batch of worlds over a number of years."""

    def __init__(self, seed: int, replicates: Sequence[int], years: int) -> None:
        self.seed = seed
        self.replicates = tuple(replicates)
        self.years = years
        self._owners: dict[str, str] = {}
        self._row = {replicate: row for row, replicate in enumerate(dict.fromkeys(self.replicates))}

    def claim(self, name: str, owner: str) -> None:
        """Reserve a stream for its owner; raises ValueError if another component already uses the name."""
        if self._owners.setdefault(name, owner) != owner:
            raise ValueError(f"the stream '{name}' belongs to {self._owners[name]}; {owner} needs a name of its own")

    def uniforms(self, name: str, units: Sequence[str]) -> Floats:
        """All years of one component at once, shape (world, year, unit).

        Worlds of a sweep that share their numbers are drawn once.

        Args:
            name: Name of the stream.
            units: Names of the states or pairs it is about, or ("",) for the world as a whole.
        """
        heads = [f"{self.seed}/{replicate}/" for replicate in self._row]
        drawn = uniforms(_keys(heads, [name]), _tags(units), self.years)
        if len(self._row) == len(self.replicates):
            return drawn
        return drawn[[self._row[replicate] for replicate in self.replicates]]


class Still(Draws):
    """No luck: every uniform is one half, so that every normal is nought and nothing unlikely happens."""

    def uniforms(self, name: str, units: Sequence[str]) -> Floats:
        """All years of one component, shape (world, year, unit)."""
        return np.full((len(self.replicates), self.years, len(units)), 0.5)


def _tags(units: Sequence[str]) -> Words:
    return np.array([tag(unit) for unit in units], dtype=np.uint64)


def setting_uniforms(seed: int, settings: Sequence[int], name: str, units: Sequence[str]) -> Floats:
    """Uniforms of one named quantity drawn once a setting, shape (setting, unit); units as in `Draws.uniforms`."""
    known = {setting: row for row, setting in enumerate(dict.fromkeys(settings))}
    heads = [f"{seed}/setting/{setting}/" for setting in known]
    drawn = uniforms(_keys(heads, [name]), _tags(units), 1)[:, 0]
    return drawn if len(known) == len(settings) else drawn[[known[setting] for setting in settings]]


def setting_firsts(seed: int, settings: Sequence[int], names: Sequence[str]) -> dict[str, Floats]:
    """One uniform a setting of many named quantities, name -> (setting,): `setting_uniforms` of size 1, but quick.

    The arrays are shared with later calls for the same settings, as the scenarios of a comparison make, and read-only.
    """
    return dict(zip(names, _setting_firsts(seed, tuple(settings), tuple(names)), strict=True))


@lru_cache(maxsize=2)
def _setting_firsts(seed: int, settings: tuple[int, ...], names: tuple[str, ...]) -> Floats:
    """The same as one array, (name, setting)."""
    heads = [f"{seed}/setting/{setting}/" for setting in settings]
    drawn = np.ascontiguousarray(firsts(_keys(heads, names)).reshape(len(settings), len(names)).T)
    drawn.flags.writeable = False
    return drawn
