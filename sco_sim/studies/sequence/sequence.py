"""The best and the worst order of texts, what the order of the scenario gives up, and what the chair is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.engine.council import in_the_chair
from sco_sim.engine.record import Progress
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.sequence.chairs import NOBODY, chair_table, rotations
from sco_sim.studies.sequence.orders import EVERY, Order, Orders, climbed, same_as, until
from sco_sim.studies.sequence.trials import IN_FORCE, Trials, sign_of, title_of, unit_of
from sco_sim.studies.statistics import chance_better, mean_interval, ranks, standard_error

OUTCOMES = ("trade_total_busd", IN_FORCE)
"""What orders are judged by, if nothing is named."""
LATER = 5
"""Years after the last text is tabled in which it is read what came of an order, if no year is given."""
ORDERS, ROUNDS, CHAIRS = "orders.csv", "sequences.csv", "chairs.csv"
"""Files of the three tables."""
SHIPPED, BEST, WORST, WITH_CHAIR = "as it is", "best", "worst", "best with chairs"


@dataclass(frozen=True)
class Sequences:
    """What was searched and what came of it."""

    outcomes: tuple[str, ...]
    year: int
    texts: Order
    """Texts that were put in order, as the scenario tables them."""
    years: tuple[int, ...]
    """Years in which they are tabled, first to last."""
    every: bool
    """Whether every order was tried."""
    climbed: bool
    """Whether every search by swaps came to an order that no swap makes better."""
    tried: int
    """Orders that were tried."""
    different: int
    """Of them, orders that can differ in what comes of them."""
    rows: pd.DataFrame
    """A row for each outcome and sequence (shipped, best, worst, best with chairs): order, chair, level in the worlds
    that judge, difference to the shipped one with error and interval, share of worlds in which it is better, and, for
    the best, how many of the different orders may be best."""
    orders: pd.DataFrame
    """A row for each different order: mean of each outcome in the worlds that choose."""
    chairs: pd.DataFrame
    """A row for each state, or none without chairs: see `chair_table`."""


class SequenceStudy:
    """Searches orders of texts, and of chairs if the scenario has them, on common random numbers."""

    def __init__(
        self, scenario: Scenario, case: Case, *, outcomes: Sequence[str] = OUTCOMES, year: int | None = None,
        texts: Sequence[str] = (), worlds: int, seed: int = 1, replicates: int = 1, progress: Progress | None = None,
    ) -> None:  # fmt: skip
        """Raises ScenarioError for a year outside the horizon, or texts that have no order."""
        first, end = Orders(scenario, texts).years, scenario.horizon.end
        when = min(first[-1] + LATER, end) if year is None else year
        if not first[0] <= when <= end:
            remedy = f"give a year from {first[0]} to {end}"
            raise ScenarioError(Problem(f"no text is tabled by {when}, or nothing simulated then", remedy, "--year"))
        self.orders = Orders(until(scenario, when), texts)
        self.trials = Trials(case, outcomes, when, worlds=worlds, seed=seed, replicates=replicates, progress=progress)
        self._read: dict[Order, Array] = {}
        self._climbed = True

    def run(self) -> Sequences:
        """Search, judge, and try the chairs."""
        orders, trials = self.orders, self.trials
        every = len(orders.shipped) <= EVERY
        if every:
            variants = {same_as(orders.scenario_of(order)) for order in orders.every()}
            trials.expected = len(variants) * int(trials.choosing.sum())
            for order in orders.every():
                self._chosen_by(order)
        rows: list[dict[str, Any]] = []
        for column, outcome in enumerate(trials.outcomes):
            best, worst = (self._top(column, side * sign_of(outcome), every) for side in (1.0, -1.0))
            rows += self._judged(column, outcome, best, worst)
        different = self._different()
        scenario = orders.scenario
        chairs = chair_table(orders, trials) if scenario.agenda and scenario.agenda.chairs else pd.DataFrame()
        listed = pd.DataFrame(
            [{"order": " > ".join(order), **dict(zip(trials.outcomes, self._read[order].mean(axis=0), strict=True))}
             for order in different]
        )  # fmt: skip
        return Sequences(
            trials.outcomes, trials.year, orders.shipped, orders.years, every, self._climbed, len(self._read),
            len(different), pd.DataFrame(rows), listed, chairs,
        )  # fmt: skip

    def _chosen_by(self, order: Order) -> Array:
        """Outcomes of an order in the worlds that choose, shape (world, outcome)."""
        if order not in self._read:
            self._read[order] = self.trials.values(self.orders.scenario_of(order), chooses=True)
        return self._read[order]

    def _top(self, column: int, side: float, every: bool) -> Order:
        """The order with the best mean where side is 1, the worst where it is -1; ties go to the scenario's."""

        def value(order: Order) -> float:
            return side * float(self._chosen_by(order)[:, column].mean())

        if every:
            return max(self._read, key=value)
        order, done = climbed(self.orders.shipped, value)
        self._climbed &= done
        return order

    def _different(self) -> list[Order]:
        first: dict[Any, Order] = {}
        for order in self._read:
            first.setdefault(same_as(self.orders.scenario_of(order)), order)
        return list(first.values())

    def _judged(self, column: int, outcome: str, best: Order, worst: Order) -> list[dict[str, Any]]:
        """The rows of one outcome, in the worlds in which nothing was chosen."""
        values = np.stack([self._read[order][:, column] for order in self._different()], axis=1)
        settings = self.trials.settings[self.trials.choosing]
        may_be_best = int((ranks(sign_of(outcome) * values, settings)[0] == 1).sum())
        sequences: list[tuple[str, Order, tuple[str, ...] | None]] = [
            (SHIPPED, self.orders.shipped, None), (BEST, best, None), (WORST, worst, None)
        ]  # fmt: skip
        turned = rotations(self.orders)
        if turned:
            side = sign_of(outcome)

            def value(chair: str) -> float:
                scenario = self.orders.scenario_of(best, turned[chair])
                return side * float(self.trials.values(scenario, chooses=True)[:, column].mean())

            sequences.append((WITH_CHAIR, best, turned[max(turned, key=value)]))
        before = self.trials.values(self.orders.scenario_of(self.orders.shipped), chooses=False)[:, column]
        return [
            {"outcome": outcome, "title": title_of(outcome), "unit": unit_of(outcome), "sequence": name,
             "order": " > ".join(order), "chair": self._in_chair(chairs),
             **self._compared(before, order, chairs, column), "may_be_best": may_be_best}
            for name, order, chairs in sequences
        ]  # fmt: skip

    def _in_chair(self, chairs: tuple[str, ...] | None) -> str:
        """Who is in the chair when the first text is tabled, with these chairs or those of the scenario."""
        agenda, index = self.orders.scenario.agenda, self.orders.years[0] - self.orders.scenario.horizon.start
        if agenda is not None and chairs is not None:
            agenda = agenda.model_copy(update={"chairs": chairs})
        return in_the_chair(agenda, index) or NOBODY

    def _compared(self, before: Array, order: Order, chairs: tuple[str, ...] | None, column: int) -> dict[str, float]:
        after = self.trials.values(self.orders.scenario_of(order, chairs), chooses=False)[:, column]
        moved, settings = after - before, self.trials.settings[~self.trials.choosing]
        if not len(moved):
            return dict.fromkeys(("level", "difference", "error", "low", "high", "chance_better"), float("nan"))
        mean, error = float(moved.mean()), standard_error(moved, settings)
        low, high = mean_interval(mean, error, settings)
        better = "higher" if sign_of(self.trials.outcomes[column]) > 0.0 else "lower"
        return {"level": float(after.mean()), "difference": mean, "error": error, "low": low, "high": high,
                "chance_better": chance_better(moved, better)}  # fmt: skip
