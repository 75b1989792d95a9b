"""The phase of the policies: what has been delivered acts on the ties and costs money."""

from __future__ import annotations

import numpy as np

from sco_sim.components.policy import Policy
from sco_sim.numerics.arrays import Array
from sco_sim.world.state import EFFECTS
from sco_sim.world.year import Year

CULTURE = ("culture", "education")
"""Fields of the policies that prosperity pays for."""


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
    """Equation 9: strength of an agreement on each tie, shape (world, tie).

    A quarrel takes a share of it; what pays for culture is the prosperity of the end that is worse off.
    """
    since = year.year - year.state.adopted_year[:, index, None] + 1.0
    ramp = np.where(np.isnan(since), 0.0, np.minimum(1.0, since / policy.ramp_years))
    delivered = year.state.delivered[:, index]
    both: Array = np.minimum(delivered.take(year.ties.first, axis=1), delivered.take(year.ties.second, axis=1))
    agreed = 1.0 - year.p["quarrel.delivery"] * year.quarrel()
    acting: Array = policy.intensity * ramp * both * agreed
    if policy.field in CULTURE and acting.any():
        acting *= np.exp(year.p["culture.prosperity"] * year.shared_prosperity())
    return acting
