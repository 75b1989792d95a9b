"""Sister cities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CitiesTotal(Metric):
    """Twinned places over all ties."""

    unit = "twinned places"
    better = "higher"
    channel = "cities"
    title = "Twinned places"
    reads = ("cities",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        total: Array = year.state.cities.sum(axis=1)
        return total
