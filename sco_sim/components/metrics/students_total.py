"""Students."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.metric import Metric

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class StudentsTotal(Metric):
    """Students of any state in any other."""

    unit = "persons"
    better = "higher"
    evidence = "fitted"
    channel = "students"
    title = "Students abroad inside the group"
    reads = ("students_ab", "students_ba")

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        total: Array = (year.count("students_ab") + year.count("students_ba")).sum(axis=1)
        return total
