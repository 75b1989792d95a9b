"""The council: who would accept what, how far and why, and what the rule makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sco_sim.components.policy import DEPTHS, FIELDS, Policy
from sco_sim.components.rule import Rule
from sco_sim.components.rules.consensus import Consensus
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.numerics.functions import expit, product, total
from sco_sim.scenario.schema import Agenda
from sco_sim.world.year import Year

#: Fields in which a state gains by the size of its trade with the members, and may defend a rival club.
COMMERCIAL = ("economy", "transport")


def _between(year: Year, per_tie: Array) -> Array:
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
        weights = _gdp(year) * year.participants(policy)
    whole = weights.sum(axis=1, keepdims=True)
    shares = np.divide(weights, whole, out=np.zeros_like(weights), where=whole > 0.0)
    if policy.proposer is None:
        return np.asarray(shares)
    proposes = np.array([iso == policy.proposer for iso in states], dtype=float)
    return np.asarray(0.5 * shares + 0.5 * proposes)


def _gdp(year: Year) -> Array:
    return year.once("gdp", lambda: np.exp(year.state.log_gdp))


def _trade_with_members(year: Year) -> Array:
    """The commercial benefit, shape (world, state)."""
    mine = year.ties.of_state
    others = np.array([[j for j in range(len(mine)) if j != i] for i in range(len(mine))], dtype=np.intp)
    partner = year.state.member.take(others.reshape(mine.shape), axis=1)
    with_members = total(np.exp(year.state.trade).take(mine, axis=1) * partner)
    benefit: Array = np.log1p(100.0 * with_members / _gdp(year)) / np.log(101.0)
    return benefit


def _moved(year: Year) -> Array:
    """How far the level of trust between each two states has moved, shape (world, state, state)."""
    moved = year.state.trust_level - year.reference.trust_level
    apart: Array = 1.0 - np.eye(len(year.ties.states))
    return moved.take(year.ties.matrix, axis=1) * apart


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
    club = _between(year, year.facts.trade_agreement[year.index])
    gdp = _gdp(year)
    outside = (1.0 - club) * (1.0 - np.eye(len(club)))
    return gdp / (gdp + product(club, gdp)) * product(outside, gain)


def _territory(year: Year, policy: Policy) -> Array:
    """1 for a state whose claims with both ends of a leg share a claim number, shape (state,)."""
    out = np.zeros(len(year.ties.states))
    for a, b in policy.links(year.facts.corridors):
        for ties in year.facts.claims[year.index].values():
            pairs = [set(year.ties.pairs[t]) for t in ties]
            for row, iso in enumerate(year.ties.states):
                if iso not in (a, b) and {iso, a} in pairs and {iso, b} in pairs:
                    out[row] = 1.0
    return out


def stakes(year: Year, policy: Policy) -> dict[str, Array]:
    """Equation 5 term by term: name of the term -> its part of z, shape (world, state)."""
    p, state = year.p, year.state
    depth = DEPTHS[policy.depth] * FIELDS[policy.field]
    gain = gainers(year, policy)
    trust = product(year.once("moved", lambda: _moved(year)), gain)
    rivalry = year.facts.rivalry[year.index]
    rival_gain = product(_between(year, rivalry), gain) if rivalry.any() else np.zeros_like(gain)
    ones = np.ones_like(state.pressure)
    return {
        "base": p["council.base"] * ones,
        "benefit": p["council.benefit"] * _benefit(year, policy),
        "trust": 2.0 * p["council.trust"] * trust,
        "depth": -p["council.depth"] * depth * ones,
        "rivals": -p["council.rivals"] * depth * rival_gain,
        "hub": -p["council.hub"] * depth * _hub(year, policy, gain),
        "territory": -p["council.territory"] * _territory(year, policy) * ones,
        "pressure": -p["council.pressure"] * state.pressure,
        "acceptance": state.effect_acceptance + state.shock_acceptance,
        "wobble": p["council.wobble"] * year.normal(f"council.{policy.label}", len(year.ties.states)),
    }


def ambition(terms: Mapping[str, Array]) -> Array:
    """Equation 5: ambition from its terms, 0-1, shape (world, state)."""
    z: Array = sum(terms.values(), start=np.zeros(1))
    return expit(2.0 * z)


class Council:
    """Sits once a year and decides what is tabled (equations 6, 7 and 23)."""

    def __init__(self, rule: Rule, delays: bool, agenda: Agenda | None = None) -> None:
        self.rule = rule
        self.delays = delays
        self.agenda = agenda

    def chair(self, year: Year) -> str | None:
        """The state in the chair this year, if the scenario names chairs."""
        if self.agenda is None or not self.agenda.chairs:
            return None
        return self.agenda.chairs[(year.index - 1) % len(self.agenda.chairs)]

    def order(self, year: Year, agreements: Sequence[Policy]) -> list[tuple[int, Policy]]:
        """Open agreements with their places: the chair's own proposals and fields first, then as they were written."""
        chair = self.chair(year)
        first = self.agenda.priorities.get(chair, ()) if self.agenda is not None and chair is not None else ()
        tabled = [
            (place, policy)
            for place, policy in enumerate(agreements)
            if year.is_tabled(policy) and (policy.end is None or year.year <= policy.end)
        ]
        return sorted(
            tabled, key=lambda item: not ((chair is not None and item[1].proposer == chair) or item[1].field in first)
        )

    def sit(self, year: Year, agreements: Sequence[Policy]) -> None:
        """Decide every agreement that is tabled and open in some world, the council's up to the agenda's limit."""
        with year.at_rest():  # what is decided does not bear on what else is decided this year
            self._sit(year, agreements)

    def _sit(self, year: Year, agreements: Sequence[Policy]) -> None:
        decided = np.zeros(year.state.worlds)
        for place, policy in self.order(year, agreements):
            still_open: Bools = np.isnan(year.state.adopted_year[:, place])
            if not still_open.any():
                continue
            if policy.decided_by == "given":
                self._give(year, place, policy, still_open)
            elif policy.decided_by == "participants" or self.agenda is None:
                self._decide(year, place, policy, still_open, still_open)
            else:
                reached = still_open & (decided < self.agenda.per_summit)
                decided += reached
                self._decide(year, place, policy, still_open, reached)

    @staticmethod
    def _give(year: Year, place: int, policy: Policy, still_open: Bools) -> None:
        taking_part = year.participants(policy)
        _adopt(year, place, np.array(taking_part), still_open & (taking_part.sum(axis=1) > 0.0))

    def _decide(self, year: Year, place: int, policy: Policy, still_open: Bools, reached: Bools) -> None:
        state = year.state
        taking_part = year.participants(policy)
        among_themselves = policy.decided_by == "participants"
        rule = Consensus() if among_themselves else self.rule
        voters = taking_part if among_themselves else state.member
        wish = ambition(stakes(year, policy))
        population = year.once("population", lambda: np.exp(state.log_population))
        made = rule.decide(wish, voters, population, _gdp(year), year.ties.states)
        adopted, passed = made.adopted, made.passed
        if self.delays and rule.unanimous:
            luck = year.uniform(f"council.{policy.label}.luck", 1)[:, 0]
            passed = passed & (luck < 2.0 * adopted.max(axis=1) - 1.0)
            adopted = (adopted > 0.0).astype(float)
        adopted = adopted * taking_part
        passed = passed & reached & (adopted.sum(axis=1) > 0.0)
        state.tabled_years[:, place] += still_open & ~passed
        lowest = np.where(voters > 0.0, wish, np.inf).argmin(axis=1)
        heard = reached & (voters.sum(axis=1) > 0.0)
        state.hold_out[:, place] = np.where(heard, lowest, state.hold_out[:, place])
        if made.transfers is not None:
            state.cost[:] += np.where(passed, made.transfers, 0.0) * year.p["council.transfer_price"][:, 0]
        _adopt(year, place, adopted, passed)


def _adopt(year: Year, place: int, level: Array, passed: Bools) -> None:
    if not passed.any():
        return
    state = year.state
    state.adopted[:, place] = np.where(passed[:, None], level, state.adopted[:, place])
    state.adopted_year[:, place] = np.where(passed, float(year.year), state.adopted_year[:, place])
