"""Security cooperation."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components.policy import Policy
from sco_sim.numerics.functions import mean_where

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class SecurityCooperation(Policy):
    """Joint exercises and exchange of information against terrorism, separatism, extremism, drugs and crime.

    Exercises add to those of the ten years before; whether they steady a state or calm a tie is centred on zero.
    Source: rows A1, A5, B7 and B23 of documents D3 and D4; exercises of the organisation for the count.

    Example:
        security_cooperation: {exercises_per_year: 2, start: 2023}
    """

    exercises_per_year: float = Field(1.0, ge=0.0, le=100.0)
    """Joint exercises a year besides those there are."""
    cost_per_exercise_musd: float = Field(10.0, ge=0.0)
    """Outlay per exercise at full strength, million USD of 2015 (judgement)."""

    doses = ("exercises_per_year",)
    field: ClassVar[str] = "security"
    depth: ClassVar[str] = "binding"
    parameters = (
        "security_cooperation.attendance", "security_cooperation.hazard", "security_cooperation.stability",
    )  # fmt: skip
    writes = ("effect_security", "effect_hazard", "effect_stability")
    rows = ("A1", "A5", "B7", "B23")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        decade = 10.0 * self.exercises_per_year * year.p["security_cooperation.attendance"]
        year.state.effect_security[:] += np.log1p(decade / np.exp(year.reference.security)) * strength
        self.shift(year, strength * float(np.log1p(self.exercises_per_year)), "hazard", "stability")

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every exercise costs the same, shape (world,)."""
        held: Array = mean_where(strength, strength > 0.0)[:, 0]
        return self.cost_per_exercise_musd * self.exercises_per_year * held
