"""Community of civilisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.metric import Metric, against

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class CommunityCivilisation(Metric):
    """People, students and cities against expectation, and delivery in culture and education; restates what goes in.

    The mean of four parts with a constant divisor: each total (outcomes `people_index`, `students_total`,
    `cities_total`) over itself plus the total expected, and what is delivered of the agreements of these fields, 0
    while there are none.
    """

    unit = "index 0-1"
    better = "higher"
    title = "Community of civilisation"
    parameters = ("people.gdp_elasticity", "students.gdp_elasticity", "cities.arrival_rate")
    reads = ("people", "students_ab", "students_ba", "cities", "log_gdp", "log_volume", "delivered", "member")
    rows = ("P4",)

    def measure(self, year: Year) -> Array:
        """One number a world, shape (world,)."""
        state = year.state
        people = self._against(year, "people")
        students = self._against(year, "students_ab", "students_ba")
        expected = (year.reference.cities + year.p["cities.arrival_rate"] * year.index).sum(axis=1)
        parts = people + students + against(state.cities.sum(axis=1), expected)
        index: Array = (parts + year.over_tabled("delivered", ("culture", "education"))) / 4.0
        return index

    @staticmethod
    def _against(year: Year, *channels: str) -> Array:
        none = np.zeros(year.state.worlds)
        real = (year.count(name).sum(axis=1) for name in channels)
        gravity = (np.expm1(np.maximum(year.expected(name), 0.0)).sum(axis=1) for name in channels)
        return against(sum(real, start=none), sum(gravity, start=none))
