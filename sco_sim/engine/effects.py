"""The phase of the policies: what has been delivered acts on the ties and costs money."""

from __future__ import annotations

import numpy as np

from sco_sim.components.policy import Policy
from sco_sim.numerics.arrays import Array
from sco_sim.world.state import EFFECTS
from sco_sim.world.year import Year


def clear_effects(year: Year) -> None:
    """The effects of last year's policies end."""
    for name in EFFECTS:
        year.state.arrays[name][:] = 0.0


def apply_policy(index: int, policy: Policy, year: Year) -> None:
    """Add the effects of the policy and its outlay; `index` is its row among the agreements."""
    acting = strength(year, index, policy)
    if not acting.any():  # not yet adopted anywhere, or nothing delivered
        return
    policy.act(year, acting)
    year.state.cost[:] += policy.outlay(year, acting)


def strength(year: Year, index: int, policy: Policy) -> Array:
    """Equation 9: strength of an agreement on each tie as it is delivered by now, shape (world, tie)."""
    state = year.state
    began = np.fmax(state.adopted_year[:, index, None], state.force_year[:, index, None])
    since = year.year - began + 1.0
    ramp = np.where(np.isnan(since), 0.0, np.minimum(1.0, since / policy.ramp_years))
    return policy.on_ties(year, ramp, year.state.delivered[:, index])
