"""The random numbers of a year: uniforms and normals by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sco_sim.numerics.arrays import Array, Ints
from sco_sim.numerics.functions import to_normal
from sco_sim.numerics.mixture import mixture_draws
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
        return self._block(name, axis)

    def normal(self, name: str, axis: Axis) -> Array:
        """Standard normals of a stream this year, shape as by `uniform`."""
        return self._block(name, axis, to_normal)

    def normal_of_ties(self, name: str, rows: Ints) -> Array:
        """Standard normals of a stream this year on some ties, the same that `normal` has there, (world, row)."""
        key = f"{name} {rows.tolist()}"
        if key not in self._blocks:
            self._blocks[key] = to_normal(self.draws.uniforms(name, [self.ties.names[row] for row in rows]))
        return self._blocks[key][:, max(self.index - 1, 0)]

    def mixture(self, name: str, axis: Axis, share: Array, spread: Array) -> Array:
        """Draws of a mixture of two normals this year (`numerics/mixture.py`), shape as by `uniform`.

        Args:
            name: Name of the stream.
            axis: What there is one draw for.
            share: Share of the wide normal, (world, 1); the same every year.
            spread: How many times as wide it is, (world, 1); the same every year.
        """
        return self._block(name, axis, lambda block: mixture_draws(block, share[:, None], spread[:, None]))

    def _block(self, name: str, axis: Axis, made_of: Callable[[Array], Array] | None = None) -> Array:
        block = self._blocks.get(name)
        if block is None:
            units = {"tie": self.ties.names, "state": self.ties.states, "world": ("",)}[axis]
            block = self.draws.uniforms(name, units)
            self._blocks[name] = block = block if made_of is None else made_of(block)
        return block[:, max(self.index - 1, 0)]  # asked before the first step, it is the first year's
