"""Security cooperation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Mechanism

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Security(Mechanism):
    """Joint exercises and exchange of information follow the policies (equation 22).

    Source: joint exercises of ten years (calibration/data/exercises.csv) for the level; the slopes are judgement.
    """

    phase = "exchange"
    order = 60
    parameters = ("security.adjustment", "security.noise")
    streams = ("security",)
    reads = ("security", "effect_security")
    writes = ("security",)
    rows = ("A5",)

    def step(self, year: Year) -> None:
        """Equation 22."""
        state, p = year.state, year.p
        target = year.reference.security + state.effect_security
        moved = state.security + p["security.adjustment"] * (target - state.security)
        moved += p["security.noise"] * year.normal("security", len(year.ties))
        state.security[:] = moved
