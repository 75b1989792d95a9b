"""Base class of mechanisms."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sco_sim.components.base import Component
from sco_sim.numerics.arrays import Array

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.world.year import Year


PHASES = ("events", "council", "delivery", "policies", "exchange", "trust", "membership", "record")
"""Phases of a year, in their order."""


class Mechanism(Component):
    """How quantities respond, every year, in one phase."""

    phase: ClassVar[str]
    """One of `PHASES`; the mechanisms of a phase act after what else happens in it."""
    order: ClassVar[int] = 50
    """Order among the mechanisms of the phase; lower comes first."""
    streams: ClassVar[tuple[str, ...]] = ()
    """Names of its random streams."""

    def step(self, year: Year) -> None:
        """Change the state in place."""
        raise NotImplementedError


class Exchange(Mechanism):
    """How one exchange channel moves: towards a target that trust, policies and events shift."""

    phase = "exchange"
    channel: ClassVar[str]
    """Name of the channel it moves, one of `world.channels.CHANNELS`."""

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """Where the channel is drawn to: its state variables to arrays (world, tie), as the state holds them.

        Args:
            year: The year.
            lag: 1 before the exchange of the year (its mechanism asks so), 0 after it.
        """
        raise NotImplementedError


def partial_adjustment(
    x: Array, target: Array, elasticity: Array, growth: Array, adjustment: Array, shock: Array
) -> Array:
    """Equations 10 to 12 without noise: x + elasticity * growth + adjustment * (target - x) + shock.

    Shape (world, tie), as x, target, growth and shock; elasticity and adjustment are (world, 1).
    """
    return x + elasticity * growth + adjustment * (target - x) + shock
