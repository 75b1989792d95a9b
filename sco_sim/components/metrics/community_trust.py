"""Part of the sense of community: trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CommunityTrust(Metric):
    """Part of the sense of community of each state: mean trust with the other members."""

    unit = "0-1"
    better = "higher"
    axis = "state"
    title = "Community: trust"
    reads = ("trust_level", "member")
    rows = ("P4",)

    def measure(self, year: Year) -> Array:
        """Equation 19, one number a state, shape (world, state)."""
        part: Array = year.community_parts()[0]
        return part
