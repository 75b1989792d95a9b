"""Lost to veto."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class LostToVetoMean(Metric):
    """Ambition not adopted a year, mean over agreements tabled so far: what refusal and dilution cost."""

    unit = "0-1"
    title = "Ambition lost to veto"
    reads = ("lost_to_veto",)
    rows = ("B1",)

    def measure(self, year: Year) -> Array:
        """Equation 24, one number a world, shape (world,)."""
        return year.lost_a_year(year.state.lost_to_veto)
