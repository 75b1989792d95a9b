"""Who pays for what is delivered, who lends, and how loans are paid back (equation 33)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sco_sim.components.policy import Policy
from sco_sim.components.rule import Decision
from sco_sim.numerics.arrays import Array
from sco_sim.world.year import Year


def charge(year: Year, index: int, policy: Policy, outlay: Array) -> None:
    """Add an outlay of the year, (world,), to what its payers have paid, and to what they owe to its lender."""
    state, lent = year.state, _lent(year, index, policy)
    state.cost[:] += outlay
    state.paid[:] += (1.0 - lent)[:, None] * np.reshape(outlay, (-1, 1)) * year.cost_shares(policy)
    if policy.loan is not None:
        state.paid[:, year.ties.row[policy.loan.lender]] += lent * outlay
        state.owed[:, index] += lent * outlay


def _lent(year: Year, index: int, policy: Policy) -> Array:
    """Share of the outlay that is lent, (world,): nothing by a lender that takes part and has not adopted the text.

    A lender that takes no part is not asked by the vote: its loan is a contract of its own with those who pay.
    """
    if policy.loan is None:
        return np.zeros(year.state.worlds)
    row = year.ties.row[policy.loan.lender]
    refuses = (year.participants(policy)[:, row] > 0.0) & (year.state.adopted[:, index, row] == 0.0)
    return np.where(refuses, 0.0, policy.loan.share)


def side_payments(year: Year, decision: Decision, passed: NDArray[np.bool_]) -> None:
    """What leaders pay for a text that passes, at the price of one z."""
    if decision.transfers is None or decision.payers is None:
        return
    state = year.state
    bought = np.where(passed[:, None], decision.transfers, 0.0) * year.p["council.transfer_price"]
    whole = bought.sum(axis=1)
    state.cost[:] += whole
    state.paid[:] += whole[:, None] * decision.payers
    state.received[:] += bought


def repay(agreements: Sequence[Policy], year: Year) -> None:
    """Payers pay back one part in `years` of what they owe, with interest."""
    state = year.state
    for index, policy in enumerate(agreements):
        if policy.loan is not None:
            back = state.owed[:, index] / policy.loan.years
            due = back + policy.loan.interest * state.owed[:, index]
            state.paid[:] += due[:, None] * year.cost_shares(policy)
            state.paid[:, year.ties.row[policy.loan.lender]] -= due
            state.owed[:, index] -= back
