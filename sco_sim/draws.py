"""Counter-based random numbers keyed by (seed, replicate, component name).

A stream belongs to a decision, not to the order of calls: adding a component changes nobody else's luck, a longer
horizon keeps its prefix, and world 17 alone draws what world 17 of 200 draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Smallest uniform handed out, so that every quantile function stays finite.
TINY = 2.0**-54


def philox_key(*parts: object) -> tuple[int, int]:
    """128-bit Philox key of the parts, the same on every machine and in every process."""
    digest = hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:16], "little")


def uniforms(keys: Sequence[tuple[int, int]], shape: tuple[int, ...]) -> Floats:
    """Uniforms in (0, 1), one independent stream per key, shape (key, *shape)."""
    out = np.empty((len(keys), *shape))
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

    def claim(self, name: str, owner: str) -> None:
        """Reserve a stream for its owner; raises ValueError if another component already uses the name."""
        if self._owners.setdefault(name, owner) != owner:
            raise ValueError(f"the stream '{name}' belongs to {self._owners[name]}; {owner} needs a name of its own")

    def uniforms(self, name: str, size: int) -> Floats:
        """All years of one component at once, shape (world, year, size)."""
        keys = [philox_key(self.seed, replicate, name) for replicate in self.replicates]
        return uniforms(keys, (self.years, size))


def setting_uniforms(seed: int, settings: Sequence[int], name: str, size: int) -> Floats:
    """Uniforms of one named quantity drawn once a setting, shape (setting, size)."""
    return uniforms([philox_key(seed, "setting", setting, name) for setting in settings], (size,))
