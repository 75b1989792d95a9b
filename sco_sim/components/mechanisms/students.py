"""Students abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Mechanism, partial_adjustment

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Students(Mechanism):
    """Students follow the economies and the policies, each direction for itself (equation 12).

    Source: UNESCO, OECD and national series of students by origin and destination.
    """

    phase = "exchange"
    order = 40
    parameters = ("students.gdp_elasticity", "students.adjustment", "students.noise", "students.trust_elasticity")
    streams = ("students.ab", "students.ba")
    reads = (
        "students_ab", "students_ba", "trust_level", "effect_students", "shock_students", "last_shock_students",
        "log_gdp", "last_log_gdp",
    )  # fmt: skip
    writes = ("students_ab", "students_ba")

    def step(self, year: Year) -> None:
        """Equation 12 for both directions."""
        state, p = year.state, year.p
        growth = year.gravity_change
        pull = (
            p["students.trust_elasticity"] * (state.trust_level - year.reference.trust_level)
            + state.effect_students
            + state.last_shock_students
        )
        for direction in ("ab", "ba"):
            number = state.arrays[f"students_{direction}"]
            luck = year.normal(f"students.{direction}", len(year.ties))
            number[:] = p["students.noise"] * luck + partial_adjustment(
                number,
                year.expected(f"students_{direction}", lag=1) + pull,
                p["students.gdp_elasticity"],
                growth,
                p["students.adjustment"],
                state.shock_students - state.last_shock_students,
            )
