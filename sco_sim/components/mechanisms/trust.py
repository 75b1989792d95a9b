"""Trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism, shared_normal

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


def trust_target(year: Year) -> Array:
    """Equation 17: where the level of trust is drawn to, shape (world, tie)."""
    state, p, start = year.state, year.p, year.reference
    contact = np.tanh(year.above("people")) + np.tanh(year.above("students")) + np.tanh(year.above("cities"))
    community = 0.5 * year.both(state.community - start.community)
    target: Array = (
        start.trust_level
        + p["trust.trade_effect"] * np.tanh(year.above("trade"))
        + year.contact_sign * p["trust.contact_effect"] * contact
        + p["trust.security_effect"] * np.tanh(year.above("security"))
        + p["trust.migrants_effect"] * state.settled
        + state.effect_trust
        + state.shock_trust
        + p["trust.community_effect"] * community
    )
    return target


class Trust(Mechanism):
    """Deviations die out fast; the level drifts towards what exchange and policies make of it (equations 15 and 16).

    Source: ICEWS cooperative and conflictual events 2002-14; contact: Pettigrew and Tropp 2006, Paluck et al. 2019.
    """

    phase = "trust"
    parameters = (
        "trust.persistence", "trust.noise", "trust.level_rate", "trust.level_noise", "trust.level_common",
        "trust.dispute_drop",
        "trust.trade_effect", "trust.security_effect", "trust.contact_effect", "trust.migrants_effect",
        "trust.community_effect",
        "trade.gdp_elasticity", "trade.common_elasticity", "people.gdp_elasticity", "students.gdp_elasticity",
        "cities.arrival_rate",
    )  # fmt: skip
    streams = ("trust.deviation", "trust.level", "trust.level.common")
    reads = (
        "trust_level", "trust_deviation", "trade", "people", "students_ab", "students_ba", "cities", "security",
        "settled", "dispute", "effect_trust", "shock_trust", "shock_deviation", "community", "log_gdp", "log_volume",
    )  # fmt: skip
    writes = ("trust_level", "trust_deviation")
    rows = ("A6", "B15", "N7", "P2")

    def step(self, year: Year) -> None:
        """Equations 15 and 16."""
        state, p = year.state, year.p
        state.trust_deviation[:] = (
            p["trust.persistence"] * state.trust_deviation
            - p["trust.dispute_drop"] * state.dispute
            + p["trust.noise"] * year.normal("trust.deviation", "tie")
            + state.shock_deviation
        )
        rate = p["trust.level_rate"]
        state.trust_level[:] += rate * (trust_target(year) - state.trust_level) + (
            p["trust.level_noise"] * np.sqrt(rate) * shared_normal(year, "trust.level", "tie", p["trust.level_common"])
        )
