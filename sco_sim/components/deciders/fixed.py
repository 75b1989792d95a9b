"""A state that always answers the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.decider import Decider, StateAgent
from sco_sim.fields import Share

if TYPE_CHECKING:
    from sco_sim.components.policy import Policy
    from sco_sim.numerics.arrays import Array


class Fixed(Decider):
    """Goes equally far in every agreement and every year: a spoiler below 0.5, a champion at 1.

    Source: no study; it shows what hangs on one state alone.

    Example:
        fixed: {level: 1.0}
    """

    level: Share
    """How far it goes, 0 to 1; it accepts from 0.5 on."""

    def ambition(self, state: StateAgent, agreement: Policy) -> Array:
        """Equation 25: the level given, shape (world,)."""
        return np.full(state.year.state.worlds, self.level)
