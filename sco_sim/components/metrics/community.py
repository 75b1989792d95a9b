"""Sense of community by state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Community(Metric):
    """Sense of community of each state; it restates trust, participation and delivery."""

    unit = "index 0-1"
    better = "higher"
    axis = "state"
    title = "Sense of community"
    reads = ("community",)

    def measure(self, year: Year) -> Array:
        """One number a state, shape (world, state)."""
        return year.state.community.copy()
