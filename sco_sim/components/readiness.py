"""Who is seen to gain from an agreement, what it is about for each state, and how far each would go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.policy import DEPTHS, FIELDS, Policy
from sco_sim.numerics.functions import expit, product, total

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


COMMERCIAL = ("economy", "transport")
"""Fields in which a state gains by the size of its trade with the members, and may defend a rival club."""


def between(year: Year, per_tie: Array) -> Array:
    """A tie attribute (tie,) as a symmetric matrix (state, state) with a zero diagonal."""
    size = len(year.ties.states)
    out = np.zeros((size, size))
    out[year.ties.first, year.ties.second] = per_tie
    out[year.ties.second, year.ties.first] = per_tie
    return out


def gainers(year: Year, policy: Policy) -> Array:
    """Equation 3: who is seen to gain, shares (world, state)."""
    states = year.ties.states
    ends = [iso for leg in policy.links(year.facts.corridors) for iso in leg if iso in year.ties.row]
    if ends:
        weights = np.array([float(ends.count(iso)) for iso in states])[None] * np.ones((year.state.worlds, 1))
    else:
        weights = gdp_of(year) * year.participants(policy)
    whole = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, whole, out=np.zeros_like(weights), where=whole > 0.0)
    if policy.proposer is None:
        return np.asarray(shares)
    proposes = np.array([iso == policy.proposer for iso in states], dtype=float)
    return np.asarray(0.5 * shares + 0.5 * proposes)


def gdp_of(year: Year) -> Array:
    """GDP in USD of 2015, shape (world, state)."""
    return year.once("gdp", lambda: np.exp(year.state.log_gdp))


def _trade_with_members(year: Year) -> Array:
    """The commercial benefit, shape (world, state)."""
    mine = year.ties.of_state
    others = np.array([[j for j in range(len(mine)) if j != i] for i in range(len(mine))], dtype=np.intp)
    partner = year.state.member.take(others.reshape(mine.shape), axis=1)
    with_members = total(np.exp(year.state.trade).take(mine, axis=1) * partner)
    benefit: Array = np.log1p(100.0 * with_members / gdp_of(year)) / np.log(101.0)
    return benefit


def _moved(year: Year) -> Array:
    """How far the level of trust between each two states has moved, shape (world, state, state)."""
    moved = year.state.trust_level - year.reference.trust_level
    apart: Array = 1.0 - np.eye(len(year.ties.states))
    return moved.take(year.ties.matrix, axis=1) * apart


def _rivals(year: Year) -> Array:
    """What is left of the rivalry of each two states, shape (world, state, state), or (state, state) if all is."""
    if not year.state.effect_rivalry.any():
        return between(year, year.facts.rivalry[year.index])
    apart: Array = 1.0 - np.eye(len(year.ties.states))
    return year.rivalry().take(year.ties.matrix, axis=1) * apart


def _at_odds(year: Year) -> Array:
    """How far each two states are at odds over a quarrel, shape (world, state, state)."""
    apart: Array = 1.0 - np.eye(len(year.ties.states))
    return year.quarrel().take(year.ties.matrix, axis=1) * apart


def _delivered_together(year: Year, column: int | None) -> Array:
    """What each two states have both delivered of texts, summed over all or of one, shape (world, state, state)."""
    size = len(year.ties.states)
    out = np.zeros((year.state.worlds, size, size))
    for index in range(len(year.agreements)) if column is None else (column,):
        delivered = year.state.delivered[:, index]
        out += np.minimum(delivered[:, :, None], delivered[:, None, :])
    apart: Array = 1.0 - np.eye(size)
    return out * apart


def _practice(year: Year, policy: Policy, gain: Array) -> Array:
    """How used a state is to carry out texts with those who gain from this one, 0-1, shape (world, state)."""
    done = year.once("delivered together", lambda: _delivered_together(year, None))
    if policy in year.agreements:
        done = done - _delivered_together(year, year.agreements.index(policy))
    texts = product(done, gain)
    return texts / (1.0 + texts)


def _benefit(year: Year, policy: Policy) -> Array:
    state = year.state
    if policy.field in COMMERCIAL:
        return year.once("trade with members", lambda: _trade_with_members(year))
    if policy.field == "security":
        return expit(-1.0 * state.stability)
    half: Array = np.full_like(state.log_gdp, 0.5)
    return half


def _hub(year: Year, policy: Policy, gain: Array) -> Array:
    if policy.field not in COMMERCIAL:
        return np.zeros_like(gain)
    club = between(year, year.facts.trade_agreement[year.index])
    gdp = gdp_of(year)
    outside = (1.0 - club) * (1.0 - np.eye(len(club)))
    return gdp / (gdp + product(club, gdp)) * product(outside, gain)


def _territory(year: Year, policy: Policy) -> Array:
    """1 for a state whose claims with both ends of a leg share a claim number, less what is settled of them.

    Settled with one end is settled: of both claims the smaller rest counts; shape (world, state).
    """
    out = np.zeros_like(year.state.pressure)
    settled = np.clip(year.state.effect_claims, 0.0, 1.0)
    for a, b in policy.links(year.facts.corridors):
        for ties in year.facts.claims[year.index].values():
            pairs = [set(year.ties.pairs[t]) for t in ties]
            for row, iso in enumerate(year.ties.states):
                if iso not in (a, b) and {iso, a} in pairs and {iso, b} in pairs:
                    ends = settled.take([year.ties.tie(iso, a), year.ties.tie(iso, b)], axis=1)
                    np.maximum(out[:, row], 1.0 - ends.max(axis=1), out=out[:, row])
    return out


def rival_gains(year: Year, gain: Array) -> Array:
    """Equation 4, R: what the strategic rivals of each state are seen to gain, shares (world, state)."""
    if not year.facts.rivalry[year.index].any():
        return np.zeros_like(gain)
    return product(year.once("rivals", lambda: _rivals(year)), gain)


def stakes(year: Year, policy: Policy) -> dict[str, Array]:
    """Equation 5 term by term: name of the term -> its part of z, shape (world, state)."""
    p, state = year.p, year.state
    depth = DEPTHS[policy.depth] * FIELDS[policy.field]
    gain = gainers(year, policy)
    trust = product(year.once("moved", lambda: _moved(year)), gain)
    ones, apart = np.ones_like(state.pressure), 1.0 - np.eye(len(year.ties.states))
    return {
        "base": p["council.base"] * ones,
        "benefit": p["council.benefit"] * _benefit(year, policy),
        "trust": 2.0 * p["council.trust"] * trust,
        "community": p["council.community"] * (state.community - year.reference.community),
        "practice": p["council.practice"] * _practice(year, policy, gain),
        "credibility": -p["council.credibility"] * product(apart, gain * state.churn),
        "depth": -p["council.depth"] * depth * ones,
        "rivals": -p["council.rivals"] * depth * rival_gains(year, gain),
        "quarrel": -p["quarrel.votes"] * product(year.once("at odds", lambda: _at_odds(year)), gain),
        "hub": -p["council.hub"] * depth * _hub(year, policy, gain),
        "territory": -p["council.territory"] * _territory(year, policy),
        "pressure": -p["council.pressure"] * state.pressure,
        "acceptance": state.effect_acceptance + state.shock_acceptance,
        "wobble": p["council.wobble"] * year.normal(f"council.{policy.label}", "state"),
    }


def readiness(terms: Mapping[str, Array]) -> Array:
    """Equation 5: readiness z from its terms, shape (world, state)."""
    z: Array = sum(terms.values(), start=np.zeros(1))
    return z


def ambition(terms: Mapping[str, Array]) -> Array:
    """Equation 5: ambition from the terms of readiness, 0-1, shape (world, state)."""
    return expit(2.0 * readiness(terms))
