"""Part of the sense of community: participation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CommunityParticipation(Metric):
    """Part of the sense of community of each state: share of all agreements of the scenario that it has adopted."""

    unit = "0-1"
    better = "higher"
    axis = "state"
    title = "Community: participation"
    reads = ("adopted",)
    rows = ("P4",)

    def measure(self, year: Year) -> Array:
        """Equation 19, one number a state, shape (world, state)."""
        part: Array = year.community_parts()[1]
        return part
