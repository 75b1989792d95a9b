"""Worlds under orders and chairs: the same worlds under each, and each that differs simulated once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from sco_sim.case.case import Case
from sco_sim.components.registry import metric
from sco_sim.engine.build import simulate
from sco_sim.engine.numbering import settings_of
from sco_sim.engine.record import Block, Progress
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.sequence.orders import same_as
from sco_sim.studies.statistics import halves

IN_FORCE = "agreements_in_force"
"""The outcome that is no metric: how many agreements are in force in the year."""
SEED = 1
"""Of the half of the settings in which orders are chosen."""


def title_of(outcome: str) -> str:
    """Words for an outcome."""
    return "agreements in force" if outcome == IN_FORCE else metric(outcome).title


def unit_of(outcome: str) -> str:
    """Unit of an outcome."""
    return "agreements" if outcome == IN_FORCE else metric(outcome).unit


def sign_of(outcome: str) -> float:
    """1 where more is better, -1 where less is."""
    return -1.0 if outcome != IN_FORCE and metric(outcome).better == "lower" else 1.0


class Trials:
    """Simulates variants of one scenario, on the worlds that choose or on all."""

    def __init__(
        self, case: Case, outcomes: Sequence[str], year: int, *, worlds: int, seed: int, replicates: int,
        progress: Progress | None = None,
    ) -> None:  # fmt: skip
        self.case, self.outcomes, self.year, self.progress = case, tuple(outcomes), year, progress
        self.how = {"seed": seed, "replicates": replicates}
        self.settings = settings_of(range(worlds), replicates)
        self.choosing: Bools = halves(self.settings, np.random.default_rng([SEED, 1]))
        if not self.choosing.any():
            self.choosing = ~self.choosing
        self._known: dict[tuple[Hashable, bool], Array] = {}
        self.simulated = 0
        """Worlds simulated so far."""
        self.expected = 0
        """Worlds that the search will take, as far as known."""

    def values(self, scenario: Scenario, chooses: bool) -> Array:
        """Outcomes in the half of the worlds that chooses, or in the other that judges, shape (world, outcome)."""
        key = same_as(scenario), chooses
        if key not in self._known:
            worlds = np.flatnonzero(self.choosing == chooses).tolist()
            self._known[key] = self._simulated(scenario, worlds) if worlds else np.empty((0, len(self.outcomes)))
            self.simulated += len(worlds)
            if self.progress is not None:
                self.progress(self.simulated, max(self.expected, self.simulated))
        return self._known[key]

    def everywhere(self, scenario: Scenario) -> Array:
        """Outcomes in all worlds, in their order, shape (world, outcome)."""
        out = np.empty((len(self.settings), len(self.outcomes)))
        for chooses in (True, False):
            out[self.choosing == chooses] = self.values(scenario, chooses)
        return out

    def _simulated(self, scenario: Scenario, worlds: list[int]) -> Array:
        metrics = [key for key in self.outcomes if key != IN_FORCE]
        block = simulate(scenario, case=self.case, worlds=worlds, years=[self.year], metrics=metrics, **self.how)
        columns = [self._in_force(block, scenario) if key == IN_FORCE else block.metrics[key][:, 0]
                   for key in self.outcomes]  # fmt: skip
        return np.stack(columns, axis=1)

    def _in_force(self, block: Block, scenario: Scenario) -> Array:
        """How many agreements are in force in the year, shape (world,)."""
        last = np.array([np.inf if policy.end is None else policy.end for policy in scenario.agreements])
        off = scenario.without.mechanisms
        since = "adopted_year" if off == "all" or "ratification" in off else "force_year"
        out: Array = (block.agreements[since] <= self.year)[:, last >= self.year].sum(axis=1).astype(float)
        return out
