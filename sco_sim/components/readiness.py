"""Who is seen to gain from an agreement, what it is about for each state, and how far each would go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.alignment import balance, friends_of_friends, on_its_territory
from sco_sim.components.gains import benefit, sovereignty
from sco_sim.components.policy import DEPTHS, FIELDS, Policy
from sco_sim.numerics.functions import expit, product

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


COMMERCIAL = ("economy", "transport")
"""Fields in which a state may defend a rival club."""
TERMS = {
    "base": "what any text starts from",
    "benefit": "what it would bring of what the state wants; most for who proposes it",
    "sovereignty": "how much of its will it would leave to others",
    "trust": "change of trust in those who gain",
    "community": "change of its sense of community",
    "practice": "what it has carried out together with those who gain",
    "credibility": "changes of course of those who gain",
    "depth": "how deep the text goes in a field that divides",
    "rivals": "what its rivals gain",
    "balance": "how it stands to those whom the text is for or against",
    "friends": "how its friends and rivals stand to them",
    "quarrel": "quarrels with those who gain",
    "hub": "what its own trade club would lose to those outside",
    "territory": "its territory put to use, or land that it claims",
    "pressure": "outside pressure",
    "acceptance": "what policies and events do to readiness",
    "wobble": "the chance of the day",
}
"""Terms of equation 5, in the order in which they are shown, each in a few words."""


def gainers(year: Year, policy: Policy) -> Array:
    """Equation 3: who is seen to gain, shares (world, state)."""
    states = year.ties.states
    ends = [iso for leg in policy.links(year.facts.corridors) for iso in leg if iso in year.ties.row]
    if ends:
        weights = np.array([float(ends.count(iso)) for iso in states])[None] * np.ones((year.state.worlds, 1))
    else:
        weights = year.gdp() * year.participants(policy)
    whole = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, whole, out=np.zeros_like(weights), where=whole > 0.0)
    if policy.proposer is None:
        return np.asarray(shares)
    proposes = np.array([iso == policy.proposer for iso in states], dtype=float)
    return np.asarray(0.5 * shares + 0.5 * proposes)


def _moved(year: Year) -> Array:
    """How far the level of trust between each two states has moved, shape (world, state, state)."""
    return year.between(year.state.trust_level - year.reference.trust_level)


def _rivals(year: Year) -> Array:
    """What is left of the rivalry of each two states, shape (world, state, state), or (state, state) if all is."""
    if not year.state.effect_rivalry.any():
        return year.between(year.facts.rivalry[year.index])
    return year.between(year.rivalry())


def _delivered_together(year: Year) -> Array:
    """What the two ends of each tie have both delivered of all texts, shape (world, tie)."""
    return sum(
        (year.weaker(year.state.delivered[:, index]) for index in range(len(year.agreements))),
        start=np.zeros_like(year.state.spat),
    )


def _practice(year: Year, policy: Policy, gain: Array) -> Array:
    """How used a state is to carry out texts with those who gain from this one, 0-1, shape (world, state)."""
    done = year.once("delivered together", lambda: _delivered_together(year))
    if policy in year.agreements:
        done = done - year.weaker(year.state.delivered[:, year.agreements.index(policy)])
    texts = product(year.between(done), gain)
    return texts / (1.0 + texts)


def _hub(year: Year, policy: Policy, gain: Array) -> Array:
    if policy.field not in COMMERCIAL:
        return np.zeros_like(gain)
    share, outside = year.once("clubs", lambda: _clubs(year))
    return share * product(outside, gain)


def _clubs(year: Year) -> tuple[Array, Array]:
    """Share of each state in the GDP of its trade bloc, (world, state), and who is outside of whose, (state, state).

    A state without a trade agreement in force has no bloc to defend, and a share of 0.
    """
    club, gdp = year.between(year.facts.trade_agreement[year.index]), year.gdp()
    partners = product(club, gdp)
    return gdp * (partners > 0.0) / (gdp + partners), (1.0 - club) * year.ties.apart


def _territory(year: Year, policy: Policy) -> Array:
    """How far a text bears on the territory of a state, 0-1, shape (world, state).

    Its own (`territory`), or one that is disputed: its claims with both ends of a leg share a claim number, less what
    is settled of them. Settled with one end is settled: of both claims the smaller rest counts.
    """
    out = np.zeros_like(year.state.pressure) + on_its_territory(year, policy)
    settled = np.clip(year.state.effect_claims, 0.0, 1.0)
    for a, b in policy.links(year.facts.corridors):
        for sharing in year.once("claims", lambda: _claims(year)):
            for iso in sharing.get(a, set()) & sharing.get(b, set()):
                rest = out[:, year.ties.row[iso]]
                ends = settled.take([year.ties.tie(iso, a), year.ties.tie(iso, b)], axis=1)
                np.maximum(rest, 1.0 - ends.max(axis=1), out=rest)
    return out


def _claims(year: Year) -> list[dict[str, set[str]]]:
    """Claim by claim: each state to those with whom it shares the claim."""
    out = []
    for ties in year.facts.claims[year.index].values():
        sharing: dict[str, set[str]] = {}
        for a, b in (year.ties.pairs[tie] for tie in ties):
            sharing.setdefault(a, set()).add(b)
            sharing.setdefault(b, set()).add(a)
        out.append(sharing)
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
    ones = np.ones_like(state.pressure)
    return {
        "base": p["council.base"] * ones,
        "benefit": p["council.benefit"] * benefit(year, policy),
        "sovereignty": p["council.benefit"] * p["council.sovereignty"] * sovereignty(year, policy),
        "trust": 2.0 * p["council.trust"] * trust,
        "community": p["council.community"] * (state.community - year.reference.community),
        "practice": p["council.practice"] * _practice(year, policy, gain),
        "credibility": -p["council.credibility"] * product(year.ties.apart, gain * state.churn),
        "depth": -p["council.depth"] * depth * ones,
        "rivals": -p["council.rivals"] * depth * rival_gains(year, gain),
        "balance": p["council.balance"] * balance(year, policy),
        "friends": p["council.friends"] * friends_of_friends(year, policy),
        "quarrel": -p["quarrel.votes"] * product(year.once("at odds", lambda: year.between(year.quarrel())), gain),
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
