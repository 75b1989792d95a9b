"""Agreements of a year: what is tabled, who takes part and who pays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.world.agreement import Agreement
from sco_sim.world.facts import Facts
from sco_sim.world.state import State
from sco_sim.world.ties import Ties


class Tabled:
    """Part of `Year`: the agreements, their participants and means over them."""

    year: int
    start: int
    state: State
    ties: Ties
    facts: Facts
    agreements: tuple[Agreement, ...]
    budget_key: str | Mapping[str, float]

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
        for column, policy in enumerate(self.agreements):
            if self.is_tabled(policy) and (not fields or policy.field in fields):
                part = self.participants(policy)
                count = np.maximum(part.sum(axis=1), 1.0)
                whole += (values[:, column] * part).sum(axis=1) / count
                tabled += 1
        return whole / max(tabled, 1)

    def grown(self) -> Array:
        """How far the organisation has grown since the start: log of its members and mean delivered, (world, 1)."""
        members = np.maximum(self.state.member.sum(axis=1), 1.0) / max(float(self.facts.member[0].sum()), 1.0)
        out: Array = (np.log(members) + self.over_tabled(self.state.delivered))[:, None]
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
