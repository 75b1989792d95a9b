"""A network of universities."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components.policy import Policy
from sco_sim.fields import Share
from sco_sim.numerics.functions import mean_where

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


USUAL = 2000.0
"""Seats a year at which graduates have the effect that the ledger gives: what the shipped scenarios have."""


class UniversityNetwork(Policy):
    """Seats at universities of the others: students at once, trust and capacity only when the graduates are home.

    Source: rows A7, C13 and C23 of documents D4, D0, D3 and D1. Scholarships showed no gain in attitudes against a
    counterfactual (Wilson 2010), graduates vote less with their hosts (Dreher and Yu 2020): both effects of graduates
    are centred on zero. Seats count as persons, so a crowded tie moves little and an empty one much.

    Example:
        university_network: {seats_per_year: 2000, dual_degrees: 0.3, start: 2023, ramp_years: 5}
    """

    seats_per_year: float = Field(1000.0, ge=0.0, le=1e6)
    """New seats a year over all participants' ties at full strength, the same number on each."""
    dual_degrees: Share = 0.0
    """Share of the programmes that lead to a degree of both universities, 0 to 1."""
    cost_per_seat_musd: float = Field(0.01, ge=0.0)
    """Outlay per new seat for the whole of the studies, million USD of 2015 (judgement)."""

    doses = ("seats_per_year",)
    field: ClassVar[str] = "education"
    depth: ClassVar[str] = "institution"
    parameters = (
        "university_network.additional", "university_network.stay", "university_network.dual",
        "university_network.first_graduates", "university_network.last_graduates", "university_network.trust",
        "university_network.capacity", "university_network.half_saturation", "students.gdp_elasticity",
    )  # fmt: skip
    reads = ("log_volume", "adopted_year")
    writes = ("effect_students", "effect_trust", "effect_capacity")
    rows = ("A7", "C13", "C23")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        p = year.p
        ties = np.maximum((strength > 0.0).sum(axis=1, keepdims=True), 1.0)
        drawn = p["university_network.additional"] * (1.0 + self.dual_degrees * p["university_network.dual"])
        present = self.seats_per_year * strength / ties * p["university_network.stay"] * drawn
        before = np.exp(year.expected("students_ab")) + np.exp(year.expected("students_ba"))
        year.state.effect_students[:] += np.log1p(np.maximum(present, 0.0) / before)
        self.shift(year, strength * self._home(year) * self._many(year), "trust", "capacity")

    def _many(self, year: Year) -> Array:
        """What this many seats do through their graduates, over what `USUAL` seats do, shape (world, 1)."""
        half, dose = year.p["university_network.half_saturation"], self.seats_per_year / USUAL
        return np.asarray((1.0 + half) * dose / (dose + half))

    def _home(self, year: Year) -> Array:
        """Share of the full number of graduates that is home by now, shape (world, 1)."""
        first, last = year.p["university_network.first_graduates"], year.p["university_network.last_graduates"]
        home = np.clip((year.year - self.adopted_year(year) - first) / (last - first), 0.0, 1.0)
        return np.nan_to_num(home, nan=1.0)  # not adopted: its strength is zero, or somebody asks for the long run

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every seat costs the same, shape (world,)."""
        filled: Array = mean_where(strength, strength > 0.0)[:, 0]
        return self.cost_per_seat_musd * self.seats_per_year * filled
