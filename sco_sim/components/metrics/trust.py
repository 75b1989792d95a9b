"""Trust by tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Trust(Metric):
    """Trust of each tie: the share of interactions that are cooperative, from the level."""

    unit = "share"
    better = "higher"
    axis = "tie"
    title = "Trust"
    reads = ("trust_level",)
    evidence = "hindcast"
    channel = "trust"

    def measure(self, year: Year) -> Array:
        """One number a tie, shape (world, tie)."""
        return year.trust().copy()
