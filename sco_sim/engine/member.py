"""A state as a Mesa agent."""

from __future__ import annotations

import mesa
import numpy as np

from sco_sim.components.policy import Policy
from sco_sim.engine.council import ambition, stakes
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit
from sco_sim.world.year import Year


class MemberState(mesa.Agent):  # type: ignore[misc, unused-ignore]
    """A state of the organisation: who it is, what it decides, and its row in the numbers of every world."""

    def __init__(self, model: mesa.Model, year: Year, iso3: str) -> None:
        super().__init__(model)
        self.year = year
        self.iso3 = iso3
        self.row = year.ties.row[iso3]

    def __repr__(self) -> str:
        return f"MemberState({self.iso3})"

    @property
    def is_member(self) -> Array:
        """1 where it is a member of the organisation now, shape (world,)."""
        return self.year.state.member[:, self.row]

    @property
    def gdp(self) -> Array:
        """GDP in USD of 2015 at market rates, shape (world,)."""
        out: Array = np.exp(self.year.state.log_gdp[:, self.row])
        return out

    def trust_in(self, other: str) -> Array:
        """Trust between it and another state, as a share of cooperative interactions, shape (world,)."""
        return expit(self.year.state.trust_level[:, self.year.ties.tie(self.iso3, other)])

    def ambition(self, agreement: Policy) -> Array:
        """Equation 5: how far it would go in an agreement this year, 0-1, shape (world,); it accepts from 0.5 on."""
        return ambition(stakes(self.year, agreement))[:, self.row]
