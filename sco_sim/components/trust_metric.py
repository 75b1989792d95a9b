"""Base classes of metrics of trust: shares of conflict, and numbers of ties below a level."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sco_sim.components.metric import Metric
from sco_sim.numerics.functions import expit

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ConflictShare(Metric):
    """Something about the shares of interactions that are conflictual, one a tie, from the lasting level of trust."""

    unit = "share"
    better = "lower"
    sign = -1
    reads: ClassVar[tuple[str, ...]] = ("trust_level",)
    evidence = "hindcast"
    channel = "trust"

    def shares(self, year: Year) -> Array:
        """Share of conflict of each tie, from the level of trust, shape (world, tie); not to be changed."""
        return year.once("conflict share", lambda: expit(-year.state.trust_level))


class ObservedConflictShare(ConflictShare):
    """The same, as an observer of the year sees it: the level with the passing deviation, so that a war shows.

    The spread of the deviation lifts its mean a little above that of the level.
    """

    reads = ("trust_level", "trust_deviation")

    def shares(self, year: Year) -> Array:
        """Share of conflict of each tie in the year, shape (world, tie); not to be changed."""
        return year.once(
            "conflict share observed", lambda: expit(-(year.state.trust_level + year.state.trust_deviation))
        )


class TiesBelow(Metric):
    """Number of ties whose trust is below a level."""

    unit = "ties"
    better = "lower"
    sign = -1
    reads = ("trust_level",)
    evidence = "fitted"
    channel = "trust"
    level: ClassVar[float]
    """The level of trust, 0 to 1."""

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        number: Array = (year.trust() < self.level).sum(axis=1).astype(float)
        return number
