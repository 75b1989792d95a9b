"""Agreements of a year: what is tabled, who takes part and who pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import total
from sco_sim.world.agreement import Agreement
from sco_sim.world.facts import Facts
from sco_sim.world.memory import Memory
from sco_sim.world.state import State
from sco_sim.world.ties import Ties

Carried = Literal["adopted", "delivered"]
"""What each state has of each agreement."""


class Tabled(Memory):
    """Part of `Year`: the agreements, their participants and means over them."""

    year: int
    start: int
    state: State
    ties: Ties
    facts: Facts
    agreements: tuple[Agreement, ...]
    budget_key: str | Mapping[str, float]
    _named: dict[str | tuple[str, ...], Array]

    def is_tabled(self, policy: Agreement) -> bool:
        """Has the policy been put to a decision by now?"""
        return self.year >= (self.start + 1 if policy.start is None else policy.start)

    def participants(self, policy: Agreement) -> Array:
        """Who takes part in a policy, 0/1, shape (world, state)."""
        if policy.participants == "members":
            return self.state.member
        if policy.participants not in self._named:
            everyone = policy.participants == "all"
            named = np.array([everyone or iso in policy.participants for iso in self.ties.states], dtype=float)
            self._named[policy.participants] = np.broadcast_to(named, self.state.member.shape)
        return self._named[policy.participants]

    def over_participants(self, name: Carried) -> Array:
        """Mean over the participants of each agreement, 0 without any, shape (world, agreement)."""
        return self.once(("over participants", name), lambda: self._over_participants(self.state.arrays[name]))

    def _over_participants(self, values: Array) -> Array:
        part = np.empty_like(values)
        for column, policy in enumerate(self.agreements):
            part[:, column] = self.participants(policy)
        count = np.maximum(total(part), 1.0)
        part *= values
        mean: Array = part.sum(axis=2) / count
        return mean

    def over_tabled(self, name: Carried, fields: tuple[str, ...] = ()) -> Array:
        """Mean over the agreements tabled so far of the mean over their participants, 0 if none, shape (world,).

        With `fields`, over the agreements of these fields only.
        """
        whole, tabled, means = np.zeros(self.state.worlds), 0, self.over_participants(name)
        for column, policy in enumerate(self.agreements):
            if self.is_tabled(policy) and (not fields or policy.field in fields):
                whole += means[:, column]
                tabled += 1
        return whole / max(tabled, 1)

    def grown(self) -> Array:
        """How far the organisation has grown since the start: log of its members and mean delivered, (world, 1)."""
        members = np.maximum(self.state.member.sum(axis=1), 1.0) / max(float(self.facts.member[0].sum()), 1.0)
        out: Array = (np.log(members) + self.over_tabled("delivered"))[:, None]
        return out

    def lost_a_year(self, account: Array) -> Array:
        """Mean over the agreements tabled so far of an account over the years it was kept, shape (world,)."""
        whole, kept = np.zeros(self.state.worlds), 0
        for column, policy in enumerate(self.agreements):
            first = self.start + 1 if policy.start is None else max(policy.start, self.start + 1)
            last = self.year if policy.end is None else min(policy.end, self.year)
            if first <= last:
                whole += account[:, column] / (last - first + 1)
                kept += 1
        return whole / max(kept, 1)

    def cost_shares(self, policy: Agreement) -> Array:
        """Share of each state in the outlay of a policy, sum 1, shape (world, state).

        Those of its `payers` that adopt it (all before anybody does), in proportion to their shares, and 0 for all
        where none of them does; else its participants that adopt it, by the key of the budget; where none of them has a
        part in the key, all who have one.
        """
        willing = self._willing(policy)
        if policy.payers is None:
            return self._by_key(self.participants(policy) * willing)
        named = self._fixed(policy.payers)
        pay = named * willing
        whole = pay.sum(axis=1, keepdims=True)
        shared = np.divide(pay, whole, out=np.zeros_like(pay), where=whole > 0.0)
        return np.where((pay == named).all(axis=1, keepdims=True), named, shared)  # all pay: the shares to the bit

    def is_paid_for(self, policy: Agreement) -> Array:
        """Whether anybody pays for a policy, 0/1, shape (world, 1): nobody does where all of its `payers` refuse."""
        if policy.payers is None:
            return np.ones((self.state.worlds, 1))
        return np.asarray(self.cost_shares(policy).any(axis=1, keepdims=True) * 1.0)

    def _willing(self, policy: Agreement) -> Array:
        """Who adopts a policy, all before anybody does, 0/1, shape (world, state)."""
        if policy not in self.agreements:
            return np.ones_like(self.state.member)
        adopt = self.state.adopted[:, self.agreements.index(policy)] > 0.0
        return np.where(adopt.any(axis=1, keepdims=True), adopt, True) * 1.0

    def _by_key(self, pays: Array) -> Array:
        """Shares of those who pay, 0/1 (world, state), by the key of the budget, sum 1."""
        if isinstance(self.budget_key, str):
            key = (
                self.once("gdp", lambda: np.exp(self.state.log_gdp)) if self.budget_key == "gdp" else np.ones_like(pays)
            )
        else:
            key = self._fixed(self.budget_key)
        weight = pays * key
        weight = np.where(weight.sum(axis=1, keepdims=True) > 0.0, weight, key)
        shares: Array = weight / weight.sum(axis=1, keepdims=True)
        return shares

    def _fixed(self, shares: Mapping[str, float]) -> Array:
        row = np.array([shares.get(iso, 0.0) for iso in self.ties.states])
        return np.broadcast_to(row, self.state.member.shape)
