"""Students abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Responding

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Students(Responding):
    """Students follow the economies by volume, trust and the policies, each direction for itself (equation 12).

    What policies add to students reaches trade by those who have graduated, years later (equation 26).

    Source: UNESCO, OECD and national series of students by origin and destination; a seat is a student from the year
    in which it is filled; students and trade: Murat 2017.
    """

    channel = "students"
    order = 40
    parameters = (
        "students.gdp_elasticity", "students.adjustment", "students.noise_level", "students.noise_size",
        "students.noise_floor", "students.tail_share", "students.tail_spread", "students.trust_elasticity",
        "students.policy_response", "students.trade_lag",
    )  # fmt: skip
    streams = ("students.ab", "students.ba")
    reads = (
        "students_ab", "students_ba", "trust_level", "effect_students", "response_students", "shock_students",
        "last_shock_students", "graduates", "log_volume", "last_log_volume",
    )  # fmt: skip
    writes = ("students_ab", "students_ba", "response_students", "graduates")

    def step(self, year: Year) -> None:
        """Equations 12 and 26."""
        super().step(year)
        state = year.state
        state.graduates[:] += (np.tanh(state.response_students) - state.graduates) / year.p["students.trade_lag"]

    def settle(self, year: Year) -> None:
        """As any channel, with all of them graduated."""
        super().settle(year)
        year.state.graduates[:] = np.tanh(year.state.response_students)

    def noise(self, year: Year, moved: dict[str, Array]) -> dict[str, Array]:
        """Wider for small flows, drawn for each direction, (world, tie)."""
        return self.sized_noise(year, moved)
