"""Three states worked out by hand: AAA, BBB and CCC, two worlds, no luck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from sco_sim.case.bonds import BONDS
from sco_sim.components.gains import WANTS
from sco_sim.components.policy import Policy
from sco_sim.components.readiness import ambition, stakes
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.streams import Draws
from sco_sim.world.detours import Detours
from sco_sim.world.facts import Facts, Reference
from sco_sim.world.routes import Network, Prices
from sco_sim.world.state import State
from sco_sim.world.ties import Ties
from sco_sim.world.year import Year

STATES = ("AAA", "BBB", "CCC")
WORLDS = 2
P = {
    "council.practice": 0.0, "council.credibility": 0.0,
    "council.memory": 3.0, "outside_pressure.answer": 0.0, "delivery.reach": 0.0,
    "council.base": 0.5, "council.benefit": 0.4, "council.sovereignty": 1.0,
    "council.trust": 0.2, "council.community": 0.0, "council.depth": 0.8,
    "council.rivals": 1.0,
    "council.balance": 1.0, "council.friends": 0.5, "ties.assistance": 0.6, "ties.consultation": 0.3,
    "ties.arms": 0.5, "ties.claim": 0.5, "ties.trust": 0.0,
    "council.hub": 1.5, "council.territory": 1.2, "council.pressure": 0.6, "council.wobble": 0.0,
    "quarrel.votes": 0.7, "quarrel.delivery": 0.5, "culture.prosperity": 0.0, "delivery.ceiling": 0.8,
    "gains.income": 0.5, "gains.transit": 0.1, "gains.half_income": 0.001, "gains.half_capacity": 0.1,
    "gains.half_security": 0.5, "gains.half_stability": 0.1, "gains.half_people": 0.2,
    **{f"wants.{want}.{iso}": 1.0 for want in WANTS for iso in STATES}, **{f"growth.mean.{iso}": 0.0 for iso in STATES},
}  # fmt: skip


class Plain(Policy):
    """A text that does nothing and costs nothing."""

    def act(self, year: Year, strength: Array) -> None:
        """Nothing."""

    def outlay(self, year: Year, strength: Array) -> Array:
        """Nothing, shape (world,)."""
        return np.zeros(len(strength))


class Deal(Plain):
    """A trade agreement that goes deep."""

    field: ClassVar[str] = "economy"
    depth: ClassVar[str] = "deep"


class Festival(Plain):
    """A cultural programme."""


class Patrol(Plain):
    """A security agreement."""

    field: ClassVar[str] = "security"
    depth: ClassVar[str] = "binding"


class Road(Plain):
    """A road over two borders."""

    field: ClassVar[str] = "transport"
    depth: ClassVar[str] = "binding"

    def links(self, corridors: Any) -> tuple[tuple[str, str], ...]:
        """A-B and B-C."""
        return (("AAA", "BBB"), ("BBB", "CCC"))


def by_stakes(year: Year) -> Callable[[Policy], Array]:
    """What the three answer by equation 5, as the states of a model do."""
    return lambda policy: ambition(stakes(year, policy))


def toy(*agreements: Policy, **parameters: float) -> Year:
    """A year of the three: GDP 4, 2, 2 trillion USD; AAA and CCC are rivals, BBB and CCC have a trade agreement."""
    ties, years = Ties(STATES), 6
    state = State(WORLDS, 3, 3, len(agreements))
    state.log_gdp[:] = np.log([4e12, 2e12, 2e12])
    state.log_population[:] = np.log([5e8, 3e8, 2e8])
    state.trade[:] = np.log([2e11, 1e11, 5e10])  # AAA-BBB, AAA-CCC, BBB-CCC
    state.trust_level[:] = [3.0, 1.0, 2.0]
    state.stability[:] = [0.5, 0.0, -1.0]
    state.member[:] = 1.0
    reference = Reference.of(state, ties)
    dated = ("log_population", "stability", "capacity", "volatility")
    facts = Facts(
        log_gdp=np.full((years, 3), np.nan),
        volume_growth=np.full((years, 3), np.nan),
        volume_trend=np.full(3, np.nan),
        member=np.ones((years, 3)),
        accession_chance=np.zeros((years, 3)),
        heritage_sites=np.zeros(3),
        border=np.ones(3),
        common_language=np.zeros(3),
        openness=np.zeros((years, 3)),
        rivalry=np.tile([0.0, 1.0, 0.0], (years, 1)),
        trade_agreement=np.tile([0.0, 0.0, 1.0], (years, 1)),
        claims=({},) * years,
        bonds={bond: np.zeros((years, 3)) for bond in BONDS},
        arms=np.zeros((years, 3)),
        corridors={},
        lines=(),
        detours=Detours(STATES, Network({}, (), Prices({}))),
        **{name: np.tile(state.arrays[name][0], (years, 1)) for name in dated},
    )
    p = {name: np.full((WORLDS, 1), value) for name, value in (P | parameters).items()}
    return Year(2021, 2020, state, ties, facts, reference, p, Draws(1, range(WORLDS), years - 1), tuple(agreements))
