"""The cascade of mistrust: what a quarrel on one tie does to ties, trade, votes and delivery, year by year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.components.event import Event
from sco_sim.components.events.dispute import Dispute
from sco_sim.components.policies.media_dialogue import MediaDialogue
from sco_sim.components.policies.people_to_people import PeopleToPeople
from sco_sim.components.policies.sister_cities import SisterCities
from sco_sim.components.policy import Policy
from sco_sim.engine.build import simulate
from sco_sim.engine.record import Block, Progress
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.world.ties import Ties

YEARS = 10
"""Years over which the cost of a quarrel is summed, with its first."""
READ = (
    "trade", "conflict_share_observed", "trade_total_busd", "conflict_share_observed_mean", "ambition_mean",
    "delivered_mean",
)  # fmt: skip
Pair = tuple[str, str]
Reader = Callable[[Block, int], Array]


@dataclass(frozen=True)
class Outcome:
    """What is followed: the difference that the quarrel makes to it."""

    key: str
    title: str
    unit: str
    read: Reader
    """From a record and the index of the tie, (world, year)."""
    percent: bool = False
    """Whether the difference is in per cent of what it would have been."""
    of_texts: bool = False
    """Whether it is a mean over texts, to be summed: what is given beside them must not thin it out."""

    def change(self, before: Block, after: Block, tie: int) -> Array:
        """With the quarrel less without, (world, year)."""
        one, other = self.read(before, tie), self.read(after, tie)
        out: Array = 100.0 * (other / one - 1.0) if self.percent else other - one
        return out


def _others(name: str, total: bool) -> Reader:
    def read(block: Block, tie: int) -> Array:
        rest = np.delete(block.ties[name], tie, axis=2)
        out: Array = rest.sum(axis=2) if total else 100.0 * rest.mean(axis=2)
        return out

    return read


def _mean(name: str) -> Reader:
    return lambda block, tie: block.metrics[name]


OUTCOMES = (
    Outcome("own_trade", "trade on the tie", "%", lambda block, tie: block.ties["trade"][:, :, tie], percent=True),
    Outcome("other_trade", "trade on all other ties", "bn USD", _others("trade", total=True)),
    Outcome(
        "own_conflict", "conflict on the tie", "points",
        lambda block, tie: 100.0 * block.ties["conflict_share_observed"][:, :, tie],
    ),
    Outcome(
        "other_conflict", "conflict on other ties, mean", "points", _others("conflict_share_observed", total=False)
    ),
    Outcome("votes", "texts adopted, by ambition", "texts", _mean("ambition_mean"), of_texts=True),
    Outcome("delivery", "texts delivered, by ambition", "texts", _mean("delivered_mean"), of_texts=True),
)  # fmt: skip
COSTS = ("trade_busd", "conflict_points", "votes_texts", "delivery_texts")
"""What a quarrel costs the organisation, a year in the mean of `YEARS` years; losses are positive."""


def unofficial() -> tuple[Policy, ...]:
    """Channels that do not hang on governments, given to all from the first year on."""
    given = {"decided_by": "given", "participants": "all"}
    return (
        PeopleToPeople.model_validate({"name": "cascade_people", "unofficial_share": 0.9, **given}),
        SisterCities.model_validate({"name": "cascade_cities", **given}),
        MediaDialogue.model_validate({"name": "cascade_media", **given}),
    )


def tie_of(name: str, scenario: Scenario) -> Pair:
    """The two states of a tie such as IND-PAK, in either order; raises ScenarioError if it is none."""
    names = Ties(scenario.states).names
    name = "-".join(sorted(name.upper().split("-")))
    if name not in names:
        raise ScenarioError(Problem(f"no tie '{name}' in {scenario.name}", did_you_mean(name, names), "--tie"))
    a, b = name.split("-")
    return a, b


class CascadeStudy:
    """Paired worlds with and without a quarrel, and with and without unofficial channels."""

    def __init__(
        self, scenario: Scenario, case: Case, *, year: int, severity: float, worlds: int, seed: int, replicates: int
    ) -> None:
        """Raises ScenarioError for a year outside the horizon."""
        first, last = scenario.horizon.start + 1, scenario.horizon.end
        if not first <= year <= last:
            remedy = f"give a year from {first} to {last}"
            raise ScenarioError(Problem(f"the quarrel of {year} lies outside the years simulated", remedy, "--year"))
        self.scenario, self.case, self.year, self.severity = scenario, case, year, severity
        self.how = {"worlds": worlds, "seed": seed, "replicates": replicates}
        self.pairs: tuple[Pair, ...] = Ties(scenario.states).pairs
        self._known: dict[tuple[Pair | None, bool], Block] = {}

    def block(self, quarrel: Pair | None, channels: bool) -> Block:
        """The record of the scenario with a quarrel on a tie, or none, and with unofficial channels or not."""
        if (quarrel, channels) not in self._known:
            events: tuple[Event, ...] = self.scenario.events
            if quarrel is not None:
                events = (*events, Dispute(between=quarrel, year=self.year, severity=self.severity))
            policies = (*self.scenario.policies, *(unofficial() if channels else ()))
            scenario = self.scenario.model_copy(update={"events": events, "policies": policies})
            years = range(self.year, self.scenario.horizon.end + 1)
            self._known[quarrel, channels] = simulate(scenario, case=self.case, years=years, metrics=READ, **self.how)
        return self._known[quarrel, channels]

    def texts(self, channels: bool) -> Array:
        """How many texts are tabled by each year of the record, shape (year,)."""
        policies = (*self.scenario.agreements, *(unofficial() if channels else ()))
        first = self.scenario.horizon.start + 1
        starts = [first if one.start is None else one.start for one in policies]
        years = range(self.year, self.scenario.horizon.end + 1)
        return np.array([float(sum(start <= year for start in starts)) for year in years])

    def path(self, pair: Pair, channels: bool) -> pd.DataFrame:
        """What the quarrel changes year by year.

        Returns:
            A row for each outcome and year: tie, channels, outcome, unit, year, mean, low_05, high_95 over worlds.
        """
        before, after = self.block(None, channels), self.block(pair, channels)
        rows = []
        for outcome in OUTCOMES:
            change = outcome.change(before, after, self.pairs.index(pair))
            if outcome.of_texts:
                change = change * self.texts(channels)
            for column, year in enumerate(after.years):
                low, high = np.nanquantile(change[:, column], (0.05, 0.95))
                rows.append(
                    {"tie": "-".join(pair), "channels": channels, "outcome": outcome.key, "title": outcome.title,
                     "unit": outcome.unit, "year": year, "mean": float(np.nanmean(change[:, column])),
                     "low_05": float(low), "high_95": float(high)}
                )  # fmt: skip
        return pd.DataFrame(rows)

    def cost(self, pair: Pair, channels: bool) -> dict[str, float]:
        """What the quarrel costs the organisation, by `COSTS`, with the standard error of the trade."""
        before, after = self.block(None, channels), self.block(pair, channels)
        texts, one = self.texts(channels), np.ones(1)
        read = {
            "trade_busd": (one, "trade_total_busd"), "conflict_points": (-100.0 * one, "conflict_share_observed_mean"),
            "votes_texts": (texts, "ambition_mean"), "delivery_texts": (texts, "delivered_mean"),
        }  # fmt: skip
        lost = {
            name: (factor * (before.metrics[key] - after.metrics[key]))[:, :YEARS].mean(axis=1)
            for name, (factor, key) in read.items()
        }
        trade = lost["trade_busd"]
        error = float(trade.std(ddof=1) / np.sqrt(len(trade))) if len(trade) > 1 else float("nan")
        return {**{name: float(values.mean()) for name, values in lost.items()}, "trade_error_busd": error}

    def ranking(self, pairs: Sequence[Pair] = (), progress: Progress | None = None) -> pd.DataFrame:
        """Ties by what their quarrel costs in trade, the dearest first, with and without unofficial channels.

        Returns:
            A row a tie: tie, `COSTS` and trade_error_busd, and the same with `_channels` at the end.
        """
        rows = []
        for done, pair in enumerate(pairs or self.pairs, start=1):
            plain, cushioned = self.cost(pair, channels=False), self.cost(pair, channels=True)
            rows.append(
                {"tie": "-".join(pair), **plain, **{f"{name}_channels": value for name, value in cushioned.items()}}
            )
            self._known = {key: block for key, block in self._known.items() if key[0] is None}
            if progress is not None:
                progress(done, len(pairs or self.pairs))
        return pd.DataFrame(rows).sort_values(["trade_busd", "tie"], ascending=[False, True], ignore_index=True)
