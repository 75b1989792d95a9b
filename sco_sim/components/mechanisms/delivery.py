"""Delivery of what was adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism
from sco_sim.numerics.functions import expit

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


def delivery_rate(year: Year) -> Array:
    """Equation 8: share of what is outstanding that each state delivers in a year, shape (world, state)."""
    state, p = year.state, year.p
    return expit(
        p["delivery.rate"] + p["delivery.capacity"] * state.capacity - p["delivery.volatility"] * state.volatility
    )


def delivery_ceiling(year: Year) -> Array:
    """Equation 8: share of what was adopted that each state can deliver at all, shape (world, state).

    Support makes up a part of what is missing, and capacity gained since the start raises the odds of the rest.
    """
    p, state = year.p, year.state
    ceiling = p["delivery.ceiling"]
    ceiling = ceiling + (1.0 - ceiling) * np.clip(state.effect_delivery, 0.0, 1.0)
    missing = (1.0 - ceiling) * np.exp(-p["delivery.reach"] * (state.capacity - year.facts.capacity[0]))
    out: Array = ceiling / (ceiling + missing)
    return out


class Delivery(Mechanism):
    """Signed is not delivered: each state moves towards what was adopted as its capacity lets it (equation 8).

    Capacity sets the pace, and what is gained of it may also raise the ceiling of what can be delivered at all.

    What nobody pays for is not delivered (equation 33).

    What is delivered of culture acts as strongly as prosperity pays for it (equation 9).

    Source: the ASEAN scorecard (67.5 % of targets, 65.9 to 85.7 by pillar) for the ceiling; the pace, and what capacity
    and volatility do to it, are judgement.
    """

    phase = "delivery"
    parameters = (
        "delivery.rate", "delivery.capacity", "delivery.volatility", "delivery.ceiling", "delivery.reach",
        "culture.prosperity",
    )  # fmt: skip
    reads = ("adopted", "pending", "delivered", "capacity", "volatility", "effect_delivery")
    writes = ("delivered",)
    rows = ("P2",)

    def step(self, year: Year) -> None:
        """Equation 8 for every agreement of the year."""
        state = year.state
        rate, ceiling = delivery_rate(year), delivery_ceiling(year)
        for column, policy in enumerate(year.agreements):
            ended = policy.end is not None and year.year > policy.end
            target = 0.0 if ended else ceiling * state.adopted[:, column] * (1.0 - state.pending[:, column])
            target = target * year.is_paid_for(policy)  # what nobody pays for is not carried out
            speed = rate * policy.fade(year) if ended else rate
            state.delivered[:, column] += speed * (target - state.delivered[:, column])
