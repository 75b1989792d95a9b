"""The random numbers of a year: uniforms and normals by name."""

from __future__ import annotations

from typing import Literal

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import to_normal
from sco_sim.numerics.streams import Draws
from sco_sim.world.ties import Ties

Axis = Literal["tie", "state", "world"]


class Chance:
    """Part of `Year`: all years of a stream are drawn when it is first asked for."""

    draws: Draws
    ties: Ties
    _blocks: dict[str, Array]

    @property
    def index(self) -> int:
        """Years since the start of the horizon."""
        raise NotImplementedError

    def uniform(self, name: str, axis: Axis) -> Array:
        """Uniforms of a stream this year, one for each tie or state or one for the world, shape (world, number)."""
        return self._block(name, axis, normal=False)

    def normal(self, name: str, axis: Axis) -> Array:
        """Standard normals of a stream this year, shape as by `uniform`."""
        return self._block(name, axis, normal=True)

    def _block(self, name: str, axis: Axis, normal: bool) -> Array:
        block = self._blocks.get(name)
        if block is None:
            units = {"tie": self.ties.names, "state": self.ties.states, "world": ("",)}[axis]
            block = self.draws.uniforms(name, units)
            self._blocks[name] = block = to_normal(block) if normal else block
        return block[:, max(self.index - 1, 0)]  # asked before the first step, it is the first year's
