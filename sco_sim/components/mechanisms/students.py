"""Students abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Exchange, partial_adjustment

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Students(Exchange):
    """Students follow the economies and the policies, each direction for itself (equation 12).

    Source: UNESCO, OECD and national series of students by origin and destination.
    """

    channel = "students"
    order = 40
    parameters = ("students.gdp_elasticity", "students.adjustment", "students.noise", "students.trust_elasticity")
    streams = ("students.ab", "students.ba")
    reads = (
        "students_ab", "students_ba", "trust_level", "effect_students", "shock_students", "last_shock_students",
        "log_gdp", "last_log_gdp",
    )  # fmt: skip
    writes = ("students_ab", "students_ba")

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """Where equation 12 draws both directions to, (world, tie) each."""
        state = year.state
        pull = (
            year.p["students.trust_elasticity"] * (state.trust_level - year.reference.trust_level)
            + state.effect_students
            + state.last_shock_students
        )
        return {name: year.expected(name, lag) + pull for name in ("students_ab", "students_ba")}

    def step(self, year: Year) -> None:
        """Equation 12 for both directions."""
        state, p = year.state, year.p
        for name, target in self.target(year).items():
            number = state.arrays[name]
            normal = year.normal(name.replace("_", "."), "tie")
            number[:] = p["students.noise"] * normal + partial_adjustment(
                number,
                target,
                p["students.gdp_elasticity"],
                year.gravity_change,
                p["students.adjustment"],
                state.shock_students - state.last_shock_students,
            )
