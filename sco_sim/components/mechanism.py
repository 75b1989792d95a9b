"""Base class of mechanisms."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sco_sim.components.base import Component
from sco_sim.numerics.arrays import Array

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.world.year import Year


PHASES = ("events", "council", "delivery", "exchange", "trust", "membership", "record")


class Mechanism(Component):
    """How quantities respond, every year, in one phase."""

    phase: ClassVar[str]
    #: Place within the phase; lower comes first.
    order: ClassVar[int] = 50
    #: Names of its random streams.
    streams: ClassVar[tuple[str, ...]] = ()

    def step(self, year: Year) -> None:
        """Change the state in place."""
        raise NotImplementedError


def partial_adjustment(
    x: Array, target: Array, elasticity: Array, growth: Array, adjustment: Array, shock: Array
) -> Array:
    """Equations 10 to 12 without noise: x + elasticity * growth + adjustment * (target - x) + shock."""
    return x + elasticity * growth + adjustment * (target - x) + shock
