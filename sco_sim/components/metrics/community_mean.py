"""Sense of community, mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CommunityMean(Metric):
    """Mean sense of community over states; it restates trust, participation and delivery."""

    unit = "index 0-1"
    better = "higher"
    title = "Sense of community, mean"
    reads = ("community",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        mean: Array = year.state.community.mean(axis=1)
        return mean
