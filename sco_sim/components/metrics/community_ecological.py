"""Ecological community."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CommunityEcological(Metric):
    """Delivery of agreements on the environment; restates what goes in, and nothing else here measures the environment.

    It is 0 while no agreement of the field is tabled, which says that nothing is known and not that all is lost.
    """

    unit = "index 0-1"
    better = "higher"
    title = "Ecological community"
    reads = ("delivered", "member")
    rows = ("P4",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        return year.over_tabled("delivered", ("environment",))
