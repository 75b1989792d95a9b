"""Who would accept what: texts put to the members of a year, judged by attributes and ties alone, without noise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from pydantic import Field
from scipy.special import softmax

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.components.policy import Policy
from sco_sim.components.readiness import ambition, stakes
from sco_sim.engine.build import build_model
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Horizon, Scenario
from sco_sim.world.pairs import Pair
from sco_sim.world.year import Year

ADMISSION, POLITICAL = "membership", "political"
"""Field of a text that admits new members: decided without them, weighed as a political text."""
DRAWS = 2000
"""Draws of the council's weights that a look at texts takes."""
GUMBEL = np.sqrt(6.0) / np.pi
"""Scale of a Gumbel variable of standard deviation one."""


@dataclass(frozen=True)
class Item:
    """One text: what it is about, who gains, when it came up, and what became of it where that is known."""

    item: str
    field: str
    depth: str
    year: int
    """Year it came up; the year of adoption where only that is known."""
    proposer: str = ""
    participants: tuple[str, ...] = ()
    """Who is admitted or gains; all members if empty."""
    legs: tuple[Pair, ...] = ()
    favours: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    territory: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    """Who held out, or stood aside; nobody known if empty."""
    adopted: int | None = None
    """Year it was adopted by all, None for not (yet)."""
    without: int | None = None
    """Year in which the others issued it without those who held out."""
    closed: int | None = None
    """Year in which it left the table without being adopted."""
    raised_known: bool = True
    """Whether the year it came up is known apart from its adoption."""
    known: bool = False
    """Whether what became of it is known at all."""

    def states(self) -> set[str]:
        """Codes of all states that it speaks of."""
        ends = {end for leg in self.legs for end in leg}
        named = {*self.participants, *self.favours, *self.against, *self.territory, self.proposer}
        return (ends | named) - {""}

    @property
    def name(self) -> str:
        """Item and year."""
        return f"{self.item} {self.year}"


@dataclass(frozen=True)
class Vote:
    """One text before the members of a year; arrays are (draw, voter)."""

    item: Item
    year: int
    voters: tuple[str, ...]
    terms: dict[str, Array]
    """Terms of equation 5."""
    wobble: Array
    """Standard deviation of a position from year to year, (draw, 1): equation 5's wobble, which is left out of z."""

    @cached_property
    def z(self) -> Array:
        """Readiness without the yearly noise, (draw, voter)."""
        total: Array = sum(self.terms.values(), start=np.zeros(1))
        return total

    @property
    def ambition(self) -> Array:
        """Equation 5, (draw, voter)."""
        wish: Array = ambition(self.terms)
        return wish

    @property
    def named(self) -> Array:
        """Chance of each voter to be the least willing once positions wobble, (draw, voter).

        The wobble is taken for a Gumbel variable of its standard deviation, which makes it a softmax of -z.
        """
        chances: Array = softmax(-self.z / (GUMBEL * self.wobble), axis=1)
        return chances

    @property
    def passes(self) -> Array:
        """Whether all accept, (draw,)."""
        together: Array = (self.z.min(axis=1) >= 0.0).astype(float)
        return together

    @property
    def accepts(self) -> Array:
        """Chance that each accepts, (voter,)."""
        share: Array = (self.z >= 0.0).mean(axis=0)
        return share

    @property
    def least_willing(self) -> Array:
        """Chance that each is the least willing, (voter,)."""
        chance: Array = self.named.mean(axis=0)
        return chance


class _Text(Policy):
    """A text of an agenda, with legs of its own. It is voted on and never acts."""

    route: tuple[Pair, ...] = Field((), strict=False)
    """Legs it endorses."""

    def links(self, corridors: object) -> tuple[Pair, ...]:
        """Its legs."""
        return self.route

    def act(self, year: Year, strength: Array) -> None:
        """Nothing: the agenda does not say by which policy it would be carried out."""

    def outlay(self, year: Year, strength: Array) -> Array:
        """Nothing, shape (world,)."""
        return np.zeros(len(strength))


class Rounds:
    """The members of each year with their attributes and ties, and draws of the council's weights."""

    def __init__(
        self, case: Case, states: Iterable[str], *, draws: int = DRAWS, seed: int = 1,
        parameters: Mapping[str, Override] | None = None,
    ) -> None:  # fmt: skip
        """`parameters` are other ranges or values for entries of the ledger, as a scenario has them."""
        self.case, self.parameters = case, parameters or {}
        self.states = tuple(sorted(states))
        ledger = case.ledger.in_force(self.parameters)
        weighed = ("council.", "ties.", "gains.", "wants.")
        names = {name: entry for name, entry in ledger.entries.items() if name.startswith(weighed)}
        drawn = replace(ledger, entries=names, groups=(), fits=()).draw(seed, range(draws))
        self.weights = {name: values[:, None] for name, values in drawn.items()}
        self.years: dict[int, Year] = {}
        self.votes: dict[tuple[Item, int], Vote] = {}

    def year(self, year: int) -> Year:
        """The state at a year at the centre of what the tables say, with the drawn weights."""
        if year not in self.years:
            years = Horizon(start=year, end=year + 1)
            known = {"name": "agenda", "horizon": years, "states": self.states, "parameters": self.parameters}
            scenario = Scenario.model_validate({**known, "nowcast": True})  # what is known of the year has to do
            model = build_model(scenario, case=self.case, fixed_parameters=True)
            still = {"council.wobble": np.zeros_like(self.weights["council.wobble"])}
            model.year.p = {**model.year.p, **self.weights, **still}
            self.years[year] = model.year
        return self.years[year]

    def members(self, item: Item, year: int) -> tuple[str, ...]:
        """Who votes: the members of the year; on an admission without those who are admitted in that year."""
        member = self.year(year).state.member[0] > 0.0
        admitted = {iso for iso, since in self.case.catalog.member_from.items() if since >= year}
        candidates = {*item.participants, *admitted} if item.field == ADMISSION else set()
        return tuple(iso for iso, votes in zip(self.states, member, strict=True) if votes and iso not in candidates)

    def vote(self, item: Item, year: int | None = None) -> Vote:
        """The text before the members of its year, or of another one; raises ScenarioError if there are none."""
        when = item.year if year is None else year
        if (item, when) not in self.votes:
            self.votes[item, when] = self._vote(item, when)
        return self.votes[item, when]

    def _vote(self, item: Item, when: int) -> Vote:
        voters = self.members(item, when)
        if len(voters) < 2:
            raise ScenarioError(Problem(f"'{item.item}': fewer than two members in {when}", "choose a later year"))
        rows = [self.states.index(iso) for iso in voters]
        terms = stakes(self.year(when), text_of(item))
        shape = (len(self.weights["council.base"]), len(self.states))
        chosen = {
            name: _of_voters(np.broadcast_to(term, shape), rows) for name, term in terms.items() if name != "wobble"
        }
        return Vote(item, when, voters, chosen, self.weights["council.wobble"])


def _of_voters(term: Array, rows: Sequence[int]) -> Array:
    """Columns of the voters; one column for all where they are alike, since draws are many: (draw, voter)."""
    first = term[:, :1].copy()
    return np.broadcast_to(first, (len(term), len(rows))) if (term == first).all() else term.take(rows, axis=1)


def text_of(item: Item) -> Policy:
    """The text as a policy that is voted on and never acts."""
    field = POLITICAL if item.field == ADMISSION else item.field
    body = {"field": field, "depth": item.depth, "__module__": __name__, "__doc__": _Text.__doc__}
    text_class: type[_Text] = type("_TextOfField", (_Text,), body)
    name = "".join(letter for letter in item.item.lower() if letter.isascii() and (letter.isalnum() or letter == "_"))
    taking_part = item.participants or "members"
    return text_class.model_validate(
        {"name": name[:60], "proposer": item.proposer or None, "participants": taking_part, "route": item.legs,
         "favours": item.favours or (item.participants if item.field == ADMISSION else ()),
         "against": item.against, "territory": item.territory}
    )  # fmt: skip
