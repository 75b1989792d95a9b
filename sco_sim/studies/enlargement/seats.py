"""Members as a council would see them if they brought less: no rivalries, the founders' wants, an ordinary size.

The world around the council stays as it is: only what is seen while the council sits is another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import numpy as np
from pydantic import PrivateAttr

from sco_sim.components.decider import StateAgent
from sco_sim.components.deciders.stakes import BY_STAKES, Stakes
from sco_sim.components.gains import WANTS, benefit, sovereignty
from sco_sim.components.policy import Policy
from sco_sim.components.readiness import ambition, stakes
from sco_sim.engine.model import CooperationModel
from sco_sim.numerics.arrays import Array
from sco_sim.world.facts import Facts
from sco_sim.world.ties import Ties
from sco_sim.world.year import Year

NUMBER, RIVALRY, MOTIVES, LEADER = "number", "rivalry", "motives", "leader"
BROUGHT = (RIVALRY, MOTIVES, LEADER)
"""What a member brings beside its seat."""
SIZES = ("log_gdp", "log_population")
QUARRELS = ("spat", "war", "drawn")


def neutralise(
    model: CooperationModel, founders: Collection[str], joined: Collection[str], keeps: Collection[str]
) -> None:
    """Let those who joined bring nothing to the council but a seat and what `keeps` names of `BROUGHT`."""
    year, ties = model.year, model.ties
    if MOTIVES not in keeps:
        year.p = {**year.p, **_wants(year.p, founders, joined)}
    touching = [] if RIVALRY in keeps else _touching(ties, joined)
    calm = year.facts if RIVALRY in keeps else _calmed(year.facts, touching)
    old, new = ([ties.row[iso] for iso in codes] for codes in (founders, joined))
    sizes = Sizes(old, [] if LEADER in keeps else new)

    def sit(call: Callable[[Year], None], this: Year) -> None:
        with _at_peace(this, calm, touching), sizes.ordinary(this):
            call(this)

    model.order = tuple(
        replace(action, call=partial(sit, action.call)) if action.phase == "council" else action
        for action in model.order
    )
    if LEADER not in keeps:
        seats = Seats.of(sizes)
        for state in model.states.values():
            if state.decider is BY_STAKES:
                state.decider = seats


def _wants(p: Mapping[str, Array], founders: Collection[str], joined: Collection[str]) -> dict[str, Array]:
    """What those who joined want, as the mean of the founders in each world, (world, 1)."""
    return {
        f"wants.{want}.{iso}": np.mean([p[f"wants.{want}.{old}"] for old in founders], axis=0)
        for want in WANTS
        for iso in joined
    }


def _touching(ties: Ties, joined: Collection[str]) -> list[int]:
    return [tie for tie, pair in enumerate(ties.pairs) if set(pair) & set(joined)]


def _calmed(facts: Facts, touching: list[int]) -> Facts:
    """Without the rivalries, claims and broken relations on some ties."""

    def calm(values: Array) -> Array:
        out = values.copy()
        out[:, touching] = 0.0
        return out

    claims = tuple(
        {number: tuple(tie for tie in open_ones if tie not in touching) for number, open_ones in of_year.items()}
        for of_year in facts.claims
    )
    bonds = {word: calm(values) if word in ("cut", "lowered") else values for word, values in facts.bonds.items()}
    return replace(facts, rivalry=calm(facts.rivalry), claims=claims, bonds=bonds)


@contextmanager
def _at_peace(year: Year, own: Facts, touching: list[int]) -> Iterator[None]:
    """While in it, the year has other facts, and no quarrel on some ties."""
    facts, kept = year.facts, {name: year.state.arrays[name][:, touching].copy() for name in QUARRELS}
    year.facts = own
    for name in QUARRELS:
        year.state.arrays[name][:, touching] = 0.0
    try:
        yield
    finally:
        year.facts = facts
        for name, values in kept.items():
            year.state.arrays[name][:, touching] = values


class Sizes:
    """GDP and population of some states, which a council may take for those of the median founder."""

    def __init__(self, old: list[int], new: list[int]) -> None:
        self.old, self.new = old, new
        self._own: dict[str, Array] = {}

    @contextmanager
    def ordinary(self, year: Year) -> Iterator[None]:
        """While in it, they are of the size of the median founder."""
        self._own = {name: year.state.arrays[name][:, self.new].copy() for name in SIZES}
        for name in SIZES if self.new else ():
            middle = np.median(year.state.arrays[name].take(self.old, axis=1), axis=1, keepdims=True)
            year.state.arrays[name][:, self.new] = middle
        try:
            yield
        finally:
            self._write(year, self._own)

    @contextmanager
    def own(self, year: Year) -> Iterator[None]:
        """While in it, inside of `ordinary`, they are of their own size again."""
        ordinary = {name: year.state.arrays[name][:, self.new].copy() for name in SIZES}
        self._write(year, self._own)
        try:
            with year.at_rest():
                yield
        finally:
            self._write(year, ordinary)

    def _write(self, year: Year, values: Mapping[str, Array]) -> None:
        for name in SIZES:
            year.state.arrays[name][:, self.new] = values[name]


class Seats(Stakes):
    """Stakes where sizes are those of a council that takes some for ordinary, but not what a text brings a state."""

    _sizes: Sizes = PrivateAttr()

    @classmethod
    def of(cls, sizes: Sizes) -> Seats:
        """A decider for these sizes."""
        seats = cls()
        seats._sizes = sizes
        return seats

    def ambition(self, state: StateAgent, agreement: Policy) -> Array:
        """Equation 5, shape (world,)."""
        return self._seen(state.year, agreement)[:, state.row]

    def ambitions(self, states: Sequence[StateAgent], agreement: Policy) -> Array:
        """Equation 5 for all states at once, shape (world, state)."""
        return self._seen(states[0].year, agreement).take([state.row for state in states], axis=1)

    def _seen(self, year: Year, agreement: Policy) -> Array:
        return year.once(("ambition of seats", id(agreement)), lambda: self._ambition(year, agreement))

    def _ambition(self, year: Year, agreement: Policy) -> Array:
        terms = stakes(year, agreement)
        with self._sizes.own(year):
            weight = year.p["council.benefit"]
            terms["benefit"] = weight * benefit(year, agreement)
            terms["sovereignty"] = weight * year.p["council.sovereignty"] * sovereignty(year, agreement)
        return ambition(terms)
