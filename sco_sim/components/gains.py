"""What a text would bring each state if it were carried out, and how much that is of what the state wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanisms.delivery import delivery_ceiling
from sco_sim.components.policy import DEPTHS, Policy
from sco_sim.numerics.functions import total
from sco_sim.world.shields import SHIELDS

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


YEARS = 10
"""Years over which a state spreads what it pays, and in which twinned places arrive."""
LONG_AGO = 100
"""Years since adoption after which whatever a text builds or teaches is there."""
BRINGS = {
    "trade": "goods trade it gains, million USD of 2015 a year",
    "transit": "goods of others that pass through it, million USD of 2015 a year",
    "received": "what it is paid, million USD of 2015 a year",
    "paid": "what it pays, million USD of 2015 a year, the mean of ten years",
    "people": "growth of its travel, students and twinned places, log points",
    "capacity": "capacity to deliver, WGI units",
    "security": "exercises, trust, fewer disputes and shields, mean over its ties, log points",
    "stability": "political stability, WGI units",
    "autonomy": "what it leaves to others: depth times their share of GDP among those who take part, below 0",
}
"""What a text may bring a state, with its unit."""
WANTS = ("development", "security", "regime", "status", "autonomy")
"""What states want from the organisation: the ledger has a weight of each for every state, `wants.<want>.<state>`."""
SAFER = {"security": 1.0, "trust": 1.0, "hazard": -1.0, **{f"shield_{name}": 1.0 for name in SHIELDS}}
"""Effects on ties that make a state safer, with their sign."""


def brings(year: Year, policy: Policy) -> dict[str, Array]:
    """Equation 31: what a text would bring each state, by the names of `BRINGS`, arrays (world, state).

    It is carried out as far as each state can deliver at all, in the long run, and does what the policy does in the
    phase of the policies; no luck is in it. The state of the year is left as it was.
    """
    return year.once(("brings", id(policy)), lambda: _brings(year, policy))


def _brings(year: Year, policy: Policy) -> dict[str, Array]:
    taking_part, gdp = year.participants(policy), year.gdp()
    able = year.once("ceiling", lambda: delivery_ceiling(year))
    strength = policy.on_ties(year, able * taking_part)
    out = {name: np.zeros_like(gdp) for name in BRINGS}
    with _effects_of_its_own(year, policy) as effects:
        with _long_adopted(year, policy):
            policy.act(year, strength)
            out["transit"] = policy.transit(year, strength) / 1e6
        for name in ("capacity", "stability"):
            out[name] += effects.get(name, 0.0)
        if "trade" in effects:
            flow = year.once("trade", lambda: np.exp(year.state.trade))
            out["trade"] = _of_ties(year, flow * np.expm1(effects["trade"])) / 1e6
        safer = [sign * effects[name] for name, sign in SAFER.items() if name in effects]
        if safer:
            out["security"] = _of_ties(year, sum(safer, start=np.zeros(1))) / max(len(year.ties.states) - 1, 1)
        out["people"] = _people(year, effects)
    out["received"] = policy.receipts(year, strength)
    out["paid"] = year.cost_shares(policy) * np.reshape(policy.mean_outlay(year, strength, YEARS), (-1, 1))
    whole = np.maximum((gdp * taking_part).sum(axis=1, keepdims=True), 1.0)
    out["autonomy"] = -DEPTHS[policy.depth] * taking_part * (1.0 - gdp / whole)
    return out


def _of_ties(year: Year, per_tie: Array) -> Array:
    """Sum over the ties of each state, (world, tie) -> (world, state)."""
    return total(per_tie.take(year.ties.of_state, axis=1))


def _people(year: Year, effects: Mapping[str, Array]) -> Array:
    """Mean growth of a state's travel, students and twinned places, log points, (world, state)."""
    out = np.zeros_like(year.state.log_gdp)
    if "people" in effects:
        out += _growth(year, "people", np.expm1(effects["people"]))
    if "students" in effects:
        out += _growth(year, "students_ab", np.expm1(effects["students"]), "students_ba")
    if "cities" in effects:
        there = year.once("cities of states", lambda: _of_ties(year, year.state.cities))
        out += np.log1p(there + YEARS * _of_ties(year, effects["cities"])) - np.log1p(there)
    return out / 3.0


def _growth(year: Year, name: str, growth: Array, back: str = "") -> Array:
    """Log of one plus what flows with the growth of each tie over one plus what flows, (world, state)."""
    flow = year.count(name) + year.count(back) if back else year.count(name)
    there = year.once(("of states", name), lambda: _of_ties(year, flow))
    return np.log1p(there + _of_ties(year, flow * growth)) - np.log1p(there)


@contextmanager
def _effects_of_its_own(year: Year, policy: Policy) -> Iterator[Mapping[str, Array]]:
    """The effects that this policy writes, by name without `effect_`, from zero on; what was there comes back after.

    Contact is left as it is: what one more visitor brings hangs on how many there are (section 8 of docs/model.md).
    """
    arrays = {name: year.state.arrays[name] for name in policy.writes if name.startswith("effect_")}
    kept = {name: values.copy() for name, values in arrays.items()}
    try:
        for name, values in arrays.items():
            if name != "effect_contact":
                values[:] = 0.0
        yield {name.removeprefix("effect_"): values for name, values in arrays.items()}
    finally:
        for name, values in arrays.items():
            values[:] = kept[name]


@contextmanager
def _long_adopted(year: Year, policy: Policy) -> Iterator[None]:
    """As if it had been adopted and built long ago in every world."""
    if policy not in year.agreements:  # a text of an agenda, which never acts
        yield
        return
    column, state = year.agreements.index(policy), year.state
    kept = {name: state.arrays[name][:, column].copy() for name in ("adopted_year", "built", "built_year")}
    state.adopted_year[:, column], state.built[:, column] = year.year - LONG_AGO, 1.0
    state.built_year[:, column] = year.year - LONG_AGO
    try:
        yield
    finally:
        for name, values in kept.items():
            state.arrays[name][:, column] = values


def met(year: Year, policy: Policy) -> dict[str, Array]:
    """Equation 32: how far a text meets each of the `WANTS` but autonomy, -1 to 1, arrays (world, state)."""
    return met_by(year, brings(year, policy))


def met_by(year: Year, brought: Mapping[str, Array]) -> dict[str, Array]:
    """The same for what is brought, arrays (world, state) by the names of `BRINGS`."""
    p = year.p
    return {
        "development": bounded(development(year, brought)),
        "security": bounded(brought["security"] / p["gains.half_security"]),
        "regime": bounded(brought["stability"] / p["gains.half_stability"]),
        "status": bounded(brought["people"] / p["gains.half_people"]),
    }


def income(year: Year, brought: Mapping[str, Array]) -> Array:
    """What a state earns by what is brought, million USD of 2015 a year, shape (world, state)."""
    earned = year.p["gains.income"] * brought["trade"] + year.p["gains.transit"] * brought["transit"]
    return np.asarray(earned + brought["received"] - brought["paid"])


def development(year: Year, brought: Mapping[str, Array]) -> Array:
    """What is brought of development, in units in which the want for it is half met, shape (world, state)."""
    p, share = year.p, 1e6 * income(year, brought) / year.gdp()
    return np.asarray(share / p["gains.half_income"] + brought["capacity"] / p["gains.half_capacity"])


def bounded(x: Array) -> Array:
    """Half met at 1, half the opposite at -1; same shape."""
    out: Array = x / (1.0 + np.abs(x))
    return out


def weights(year: Year) -> dict[str, Array]:
    """What each state wants, shares that sum to 1 over the `WANTS`, arrays (world, state)."""
    return year.once("wants", lambda: _weights(year))


def _weights(year: Year) -> dict[str, Array]:
    raw = {want: year.per_state(f"wants.{want}") for want in WANTS}
    whole = sum(raw.values(), start=np.zeros(1))
    return {want: np.divide(w, whole, out=np.zeros_like(w), where=whole > 0.0) for want, w in raw.items()}


def benefit(year: Year, policy: Policy) -> Array:
    """Equation 32, B: how much of what it wants a text brings each state, -1 to 1, shape (world, state).

    Who proposes a text wants it: 1. What it leaves to others is not in it: that is its own term, `sovereignty`.
    """
    out = weighed(year, met(year, policy))
    if policy.proposer in year.ties.row:
        out[:, year.ties.row[policy.proposer]] = 1.0
    return out


def sovereignty(year: Year, policy: Policy) -> Array:
    """Equation 32, A: what a text leaves to others, by how much a state wants to be free of them, -1 to 0.

    Shape (world, state). It weighs more for the smaller of two states that want it alike; 0 for who proposes.
    """
    out: Array = weights(year)["autonomy"] * brings(year, policy)["autonomy"]
    if policy.proposer in year.ties.row:
        out[:, year.ties.row[policy.proposer]] = 0.0
    return out


def weighed(year: Year, levels: Mapping[str, Array]) -> Array:
    """Equation 32: how far each want but autonomy is met, by how much each state wants it, shape (world, state)."""
    shares = weights(year)
    out: Array = sum((shares[want] * level for want, level in levels.items()), start=np.zeros(1))
    return out
