"""Naive guesses of who holds out, to stand beside the model's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sco_sim.studies.council.agenda import Rounds
from sco_sim.studies.council.rounds import Record, Round

GUESSES = ("largest", "usual", "always", "random")
"""Their names, as columns have them."""
Guess = Callable[[Round], tuple[str, ...]]


class Guesses:
    """What each naive guess says on each text, scored by what is known of the other texts."""

    def __init__(self, records: Sequence[Record], rounds: Rounds) -> None:
        self.records = tuple(records)
        self.contested = tuple(record for record in records if record.contested)
        self.rounds = rounds
        self.best_hit, self.best_score = self._best(self._all_hits), self._best(self._all_scores)
        """The one state that, named always, would have hit most and scored best: each picked with hindsight."""

    def names(self, guess: str, one: Round, best: str = "") -> tuple[str, ...]:
        """The states that a guess gives; none for the random one. `best` is who is always named, by score if empty."""
        always = best or self.best_score
        if guess == "largest":
            return self._largest(one)
        if guess == "usual":
            return self._usual(one)
        return (always,) if guess == "always" and always in one.vote.voters else ()

    def hits(self, guess: str, record: Record) -> float:
        """Share of the contested votes in which the guess gives one that held out."""
        return float(np.mean([_hit(self.names(guess, one, self.best_hit), one) for one in record.contested]))

    def score(self, guess: str, record: Record) -> float:
        """Mean log chance given to those who held out.

        A guess has its hit rate on the other texts, (hits + 1)/(texts + 2), so that few texts make nobody certain; the
        other voters share the rest.
        """
        return self._score(lambda one: self.names(guess, one), record)

    def outcome(self, guess: str, record: Record) -> float:
        """Mean log chance of what became of a text: it passes at the rate of the others, or the guess holds out."""
        others = [np.mean([one.passed for one in other.rounds]) for other in self.records if other is not record]
        rate = (sum(others) + 1.0) / (len(others) + 2.0)
        scores = [np.log(rate if one.passed else 1.0 - rate) for one in record.rounds]
        named = self.score(guess, record) * len(record.contested) if record.contested else 0.0
        return float((sum(scores) + named) / len(record.rounds))

    def _score(self, names: Guess, record: Record) -> float:
        others = [other for other in self.contested if other.name != record.name]
        hits = [np.mean([_share(names(one), one) for one in other.contested]) for other in others]
        rate = float((sum(hits) + 1.0) / (len(hits) + 2.0))
        return float(np.mean([np.log(_chance(names(one), rate, one)) for one in record.contested]))

    def _best(self, measure: Callable[[Guess], float]) -> str:
        """The state that, named in every vote it has, is best by a measure; the first by code of several."""
        codes = sorted({iso for record in self.contested for one in record.contested for iso in one.vote.voters})

        def whole(iso: str) -> float:
            return measure(lambda one: (iso,) if iso in one.vote.voters else ())

        return max(codes, key=whole, default="")

    def _all_hits(self, names: Guess) -> float:
        return sum(float(np.mean([_hit(names(one), one) for one in record.contested])) for record in self.contested)

    def _all_scores(self, names: Guess) -> float:
        return sum(self._score(names, record) for record in self.contested)

    def _usual(self, one: Round) -> tuple[str, ...]:
        """Who held out on most of the other texts, among the voters; several if they are level."""
        others = [iso for record in self.contested if record.name != one.vote.item.item for iso in record.held_out]
        counts = {iso: others.count(iso) for iso in one.vote.voters}
        most = max(counts.values())
        return tuple(iso for iso, count in counts.items() if count == most) if most else ()

    def _largest(self, one: Round) -> tuple[str, ...]:
        """The voter with the largest GDP that does not propose."""
        gdp = self.rounds.year(one.vote.year).state.log_gdp[0]
        others = [iso for iso in one.vote.voters if iso != one.vote.item.proposer]
        return (max(others, key=lambda iso: gdp[self.rounds.states.index(iso)]),)


def _hit(named: tuple[str, ...], one: Round) -> float:
    """Share of those named who held out; by chance among those who do not propose where nobody is named."""
    if not named:
        return len(one.held_out) / (len(one.vote.voters) - bool(one.vote.item.proposer in one.vote.voters))
    return len(set(named) & set(one.held_out)) / len(named)


def _share(named: tuple[str, ...], one: Round) -> float:
    return len(set(named) & set(one.held_out)) / max(len(named), 1)


def _chance(named: tuple[str, ...], rate: float, one: Round) -> float:
    """Chance given to those who held out where the named share `rate`, and the other voters the rest."""
    voters = [iso for iso in one.vote.voters if iso != one.vote.item.proposer]
    if not named or len(named) >= len(voters):
        return len(one.held_out) / len(voters)
    each, rest = rate / len(named), (1.0 - rate) / (len(voters) - len(set(named) & set(voters)))
    return sum(each if iso in named else rest for iso in one.held_out)
