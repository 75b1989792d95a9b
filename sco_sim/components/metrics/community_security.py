"""Security community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric
from sco_sim.numerics.functions import expit

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CommunitySecurity(Metric):
    """Joint exercises, stability, and delivery of agreements on security; restates what goes in.

    The mean of three parts with a constant divisor: the mean over ties of n/(1 + n), n the joint exercises
    (1 - exp(-x) of the security variable, a value below 0 standing for none), the mean over states of
    expit(stability), and what is delivered of the agreements of the field, 0 while there are none.
    """

    unit = "index 0-1"
    better = "higher"
    title = "Security community"
    reads = ("security", "stability", "delivered", "member")
    rows = ("P4",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        state = year.state
        exercises = -np.expm1(-np.maximum(state.security, 0.0)).mean(axis=1)
        stable = expit(state.stability).mean(axis=1)
        index: Array = (exercises + stable + year.over_tabled("delivered", ("security",))) / 3.0
        return index
