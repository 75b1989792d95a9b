"""A state that judges by its stakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sco_sim.components.decider import Decider, StateAgent
from sco_sim.components.readiness import ambition, stakes

if TYPE_CHECKING:
    from sco_sim.components.policy import Policy
    from sco_sim.numerics.arrays import Array


class Stakes(Decider):
    """Weighs what a text brings it, trust in those who gain and what it would give up: how states decide by default.

    What it brings is worked out by letting the policy act before the vote, and counts by what the state wants. Source:
    equations 3 to 5, 31 and 32 of docs/model.md, replayed against the real agenda in docs/council.md.

    Example:
        stakes: {}
    """

    rows = ("B5", "N1", "N9")
    parameters = (
        "council.base", "council.benefit", "council.sovereignty", "council.trust",
        "council.community", "council.depth", "council.rivals",
        "council.hub", "council.territory", "council.balance", "council.friends", "council.pressure", "council.wobble",
        "council.practice", "council.credibility", "quarrel.votes", "ties.assistance", "ties.consultation",
        "ties.arms", "ties.claim", "ties.trust", "gains.income", "gains.transit", "gains.half_income",
        "gains.half_capacity", "gains.half_security", "gains.half_stability", "gains.half_people",
        "wants.development.*", "wants.security.*", "wants.regime.*", "wants.status.*", "wants.autonomy.*",
        "delivery.ceiling", "delivery.reach", "quarrel.delivery", "culture.prosperity", "growth.mean.*",
    )  # fmt: skip
    reads = (
        "effect_claims",
        "effect_rivalry",
        "effect_contact",
        "effect_delivery",
        "trade",
        "people",
        "students_ab",
        "students_ba",
        "cities",
        "trust_level",
        "community",
        "spat",
        "war",
        "delivered",
        "churn",
        "drawn",
        "log_gdp",
        "log_volume",
        "capacity",
        "member",
        "pressure",
        "effect_acceptance",
        "shock_acceptance",
    )

    def ambition(self, state: StateAgent, agreement: Policy) -> Array:
        """Equation 5, shape (world,)."""
        return self._table(state, agreement)[:, state.row]

    def ambitions(self, states: Sequence[StateAgent], agreement: Policy) -> Array:
        """Equation 5 for all states at once, shape (world, state)."""
        table = self._table(states[0], agreement)
        rows = [state.row for state in states]
        return table if rows == list(range(table.shape[1])) else table.take(rows, axis=1)

    @staticmethod
    def _table(state: StateAgent, agreement: Policy) -> Array:
        year = state.year
        return year.once(("ambition", id(agreement)), lambda: ambition(stakes(year, agreement)))


BY_STAKES = Stakes()
"""The decider of every state that no scenario gives another one."""
