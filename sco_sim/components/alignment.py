"""How states stand to each other, and what that makes of a text that is about somebody (equation 30)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.components.policy import Policy
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


def signed_ties(year: Year) -> Array:
    """Equation 30, S: how each two states stand to each other, -1 to 1, shape (world, state, state).

    Alliances and arms count for it; rivalry, broken relations, open claims and a quarrel against it; and trust by how
    far it lies above the mean of all ties.
    """
    return year.once("signed ties", lambda: _signed_ties(year))


def _signed_ties(year: Year) -> Array:
    p, now, trust = year.p, year.index, year.state.trust_level
    bonds = {bond: in_force[now] for bond, in_force in year.facts.bonds.items()}
    claimed = np.zeros_like(trust)
    claimed[:, [tie for ties in year.facts.claims[now].values() for tie in ties]] = 1.0
    claimed *= 1.0 - np.clip(year.state.effect_claims, 0.0, 1.0)
    signs = (
        bonds["mutual_defence"]
        + p["ties.assistance"] * bonds["assistance"]
        + p["ties.consultation"] * bonds["consultation"]
        + p["ties.arms"] * year.facts.arms[now]
        + p["ties.trust"] * np.tanh(trust - trust.mean(axis=1, keepdims=True))
        - year.rivalry()
        - bonds["cut"]
        - 0.5 * bonds["lowered"]
        - p["ties.claim"] * claimed
        - year.quarrel()
    )
    return year.between(np.clip(signs, -1.0, 1.0))


def named(year: Year, policy: Policy) -> Array:
    """Equation 30, n: 1 shared among those whose cause a text takes, -1 among those it is against, shape (state,)."""
    out = np.zeros(len(year.ties.states))
    for codes, sign in ((policy.favours, 1.0), (policy.against, -1.0)):
        here = [year.ties.row[iso] for iso in codes if iso in year.ties.row]
        out[here] += sign / max(len(here), 1)
    return out


def balance(year: Year, policy: Policy) -> Array:
    """Equation 30, H: how well a text suits each state's own ties with those it names, shape (world, state).

    A state named is its own best friend.
    """
    sides = named(year, policy)
    if not sides.any():
        return np.zeros_like(year.state.pressure)
    return np.asarray((signed_ties(year) * sides).sum(axis=2) + sides)


def friends_of_friends(year: Year, policy: Policy) -> Array:
    """Equation 30, F: how well it suits the ties of its friends and rivals with those named, shape (world, state).

    A friend of a rival counts as a rival, a rival of a rival as a friend.
    """
    sides = named(year, policy)
    if not sides.any():
        return np.zeros_like(year.state.pressure)
    signs = signed_ties(year)
    # through[w, i, j]: sum over third states k of S_ik S_kj, added up state by state: no product of matrices, whose
    # last bits hang on the size of the batch
    through = sum((signs[:, :, k, None] * signs[:, None, k, :] for k in range(signs.shape[1])), start=np.zeros(1))
    return np.asarray((np.clip(through, -1.0, 1.0) * year.ties.apart * sides).sum(axis=2))


def on_its_territory(year: Year, policy: Policy) -> Array:
    """Equation 4, V, first half: 1 for a state whose territory is put to use by a text that it does not propose.

    Nor is it among those whose cause the text takes. Shape (state,).
    """
    out = np.zeros(len(year.ties.states))
    for iso in policy.territory:
        if iso in year.ties.row and iso not in (policy.proposer, *policy.favours):
            out[year.ties.row[iso]] = 1.0
    return out
