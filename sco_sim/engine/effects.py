"""The phase of the policies: what has been delivered acts on the ties and costs money."""

from __future__ import annotations

import numpy as np

from sco_sim.components.policy import Policy
from sco_sim.components.project import WHOLE
from sco_sim.engine.payments import charge
from sco_sim.numerics.arrays import Array
from sco_sim.world.state import EFFECTS
from sco_sim.world.year import Year


def clear_effects(year: Year) -> None:
    """The effects of last year's policies end."""
    for name in EFFECTS:
        year.state.arrays[name][:] = 0.0
    year.state.building[:] = 0.0


def apply_policy(index: int, policy: Policy, year: Year) -> None:
    """Add the effects of the policy and its outlay; `index` is its row among the agreements."""
    full = policy.on_ties(year, year.state.delivered[:, index])
    acting = _ramp(year, index, policy) * full
    if not acting.any():  # not yet adopted anywhere, or nothing delivered
        return
    state = year.state
    state.building[:, index] = policy.progress(year, full)
    policy.act(year, acting)
    charge(year, index, policy, policy.outlay(year, acting))
    state.received[:] += policy.receipts(year, acting)
    if state.building[:, index].any():
        state.built[:, index] = np.minimum(1.0, state.built[:, index] + state.building[:, index])
        finished = (state.built[:, index] >= WHOLE) & np.isnan(state.built_year[:, index])
        state.built_year[finished, index] = year.year


def strength(year: Year, index: int, policy: Policy) -> Array:
    """Equation 9: strength of an agreement on each tie as it is delivered by now, shape (world, tie)."""
    return _ramp(year, index, policy) * policy.on_ties(year, year.state.delivered[:, index])


def _ramp(year: Year, index: int, policy: Policy) -> Array:
    """Share of its full effect that it has reached since it is in force, 0 before adoption, shape (world, 1)."""
    state = year.state
    began = np.fmax(state.adopted_year[:, index, None], state.force_year[:, index, None])
    since = year.year - began + 1.0
    return np.where(np.isnan(since), 0.0, np.minimum(1.0, since / policy.ramp_years))
