"""Concert of the leaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class LeaderConcert(Metric):
    """Mean trust among the leaders: the three largest economies of the start.

    In the shipped case these are China, India and Russia.
    """

    unit = "share"
    better = "higher"
    title = "Trust among the leaders"
    reads = ("trust_level",)
    channel = "trust"
    evidence = "fitted"
    rows = ("B3", "B4", "P6")

    def measure(self, year: Year) -> Array:
        """Equation 19, one number a world, shape (world,)."""
        return year.concert().copy()
