"""Delay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class DelayMeanYears(Metric):
    """Mean number of summits at which an agreement tabled so far failed."""

    unit = "years"
    better = "none"
    title = "Delay of agreements"
    reads = ("tabled_years",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        tabled = [p for p, policy in enumerate(year.agreements) if year.is_tabled(policy)]
        if not tabled:
            return np.zeros(year.state.worlds)
        mean: Array = year.state.tabled_years.take(tabled, axis=1).mean(axis=1)
        return mean
