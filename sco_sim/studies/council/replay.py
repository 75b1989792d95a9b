"""The council against the real agenda: who held out, what passed, what waited, leaving one text out at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtr

from sco_sim.components.policy import DEPTHS, FIELDS
from sco_sim.numerics.arrays import Array
from sco_sim.studies.council.agenda import ADMISSION, POLITICAL, Item, Rounds, Vote

FLOOR = 1e-3
"""No outcome is held for less likely than this: a form that rules out what happened loses 7 nats, not everything."""
RESAMPLES = 2000


@dataclass(frozen=True)
class Round:
    """One text in one year: the vote, and what happened (who held out; nobody if it passed)."""

    vote: Vote
    held_out: str

    def without(self, *terms: str) -> Round:
        """The same with some terms of equation 5 dropped."""
        kept = {name: term for name, term in self.vote.terms.items() if name not in terms}
        return replace(self, vote=replace(self.vote, terms=kept))

    def passing(self) -> Array:
        """Chance that all accept once positions wobble, (draw,)."""
        chance: Array = np.prod(ndtr(self.vote.z / self.vote.wobble), axis=1)
        return chance

    def log_likelihood(self) -> Array:
        """Log chance of what happened, (draw,): that it passed, or that it failed with this hold-out."""
        passing = np.clip(self.passing(), FLOOR, 1.0 - FLOOR)
        if not self.held_out:
            return np.log(passing)
        least = self.vote.named[:, _row(self, self.held_out)]
        return np.log(1.0 - passing) + np.log(np.clip(least, FLOOR, 1.0))


@dataclass(frozen=True)
class Record:
    """All rounds of the texts of one name."""

    name: str
    items: tuple[Item, ...]
    rounds: tuple[Round, ...]

    @property
    def held_out(self) -> str:
        """Who held out, empty for nobody known."""
        return self.rounds[0].held_out

    def log_likelihood(self, *dropped: str) -> Array:
        """Mean over its rounds, (draw,): a text that waits for long counts once."""
        rounds = [one.without(*dropped) if dropped else one for one in self.rounds]
        return np.asarray(np.mean([one.log_likelihood() for one in rounds], axis=0))


class Replay:
    """The known texts of an agenda, replayed year by year to the last year it speaks of."""

    def __init__(self, items: Sequence[Item], rounds: Rounds) -> None:
        self.rounds = rounds
        self.items = tuple(item for item in items if item.known and self._decidable(item))
        self.last = max((max(item.year, item.adopted or 0) for item in self.items), default=0)
        names = dict.fromkeys(item.item for item in self.items)
        self.records = tuple(self._record(name) for name in names)

    def _decidable(self, item: Item) -> bool:
        voters = self.rounds.members(item, item.year)
        return len(voters) >= 2 and (not item.held_out or item.held_out in voters)

    def _record(self, name: str) -> Record:
        items = tuple(item for item in self.items if item.item == name)
        return Record(name, items, tuple(one for item in items for one in self._rounds(item, len(items) > 1)))

    def _rounds(self, item: Item, each_year: bool) -> list[Round]:
        """The years it waited with a known hold-out; else the year in which it was adopted."""
        if not item.held_out:
            return [Round(self.rounds.vote(item, item.adopted or item.year), "")]
        until = item.year + 1 if each_year else (item.adopted or self.last + 1)
        return [
            Round(self.rounds.vote(item, year), item.held_out) for year in range(item.year, max(until, item.year + 1))
        ]

    @property
    def contested(self) -> tuple[Record, ...]:
        """Texts with a known hold-out."""
        return tuple(record for record in self.records if record.held_out)

    def scores(self, *dropped: str) -> dict[str, tuple[float, float]]:
        """Log score of what happened to each text: with the ledger's weights, and leaving it out.

        Left out: the draws of the weights are weighted by how well they explain all other texts. `dropped` are terms
        of equation 5 to do without.
        """
        logs = {record.name: record.log_likelihood(*dropped) for record in self.records}
        total = sum(logs.values(), start=np.zeros(1))
        out = {}
        for name, log in logs.items():
            others = total - log
            weights = np.exp(others - others.max())
            chance = np.exp(log)
            out[name] = (float(np.log(chance.mean())), float(np.log((weights * chance).sum() / weights.sum())))
        return out

    def naming(self) -> pd.DataFrame:
        """One row per contested text: how often, how surely and how well each guess names who held out.

        `*_names` are shares of the rounds, `*_first` of the first round; `*_score` the log of the chance given.
        """
        guesses = {"largest": self._largest, "usual": self._usual}
        shares = {
            name: {
                record.name: [_hit(guess(one), record.held_out) for one in record.rounds] for record in self.contested
            }
            for name, guess in guesses.items()
        }
        rows = []
        for record in self.contested:
            chance = np.mean([one.vote.least_willing[_row(one, record.held_out)] for one in record.rounds])
            first = [one.vote.voters[int(one.vote.least_willing.argmax())] for one in record.rounds]
            random = [1.0 / (len(one.vote.voters) - bool(one.vote.item.proposer)) for one in record.rounds]
            row = {
                "text": record.name,
                "held_out": record.held_out,
                "rounds": len(record.rounds),
                "refuses": float(
                    np.mean([(one.vote.z[:, _row(one, record.held_out)] < 0.0).mean() for one in record.rounds])
                ),
                "alone": self.alone_outside(record),
                "model_first": float(first[0] == record.held_out),
                "model_names": float(np.mean([iso == record.held_out for iso in first])),
                "model_instead": ", ".join(sorted(set(first) - {record.held_out})),
                "model_score": float(np.log(max(chance, FLOOR))),
                "random_names": float(np.mean(random)),
                "random_score": float(np.mean(np.log(random))),
            }
            for name, share in shares.items():
                hits = share[record.name]
                others = [float(np.mean(values)) for text, values in share.items() if text != record.name]
                score = _guess_score(float(np.mean(hits)), others, record)
                row |= {f"{name}_first": hits[0], f"{name}_names": float(np.mean(hits)), f"{name}_score": score}
            rows.append(row)
        return pd.DataFrame(rows)

    def _usual(self, one: Round) -> tuple[str, ...]:
        """Naive guess: who held out most often on the other texts; several if they are level."""
        others = [record.held_out for record in self.contested if record.name != one.vote.item.item]
        most = max((others.count(iso) for iso in others), default=0)
        return tuple(sorted({iso for iso in others if others.count(iso) == most}))

    def _largest(self, one: Round) -> tuple[str, ...]:
        """Naive guess: the voter with the largest GDP that does not propose."""
        gdp = self.rounds.year(one.vote.year).state.log_gdp[0]
        others = [iso for iso in one.vote.voters if iso != one.vote.item.proposer]
        return (max(others, key=lambda iso: gdp[self.rounds.states.index(iso)]),)

    def passing(self) -> pd.DataFrame:
        """One row per text that was adopted by all: when, and the chance that all accept in that year."""
        rows = []
        for record in self.records:
            adopted = record.items[0].adopted
            if adopted is not None:
                one = Round(self.rounds.vote(record.items[0], adopted), "")
                rows.append({"text": record.name, "adopted": adopted, "passes": float(one.passing().mean())})
        return pd.DataFrame(rows)

    def delays(self) -> pd.DataFrame:
        """One row per text whose first mention is known: years it waited, and years it waits in the model.

        What is not adopted by the last year of the agenda counts as waiting to that year and one more.
        """
        rows = []
        for record in self.records:
            item = record.items[0]
            if item.raised_known and len(record.items) == 1:
                waited = (item.adopted if item.adopted is not None else self.last + 1) - item.year
                rows.append(
                    {"text": item.item, "admission": item.field == ADMISSION, "raised": item.year, "waited": waited,
                     "open": item.adopted is None, "predicted": float(self._waits(item).mean()),
                     "stake": DEPTHS[item.depth] * FIELDS[POLITICAL if item.field == ADMISSION else item.field]}
                )  # fmt: skip
        return pd.DataFrame(rows)

    def _waits(self, item: Item) -> Array:
        """Years until all accept, without the yearly noise, (draw,)."""
        years = list(range(item.year, self.last + 1))
        accepted = np.array([self.rounds.vote(item, year).passes for year in years])
        return np.where(accepted.any(axis=0), accepted.argmax(axis=0), float(len(years)))

    def alone_outside(self, record: Record) -> float:
        """Share of draws and rounds in which the actual hold-out refuses and all others accept."""
        shares = []
        for one in record.rounds:
            refuses = one.vote.z < 0.0
            shares.append((refuses[:, _row(one, record.held_out)] & (refuses.sum(axis=1) == 1)).mean())
        return float(np.mean(shares))

    def terms(self) -> pd.DataFrame:
        """What each term of equation 5 earns: log scores of all texts with it and without it."""
        names = ("", "benefit", "rivals", "hub", "territory")
        rows = []
        for name in names:
            scores = self.scores(*([name] if name else []))
            contested = [scores[record.name] for record in self.contested]
            rows.append(
                {"without": name, "ledger": sum(s[0] for s in scores.values()),
                 "left_out": sum(s[1] for s in scores.values()), "contested": sum(s[1] for s in contested)}
            )  # fmt: skip
        return pd.DataFrame(rows)


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


def _row(one: Round, iso: str) -> int:
    return one.vote.voters.index(iso)


def _hit(guess: Sequence[str], actual: str) -> float:
    """Share of a guess that is right: one over the names it gives."""
    return (actual in guess) / max(len(guess), 1)


def _guess_score(share: float, others: Sequence[float], record: Record) -> float:
    """Mean log chance that a guess gives the hold-out: its hit rate on the other texts, the rest shared equally.

    The rate is (hits + 1)/(texts + 2), so that three texts make nobody certain.
    """
    rate = (sum(others) + 1.0) / (len(others) + 2.0)
    rest = float(np.mean([(1.0 - rate) / (len(one.vote.voters) - 1) for one in record.rounds]))
    return share * float(np.log(rate)) + (1.0 - share) * float(np.log(rest))
