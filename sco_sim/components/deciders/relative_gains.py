"""A state that fears the gains of its rivals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from sco_sim.components.decider import Decider, StateAgent
from sco_sim.components.deciders.stakes import Stakes
from sco_sim.components.readiness import gainers, readiness, rival_gains, stakes
from sco_sim.numerics.functions import expit

if TYPE_CHECKING:
    from sco_sim.components.policy import Policy
    from sco_sim.numerics.arrays import Array


class RelativeGains(Decider):
    """Judges by its stakes, and the less favourably the more its strategic rivals gain than itself, whatever the field.

    By its stakes alone it minds the gains of rivals only as far as a text goes deep and distributes something.

    Source: Grieco 1988, a state's sensitivity to gaps in gains; how sensitive a state is, is the user's to say.

    Example:
        relative_gains: {sensitivity: 1.0}
    """

    sensitivity: float = Field(1.0, ge=0.0, le=20.0)
    """Readiness (z of equation 5) lost where rivals gain all and it gains nothing; 0 decides by stakes alone."""

    parameters = Stakes.parameters
    reads = Stakes.reads

    def ambition(self, state: StateAgent, agreement: Policy) -> Array:
        """Equation 25: readiness less sensitivity times the gap in gains, shape (world,)."""
        year = state.year
        gain = gainers(year, agreement)
        gap = np.maximum(rival_gains(year, gain) - gain, 0.0)[:, state.row]
        return expit(2.0 * (readiness(stakes(year, agreement))[:, state.row] - self.sensitivity * gap))
