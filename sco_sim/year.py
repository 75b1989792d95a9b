"""What a component sees of the world: the year, the numbers, the graph, the data, the parameters and its luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sco_sim.catalog import Pair
from sco_sim.component import Policy
from sco_sim.draws import Draws
from sco_sim.equations import expit
from sco_sim.state import Array, State
from sco_sim.ties import Ties

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Facts:
    """Data that no world changes. First axis `year` runs from the start of the horizon to its end."""

    #: (year, state) ln USD of 2015; NaN after the last realised year
    log_gdp: Array
    #: (year, state) each: ln persons; WGI; WGI; WUI
    log_population: Array
    stability: Array
    capacity: Array
    volatility: Array
    #: (year, state) 0/1
    member: Array
    #: (tie,) 0/1, 0/1, 0-1
    border: Array
    common_language: Array
    openness: Array
    #: (year, tie) 0/1: a strategic rivalry, a trade agreement in force
    rivalry: Array
    trade_agreement: Array
    #: claim number -> ties whose claim of that number is open, per year
    claims: tuple[Mapping[int, tuple[int, ...]], ...]
    #: legs of each corridor, as pairs of codes; some lie outside the states simulated
    corridors: Mapping[str, tuple[Pair, ...]]


@dataclass(frozen=True)
class Reference:
    """The initial state that later years are compared with, world axis first."""

    trust_level: Array
    trade: Array
    people: Array
    students_ab: Array
    students_ba: Array
    cities: Array
    log_gdp: Array
    community: Array


@dataclass
class Year:
    """One year of a batch of worlds, handed to every component. Arrays are (world, ...), parameters (world, 1)."""

    year: int
    start: int
    state: State
    ties: Ties
    facts: Facts
    reference: Reference
    p: Mapping[str, Array]
    draws: Draws
    agreements: tuple[Policy, ...] = ()
    hazard_on_level: bool = False
    #: 1 contact works, 0 none, -1 backlash
    contact_sign: float = 1.0
    _blocks: dict[str, Array] = field(default_factory=dict)
    _stacked: dict[str, Array] = field(default_factory=dict)

    @property
    def index(self) -> int:
        """Years since the start of the horizon; row of the facts."""
        return self.year - self.start

    def _block(self, name: str, size: int, transform: Callable[[Array], Array] | None) -> Array:
        block = self._blocks.get(name)
        if block is None:
            block = self.draws.uniforms(name, size)
            self._blocks[name] = block if transform is None else transform(block)
            block = self._blocks[name]
        return block[:, max(self.index - 1, 0)]  # asked before the first step, it is the first year's

    def uniform(self, name: str, size: int) -> Array:
        """Uniforms of this year, shape (world, size)."""
        return self._block(name, size, None)

    def normal(self, name: str, size: int) -> Array:
        """Standard normals of this year, shape (world, size)."""
        return self._block(name, size, ndtri)

    def transformed(self, name: str, size: int, transform: Callable[[Array], Array]) -> Array:
        """A transform of this year's standard normals; it gets all years at once, (world, year, size)."""
        return self._block(name, size, lambda u: transform(ndtri(u)))

    def delivery_rate(self) -> Array:
        """Equation 8: share of what is outstanding that each state delivers in a year, shape (world, state)."""
        return expit(
            self.p["delivery.rate"]
            + self.p["delivery.capacity"] * self.state.capacity
            - self.p["delivery.volatility"] * self.state.volatility
        )

    def per_state(self, stem: str) -> Array:
        """A ledger parameter that each state has of its own, as columns (world, state)."""
        if stem not in self._stacked:
            self._stacked[stem] = np.concatenate([self.p[f"{stem}.{iso}"] for iso in self.ties.states], axis=1)
        return self._stacked[stem]

    def both(self, per_state: Array) -> Array:
        """Sum over the two ends of every tie: (..., state) -> (..., tie)."""
        out: Array = per_state.take(self.ties.first, axis=-1) + per_state.take(self.ties.second, axis=-1)
        return out

    def ends(self, states: tuple[str, ...]) -> Array:
        """How many ends of each tie are among the states named (0, 1 or 2), shape (tie,)."""
        named = np.array([iso in states for iso in self.ties.states], dtype=float)
        return self.both(named)

    @property
    def gravity(self) -> Array:
        """Ln of the product of the two GDPs, shape (world, tie)."""
        return self.both(self.state.log_gdp)

    @property
    def gravity_change(self) -> Array:
        """This year's change of `gravity`, shape (world, tie)."""
        return self.both(self.state.log_gdp - self.state.last_log_gdp)

    @property
    def gravity_since_start(self) -> Array:
        """`gravity` less its value at the start, shape (world, tie)."""
        return self.both(self.state.log_gdp - self.reference.log_gdp)

    def expected(self, channel: str) -> Array:
        """Equation 14: what gravity alone would have made of a channel by now, shape (world, tie)."""
        stem = "students" if channel.startswith("students") else channel
        start: Array = getattr(self.reference, channel)
        return start + self.p[f"{stem}.gdp_elasticity"] * self.gravity_since_start

    def is_tabled(self, policy: Policy) -> bool:
        """Has the policy been put to a decision by now?"""
        return self.year >= (self.start + 1 if policy.start is None else policy.start)

    def participants(self, policy: Policy) -> Array:
        """Who takes part in a policy, 0/1, shape (world, state)."""
        if policy.participants == "members":
            return self.state.member
        if policy.participants == "all":
            return np.ones_like(self.state.member)
        named = np.array([iso in policy.participants for iso in self.ties.states], dtype=float)
        return np.broadcast_to(named, self.state.member.shape)

    def over_tabled(self, values: Array) -> Array:
        """Mean over the agreements tabled so far of the mean over their participants, shape (world,)."""
        total, tabled = np.zeros(self.state.worlds), 0
        for place, policy in enumerate(self.agreements):
            if self.is_tabled(policy):
                part = self.participants(policy)
                count = np.maximum(part.sum(axis=1), 1.0)
                total += (values[:, place] * part).sum(axis=1) / count
                tabled += 1
        return total / max(tabled, 1)

    def trade_ratio(self) -> Array:
        """Trade of each state over what gravity alone would have made of it, shape (world, state)."""
        real, expected = np.exp(self.state.trade), np.exp(self.expected("trade"))
        mine = self.ties.of_state
        ratio: Array = real.take(mine, axis=1).sum(axis=-1) / expected.take(mine, axis=1).sum(axis=-1)
        return ratio

    def cities_above(self, lag: int = 0) -> Array:
        """Equation 13: log of one plus twinned places, less the same at the base rate of arrivals, (world, tie).

        Before the cities of the year have arrived, ask with lag 1: both are then those of the year before.
        """
        expected = self.reference.cities + self.p["cities.arrival_rate"] * (self.index - lag)
        return np.log1p(self.state.cities) - np.log1p(expected)
