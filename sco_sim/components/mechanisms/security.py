"""Security cooperation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Exchange

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Security(Exchange):
    """Joint exercises and exchange of information follow the policies (equation 22).

    Source: joint exercises of ten years (calibration/data/exercises.csv) for the level; the slopes are judgement.
    """

    channel = "security"
    order = 60
    parameters = ("security.adjustment", "security.noise")
    streams = ("security",)
    reads = ("security", "effect_security")
    writes = ("security",)
    rows = ("A5",)

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """Where equation 22 draws it to, (world, tie)."""
        return {"security": year.expected("security", lag) + year.state.effect_security}

    def step(self, year: Year) -> None:
        """Equation 22."""
        state, p = year.state, year.p
        moved = state.security + p["security.adjustment"] * (self.target(year)["security"] - state.security)
        moved += p["security.noise"] * year.normal("security", "tie")
        state.security[:] = moved
