"""Community of peace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CommunityPeace(Metric):
    """Trust, ties without a dispute in five years, and delivery of political agreements; restates what goes in.

    The mean of three parts with a constant divisor: the mean over ties of trust (one minus the outcome
    `conflict_share_mean`), the share of ties whose last dispute is five or more years ago, and what is delivered of
    the agreements of the field, 0 while there are none.
    """

    unit = "index 0-1"
    better = "higher"
    title = "Community of peace"
    reads = ("trust_level", "years_since_dispute", "delivered", "member")
    rows = ("P4",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        state = year.state
        trust = year.trust().mean(axis=1)
        quiet = (state.years_since_dispute >= 5.0).mean(axis=1)
        index: Array = (trust + quiet + year.over_tabled("delivered", ("political",))) / 3.0
        return index
