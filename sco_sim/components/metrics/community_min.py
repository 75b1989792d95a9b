"""Sense of community, lowest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CommunityMin(Metric):
    """Lowest sense of community of a state; it restates trust, participation and delivery."""

    unit = "index 0-1"
    better = "higher"
    title = "Sense of community, lowest"
    reads = ("community",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        lowest: Array = year.state.community.min(axis=1)
        return lowest
