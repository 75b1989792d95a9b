"""What a component sees of the world: the year, the numbers, the graph, the data, the parameters and its luck."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, TypeVar

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit, to_normal, total
from sco_sim.numerics.streams import Draws
from sco_sim.world.agreement import Agreement
from sco_sim.world.channels import BY_CHANNEL, BY_VALUE
from sco_sim.world.facts import Facts, Reference
from sco_sim.world.state import State
from sco_sim.world.ties import Ties

T = TypeVar("T")


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
    agreements: tuple[Agreement, ...] = ()
    hazard_on_level: bool = False
    #: 1 contact works, 0 none, -1 backlash
    contact_sign: float = 1.0
    #: who pays: by GDP, in equal parts, or shares by code
    budget_key: str | Mapping[str, float] = "gdp"
    _blocks: dict[str, Array] = field(default_factory=dict)
    _stacked: dict[str, Array] = field(default_factory=dict)
    _known: dict[Hashable, Any] | None = None
    _ends: dict[tuple[str, ...], Array] = field(default_factory=dict)

    @property
    def index(self) -> int:
        """Years since the start of the horizon; row of the facts."""
        return self.year - self.start

    def _block(self, name: str, size: int, normal: bool) -> Array:
        block = self._blocks.get(name)
        if block is None:
            block = self.draws.uniforms(name, size)
            self._blocks[name] = block = to_normal(block) if normal else block
        return block[:, max(self.index - 1, 0)]  # asked before the first step, it is the first year's

    def uniform(self, name: str, size: int) -> Array:
        """Uniforms of this year, shape (world, size)."""
        return self._block(name, size, normal=False)

    def normal(self, name: str, size: int) -> Array:
        """Standard normals of this year, shape (world, size)."""
        return self._block(name, size, normal=True)

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

    def weaker(self, per_state: Array) -> Array:
        """The lower value of the two ends of every tie: (..., state) -> (..., tie)."""
        out: Array = np.minimum(per_state.take(self.ties.first, axis=-1), per_state.take(self.ties.second, axis=-1))
        return out

    def of_states(self, strength: Array) -> Array:
        """Strength of a policy on each state: the largest over its ties, (world, tie) -> (world, state)."""
        first, *others = self.ties.of_state.T
        out: Array = strength.take(first, axis=1)
        for column in others:  # column by column: `max` over a short axis takes four times as long
            np.maximum(out, strength.take(column, axis=1), out=out)
        return out

    def travel(self) -> Array:
        """Share of travel that the visas of the two ends leave, shape (world, tie)."""
        floor = self.p["visas.floor"]
        out: Array = floor + (1.0 - floor) * self.facts.openness
        return out

    def ends(self, states: tuple[str, ...]) -> Array:
        """How many ends of each tie are among the states named (0, 1 or 2), shape (tie,)."""
        if states not in self._ends:
            self._ends[states] = self.both(np.array([iso in states for iso in self.ties.states], dtype=float))
        return self._ends[states].copy()

    def across(self, some: tuple[str, ...], others: tuple[str, ...]) -> Array:
        """1 for the ties that join a state of the one group to a state of the other, shape (tie,)."""
        far, either = self.ends(others) >= 1.0, self.ends(tuple({*some, *others})) == 2.0
        joins: Array = 1.0 * ((self.ends(some) >= 1.0) & far & either)
        return joins

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """While nothing changes that `once` is used for, as when metrics are read: asked twice, worked out once."""
        self._known = {}
        try:
            yield
        finally:
            self._known = None

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, kept under the name while the year is at rest; the result must not be changed."""
        if self._known is None:
            return make()
        if name not in self._known:
            self._known[name] = make()
        found: T = self._known[name]
        return found

    @property
    def gravity(self) -> Array:
        """Ln of the product of the two GDPs, shape (world, tie)."""
        return self.both(self.state.log_gdp)

    @property
    def gravity_change(self) -> Array:
        """This year's change of `gravity`, shape (world, tie)."""
        return self.both(self.state.log_gdp - self.state.last_log_gdp)

    def expected(self, name: str, lag: int = 0) -> Array:
        """What is expected of a channel by now without policies and trust, (world, tie); see `Channel.expected`.

        By gravity it is equation 14. With lag 1, what was expected by the end of the year before.

        Args:
            name: State variable of the channel, one direction if it has two.
            lag: Years before the present one, 0 or 1.
        """
        channel, start = BY_VALUE[name], self.reference.arrays[name]
        if channel.expected == "gravity":
            by_then = self.state.last_log_gdp if lag else self.state.log_gdp
            grown = self.both(by_then - self.reference.log_gdp)
            return start + self.p[f"{channel.name}.gdp_elasticity"] * grown
        if channel.expected == "arrivals":
            return start + self.p[f"{channel.name}.arrival_rate"] * (self.index - lag)
        return start

    def above(self, channel: str, lag: int = 0) -> Array:
        """How far a channel stands above what is expected of it, log points, (world, tie); the mean of its directions.

        Before a count of the year has arrived (equation 13), ask with lag 1: both are then those of the year before.
        """
        declared = BY_CHANNEL[channel]
        parts = [self._above(declared.scale, name, lag) for name in declared.values]
        return parts[0] if len(parts) == 1 else 0.5 * (parts[0] + parts[1])

    def _above(self, scale: str, name: str, lag: int) -> Array:
        now, expected = self.state.arrays[name], self.expected(name, lag)
        return np.log1p(now) - np.log1p(expected) if scale == "count" else now - expected

    def is_tabled(self, policy: Agreement) -> bool:
        """Has the policy been put to a decision by now?"""
        return self.year >= (self.start + 1 if policy.start is None else policy.start)

    def participants(self, policy: Agreement) -> Array:
        """Who takes part in a policy, 0/1, shape (world, state)."""
        if policy.participants == "members":
            return self.state.member
        if policy.participants == "all":
            return np.ones_like(self.state.member)
        named = np.array([iso in policy.participants for iso in self.ties.states], dtype=float)
        return np.broadcast_to(named, self.state.member.shape)

    def over_tabled(self, values: Array, fields: tuple[str, ...] = ()) -> Array:
        """Mean over the agreements tabled so far of the mean over their participants, 0 if none, shape (world,).

        With `fields`, over the agreements of these fields only.
        """
        whole, tabled = np.zeros(self.state.worlds), 0
        for place, policy in enumerate(self.agreements):
            if self.is_tabled(policy) and (not fields or policy.field in fields):
                part = self.participants(policy)
                count = np.maximum(part.sum(axis=1), 1.0)
                whole += (values[:, place] * part).sum(axis=1) / count
                tabled += 1
        return whole / max(tabled, 1)

    def trade_ratio(self) -> Array:
        """Trade of each state over what gravity alone would have made of it, shape (world, state)."""
        return self.once("trade_ratio", self._trade_ratio)

    def _trade_ratio(self) -> Array:
        real, expected = np.exp(self.state.trade), np.exp(self.expected("trade"))
        mine = self.ties.of_state
        return total(real.take(mine, axis=1)) / total(expected.take(mine, axis=1))

    def trust(self) -> Array:
        """Level of trust as a share of cooperative interactions, shape (world, tie)."""
        return self.once("trust", lambda: expit(self.state.trust_level))

    def lost_a_year(self, account: Array) -> Array:
        """Mean over the agreements tabled so far of an account over the years it was kept, shape (world,)."""
        whole, kept = np.zeros(self.state.worlds), 0
        for place, policy in enumerate(self.agreements):
            first = self.start + 1 if policy.start is None else max(policy.start, self.start + 1)
            last = self.year if policy.end is None else min(policy.end, self.year)
            if first <= last:
                whole += account[:, place] / (last - first + 1)
                kept += 1
        return whole / max(kept, 1)

    def community_parts(self) -> tuple[Array, Array, Array]:
        """Equation 19: trust with members, participation and delivery, each (world, state)."""
        return self.once("community_parts", self._community_parts)

    def _community_parts(self) -> tuple[Array, Array, Array]:
        state, others = self.state, self.ties.of_state
        tau = self.trust().take(others, axis=1)  # `[:, others]` sums in another order in a batch of one
        names = np.arange(len(self.ties.states))
        other_end = np.array([[j for j in names if j != i] for i in names], dtype=np.intp).reshape(others.shape)
        partner = state.member.take(other_end, axis=1)
        count = total(partner)
        trust = np.divide(total(tau * partner), count, out=np.zeros_like(count), where=count > 0)
        if not self.agreements:
            none = np.zeros_like(trust)
            return trust, none, none
        return trust, (state.adopted > 0.0).mean(axis=1), state.delivered.mean(axis=1)

    def concert(self) -> Array:
        """Equation 19: mean trust among the leaders, the three largest economies of the start, shape (world,)."""
        return self.once("concert", self._concert)

    def _concert(self) -> Array:
        leaders = np.argsort(-self.reference.log_gdp, axis=1, kind="stable")[:, :3]
        tau = self.trust()
        pairs = list(combinations(range(leaders.shape[1]), 2))
        whole = np.zeros(self.state.worlds)
        for a, b in pairs:
            tie = self.ties.matrix[leaders[:, a], leaders[:, b]]
            whole += np.take_along_axis(tau, tie[:, None], axis=1)[:, 0]
        return whole / len(pairs)

    def cost_shares(self) -> Array:
        """Share of the cost that falls on each state, sum 1, shape (world, state): the members, by the budget's key."""
        member = self.state.member
        if not isinstance(self.budget_key, str):
            fixed = np.array([self.budget_key.get(iso, 0.0) for iso in self.ties.states])
            return np.broadcast_to(fixed, member.shape).copy()
        pays = np.where(member.sum(axis=1, keepdims=True) > 0.0, member, 1.0)  # without members, everybody
        weight = pays * np.exp(self.state.log_gdp) if self.budget_key == "gdp" else pays
        shares: Array = weight / weight.sum(axis=1, keepdims=True)
        return shares
