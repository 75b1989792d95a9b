"""The council against the real agenda: who held out, what passed, what waited, leaving one text out at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sco_sim.components.policy import DEPTHS, FIELDS
from sco_sim.numerics.arrays import Array
from sco_sim.studies.council.agenda import ADMISSION, POLITICAL, Item, Rounds
from sco_sim.studies.council.guesses import GUESSES, Guesses
from sco_sim.studies.council.rounds import Record, Round, rounds_of

REPLAY_DRAWS = 20_000
"""Draws of a replay: so many that about 25 of equal weight are left when they are weighted by the real agenda."""
RESAMPLES = 2000
TERMS = ("benefit", "sovereignty", "rivals", "hub", "territory", "balance", "friends")
"""Terms of equation 5 that are dropped in turn."""


class Replay:
    """The known texts of an agenda, replayed year by year to the last year it speaks of."""

    def __init__(self, items: Sequence[Item], rounds: Rounds) -> None:
        self.rounds = rounds
        known = [item for item in items if item.known]
        self.items = tuple(item for item in known if self._decidable(item))
        self.left_out = tuple(item.name for item in known if item not in self.items)
        """Texts in whose year fewer than two voted, or not all of those who held out."""
        self.last = max((max(item.year, item.adopted or 0) for item in self.items), default=0)
        self._logs: dict[tuple[str, ...], dict[str, Array]] = {}
        names = dict.fromkeys(item.item for item in self.items)
        self.records = tuple(self._record(name) for name in names)
        self.guesses = Guesses(self.records, rounds)

    def _decidable(self, item: Item) -> bool:
        voters = self.rounds.members(item, item.year)
        return len(voters) >= 2 and set(item.held_out) <= set(voters)

    def _record(self, name: str) -> Record:
        items = tuple(item for item in self.items if item.item == name)
        return Record(
            name,
            items,
            tuple(one for item in items for one in rounds_of(item, len(items) > 1, self.last, self.rounds)),
        )

    @property
    def contested(self) -> tuple[Record, ...]:
        """Texts with a known hold-out."""
        return self.guesses.contested

    def logs(self, *dropped: str) -> dict[str, Array]:
        """Log chance of what happened to each text without some terms of equation 5, by its name; each (draw,)."""
        if dropped not in self._logs:
            self._logs[dropped] = {one.name: one.without(*dropped).log_likelihood() for one in self.records}
        return self._logs[dropped]

    def weights(self, *dropped: str) -> dict[str, Array]:
        """Weight of each draw by how well it explains all texts but one, by the name of that one; each (draw,)."""
        logs = self.logs(*dropped)
        total = sum(logs.values(), start=np.zeros(1))
        return {name: _normed(total - log) for name, log in logs.items()}

    def in_effect(self, *dropped: str) -> float:
        """How many draws of equal weight would tell as much as the weighted ones, for the text with the fewest."""
        return min((float(1.0 / (weight**2).sum()) for weight in self.weights(*dropped).values()), default=0.0)

    def scores(self, *dropped: str) -> dict[str, tuple[float, float]]:
        """Log score of what happened to each text: with the ledger's weights, and leaving it out.

        Left out: the draws of the weights are weighted by how well they explain all other texts. `dropped` are terms
        of equation 5 to do without.
        """
        weights, out = self.weights(*dropped), {}
        for name, log in self.logs(*dropped).items():
            chance = np.exp(log)
            out[name] = (float(np.log(chance.mean())), float(np.log((weights[name] * chance).sum())))
        return out

    def pull(self, *dropped: str) -> Array:
        """By how much each draw pulls the sum of the log scores, text left out, (draw,).

        The root of the sum of its squares is the error that comes of the number of draws (delta method).
        """
        weights, pull = self.weights(*dropped), np.zeros(1)
        for name, log in self.logs(*dropped).items():
            chance = np.exp(log)
            mean = (weights[name] * chance).sum()
            pull = pull + weights[name] * (chance - mean) / mean
        return np.asarray(pull)

    def naming(self, *dropped: str) -> pd.DataFrame:
        """One row per contested text: how often, how surely and how well each guess names who held out.

        `*_names` are shares of the votes with a known hold-out, `*_first` of the first of them; `*_score` the mean log
        of the chance given: `form_score` with the ledger's weights, `model_score` with the text left out.
        """
        weights = self.weights(*dropped)
        rows = []
        for whole in self.contested:
            record = whole.without(*dropped)
            votes, weight = record.contested, weights[record.name]
            first = [one.vote.voters[int(one.vote.least_willing.argmax())] for one in votes]
            named = [iso in one.held_out for iso, one in zip(first, votes, strict=True)]
            row = {
                "text": record.name,
                "field": record.items[0].field,
                "held_out": ", ".join(record.held_out),
                "rounds": len(votes),
                "refuses": float(np.mean([(one.vote.z[:, one.rows()] < 0.0).mean() for one in votes])),
                "alone": _alone(votes),
                "model_first": float(named[0]),
                "model_names": float(np.mean(named)),
                "model_instead": ", ".join(sorted({i for i, hit in zip(first, named, strict=True) if not hit})),
                "form_score": float(np.mean([np.log(one.naming().mean()) for one in votes])),
                "model_score": float(np.mean([np.log((weight * one.naming()).sum()) for one in votes])),
            }
            for name in GUESSES:
                row[f"{name}_names"] = self.guesses.hits(name, whole)
                row[f"{name}_score"] = self.guesses.score(name, whole)
            rows.append(row)
        return pd.DataFrame(rows)

    def outcomes(self) -> pd.DataFrame:
        """One row per text: log score of all that became of it, the model's and each naive guess's, left out.

        `form_score` is that with the ledger's weights, which know no text.
        """
        scores = self.scores()
        return pd.DataFrame(
            [
                {"text": record.name, "votes": len(record.rounds), "unknown": record.unknown()[0],
                 "form_score": scores[record.name][0], "model_score": scores[record.name][1],
                 **{f"{name}_score": self.guesses.outcome(name, record) for name in GUESSES}}
                for record in self.records
            ]
        )  # fmt: skip

    def standing_aside(self) -> pd.DataFrame:
        """One row per text that the others issued without somebody: chance of just that, and of more refusals."""
        rows = []
        for record in self.records:
            votes = [one for one in record.contested if one.vote.item.without is not None]
            if votes:
                just, more = np.mean([one.standing_aside() for one in votes], axis=0)
                passes = float(np.mean([one.passing().mean() for one in votes]))
                rows.append(
                    {"text": record.name, "without": ", ".join(record.held_out), "votes": len(votes),
                     "just_so": float(just), "more_refuse": float(more), "all_accept": passes}
                )  # fmt: skip
        return pd.DataFrame(rows)

    def passing(self) -> pd.DataFrame:
        """One row per text that was adopted by all: when, and the chance that all accept in that year."""
        return pd.DataFrame(
            [
                {"text": record.name, "adopted": one.vote.year, "passes": float(one.passing().mean())}
                for record in self.records
                for one in record.rounds
                if one.passed
            ]
        )

    def delays(self) -> pd.DataFrame:
        """One row per text whose first mention is known: years it waited, and years it waits in the model.

        What is not adopted by the last year of the agenda counts as waiting to that year and one more.
        """
        rows = []
        for record in self.records:
            item = record.items[0]
            if item.raised_known and len(record.items) == 1 and item.without is None:
                rows.append(
                    {"text": item.item, "admission": item.field == ADMISSION, "raised": item.year,
                     "waited": sum(not one.passed for one in record.rounds), "open": item.adopted is None,
                     "unknown": record.unknown()[0], "unknown_nats": record.unknown()[1],
                     "predicted": float(self._waits(item).mean()),
                     "stake": DEPTHS[item.depth] * FIELDS[POLITICAL if item.field == ADMISSION else item.field]}
                )  # fmt: skip
        return pd.DataFrame(rows)

    def _waits(self, item: Item) -> Array:
        """Years until all accept, without the yearly noise, (draw,)."""
        years = list(range(item.year, max(item.closed or self.last, item.year) + 1))
        accepted = np.array([self.rounds.vote(item, year).passes for year in years])
        return np.where(accepted.any(axis=0), accepted.argmax(axis=0), float(len(years)))

    def terms(self) -> pd.DataFrame:
        """What each term of equation 5 earns: log scores of all texts with it and without it.

        `earns` is what is lost without it, text left out, below 0 for a term that the record is better without;
        `earns_error` half of its 95 % interval, by how much texts differ in it and by the number of draws;
        `draws_error` the part of the draws.
        """
        rows, whole, pull = [], self.scores(), self.pull()
        for name in ("", *TERMS):
            dropped = (name,) if name else ()
            scores, naming = self.scores(*dropped), self.naming(*dropped)
            earned = np.array([whole[text][1] - score[1] for text, score in scores.items()])
            spread = float(earned.std(ddof=1)) if len(earned) > 1 else float("nan")
            drawn = float(((pull - self.pull(*dropped)) ** 2).sum())
            rows.append(
                {"without": name, "earns": float(earned.sum()),
                 "earns_error": 1.96 * (spread**2 * len(earned) + drawn) ** 0.5, "draws_error": 1.96 * drawn**0.5,
                 "ledger": sum(s[0] for s in scores.values()),
                 "left_out": sum(s[1] for s in scores.values()),
                 "contested": sum(scores[record.name][1] for record in self.contested),
                 "naming": float(naming["model_score"].mean()) if len(naming) else float("nan")}
            )  # fmt: skip
        return pd.DataFrame(rows)


def _normed(log: Array) -> Array:
    weights = np.exp(log - log.max())
    return np.asarray(weights / weights.sum())


def _alone(votes: Sequence[Round]) -> float:
    """Share of draws and votes in which just those who held out refuse."""
    shares = []
    for one in votes:
        refuses, rows = one.vote.z < 0.0, one.rows()
        shares.append((refuses[:, rows].all(axis=1) & (refuses.sum(axis=1) == len(rows))).mean())
    return float(np.mean(shares))


def rank_correlation(frame: pd.DataFrame, column: str = "predicted", seed: int = 1) -> tuple[float, float, float]:
    """Spearman's correlation of years waited and a column, with its 5-95 % interval over resampled texts."""
    pairs = frame[["waited", column]].to_numpy(dtype=float)
    generator = np.random.default_rng(seed)
    resampled = [spearman(pairs[generator.integers(0, len(pairs), len(pairs))]) for _ in range(RESAMPLES)]
    low, high = np.nanquantile(resampled, [0.05, 0.95])
    return spearman(pairs), float(low), float(high)


def spearman(pairs: Array) -> float:
    """Rank correlation of two columns, ties sharing their mean rank; NaN if one column does not vary."""
    ranks = pd.DataFrame(pairs).rank().to_numpy()
    if not ranks.std(axis=0).all():
        return float("nan")
    return float(np.corrcoef(ranks.T)[0, 1])
