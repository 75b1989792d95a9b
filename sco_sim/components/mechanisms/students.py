"""Students abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Responding

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Students(Responding):
    """Students follow the economies, trust and the policies, each direction for itself (equation 12).

    Source: UNESCO, OECD and national series of students by origin and destination; a seat is a student from the year
    in which it is filled.
    """

    channel = "students"
    order = 40
    parameters = (
        "students.gdp_elasticity", "students.adjustment", "students.noise", "students.trust_elasticity",
        "students.policy_response",
    )  # fmt: skip
    streams = ("students.ab", "students.ba")
    reads = (
        "students_ab", "students_ba", "trust_level", "effect_students", "response_students", "shock_students",
        "last_shock_students", "log_gdp", "last_log_gdp",
    )  # fmt: skip
    writes = ("students_ab", "students_ba", "response_students")

    def noise(self, year: Year, name: str) -> Array:
        """The same for every tie, drawn for each direction, (world, tie)."""
        noise: Array = year.p["students.noise"] * year.normal(name.replace("_", "."), "tie")
        return noise
