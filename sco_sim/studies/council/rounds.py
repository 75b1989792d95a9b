"""What became of a text, year by year: it passed, or it failed with a known or an unknown hold-out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from sco_sim.numerics.arrays import Array
from sco_sim.studies.council.agenda import Item, Rounds, Vote

FLOOR = 1e-3
"""No outcome is held for less likely than this: a form that rules out what happened loses 7 nats, not everything."""


@dataclass(frozen=True)
class Round:
    """One text in one year: the vote, and what happened."""

    vote: Vote
    held_out: tuple[str, ...] = ()
    """Who held out or stood aside; empty if that is not known, or if it passed."""
    passed: bool = True
    """Whether all accepted it."""

    def without(self, *terms: str) -> Round:
        """The same with some terms of equation 5 dropped."""
        kept = {name: term for name, term in self.vote.terms.items() if name not in terms}
        return replace(self, vote=replace(self.vote, terms=kept))

    def rows(self) -> list[int]:
        """Columns of the vote of those who held out."""
        return [self.vote.voters.index(iso) for iso in self.held_out]

    def accepting(self) -> Array:
        """Chance that each accepts once positions wobble, (draw, voter)."""
        chance: Array = ndtr(self.vote.z / self.vote.wobble)
        return chance

    def passing(self) -> Array:
        """Chance that all accept once positions wobble, (draw,)."""
        chance: Array = np.prod(self.accepting(), axis=1)
        return chance

    def naming(self) -> Array:
        """Chance that the least willing is one of those who held out, (draw,)."""
        chance: Array = np.clip(self.vote.named.take(self.rows(), axis=1).sum(axis=1), FLOOR, 1.0)
        return chance

    def log_likelihood(self) -> Array:
        """Log chance of what happened, (draw,): that it passed, that it failed, or failed with these hold-outs."""
        passing = np.clip(self.passing(), FLOOR, 1.0 - FLOOR)
        if self.passed:
            return np.log(passing)
        failing = np.log(1.0 - passing)
        return failing + np.log(self.naming()) if self.held_out else failing

    def standing_aside(self) -> tuple[float, float]:
        """Chance that those who held out refuse and all others accept, and that somebody else refuses too."""
        accepts, rows = self.accepting(), self.rows()
        others = np.prod(np.delete(accepts, rows, axis=1), axis=1)
        refuse = np.prod(1.0 - accepts[:, rows], axis=1)
        return float((others * refuse).mean()), float(1.0 - others.mean())


@dataclass(frozen=True)
class Record:
    """All rounds of the texts of one name."""

    name: str
    items: tuple[Item, ...]
    rounds: tuple[Round, ...]

    @property
    def contested(self) -> tuple[Round, ...]:
        """The rounds with a known hold-out."""
        return tuple(one for one in self.rounds if one.held_out)

    @property
    def held_out(self) -> tuple[str, ...]:
        """Who held out in any of them."""
        return tuple(dict.fromkeys(iso for one in self.rounds for iso in one.held_out))

    def without(self, *terms: str) -> Record:
        """The same with some terms of equation 5 dropped."""
        return replace(self, rounds=tuple(one.without(*terms) for one in self.rounds)) if terms else self

    def log_likelihood(self) -> Array:
        """Mean over its rounds, (draw,): a text that waits for long counts once."""
        return np.asarray(np.mean([one.log_likelihood() for one in self.rounds], axis=0))

    def unknown(self) -> tuple[int, float]:
        """Years that it waited with nobody known to hold out, and the sum of their log chances over all draws."""
        years = [one for one in self.rounds if not one.passed and not one.held_out]
        return len(years), float(sum(np.log(np.exp(one.log_likelihood()).mean()) for one in years))


def rounds_of(item: Item, repeated: bool, last: int, rounds: Rounds) -> list[Round]:
    """The years a text waited, and the year in which it was adopted.

    A text that comes again and again (`repeated`) stands in a row for each year. Years before a text was adopted are
    left out where it is not known when it came up. What was never adopted waits to `last`, or until it was closed.
    """
    if item.without is not None or (repeated and item.held_out):
        return [Round(rounds.vote(item, item.without or item.year), item.held_out, passed=False)]
    if item.adopted is not None:
        waiting = range(item.year, item.adopted) if item.raised_known and not repeated else range(0)
    else:
        waiting = range(item.year, max(item.closed or last, item.year) + 1)
    out = [Round(rounds.vote(item, year), item.held_out, passed=False) for year in waiting]
    return [*out, Round(rounds.vote(item, item.adopted))] if item.adopted is not None else out
