"""The random numbers of a year: uniforms and normals by name."""

from __future__ import annotations

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import to_normal
from sco_sim.numerics.streams import Draws


class Chance:
    """Part of `Year`: all years of a stream are drawn when it is first asked for."""

    draws: Draws
    _blocks: dict[str, Array]

    @property
    def index(self) -> int:
        """Years since the start of the horizon."""
        raise NotImplementedError

    def uniform(self, name: str, size: int) -> Array:
        """Uniforms of this year, shape (world, size)."""
        return self._block(name, size, normal=False)

    def normal(self, name: str, size: int) -> Array:
        """Standard normals of this year, shape (world, size)."""
        return self._block(name, size, normal=True)

    def _block(self, name: str, size: int, normal: bool) -> Array:
        block = self._blocks.get(name)
        if block is None:
            block = self.draws.uniforms(name, size)
            self._blocks[name] = block = to_normal(block) if normal else block
        return block[:, max(self.index - 1, 0)]  # asked before the first step, it is the first year's
