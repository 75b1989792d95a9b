"""Sister cities."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components.policy import Policy

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class SisterCities(Policy):
    """New twinned places a year, which go where twinned places are: to each tie of the participants by one plus theirs.

    So most go to a tie like that of China and Russia, with 124 of them, and next to none to India and Pakistan with 0.
    What works in cities may scale up to national policy: the diffusion to capacity is centred on zero, and a scenario
    fixes `sister_cities.diffusion` at 0 to switch it off.
    Source: rows C3 of documents D0 and D3; no trade elasticity of twinning is published (evidence: Brakman et al. 2016
    find population growth in large cities only), so what twinning does to trade and trust is judgement.

    Example:
        sister_cities: {participants: members, new_pairs_per_year: 20, start: 2023, ramp_years: 3}
    """

    new_pairs_per_year: float = Field(10.0, ge=0.0, le=1000.0)
    """Twinnings a year over all participants' ties at full strength."""
    cost_per_pair_musd: float = Field(0.2, ge=0.0)
    """Outlay per new twinning, million USD of 2015 (judgement)."""

    doses = ("new_pairs_per_year",)
    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "declaratory"
    parameters = ("cities.trade", "trust.contact_effect", "sister_cities.diffusion")
    reads = ("cities",)
    writes = ("effect_cities", "effect_capacity")
    rows = ("C3",)

    def _arrivals(self, year: Year, strength: Array) -> Array:
        weight = (1.0 + year.state.cities) * (strength > 0.0)
        total = weight.sum(axis=1, keepdims=True)
        share: Array = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0.0)
        return self.new_pairs_per_year * share * strength

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        arrivals = self._arrivals(year, strength)
        year.state.effect_cities[:] += arrivals
        of_state = arrivals.take(year.ties.of_state, axis=1).sum(axis=2)
        year.state.effect_capacity[:] += year.p["sister_cities.diffusion"] * np.log1p(of_state)

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every new twinning costs the same, shape (world,)."""
        arrivals: Array = self._arrivals(year, strength).sum(axis=1)
        return self.cost_per_pair_musd * arrivals
