"""Sharing of expertise."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components.policy import Programme

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class ExpertiseSharing(Programme):
    """Each participant learns from the most capable one: part of the gap in capacity closes.

    Source: rows C16 and C24 of documents D1, D2 and D3; no size is published, and goodwill is centred on zero. The gap
    is that of the data, so what is learnt does not feed on itself.

    Example:
        expertise_sharing: {start: 2023, ramp_years: 5}
    """

    cost_per_tie_musd: float = Field(0.3, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "education"
    depth: ClassVar[str] = "declaratory"
    parameters = ("expertise_sharing.capacity", "expertise_sharing.trust")
    writes = ("effect_capacity", "effect_trust")
    rows = ("C16", "C24")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        learning = year.of_states(strength)
        capacity = np.where(learning > 0.0, year.facts.capacity[year.index], -np.inf)
        gap = np.where(learning > 0.0, capacity.max(axis=1, keepdims=True) - year.facts.capacity[year.index], 0.0)
        year.state.effect_capacity[:] += year.p["expertise_sharing.capacity"] * gap * learning
        self.shift(year, strength, "trust")
