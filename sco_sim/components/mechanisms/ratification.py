"""Ratification of what was signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Bools
    from sco_sim.world.agreement import Agreement
    from sco_sim.world.year import Year

SIGNING_YEAR = 0.5
"""Part of the year of signature that is left to ratify in."""
QUORUM = {"two_thirds": 2.0 / 3.0, "all": 1.0}
"""Share of the states bound that have to ratify before a text takes force."""


class Ratification(Mechanism):
    """Signed is not in force: each state ratifies by a yearly chance, and enough of them put a text in force (8a).

    A state for which a text is not in force delivers nothing of it. Switched off, a text is in force when signed.

    Source: days from signature to ratification of ten instruments by members (ledger), row B18; the share
    that is needed is that of the organisation's conventions, the fourth of six.
    """

    phase = "delivery"
    order = 20
    parameters = ("ratification.rate",)
    streams = ("ratification",)
    reads = ("adopted", "ratified", "force_year")
    writes = ("ratified", "force_year", "pending")
    rows = ("B18",)

    def step(self, year: Year) -> None:
        """Equation 8a for every agreement that has been signed."""
        for column, policy in enumerate(year.agreements):
            bound: Bools = year.state.adopted[:, column] > 0.0
            waiting = bound & (year.state.ratified[:, column] == 0.0)
            if waiting.any() or (bound.any() and np.isnan(year.state.force_year[:, column]).any()):
                _ratify(year, column, policy, bound, waiting)


def _ratify(year: Year, column: int, policy: Agreement, bound: Bools, waiting: Bools) -> None:
    """Who ratifies this year, and where that puts the text in force."""
    state = year.state
    ratified, force_year = state.ratified[:, column], state.force_year[:, column]
    quorum = QUORUM.get(policy.takes_force)
    if quorum is None:
        done = waiting
    else:
        signed_now = state.adopted_year[:, column, None] == year.year
        left = np.where(signed_now, SIGNING_YEAR, 1.0)
        uniform = year.uniform("ratification", "state")
        done = waiting & (uniform < -np.expm1(-year.p["ratification.rate"] * left))
    ratified[done] = year.year
    number = bound.sum(axis=1)
    enough = (bound & (ratified > 0.0)).sum(axis=1) >= np.ceil((quorum or 1.0) * number - 1e-9)
    force_year[np.isnan(force_year) & (number > 0) & enough] = year.year
    state.pending[:, column] = bound & ((ratified == 0.0) | np.isnan(force_year)[:, None])
