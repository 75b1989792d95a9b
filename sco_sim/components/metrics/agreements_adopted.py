"""Agreements adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class AgreementsAdopted(Metric):
    """Agreements adopted so far."""

    unit = "agreements"
    better = "none"
    title = "Agreements adopted"
    reads = ("adopted_year",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        number: Array = (~np.isnan(year.state.adopted_year)).sum(axis=1).astype(float)
        return number
